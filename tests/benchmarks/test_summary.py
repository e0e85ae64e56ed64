"""Tables of the benchmarks: seeds are averaged, parts of one FAQ are pooled."""

import pytest

from benchmarks.metrics import Verdict
from benchmarks.summary import group, mean_curve, table
from benchmarks.trying import Tried

RIGHT, WRONG = Verdict(0.9, 1.0, 1.0), Verdict(0.8, 0.0, 1.0)
LOW, HIGH = Verdict(0.1), Verdict(0.95)


def tried(name: str, *inside: Verdict, seeds: bool, outside: Verdict = LOW) -> Tried:
    """Return a Tried with one stray, and all typos wrong."""
    return Tried(name, seeds, list(inside), [outside], [WRONG] * len(inside))


def cells(text: str) -> list[str]:
    """Return the cells of the table's first ranking."""
    return [cell.strip() for cell in text.splitlines()[2].strip("|").split("|")]


def test_parts_of_one_faq_count_by_their_questions() -> None:
    """Three right of four, though one part has them all and the other one in two."""
    parts = [tried("a", RIGHT, RIGHT, seeds=False), tried("a", RIGHT, WRONG, seeds=False)]
    (shown,) = group({"ours": parts})

    row = cells(table({"ours": parts}, shown))

    assert (shown.questions, shown.strays, shown.own) == (4, 2, True)
    assert (row[0], row[1], row[2], row[-1]) == ("ours", "75.0", "100.0", "-75.0")


def test_sets_count_alike_in_the_mean() -> None:
    """A set with one seed weighs as much as one with two."""
    parts = [
        tried("a", RIGHT, seeds=True),
        tried("b", RIGHT, seeds=True),
        tried("b", WRONG, seeds=True),
    ]
    groups = group({"ours": parts})

    assert [shown.sets for shown in groups] == [("a",), ("b",), ("a", "b")]
    assert [cells(table({"ours": parts}, shown))[1] for shown in groups] == [
        "100.0",
        "50.0",
        "75.0",
    ]


def test_curve_is_the_mean_over_sets() -> None:
    """One set answers at once, the other only when its stray is answered too."""
    parts = [tried("a", RIGHT, seeds=True), tried("b", RIGHT, seeds=True, outside=HIGH)]
    shown = group({"ours": parts})[-1]

    assert mean_curve(parts, shown, [0.0, 1.0]).tolist() == pytest.approx([0.5, 1.0])
