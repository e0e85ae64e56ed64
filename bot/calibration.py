"""Chooses from which probability an entry is answered straight or offered, from labelled questions.

Each labelled question is asked of an engine that answers whatever its guards allow; the thresholds
are then the ones that would have been worth most, if a wrong answer costs as much as several right
ones are worth: so many that wrong answers stay as rare as they must be. They are kept beside the
content they were chosen for, with the figures they reached, below which `eval` fails.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain import Question, ReplyKind
from bot.errors import ConfigError
from bot.evaluation import Case, Report, in_scope, out_of_scope
from bot.matching.model import SORTS
from bot.responder import Responder, Thresholds

FILE = "calibration.json"
MOST_WRONG = 0.02
MOST_FALSE = 0.01
_COSTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 1_000)
_COST_OF_OFFER = 1.0
_LOWEST_ANSWER, _HIGHEST_ANSWER = 0.3, 0.9
_LOWEST_OFFER, _HIGHEST_OFFER = 0.03, 0.3
# Chance alone moves the figures this much when a few questions or phrasings change.
_SLACK = 0.03


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was chosen for one engine over one content.

    Attributes:
        content: The content's version (`bot.domain.Library.version`).
        thresholds: What to answer and to offer from.
        floor: Figures as shares, 0 to 1: the least, or where fewer are better the most, allowed.
    """

    content: str
    thresholds: Thresholds
    floor: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one labelled question would get: from which score on, and whether that is right."""

    sort: str
    score: float
    right: bool
    labelled: bool


def open_thresholds() -> Thresholds:
    """Return thresholds that hold nothing back, for an engine to calibrate."""
    return Thresholds(dict.fromkeys(SORTS, 0.0), dict.fromkeys(SORTS, 0.0))


def choose_thresholds(cases: Sequence[Case], responder: Responder) -> Thresholds:
    """Return the thresholds worth most over `cases` with few enough wrong and false answers.

    Args:
        cases: Labelled questions, some in and some out of scope.
        responder: An engine with `open_thresholds`.
    """
    answered: list[_Outcome] = []
    offered: list[_Outcome] = []
    labelled = [case for case in cases if in_scope(case) or out_of_scope(case)]
    for case in labelled:
        trace = responder.trace(Question(case.text))
        reply = trace.reply
        if not reply.ranked:
            continue
        best, inside = reply.ranked[0].score, bool(case.labels)
        if reply.kind is ReplyKind.ANSWER and reply.entry == reply.ranked[0].entry:
            answered.append(_Outcome(trace.sort, best, reply.entry in case.labels, inside))
        near = {match.entry for match in reply.ranked[:3]}
        offered.append(_Outcome(trace.sort, best, bool(near & case.labels), inside))
    inside_all = sum(map(in_scope, labelled))
    outside = len(labelled) - inside_all
    answer: dict[str, float] = {}
    for cost in _COSTS:
        answer = {s: _best(answered, s, cost, _LOWEST_ANSWER, _HIGHEST_ANSWER) for s in SORTS}
        given = [o for o in answered if o.score >= answer[o.sort]]
        wrong = sum(o.labelled and not o.right for o in given)
        false = sum(not o.labelled for o in given)
        if wrong <= MOST_WRONG * inside_all and false <= MOST_FALSE * outside:
            break
    offer = {s: _best(offered, s, _COST_OF_OFFER, _LOWEST_OFFER, _HIGHEST_OFFER) for s in SORTS}
    return Thresholds(answer, offer)


def _best(
    outcomes: Iterable[_Outcome], sort: str, cost: float, lowest: float, highest: float
) -> float:
    """Return the threshold worth most for one sort of question; the highest where none is known."""
    known = sorted((o.score, 1.0 if o.right else -cost) for o in outcomes if o.sort == sort)
    best, total, most = highest, 0.0, 0.0
    for score, worth in reversed(known):
        if score < lowest:
            break
        total += worth
        if score >= highest:
            most = total
        elif total > most:
            best, most = score, total
    return round(best, 3)


def floor_of(report: Report) -> dict[str, float]:
    """Return the figures of `report`, with some slack, as what later ones must reach."""
    floor = {}
    for name, (count, whole) in report.figures().items():
        if whole:
            slack = -_SLACK if name in Report.MORE_IS_BETTER else _SLACK
            floor[name] = round(min(1.0, max(0.0, count / whole + slack)), 3)
    return floor


def below_floor(report: Report, floor: Mapping[str, float]) -> list[str]:
    """Return, in words, every figure of `report` that is worse than `floor` allows."""
    faults = []
    for name, (count, whole) in report.figures().items():
        if whole and name in floor:
            share, more = count / whole, name in Report.MORE_IS_BETTER
            if (share < floor[name]) if more else (share > floor[name]):
                side = "at least" if more else "at most"
                faults.append(f"{name}: {share:.1%}; it must be {side} {floor[name]:.1%}")
    return faults


def load_calibration(root: Path, stage: str) -> Calibration | None:
    """Return what `save_calibration` kept in `root` for `stage`, or None.

    Raises:
        ConfigError: The file is there and cannot be read.
    """
    path = root / FILE
    try:
        record = json.loads(path.read_text(encoding="utf-8"))[stage]
        return Calibration(record["content"], Thresholds(**record["thresholds"]), record["floor"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except KeyError:
        return None
    except (OSError, ValueError, TypeError) as error:
        message = f"{path} cannot be read: {error}; remove it or run `handrail eval --calibrate`"
        raise ConfigError(message) from None


def save_calibration(root: Path, stage: str, calibration: Calibration) -> Path:
    """Keep `calibration` in `root` for `stage`, beside that of other stages.

    Raises:
        ConfigError: The file cannot be written.
    """
    path = root / FILE
    thresholds = calibration.thresholds
    record: dict[str, Any] = {
        "content": calibration.content,
        "thresholds": {"answer": thresholds.answer, "offer": thresholds.offer},
        "floor": calibration.floor,
    }
    try:
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        path.write_text(json.dumps({**kept, stage: record}, indent=1) + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be written: {error}") from None
    return path
