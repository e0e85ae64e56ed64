"""Chooses from which probability an entry is answered straight or offered, from labelled questions.

Each labelled question is asked of an engine that answers whatever its guards allow; the thresholds
are then the ones that would have been worth most, if a wrong answer costs as much as several right
ones are worth: so many that wrong answers stay as rare as they must be. They are kept beside the
content they were chosen for, with the figures they reached, below which `eval` fails.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.domain import Question, ReplyKind
from bot.errors import ConfigError
from bot.evaluation import Case, Report, in_scope, out_of_scope
from bot.matching.model import SORTS
from bot.responder import Responder, Thresholds

FILE = "calibration.json"
# Half of what is allowed (2 % wrong, 1 % of what is out of scope): thresholds fit the questions
# they were chosen on better than new ones.
MOST_WRONG = 0.01
MOST_FALSE = 0.005
_COSTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 1_000)
_COST_OF_OFFER = 1.0
# What does not name the topic may be chat about anything: an answer must be likelier than not.
_LOWEST_ANSWER = {"on topic": 0.3, "short": 0.5, "off topic": 0.5, "long": 0.5, "no topic": 0.5}
_HIGHEST_ANSWER = 0.9
_LOWEST_OFFER, _HIGHEST_OFFER = 0.03, 0.3
_DECIMALS = 4
_DEVIATIONS = 2.0


_Share = Annotated[float, Field(ge=0, le=1, strict=True)]


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


class _Limits(BaseModel):
    model_config = ConfigDict(extra="forbid")
    answer: dict[str, _Share]
    offer: dict[str, _Share]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")
    content: str
    thresholds: _Limits
    floor: dict[str, _Share]


_FORM = TypeAdapter(dict[str, _Record])


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
        answer = {s: _best(answered, s, cost, _LOWEST_ANSWER[s], _HIGHEST_ANSWER) for s in SORTS}
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
    worths: dict[float, float] = defaultdict(float)
    for o in outcomes:
        if o.sort == sort:
            worths[round(o.score, _DECIMALS)] += 1.0 if o.right else -cost
    best, total, most = highest, 0.0, 0.0
    for score in sorted(worths, reverse=True):
        if score < lowest:
            break
        total += worths[score]
        if score >= highest:
            most = total
        elif total > most:
            best, most = score, total
    return best


def floor_of(report: Report) -> dict[str, float]:
    """Return what later figures must reach: those of `report`, less what chance alone may do.

    That is two standard errors of a share of so many questions.
    """
    floor = {}
    for name, (count, whole) in report.figures().items():
        if whole:
            share = count / whole
            chance = math.sqrt(max(share * (1 - share), 1 / whole) / whole)
            slack = _DEVIATIONS * chance * (-1 if name in Report.MORE_IS_BETTER else 1)
            floor[name] = round(min(1.0, max(0.0, share + slack)), 3)
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
        record = _FORM.validate_json(path.read_bytes()).get(stage)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        why = str(error).splitlines()[0]
        message = f"{path} cannot be read: {why}; remove it or run `handrail eval --calibrate`"
        raise ConfigError(message) from None
    if record is None:
        return None
    return Calibration(record.content, Thresholds(**record.thresholds.model_dump()), record.floor)


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
        kept = _FORM.dump_python(_FORM.validate_json(path.read_bytes()))
    except (OSError, ValueError):
        kept = {}  # absent or damaged: what is written now is all there is
    try:
        unfinished = path.with_suffix(".new")
        unfinished.write_text(json.dumps({**kept, stage: record}, indent=1) + "\n", "utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error}") from None
    return path
