"""Runs labelled questions through the Responder and counts what came back. Pure.

A labelled question is an object with `text`, `label` (the id of the right entry, a list of ids
of which any is right, or "none") and `kind` (faq, policy, urgent, check, nearmiss, offtopic).
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bot.domain import Reply, ReplyKind
from bot.errors import ConfigError

_ANSWERS = frozenset({ReplyKind.ANSWER, ReplyKind.POLICY})


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled question.

    Attributes:
        labels: Ids of the right entries; empty when nothing should be answered.
    """

    id: str
    text: str
    labels: frozenset[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one Case got: its verdict and the Reply."""

    case: Case
    verdict: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Report:
    """The figures over a list of Outcomes."""

    MORE_IS_BETTER: ClassVar = frozenset(
        {
            "urgent caught",
            "urgent caught or checked",
            "doubtful checked",
            "in scope: answered right",
            "in scope: right or offered",
        }
    )

    outcomes: tuple[Outcome, ...]

    def share(self, part: Iterable[str], whole: Callable[[Case], bool]) -> tuple[int, int]:
        """Return how many of the cases in `whole` have a verdict in `part`, and how many are."""
        verdicts = set(part)
        among = [o for o in self.outcomes if whole(o.case)]
        return sum(o.verdict in verdicts for o in among), len(among)

    def figures(self) -> dict[str, tuple[int, int]]:
        """Return every figure as (count, of how many)."""
        return {
            "urgent caught": self.share(["alarm"], is_urgent),
            "urgent caught or checked": self.share(["alarm", "soft check"], is_urgent),
            "doubtful checked": self.share(["alarm", "soft check"], is_doubtful),
            "false urgent cards": self.share(["false alarm"], lambda c: not is_urgent(c)),
            "in scope: answered right": self.share(["right"], in_scope),
            "in scope: right or offered": self.share(["right", "offered"], in_scope),
            "in scope: answered wrong": self.share(["wrong"], in_scope),
            "out of scope: answered": self.share(["answered"], out_of_scope),
            "out of scope: offered": self.share(["offered"], out_of_scope),
        }


def is_urgent(case: Case) -> bool:
    """Tell whether the case is an emergency."""
    return case.kind == "urgent"


def is_doubtful(case: Case) -> bool:
    """Tell whether the case may be an emergency: the soft check is right, a card is not wrong."""
    return case.kind == "check"


def in_scope(case: Case) -> bool:
    """Tell whether an entry (a refusal included) answers the case."""
    return bool(case.labels) and not is_urgent(case) and not is_doubtful(case)


def out_of_scope(case: Case) -> bool:
    """Tell whether nothing should be answered."""
    return not case.labels and not is_urgent(case) and not is_doubtful(case)


def read_cases(path: Path) -> list[Case]:
    """Read labelled questions, one JSON object a line.

    Raises:
        ConfigError: The file cannot be read or a line is not of that form.
    """
    try:
        # JSON allows signs that splitlines() takes for the end of a line.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    return [_to_case(path, i, line) for i, line in enumerate(lines, 1) if line.strip()]


def _to_case(path: Path, number: int, line: str) -> Case:
    try:
        record = json.loads(line)
        label = record["label"]
        labels = label if isinstance(label, list) else [label]
        return Case(
            id=str(record.get("id", number)),
            text=str(record["text"]),
            labels=frozenset(str(item) for item in labels if item != "none"),
            kind=str(record.get("kind", "faq")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ConfigError(
            f'{path}:{number}: not a labelled question; write {{"text": …, "label": …, "kind": …}}'
        ) from None


def evaluate(cases: Sequence[Case], ask: Callable[[str], Reply]) -> Report:
    """Ask every case and return what came back."""
    replies = [(case, ask(case.text)) for case in cases]
    return Report(tuple(Outcome(case, _verdict(case, reply), reply) for case, reply in replies))


def _verdict(case: Case, reply: Reply) -> str:
    if is_urgent(case) or is_doubtful(case):
        return {ReplyKind.URGENT: "alarm", ReplyKind.CHECK: "soft check"}.get(reply.kind, "missed")
    if reply.kind is ReplyKind.URGENT:
        return "right" if reply.entry in case.labels else "false alarm"
    inner = reply.follow or reply
    offered = {choice.entry for choice in inner.choices}
    if inner.kind in _ANSWERS:
        return _answered(case, inner.entry)
    if inner.kind is ReplyKind.CHOICES:
        return "offered" if not case.labels or offered & case.labels else "not offered"
    return "left" if not case.labels else "fallback"


def _answered(case: Case, entry: str | None) -> str:
    if not case.labels:
        return "answered"
    return "right" if entry in case.labels else "wrong"
