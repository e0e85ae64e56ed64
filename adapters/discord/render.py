"""Lays a Reply out for Discord: embeds and buttons, and plain text for what must always arrive."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord.ids import DECLINE, SHOW
from bot.domain import Choice, Reply, ReplyKind

MAX_CONTENT = 2000
MAX_TITLE = 256
MAX_DESCRIPTION = 4096
MAX_LABEL = 80
MAX_CUSTOM_ID = 100
MAX_BUTTONS = 20
_LAST_ROW = 4

COLOURS: Mapping[ReplyKind, int] = {
    ReplyKind.URGENT: 0xD64545,
    ReplyKind.CHECK: 0xE0A030,
    ReplyKind.ANSWER: 0x2E9C8F,
    ReplyKind.POLICY: 0x6C7FB0,
    ReplyKind.CHOICES: 0x4F8FCF,
    ReplyKind.FALLBACK: 0x8A8F98,
}
_HELP_FIRST = frozenset({ReplyKind.URGENT, ReplyKind.CHECK})
_LINK = re.compile(r"\]\((https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)")

Button = discord.ui.Button[discord.ui.View]


@dataclass(frozen=True, slots=True)
class Post:
    """One message to send: plain text, an embed, buttons, each of them possibly missing."""

    content: str = ""
    embed: discord.Embed | None = None
    buttons: tuple[Button, ...] = ()

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for discord.py's ways of sending; needs a running event loop."""
        found: dict[str, Any] = {}
        if self.content:
            found["content"] = self.content
        if self.embed is not None:
            found["embed"] = self.embed
        if self.buttons:
            view = discord.ui.View(timeout=None)
            for button in self.buttons:
                view.add_item(button)
            # A stopped view is only sent, not remembered: presses are told by their id alone,
            # and a view kept for every reply would fill the memory.
            view.stop()
            found["view"] = view
        return found


def to_posts(reply: Reply, none_of_these: str) -> tuple[Post, ...]:
    """Return the messages that say `reply`: one, unless its content is larger than checked content.

    Nothing is ever dropped. An urgent or "are you safe" card is plain text, with the help right
    after the first words: members can switch embeds off, servers can forbid them, and
    notifications do not show them.

    Args:
        reply: What to say.
        none_of_these: The words of the button for it.
    """
    help_first = reply.kind in _HELP_FIRST
    card = _card(reply) if help_first else ""
    body = "\n\n".join(_blocks(reply, with_text=not help_first, with_help=not help_first))
    plain = [Post(content=part) for part in split(card, MAX_CONTENT)]
    embeds = [Post(embed=embed) for embed in _embeds(reply, body, titled=not help_first)]
    if plain and embeds:
        embeds[0] = Post(plain.pop().content, embeds[0].embed)
    posts = [*plain, *embeds] or [Post()]
    posts[-1] = Post(posts[-1].content, posts[-1].embed, tuple(_buttons(reply, none_of_these)))
    follow = to_posts(reply.follow, none_of_these) if reply.follow else ()
    return (*posts, *follow)


def split(text: str, limit: int, marks: tuple[str, ...] = ("\n\n", "\n", " ")) -> list[str]:
    """Cut `text` into parts of at most `limit`, between paragraphs, else lines, else words."""
    if size(text) <= limit:
        return [text] if text.strip() else []
    if not marks:
        half = limit // 2
        return [text[i : i + half] for i in range(0, len(text), half)]
    mark, *finer = marks
    parts = [""]
    for piece in text.split(mark):
        for bit in split(piece, limit, tuple(finer)) or [piece]:
            joined = f"{parts[-1]}{mark}{bit}" if parts[-1] else bit
            if size(joined) <= limit:
                parts[-1] = joined
            else:
                parts.append(bit)
    return [part for part in parts if part.strip()]


def size(text: str) -> int:
    """Return the length of `text` as Discord's clients count it: an emoji may count as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _card(reply: Reply) -> str:
    title = f"## {reply.title}\n" if reply.title else ""
    help_block = _titled(reply.help_heading, _bulleted(reply)) if reply.help else ""
    blocks = [title + reply.text, help_block]
    # In plain text every bare link would unfold a picture of its page below the card.
    return _LINK.sub(r"](<\1>)", "\n\n".join(block for block in blocks if block))


def _blocks(reply: Reply, *, with_text: bool, with_help: bool) -> Iterator[str]:
    if with_text:
        yield reply.text
    for section in reply.details:
        yield _titled(section.heading, [section.text])
    if reply.notes:
        yield "\n".join(reply.notes)
    if reply.sources:
        yield _titled(reply.sources_heading, (f"-# {line}" for line in reply.sources))
    if with_help and reply.help:
        yield _titled(reply.help_heading, _bulleted(reply))
    if reply.choices and reply.choices_heading:
        yield _titled(reply.choices_heading, ())


def _embeds(reply: Reply, body: str, *, titled: bool) -> Iterator[discord.Embed]:
    # All stands in the description: Discord renders small text ("-# ") there but not in fields.
    title = reply.title if titled else ""
    if size(title) > MAX_TITLE:
        title, body = "", f"**{title}**\n{body}"
    for part in split(body, MAX_DESCRIPTION) or ([""] if title else []):
        yield discord.Embed(
            title=title or None, description=part or None, colour=COLOURS[reply.kind]
        )
        title = ""


def _buttons(reply: Reply, none_of_these: str) -> Iterator[Button]:
    chosen = reply.kind is ReplyKind.CHOICES
    style = discord.ButtonStyle.primary if chosen else discord.ButtonStyle.secondary
    entries = {choice.entry: choice for choice in reply.choices if _addressable(choice)}
    for choice in list(entries.values())[:MAX_BUTTONS]:
        label = _clipped(choice.title.strip() or choice.entry)
        yield discord.ui.Button(label=label, custom_id=SHOW + choice.entry, style=style)
    if chosen:
        label = _clipped(none_of_these.strip() or "-")
        yield discord.ui.Button(label=label, custom_id=DECLINE, row=_LAST_ROW)


def _addressable(choice: Choice) -> bool:
    return bool(choice.entry.strip()) and len((SHOW + choice.entry).encode()) <= MAX_CUSTOM_ID


def _bulleted(reply: Reply) -> list[str]:
    return [f"- {line.text.removeprefix('- ')}" for line in reply.help]


def _titled(heading: str, lines: Iterable[str]) -> str:
    return "\n".join([f"**{heading}**", *lines] if heading else lines)


def _clipped(label: str) -> str:
    if size(label) <= MAX_LABEL:
        return label
    while size(label) >= MAX_LABEL:
        label = label[:-1]
    return f"{label.rstrip()}…"
