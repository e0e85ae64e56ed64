"""Figures of the benchmark on Slack: acknowledged, answered, answered twice, lost."""

from benchmarks.discord_figures import Answered
from benchmarks.slack_figures import Fates, Told, loss_table, pace_tables, to_pace, with_own
from benchmarks.slack_runs import take_in_turn


def told(question: str, answered: float, acknowledged: float) -> Told:
    """Return a question that was asked at second 0."""
    return Told(Answered(question, 0.0, answered), acknowledged)


def test_acknowledgements_have_a_table_of_their_own() -> None:
    """Beside those of the constant bot, in milliseconds; then the answers, with what is ours."""
    own = with_own([told("1", 0.020, 0.002)], {"1": (0.010, 0.005)})
    pace = to_pace("/ask", own, [told("2", 0.010, 0.001)])
    acknowledged, answered = pace_tables([pace]).split("\n\n")
    assert acknowledged.splitlines()[-1] == "| /ask | 1 | 2.0 ms | 2.0 ms | 1.0 ms | 1.0 ms |"
    assert answered.splitlines()[0].startswith("| answered |")
    assert "| 2.00 | 2.00 | 10.0 ms | 10.0 ms | 50 % | 25 % |" in answered


def test_losses_name_the_run_and_the_way() -> None:
    """A run without sockets has no time without one."""
    fates = Fates("http", "mention", 1000, 20, 250, 1, 2, 0.0)
    assert (
        loss_table([fates]).splitlines()[-1] == "| http | 1,000 | 20 | mention | 250 | 1 | 2 | - |"
    )


def test_ways_to_ask_make_as_many_events_as_wanted() -> None:
    """A mention that is also delivered as a message is two events."""
    ways = take_in_turn(1_000)
    assert len(ways) == 750
    assert {way: ways.count(way) for way in ways} == dict.fromkeys(ways, 250)
