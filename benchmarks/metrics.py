"""Figures of a ranking that may also decline to answer. Pure; every figure is a share, 0 to 1.

A question is answered with the best entry if its score is above a threshold. A threshold is named
by the share of out-of-scope messages that it lets through, its false answers. Ties are broken by
lot: figures hold the expectation, so that a method whose scores tie gains and loses nothing.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
FALSE_RATES = (0.01, 0.02, 0.05)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one question was ranked.

    Attributes:
        score: The best entry's score.
        first: The chance that a right entry stands first.
        third: The chance that one stands among the first three.
    """

    score: float
    first: float = 0.0
    third: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What one method reached on one set.

    Attributes:
        first: Questions whose right entry stands first.
        third: Questions whose right entry stands among the first three.
        answered: Questions answered right at 1, 2 and 5 % false answers.
        wrong: Questions answered wrong at 2 % false answers.
        oscr: Area under answered right against false answers.
        typos: The same as `first`, of questions with typos.
    """

    first: float
    third: float
    answered: tuple[float, ...]
    wrong: float
    oscr: float
    typos: float


def judge(scores: Array, right: Sequence[int]) -> Verdict:
    """Return the Verdict on one question.

    Args:
        scores: Score of every entry; minus infinity for what was not considered.
        right: Indices of the right entries; none for an out-of-scope message.
    """
    best = float(scores.max(initial=-math.inf))
    found = float(scores[list(right)].max(initial=-math.inf))
    if math.isinf(found):
        return Verdict(best)
    better = int((scores > found).sum())
    tied = int((scores == found).sum())
    hits = int((scores[list(right)] == found).sum())
    return Verdict(best, _drawn(1 - better, tied, hits), _drawn(3 - better, tied, hits))


def _drawn(places: int, tied: int, hits: int) -> float:
    """Return the chance that one of `hits` in `tied` entries gets one of `places` by lot."""
    if places <= 0:
        return 0.0
    return 1 - math.comb(tied - hits, places) / math.comb(tied, places) if places < tied else 1.0


def measure(
    inside: Sequence[Verdict], outside: Sequence[Verdict], typed: Sequence[Verdict]
) -> Figures:
    """Return the Figures.

    Args:
        inside: Verdicts on questions that an entry answers.
        outside: Verdicts on messages that none answers.
        typed: Verdicts on the questions of `inside` with typos in them.
    """
    at = {rate: threshold(outside, rate) for rate in FALSE_RATES}
    return Figures(
        first=_mean(v.first for v in inside),
        third=_mean(v.third for v in inside),
        answered=tuple(answered_right(inside, at[rate]) for rate in FALSE_RATES),
        wrong=_mean((1 - v.first) * (v.score > at[0.02]) for v in inside),
        oscr=oscr(inside, outside),
        typos=_mean(v.first for v in typed),
    )


def threshold(outside: Sequence[Verdict], rate: float) -> float:
    """Return the lowest score above which at most `rate` of the out-of-scope messages lie."""
    scores = sorted((v.score for v in outside), reverse=True)
    allowed = math.floor(rate * len(scores) + 1e-9)
    return scores[allowed] if allowed < len(scores) else -math.inf


def answered_right(inside: Sequence[Verdict], above: float) -> float:
    """Return the share of questions that are answered, and rightly, above a score."""
    return _mean(v.first * (v.score > above) for v in inside)


def oscr(inside: Sequence[Verdict], outside: Sequence[Verdict]) -> float:
    """Return the area under the correct-classification against the false-positive rate.

    Dhamija, Günther and Boult 2018, "Reducing Network Agnostophobia".
    """
    strays = np.sort([v.score for v in outside])
    order = sorted(inside, key=lambda v: v.score)
    scores = np.array([v.score for v in order])
    rights = np.concatenate([[0.0], np.cumsum([v.first for v in reversed(order)])]) / len(order)
    levels = np.unique(np.concatenate([strays, scores]))[::-1]
    false = 1 - np.searchsorted(strays, levels, side="left") / len(strays)
    right = rights[len(order) - np.searchsorted(scores, levels, side="left")]
    return float(np.trapezoid(np.concatenate([[0.0], right]), np.concatenate([[0.0], false])))


def curve(inside: Sequence[Verdict], outside: Sequence[Verdict], rates: Sequence[float]) -> Array:
    """Return the share of questions answered right at every rate of false answers."""
    return np.array([answered_right(inside, threshold(outside, rate)) for rate in rates])


def _mean(values: Iterable[float]) -> float:
    return float(np.fromiter(values, np.float64).mean())
