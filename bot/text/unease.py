"""A second look at messages in which no sign of danger stands: how much do their words weigh?

Signs name what people usually say. Somebody in danger may say it as nobody has before, so the words
themselves are weighed as well: a linear model, learnt from messages about danger and from ordinary
ones, whose score is a plain sum. It never brings an emergency card; at most it has the bot ask.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_STEM = 5  # letters; longer words also count by how they begin
_FEW = 4  # words; a shorter sentence is not weighed alone
_TOLD = 3  # words named in an explanation
# Words that tell nothing when they stand alone.
_EMPTY = frozenset({"a", "an", "the", "is", "are", "was", "of", "to", "and", "in", "on", "at"}) | {
    "for", "it", "this", "that", "i",
}  # fmt: skip
LIGHT = 8  # features; a message of fewer weighs no more than one that has these many


@dataclass(frozen=True, slots=True)
class Weights:
    """What has been learnt.

    Attributes:
        danger: Weight of each feature for danger.
        mind: Weight of each feature for danger from a mind rather than to a body.
        bias: What a message without any known feature scores, for danger and for mind.
        least: The score from which the bot asks.
    """

    danger: Mapping[str, float]
    mind: Mapping[str, float]
    bias: tuple[float, float]
    least: float


@dataclass(frozen=True, slots=True)
class Unease:
    """A message whose words weigh enough to ask.

    Attributes:
        score: How much they weigh; the bot asks from `Weights.least` on.
        mind: Whether a mind seems to be in danger rather than a body.
        words: The words that weighed most.
    """

    score: float
    mind: bool
    words: str


@cache
def load_weights() -> Weights:
    """Return the shipped weights (fitted by `benchmarks/train_unease.py`)."""
    record = json.loads(files("bot.text").joinpath("unease.json").read_text(encoding="utf-8"))
    danger = {name: pair[0] for name, pair in record["weights"].items()}
    mind = {name: pair[1] for name, pair in record["weights"].items()}
    return Weights(danger, mind, tuple(record["bias"]), record["least"])


def features(clauses: Iterable[Sequence[str]]) -> frozenset[str]:
    """Return what is weighed: words, how they begin, and pairs that stand close together."""
    return frozenset(name for clause in clauses for name in _of_clause(clause))


def score(found: frozenset[str], weights: Mapping[str, float], bias: float) -> float:
    """Return the weight of the features `found`; long messages weigh no more than short ones."""
    known = [weights[name] for name in found if name in weights]
    return bias + math.fsum(known) / math.sqrt(max(LIGHT, len(known)))


def weigh(clauses: Sequence[Sequence[str]], weights: Weights) -> float:
    """Return the score of the whole message or of its weightiest sentence."""
    return max(score(found, weights.danger, weights.bias[0]) for found in _parts(clauses))


def feel(clauses: Sequence[Sequence[str]], weights: Weights) -> Unease | None:
    """Return the Unease about a message, or None if its words do not weigh enough."""
    parts = _parts(clauses)
    heaviest = max(parts, key=lambda part: score(part, weights.danger, weights.bias[0]))
    total = score(heaviest, weights.danger, weights.bias[0])
    if total < weights.least:
        return None
    told = sorted(heaviest, key=lambda name: (-weights.danger.get(name, 0.0), name))[:_TOLD]
    mind = score(heaviest, weights.mind, weights.bias[1]) > 0
    return Unease(total, mind, ", ".join(told))


def _parts(clauses: Sequence[Sequence[str]]) -> list[frozenset[str]]:
    whole = features(clauses)
    return [whole, *(features([c]) for c in set(map(tuple, clauses)) if len(c) >= _FEW)]


def _of_clause(clause: Sequence[str]) -> Iterator[str]:
    for i, word in enumerate(clause):
        if word not in _EMPTY:
            yield word
        if len(word) > _STEM:
            yield f"{word[:_STEM]}-"
        if i > 0:
            yield f"{clause[i - 1]} {word}"
        if i > 1:
            yield f"{clause[i - 2]} . {word}"
