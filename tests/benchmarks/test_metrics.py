"""The figures of the benchmarks, over scores whose figures can be told by hand."""

import math

import numpy as np
import pytest

from benchmarks.metrics import Verdict, answered_right, curve, judge, measure, oscr, threshold

NONE = -math.inf
RIGHT, WRONG = (1.0, 1.0), (0.0, 1.0)


def verdicts(*scores: float, ranked: tuple[float, float] = RIGHT) -> list[Verdict]:
    """Return Verdicts with these scores, all right or all wrong."""
    return [Verdict(score, *ranked) for score in scores]


@pytest.mark.parametrize(
    ("scores", "right", "first", "third"),
    [
        ([0.9, 0.1, 0.2, 0.3], [0], 1, 1),
        ([0.9, 0.1, 0.2, 0.3], [2], 0, 1),
        ([0.9, 0.1, 0.2, 0.3], [1], 0, 0),
        ([0.9, 0.1, 0.2, 0.3], [1, 0], 1, 1),
        ([0.5, 0.5, 0.1, 0.1], [0], 1 / 2, 1),
        ([0.9, 0.5, 0.5, 0.5], [1], 0, 2 / 3),
        ([0.9, 0.5, 0.5, 0.5], [1, 2], 0, 1),
        ([0.5, NONE, NONE, NONE], [1], 0, 0),
        ([0.5, 0.4, 0.3, 0.2], [], 0, 0),
    ],
    ids=[
        "first", "second", "last", "one of two", "tied for first", "tied for two of three places",
        "two of three tied for two places", "not considered", "out of scope",
    ],
)  # fmt: skip
def test_ties_count_as_the_lot_would_have_it(
    scores: list[float], right: list[int], first: float, third: float
) -> None:
    """A method whose scores tie gets what it would get by drawing lots, on average."""
    verdict = judge(np.array(scores), right)

    assert verdict.first == pytest.approx(first)
    assert verdict.third == pytest.approx(third)
    assert verdict.score == max(scores)


@pytest.mark.parametrize(
    ("rate", "expected"), [(0.0, 0.9), (0.25, 0.7), (0.5, 0.5), (0.49, 0.7), (1.0, NONE)]
)
def test_threshold_lets_no_more_through_than_allowed(rate: float, expected: float) -> None:
    """Of four messages a quarter is one; part of a message is none."""
    assert threshold(verdicts(0.5, 0.9, 0.3, 0.7), rate) == expected


def test_answers_at_the_threshold_are_withheld() -> None:
    """An in-scope question that ties with the highest stray message is not answered."""
    inside = [*verdicts(0.9, 0.8), *verdicts(0.95, ranked=WRONG), *verdicts(0.5)]

    assert answered_right(inside, 0.8) == pytest.approx(1 / 4)


@pytest.mark.parametrize(
    ("inside", "outside", "area"),
    [
        (verdicts(0.8, 0.9), verdicts(0.1, 0.2), 1.0),
        (verdicts(0.1, 0.2), verdicts(0.8, 0.9), 0.0),
        ([*verdicts(0.9), *verdicts(0.8, ranked=WRONG)], verdicts(0.1), 0.5),
        (verdicts(0.5, 0.5), verdicts(0.5, 0.5), 0.5),
        (verdicts(0.9, 0.5), verdicts(0.7, 0.1), 0.75),
    ],
    ids=["parted", "upside down", "half of them wrong", "all tied", "one stray between"],
)
def test_area_is_the_one_under_the_drawn_curve(
    inside: list[Verdict], outside: list[Verdict], area: float
) -> None:
    """The curves of these are few straight lines, so their areas are known."""
    assert oscr(inside, outside) == pytest.approx(area)


def test_curve_rises_from_none_false_to_all() -> None:
    """With every false answer allowed, what stands first is answered."""
    inside, outside = verdicts(0.9, 0.5), verdicts(0.7, 0.1)

    assert curve(inside, outside, [0.0, 0.5, 1.0]).tolist() == [0.5, 1.0, 1.0]


def test_figures_tell_right_from_wrong_answers() -> None:
    """Of four questions above the threshold three are right; typos lose one more."""
    inside = [*verdicts(0.9, 0.8, 0.7), *verdicts(0.95, ranked=WRONG)]
    typed = [*verdicts(0.9, 0.8), *verdicts(0.7, 0.6, ranked=WRONG)]

    figures = measure(inside, verdicts(*[0.1] * 100), typed)

    assert figures.first == pytest.approx(0.75)
    assert figures.third == pytest.approx(1.0)
    assert figures.answered == pytest.approx((0.75, 0.75, 0.75))
    assert figures.wrong == pytest.approx(0.25)
    assert figures.oscr == pytest.approx(0.75)
    assert figures.typos == pytest.approx(0.5)
