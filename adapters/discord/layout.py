"""Cuts and joins words for Discord: what fits into one message, and how its parts are set."""

import re
from collections.abc import Iterable, Iterator

from adapters.parts import HELP_FIRST
from bot.domain import Reply, ReplyKind

MAX_CONTENT = 2000
_LINK = re.compile(r"\]\((https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)")


def split(
    text: str, limit: int = MAX_CONTENT, marks: tuple[str, ...] = ("\n\n", "\n", " ")
) -> list[str]:
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


def clip(text: str, limit: int, otherwise: str = "-") -> str:
    """Return `text` for a label of at most `limit`, which may not be empty."""
    label = text.strip() or otherwise
    if size(label) <= limit:
        return label
    while size(label) >= limit:
        label = label[:-1]
    return f"{label.rstrip()}…"


def to_plain(reply: Reply, overdue: Iterable[str] = ()) -> str:
    """Return what has to arrive whatever a member or a server has switched off.

    Title, words and help lines. On an emergency card the help lines come right after the first
    paragraph, and what to do meanwhile at the end.

    Args:
        reply: What to say.
        overdue: Its notes that it was due for a new check.
    """
    title = f"## {reply.title}\n" if reply.title else ""
    first, rest = reply.text, ""
    if reply.kind in HELP_FIRST:
        first, _, rest = reply.text.partition("\n")
    blocks = [title + first, *(f"⚠️ {line}" for line in overdue)]
    if reply.kind is ReplyKind.CHOICES and reply.choices_heading:
        blocks.append(titled(reply.choices_heading, ()))
    if reply.help:
        lines = [f"- {line.text.removeprefix('- ')}" for line in reply.help]
        blocks.append(titled(reply.help_heading, lines))
    if reply.kind in HELP_FIRST:
        blocks += [rest.strip(), *to_sections(reply)]
    return unfolded(block for block in blocks if block)


def unfolded(blocks: Iterable[str]) -> str:
    """Return `blocks` as plain text below which no picture of a linked page unfolds."""
    return _LINK.sub(r"](<\1>)", "\n\n".join(blocks))


def to_sections(reply: Reply) -> Iterator[str]:
    """Return the longer answer, a block for each section."""
    return (titled(section.heading, [section.text]) for section in reply.details)


def to_sources(reply: Reply) -> Iterator[str]:
    """Return the bibliography in small print as one block, or nothing."""
    if reply.sources:
        yield titled(reply.sources_heading, (f"-# {line}" for line in reply.sources))


def titled(heading: str, lines: Iterable[str]) -> str:
    """Return `lines` below a small heading, if there is one."""
    return "\n".join([f"### {heading}", *lines] if heading else lines)
