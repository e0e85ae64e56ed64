"""What is worked out from what the fake Discord saw, and the tables that show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.timing import quantile

_SPEED = """\
| | asked | p50 | p99 | constant bot p50 | p99 | ratio p50 | p99 | ours p50 | p99 | ours, share | \
engine, share |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""
_LOSS = """\
| asked by | asked | answered in place | by direct message | lost |
| --- | ---: | ---: | ---: | ---: |"""
_MS = 1000.0


@dataclass(frozen=True, slots=True)
class Answered:
    """One question and its answer; times in seconds.

    Attributes:
        id: Of the interaction.
        began: When Discord began to deliver it (monotonic).
        took: How long until Discord had the answer.
        ours: How much of that our own code took.
        engine: How much of that the engine took.
    """

    id: str
    began: float
    took: float
    ours: float = 0.0
    engine: float = 0.0


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one way of asking is; times in milliseconds.

    Attributes:
        p50: Of the whole way from the question to its answer.
        p99: Likewise.
        other_p50: Of the bot that always says the same, in the same run.
        other_p99: Likewise.
        ours_p50: Of what our own code takes of it.
        ours_p99: Likewise.
        share: How much of the time in which any question was open our own code took.
        engine: Likewise, of the engine alone.
    """

    name: str
    asked: int
    p50: float
    p99: float
    other_p50: float
    other_p99: float
    ours_p50: float
    ours_p99: float
    share: float
    engine: float


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of questions of one kind while the connection was dropped again and again.

    Attributes:
        in_place: How many were answered where they were asked.
        by_direct_message: How many were answered so because Discord no longer waited.
        drops: How often the connection was dropped.
        longest: Seconds of the longest time without one.
    """

    name: str
    asked: int
    in_place: int
    by_direct_message: int
    drops: int
    longest: float

    @property
    def lost(self) -> int:
        """How many were never answered."""
        return self.asked - self.in_place - self.by_direct_message


@dataclass(frozen=True, slots=True)
class Memory:
    """What a program holds (resident, MB) after so many questions."""

    name: str
    after: Mapping[int, float] = field(default_factory=dict)

    @property
    def growth(self) -> float:
        """How much more it is at the end than at the first look."""
        held = [self.after[count] for count in sorted(self.after)]
        return held[-1] - held[0]


def to_speed(name: str, own: Sequence[Answered], other: Sequence[Answered]) -> Speed:
    """Return the figures of Handrail's answers `own` beside those of the `other` bot."""
    took, others = [a.took for a in own], [a.took for a in other]
    ours = [a.ours for a in own]
    times = [_MS * quantile(v, share) for v in (took, others, ours) for share in (0.5, 0.99)]
    # At several at once each waits for the others' turns: single times added up would count
    # the same second many times.
    open_s = covered((a.began, a.began + a.took) for a in own)
    shares = [sum(parts) / open_s for parts in (ours, [a.engine for a in own])]
    return Speed(name, len(own), *times, *shares)


def covered(spans: Iterable[tuple[float, float]]) -> float:
    """Return how long it was within any of the spans, each from its begin to its end."""
    total, until = 0.0, float("-inf")
    for begin, end in sorted(spans):
        total += max(0.0, end - max(begin, until))
        until = max(until, end)
    return total


def speed_table(found: Iterable[Speed]) -> str:
    """Return a row for each way of asking, in Markdown."""
    rows = [_SPEED]
    for s in found:
        times = [f"{ms:.1f} ms" for ms in (s.p50, s.p99, s.other_p50, s.other_p99)]
        ratios = [f"{s.p50 / s.other_p50:.2f}", f"{s.p99 / s.other_p99:.2f}"]
        ours = [f"{s.ours_p50:.1f} ms", f"{s.ours_p99:.1f} ms"]
        shares = [f"{100 * share:.0f} %" for share in (s.share, s.engine)]
        rows.append(row(s.name, f"{s.asked:,}", *times, *ratios, *ours, *shares))
    return "\n".join(rows)


def loss_table(found: Iterable[Fates]) -> str:
    """Return a row for each way of asking, in Markdown."""
    counts = [(f.name, f.asked, f.in_place, f.by_direct_message, f.lost) for f in found]
    return "\n".join([_LOSS, *(row(*map(str, cells)) for cells in counts)])


def memory_table(found: Sequence[Memory]) -> str:
    """Return a row for each program, in Markdown."""
    counts = sorted({count for memory in found for count in memory.after})
    rows = [
        row("MB resident after", *(f"{count:,} questions" for count in counts), "growth"),
        row("---", *["---:"] * (len(counts) + 1)),
    ]
    for memory in found:
        held = [f"{memory.after[count]:.1f}" for count in counts]
        rows.append(row(memory.name, *held, f"{memory.growth:+.1f}"))
    return "\n".join(rows)


def row(*cells: str) -> str:
    """Return one line of a table in Markdown."""
    return f"| {' | '.join(cells)} |"
