"""What is worked out from what the fake Slack saw, and the tables that show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.discord_figures import Answered, Speed, row, speed_table, to_speed
from benchmarks.timing import quantile

_ACKNOWLEDGED = """\
| acknowledged | asked | p50 | p99 | constant bot p50 | p99 |
| --- | ---: | ---: | ---: | ---: | ---: |"""
_LOSS = """\
| | events | delivered again | asked by | questions | answered twice | lost | longest without a \
socket |
| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |"""
_MS = 1000.0


@dataclass(frozen=True, slots=True)
class Told:
    """One question, when it was acknowledged and when it was answered; times in seconds.

    Attributes:
        answered: The question and its answer.
        acknowledged: How long until Slack had the acknowledgement.
    """

    answered: Answered
    acknowledged: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one way of asking is.

    Attributes:
        speed: From the question to its answer.
        acknowledged: p50 and p99 from the question to its acknowledgement, in milliseconds.
        other: Likewise, of the bot that always says the same.
    """

    speed: Speed
    acknowledged: tuple[float, float]
    other: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of questions of one kind while deliveries went wrong.

    Attributes:
        run: What went wrong.
        way: How was asked.
        events: How many events were to be delivered in the whole run.
        again: How many deliveries were repetitions, in the whole run.
        asked: How many questions.
        twice: How many were answered more than once.
        lost: How many were never answered.
        longest: Seconds of the longest time without a socket; 0 over HTTP.
    """

    run: str
    way: str
    events: int
    again: int
    asked: int
    twice: int
    lost: int
    longest: float


def to_pace(name: str, own: Sequence[Told], other: Sequence[Told]) -> Pace:
    """Return the figures of Handrail's answers `own` beside those of the `other` bot."""
    speed = to_speed(name, [t.answered for t in own], [t.answered for t in other])
    return Pace(speed, _acknowledged(own), _acknowledged(other))


def with_own(told: Iterable[Told], spent: Mapping[str, tuple[float, float]]) -> list[Told]:
    """Return the answers with what our own code and the engine took of each."""
    return [
        replace(t, answered=replace(t.answered, ours=ours, engine=engine))
        for t in told
        for ours, engine in (spent[t.answered.id],)
    ]


def pace_tables(found: Sequence[Pace]) -> str:
    """Return two tables in Markdown: until the acknowledgement, and until the answer."""
    rows = [_ACKNOWLEDGED]
    for pace in found:
        times = [f"{ms:.1f} ms" for ms in (*pace.acknowledged, *pace.other)]
        rows.append(row(pace.speed.name, f"{pace.speed.asked:,}", *times))
    answered = speed_table(pace.speed for pace in found).replace("| |", "| answered |", 1)
    return "\n".join([*rows, "", answered])


def loss_table(found: Iterable[Fates]) -> str:
    """Return a row for each run and way of asking, in Markdown."""
    rows = [_LOSS]
    for f in found:
        counts = (f.run, f"{f.events:,}", f"{f.again:,}", f.way, f.asked, f.twice, f.lost)
        rows.append(row(*map(str, counts), f"{f.longest:.1f} s" if f.longest else "-"))
    return "\n".join(rows)


def _acknowledged(told: Sequence[Told]) -> tuple[float, float]:
    times = [t.acknowledged for t in told]
    return _MS * quantile(times, 0.5), _MS * quantile(times, 0.99)
