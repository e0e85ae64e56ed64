"""Reads `faq/pinned.yaml`: what is offered to somebody who has not typed anything yet."""

from collections.abc import Mapping

from bot.content.faults import did_you_mean
from bot.domain import Entry, Level, Problem
from bot.yamlfile import Document

MOST_PINNED = 25  # as many suggestions as Discord shows
_RULE = "pinned"


def to_pinned(
    document: Document, entries: Mapping[str, Entry]
) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the ids that can be offered, in their order, and every Problem.

    Args:
        document: The file; with nothing in it, nothing is pinned.
        entries: All entries by id, emergency cards included.
    """
    if not isinstance(document.data, list):
        message = "must be a list of ids, one `- id` a line"
        faulty = document.data is not None
        return (), [document.problem((), message, _RULE)] if faulty else []
    problems: list[Problem] = []
    pinned: dict[str, None] = {}
    for i, name in enumerate(document.data):
        fault = _fault(name, entries, pinned)
        if fault:
            # Content without one suggestion is better than no new content.
            level: Level = "warning" if isinstance(name, str) else "error"
            problems.append(document.problem((i,), fault, _RULE, level))
        else:
            pinned[name] = None
    if len(pinned) > MOST_PINNED:
        message = f"holds {len(pinned)} ids; at most {MOST_PINNED} can be shown, so remove some"
        problems.append(document.problem((), message, _RULE))
    return tuple(pinned)[:MOST_PINNED], problems


def _fault(name: object, entries: Mapping[str, Entry], before: Mapping[str, None]) -> str:
    """Return why `name` cannot be offered and what to do, or nothing."""
    if not isinstance(name, str):
        return f"{name!r} is no id; write the name of an entry's file, without .yaml"
    if name not in entries:
        hint = did_you_mean(name, entries, "correct the id or remove it")
        return f"there is no entry `{name}`; {hint}"
    if not entries[name].enabled:
        return f"`{name}` is switched off and not offered; remove it here, or switch it on"
    return f"`{name}` stands here twice; remove one" if name in before else ""
