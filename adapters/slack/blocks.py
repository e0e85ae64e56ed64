"""Makes the blocks of a message or view, within what Slack takes, and fills messages with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.parts import span
from adapters.slack.mrkdwn import to_mrkdwn, to_plain

Block = dict[str, Any]
MAX_BLOCKS = 50
MAX_VIEW_BLOCKS = 100
MAX_SECTION = 3000
MAX_CONTEXT = 2000
MAX_HEADER = 150
MAX_LABEL = 75
MAX_PLACEHOLDER = 150
MAX_OPTIONS = 100
MAX_ID = 255
MAX_VALUE = 150
MAX_TEXT = 40_000
_SIDES = ("positive", "negative")
MAX_IN_ALL = 12_000  # Slack refuses a message whose blocks hold much more than this in all


@dataclass(frozen=True, slots=True)
class Post:
    """One message to send: the fallback for notifications and screen readers, and the blocks."""

    text: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One block, and the words of it that belong into the fallback."""

    text: str
    block: Block


def to_pages(pieces: Iterable[Piece]) -> tuple[Post, ...]:
    """Return the messages that hold `pieces`: one, unless Slack would refuse it."""
    posts: list[Post] = []
    page: list[Piece] = []
    left = MAX_IN_ALL
    for piece in pieces:
        size = _size(piece.block)
        if page and (len(page) == MAX_BLOCKS or size > left):
            posts.append(_to_post(page))
            page, left = [], MAX_IN_ALL
        page.append(piece)
        left -= size
    return (*posts, _to_post(page))


def to_page(pieces: Iterable[Piece]) -> Post:
    """Return the one message that holds `pieces`; the words alone where blocks hold too little."""
    posts = to_pages(pieces)
    if len(posts) == 1:
        return posts[0]
    return Post("\n\n".join(post.text for post in posts)[:MAX_TEXT])


def to_noted(note: Iterable[Piece], post: Post) -> tuple[Post, ...]:
    """Return `post` with a note above it, in a message of its own where there is no room."""
    noted = [*note]
    size = sum(map(_size, (*(piece.block for piece in noted), *post.blocks)))
    words = "\n\n".join((*(piece.text for piece in noted), post.text))
    if len(words) > MAX_TEXT or len(noted) + len(post.blocks) > MAX_BLOCKS or size > MAX_IN_ALL:
        return (*to_pages(noted), post)
    blocks = (*(piece.block for piece in noted), *post.blocks) if post.blocks else ()
    return (Post(words, blocks),)


def to_view_blocks(pieces: Iterable[Piece]) -> list[Block]:
    """Return the blocks of a view; what is too much for one each shares blocks."""
    found = list(pieces)
    if len(found) <= MAX_VIEW_BLOCKS:
        return [piece.block for piece in found]
    return [_section(text) for text in _packed(piece.text for piece in found if piece.text)]


def plainer(blocks: Iterable[Block]) -> list[Block]:
    """Return `blocks` with plain buttons for Slack's feedback buttons, which only messages take."""
    return [_unfolded(block) if block["type"] == "context_actions" else block for block in blocks]


def heading(title: str) -> Iterator[Piece]:
    """Return a large heading, or a bold line where it is too long for one."""
    plain = to_plain(title)
    if len(plain) > MAX_HEADER:
        yield from sections(f"**{plain}**")
    elif plain:
        yield Piece(to_mrkdwn(f"**{plain}**"), {"type": "header", "text": plain_text(plain)})


def sections(markdown: str) -> Iterator[Piece]:
    """Return words at full size; none are folded away behind "show more"."""
    for text in _fitting(markdown, MAX_SECTION):
        yield Piece(text, _section(text))


def context(markdown: str) -> Iterator[Piece]:
    """Return words in small print."""
    for text in _fitting(markdown, MAX_CONTEXT):
        yield Piece(text, {"type": "context", "elements": [_mrkdwn(text)]})


def row(title: str, accessory: Block | None) -> Piece:
    """Return a whole title with a control beside it."""
    text = next(_fitting(f"**{to_plain(title)}**", MAX_SECTION), "-")
    block = _section(text)
    if accessory is not None:
        block["accessory"] = accessory
    return Piece(f"• {text}", block)


def beside(label: str, control: Block | None) -> Iterator[Piece]:
    """Return what a control is for, and the control beside it; nothing where there is none."""
    if control is not None:
        text = to_mrkdwn(clip(label, MAX_CONTEXT))
        yield Piece("", {**_section(text), "accessory": control})


def actions(*elements: Block | None, titles: Iterable[str] = ()) -> Iterator[Piece]:
    """Return one row of controls, or none where there are none.

    Args:
        elements: The controls; those that are None are left out.
        titles: What stands in the fallback instead of them, line by line.
    """
    if found := [element for element in elements if element]:
        text = to_mrkdwn("\n".join(f"- {to_plain(title)}" for title in titles))
        yield Piece(text, {"type": "actions", "elements": found})


def divider() -> Piece:
    """Return a line across."""
    return Piece("", {"type": "divider"})


def button(label: str, action_id: str, *, primary: bool = False, aloud: str = "") -> Block | None:
    """Return a button, or None where Slack would refuse its id.

    Args:
        label: The words on it.
        action_id: Says what it does.
        primary: Make it stand out.
        aloud: What a screen reader says instead of `label`.
    """
    if not fits(action_id):
        return None
    found = {"type": "button", "action_id": action_id, "text": plain_text(clip(label))}
    if primary:
        found["style"] = "primary"
    if aloud:
        found["accessibility_label"] = clip(aloud)
    return found


def select(
    action_id: str, options: Iterable[Block], placeholder: str, chosen: str | None = None
) -> Block | None:
    """Return a list to choose from, or None where there is nothing to choose.

    Args:
        action_id: Says what it is for.
        options: Made by `option`, each value once; more than a hundred stand in groups.
        placeholder: What it says while nothing is chosen.
        chosen: The value that is chosen already.
    """
    options = list({one["value"]: one for one in options}.values())
    if not options or not fits(action_id):
        return None
    words = plain_text(clip(placeholder, MAX_PLACEHOLDER))
    found: Block = {"type": "static_select", "action_id": action_id, "placeholder": words}
    if len(options) > MAX_OPTIONS:
        found["option_groups"] = [
            {"label": plain_text(_reach(part)), "options": part} for part in _parts(options)
        ]
    else:
        found["options"] = options
    initial = [one for one in options if one["value"] == chosen]
    return {**found, "initial_option": initial[0]} if initial else found


def option(label: str, value: str, about: str = "") -> Iterator[Block]:
    """Return one option of a list, or none where Slack would refuse its value.

    Args:
        label: Its words.
        value: What choosing it means.
        about: Smaller words below it.
    """
    if value.strip() and len(value) <= MAX_VALUE:
        found = {"text": plain_text(clip(label, otherwise=value)), "value": value}
        yield {**found, "description": plain_text(clip(about))} if about.strip() else found


def plain_text(text: str) -> Block:
    """Return words without marks."""
    return {"type": "plain_text", "text": text}


def titled(heading: str, lines: Iterable[str]) -> str:
    """Return `lines` below a bold heading, if there is one."""
    title = to_plain(heading)
    return "\n".join([f"**{title}**", *lines] if title else lines)


def clip(label: str, limit: int = MAX_LABEL, otherwise: str = "-") -> str:
    """Return `label` as plain words of at most `limit`, which may not be empty."""
    plain = to_plain(label) or to_plain(otherwise) or "-"
    return plain if len(plain) <= limit else f"{plain[: limit - 1].rstrip()}…"


def fits(action_id: str) -> bool:
    """Return whether Slack takes `action_id`."""
    return bool(action_id.strip()) and len(action_id) <= MAX_ID


def _to_post(page: Sequence[Piece]) -> Post:
    text = "\n\n".join(piece.text for piece in page if piece.text)
    words = text or next((_label(piece.block) for piece in page), "") or "…"
    return Post(words[:MAX_TEXT], tuple(piece.block for piece in page))


def _label(block: Block) -> str:
    """Return the first words of a row of controls."""
    return next((to_mrkdwn(text) for text in _texts(block) if text.strip()), "")


def _size(block: Block) -> int:
    return sum(len(text) for text in _texts(block))


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("type") in {"plain_text", "mrkdwn"}:
            yield part["text"]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _texts(inner)


def _unfolded(block: Block) -> Block:
    sides = [element[f"{side}_button"] for element in block["elements"] for side in _SIDES]
    elements = [button(side["text"]["text"], side["value"]) for side in sides]
    return {"type": "actions", "elements": elements}


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text), "expand": True}


def _mrkdwn(text: str) -> Block:
    # Verbatim: Slack may not make links or mentions out of words by itself.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _parts(options: Sequence[Block]) -> list[list[Block]]:
    starts = range(0, len(options), MAX_OPTIONS)
    return [list(options[i : i + MAX_OPTIONS]) for i in starts]


def _reach(options: Sequence[Block]) -> str:
    return span(options[0]["text"]["text"], options[-1]["text"]["text"])


def _packed(texts: Iterable[str]) -> list[str]:
    """Return `texts` joined to as few as hold them all."""
    packed: list[str] = []
    for text in texts:
        if packed and len(packed[-1]) + len(text) + 2 <= MAX_SECTION:
            packed[-1] += f"\n\n{text}"
        else:
            packed.append(text)
    return packed


def _fitting(markdown: str, limit: int) -> Iterator[str]:
    """Cut `markdown` into parts of at most `limit` characters of mrkdwn, at lines if possible."""
    text = to_mrkdwn(markdown.strip())
    if len(text) <= limit:
        if text.strip():
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
