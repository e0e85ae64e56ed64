"""What every renderer asks about the parts of a Reply, so that platforms agree on the order."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain import Country, Reply, ReplyKind

Words = Callable[..., str]
HELP_FIRST = frozenset({ReplyKind.URGENT, ReplyKind.CHECK})
ENTRIES = frozenset({ReplyKind.ANSWER, ReplyKind.POLICY})
_SHAREABLE = ENTRIES | {ReplyKind.URGENT}


def can_be_shared(reply: Reply) -> bool:
    """Return whether others may be shown `reply`: what was asked for, but no soft check."""
    return bool(reply.entry) and reply.kind in _SHAREABLE


def can_be_judged(reply: Reply) -> bool:
    """Return whether `reply` shows an Entry; nobody in danger is asked for feedback."""
    return bool(reply.entry) and reply.kind in ENTRIES


def is_overdue(note: str, words: Words) -> bool:
    """Return whether `note` says that an answer was due for a new check."""
    before, _, after = words("notes.overdue", review_by="\0").partition("\0")
    return bool(before) and note.startswith(before) and note.endswith(after.rstrip())


def help_card(reply: Reply) -> str:
    """Return what stands in the id of the list that changes the country of the help lines.

    Empty where there is nothing to change.
    """
    if reply.kind in ENTRIES or not reply.help_kinds:
        return ""
    return (reply.entry or "") if reply.kind is ReplyKind.URGENT else reply.kind.value


def listed(country: Country) -> str:
    """Return a country's name as it stands in a list: "Netherlands" under N."""
    name = country.name.removeprefix("the ")
    return name[:1].upper() + name[1:]


def span(first: str, last: str) -> str:
    """Return from which letter to which a list reaches, as on the back of a lexicon."""
    first, last = first[0].upper(), last[0].upper()
    return f"{first}–{last}" if first != last else first


def danger_in(reply: Reply) -> Reply | None:
    """Return the card of `reply` if somebody may be in danger, without what else it answers."""
    return replace(reply, follow=None) if reply.kind in HELP_FIRST else None
