"""Figures of the benchmark on Discord: what is ours, what was lost, what grew."""

import pytest

from benchmarks.discord_figures import (
    Answered,
    Fates,
    Memory,
    covered,
    loss_table,
    memory_table,
    speed_table,
    to_speed,
)
from benchmarks.discord_runs import half_typed, with_own


def cells(table: str, row: int = 2) -> list[str]:
    """Return the cells of one line of a table."""
    return [cell.strip() for cell in table.splitlines()[row].strip("|").split("|")]


@pytest.mark.parametrize(
    ("spans", "seconds"),
    [
        ([], 0),
        ([(1, 2)], 1),
        ([(3, 5), (0, 1)], 3),
        ([(0, 2), (1, 3)], 3),
        ([(0, 4), (1, 2), (2, 5)], 5),
        ([(0, 1), (1, 2)], 2),
    ],
)
def test_counts_a_second_once(spans: list[tuple[float, float]], seconds: float) -> None:
    """However many spans lie over it, and in whatever order they come."""
    assert covered(spans) == seconds


def test_shares_are_of_the_time_with_a_question_open() -> None:
    """Two questions at once, one second of work each, two seconds until the second answer."""
    own = [Answered("1", 0.0, 1.0, ours=1.0, engine=0.5), Answered("2", 0.0, 2.0, 1.0, 0.5)]
    found = to_speed("at once", own, [Answered("3", 0.0, 0.5)])
    assert (found.share, found.engine) == (1.0, 0.5)
    assert (found.p99, found.other_p99, found.ours_p99) == (2000.0, 500.0, 1000.0)


def test_pauses_between_questions_are_nobodys_time() -> None:
    """A second of work in two of waiting is half, however long nothing was asked."""
    own = [Answered("1", 0.0, 1.0, ours=0.5), Answered("2", 100.0, 1.0, ours=0.5)]
    assert to_speed("one by one", own, own).share == 0.5


def test_speed_is_told_as_a_ratio_too() -> None:
    """Ten milliseconds beside four are two and a half times as much."""
    own = [Answered("1", 0.0, 0.010, ours=0.004, engine=0.003)]
    (*_, p50, p99, _, _, share, engine) = cells(
        speed_table([to_speed("question", own, [Answered("2", 0.0, 0.004)])])
    )
    assert (p50, p99, share, engine) == ("2.50", "2.50", "40 %", "30 %")


def test_own_time_goes_to_the_answer_it_was_spent_on() -> None:
    """By the interaction, in whatever order they were noted; an answer without is an error."""
    answers = [Answered("1", 0.0, 1.0), Answered("2", 0.0, 1.0)]
    found = with_own(answers, {"2": (0.2, 0.1), "1": (0.4, 0.3)})
    assert [(a.ours, a.engine) for a in found] == [(0.4, 0.3), (0.2, 0.1)]
    with pytest.raises(KeyError):
        with_own(answers, {"1": (0.4, 0.3)})


def test_lost_is_what_was_answered_nowhere() -> None:
    """An answer by direct message is late, but it is one."""
    fates = Fates("command", asked=10, in_place=7, by_direct_message=2, drops=3, longest=1.0)
    assert fates.lost == 1
    assert cells(loss_table([fates])) == ["command", "10", "7", "2", "1"]


def test_growth_is_from_the_first_look_to_the_last() -> None:
    """By the number of questions, in whatever order the looks stand."""
    memory = Memory("Handrail", {10_000: 104.0, 100: 101.5, 1_000: 105.0})
    assert memory.growth == 2.5
    assert cells(memory_table([memory])) == ["Handrail", "101.5", "105.0", "104.0", "+2.5"]


def test_questions_are_half_typed_in_turn() -> None:
    """A quarter, a half, three quarters, all; never nothing, no blank at the end."""
    texts = ["lithium?", "can i now", "abcd", "abcd", "x"]
    assert half_typed(texts) == ["li", "can", "abc", "abcd", "x"]
