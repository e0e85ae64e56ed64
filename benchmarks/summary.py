"""Turns what every ranking got on every Trial into tables and curves.

Trials of one name are one set: the figures of a public set are the mean over its seeds, those of
this FAQ come from all its parts together.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from benchmarks.metrics import curve, measure
from benchmarks.trying import Tried

Results = Mapping[str, Sequence[Tried]]
Array = NDArray[np.float64]
_HEADS = ("recall@1", "@3", "right at 1 %", "at 2 %", "at 5 %", "wrong at 2 %", "OSCR", "typos")


@dataclass(frozen=True, slots=True)
class Group:
    """What one table shows: the mean over some sets.

    Attributes:
        sets: Names of the Trials.
        own: True if it is this FAQ.
        questions: Number of questions, in scope.
        strays: Number of out-of-scope messages.
    """

    title: str
    sets: tuple[str, ...]
    own: bool
    questions: int
    strays: int


def group(results: Results) -> list[Group]:
    """Return a Group for every set, and last one for the mean of the public sets."""
    tried = next(iter(results.values()))
    groups = []
    for name in dict.fromkeys(t.name for t in tried):
        parts = pool(tried, name)
        asked, strays = len(parts[0].inside), len(parts[0].outside)
        groups.append(Group(name, (name,), not parts[0].seeds, asked, strays))
    public = [g for g in groups if not g.own]
    if len(public) > 1:
        names = tuple(g.title for g in public)
        asked, strays = sum(g.questions for g in public), sum(g.strays for g in public)
        groups.append(Group(f"Mean of {len(names)} public sets", names, False, asked, strays))
    return groups


def pool(tried: Sequence[Tried], name: str) -> list[Tried]:
    """Return the Trials of one name: one for each seed, or all their questions in one."""
    parts = [t for t in tried if t.name == name]
    if parts[0].seeds:
        return parts
    return [
        Tried(
            name,
            seeds=False,
            inside=list(chain.from_iterable(t.inside for t in parts)),
            outside=list(chain.from_iterable(t.outside for t in parts)),
            typed=list(chain.from_iterable(t.typed for t in parts)),
        )
    ]


def table(results: Results, shown: Group) -> str:
    """Return one table in Markdown: a row for each ranking."""
    lines = ["| | " + " | ".join(_HEADS) + " |", "| --- |" + " ---: |" * len(_HEADS)]
    for ranking, tried in results.items():
        rows = [_row(pool(tried, name)) for name in shown.sets]
        *shares, typos = map(statistics.fmean, zip(*rows, strict=True))
        cells = [ranking, *(f"{share:.1f}" for share in shares), f"{typos:+.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def mean_curve(tried: Sequence[Tried], shown: Group, rates: Sequence[float]) -> Array:
    """Return the share answered right at every rate of false answers, the mean over sets."""
    curves = [
        np.mean([curve(t.inside, t.outside, rates) for t in pool(tried, name)], axis=0)
        for name in shown.sets
    ]
    return np.asarray(np.mean(curves, axis=0), np.float64)


def _row(seeds: Sequence[Tried]) -> list[float]:
    """Return the columns as percentages; of typos what they cost."""
    rows = []
    for tried in seeds:
        found = measure(tried.inside, tried.outside, tried.typed)
        shares = (found.first, found.third, *found.answered, found.wrong, found.oscr)
        rows.append([100 * share for share in (*shares, found.typos - found.first)])
    return [statistics.fmean(column) for column in zip(*rows, strict=True)]
