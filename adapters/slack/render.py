"""Lays a Reply out as Block Kit, with a plain fallback that says the same words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from adapters.slack.convert import CHOICE, DECLINE, SHOW
from adapters.slack.mrkdwn import to_mrkdwn, to_plain
from bot.domain import Choice, Reply, ReplyKind

Block = dict[str, Any]
MAX_BLOCKS = 50
MAX_SECTION = 3000
MAX_CONTEXT = 2000
MAX_HEADER = 150
MAX_BUTTON = 75
MAX_ACTIONS = 25
MAX_TEXT = 12_000  # Slack refuses a message whose blocks hold much more than this in all


@dataclass(frozen=True, slots=True)
class Labels:
    """The words on the buttons."""

    show: str
    none_of_these: str


@dataclass(frozen=True, slots=True)
class Post:
    """One message to send: the fallback for notifications and screen readers, and the blocks."""

    text: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """One block, and the words of it that belong into the fallback."""

    text: str
    block: Block
    size: int


def to_posts(reply: Reply, labels: Labels) -> tuple[Post, ...]:
    """Return the messages that say `reply`: one, unless its content is larger than checked content.

    Nothing is ever dropped. In an urgent or "are you safe" card the help stands right after
    the first words.
    """
    posts: list[Post] = []
    page: list[_Piece] = []
    for piece in _pieces(reply, labels):
        if len(page) == MAX_BLOCKS or sum(p.size for p in page) + piece.size > MAX_TEXT:
            posts.append(_to_post(page))
            page = []
        page.append(piece)
    return (*posts, _to_post(page))


def _to_post(page: Iterable[_Piece]) -> Post:
    page = tuple(page)
    text = "\n\n".join(piece.text for piece in page if piece.text)
    return Post(text, tuple(piece.block for piece in page))


def _pieces(reply: Reply, labels: Labels) -> Iterator[_Piece]:
    yield from _heading(reply.title)
    yield from _sections(reply.text, expand=True)
    help_first = reply.kind in {ReplyKind.URGENT, ReplyKind.CHECK}
    if help_first:
        yield from _help(reply)
    for section in reply.details:
        yield from _sections(f"**{to_plain(section.heading)}**\n{section.text}")
    yield from _sections("\n".join(reply.notes))
    yield from _context(_titled(reply.sources_heading, reply.sources))
    if not help_first:
        yield from _help(reply)
    yield from _choices(reply, labels)
    if reply.follow:
        yield _divider()
        yield from _pieces(reply.follow, labels)


def _help(reply: Reply) -> Iterator[_Piece]:
    if reply.help:
        yield _divider()
        lines = [f"- {line.text.removeprefix('- ')}" for line in reply.help]
        yield from _sections(_titled(reply.help_heading, lines), expand=True)


def _choices(reply: Reply, labels: Labels) -> Iterator[_Piece]:
    """The choices are rows with whole titles, for Slack shortens the words on buttons."""
    if reply.kind is ReplyKind.CHOICES:
        for choice in reply.choices:
            yield _row(choice, labels.show)
        yield _actions([_button(labels.none_of_these, DECLINE, CHOICE)])
    elif reply.choices:
        yield from _context(_titled(reply.choices_heading, ()))
        buttons = [_button(c.title, SHOW + c.entry, "related") for c in reply.choices]
        yield _actions(buttons[:MAX_ACTIONS])


def _heading(title: str) -> Iterator[_Piece]:
    plain = to_plain(title)
    if len(plain) > MAX_HEADER:
        yield from _sections(f"**{plain}**", expand=True)
    elif plain:
        block = {"type": "header", "text": {"type": "plain_text", "text": plain}}
        yield _Piece(to_mrkdwn(f"**{plain}**"), block, len(plain))


def _sections(markdown: str, *, expand: bool = False) -> Iterator[_Piece]:
    for text in _fitting(markdown, MAX_SECTION):
        block: Block = {"type": "section", "text": _words(text)}
        if expand:
            block["expand"] = True
        yield _Piece(text, block, len(text))


def _context(markdown: str) -> Iterator[_Piece]:
    for text in _fitting(markdown, MAX_CONTEXT):
        yield _Piece(text, {"type": "context", "elements": [_words(text)]}, len(text))


def _row(choice: Choice, show: str) -> _Piece:
    button = _button(show, SHOW + choice.entry, CHOICE)
    button["accessibility_label"] = _clipped(choice.title)
    text = to_mrkdwn(f"**{to_plain(choice.title)}**") or "-"
    block = {"type": "section", "text": _words(text), "accessory": button}
    return _Piece(f"• {text}", block, len(text))


def _actions(buttons: list[Block]) -> _Piece:
    size = sum(len(button["text"]["text"]) for button in buttons)
    return _Piece("", {"type": "actions", "elements": buttons}, size)


def _button(label: str, action: str, value: str) -> Block:
    text = {"type": "plain_text", "text": _clipped(label)}
    return {"type": "button", "action_id": action, "text": text, "value": value}


def _divider() -> _Piece:
    return _Piece("", {"type": "divider"}, 0)


def _words(text: str) -> Block:
    # Verbatim: Slack may not make links or mentions out of words by itself.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _titled(heading: str, lines: Iterable[str]) -> str:
    title = to_plain(heading)
    return "\n".join([f"**{title}**", *lines] if title else lines)


def _clipped(label: str) -> str:
    plain = to_plain(label) or "-"
    return plain if len(plain) <= MAX_BUTTON else f"{plain[: MAX_BUTTON - 1].rstrip()}…"


def _fitting(markdown: str, limit: int) -> Iterator[str]:
    """Cut `markdown` into parts of at most `limit` characters of mrkdwn, at lines if possible."""
    text = to_mrkdwn(markdown.strip())
    if len(text) <= limit:
        if text:
            yield text
        return
    cut = _best_cut(markdown)
    yield from _fitting(markdown[:cut], limit)
    yield from _fitting(markdown[cut:], limit)


def _best_cut(markdown: str) -> int:
    middle = len(markdown) // 2
    for mark in ("\n\n", "\n", " "):
        cut = markdown.rfind(mark, 1, middle + 1)
        if cut > 0:
            return cut
    return middle
