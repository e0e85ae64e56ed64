"""The one small linear model that turns signals into P(this entry is right).

A pointwise logistic regression over the signals, each signal's lead over the best other entry,
whether the question names what the entry is about, and the shape of the question. Its
coefficients are fitted by `benchmarks/train_model.py` on public question sets and on the shipped
FAQ with phrasings and entries left out. Being linear, its logit splits exactly into shares.
"""

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching.kept import Floats
from bot.matching.signals import LEXICAL, SEMANTIC

_BESIDE = (
    "names its subject",
    "subject not named",
    "telling words",
    "length",
    "unknown words",
    "off topic",
    "long and off topic",
)
# "on topic": the question names what the FAQ is about. "short": it does not, in three telling words
# or fewer. "long": it does not, in many words. "off topic": it does not, in neither few nor many.
# "no topic": the vocabulary has no word for it.
SORTS = ("on topic", "short", "off topic", "long", "no topic")
_CANDIDATES = 5
_MANY = 8
_LONG = 16


@dataclass(frozen=True, slots=True)
class Model:
    """The coefficients.

    Attributes:
        signals: Names of the signals: `bot.matching.signals.LEXICAL` or `SEMANTIC`.
        mean: Mean of each input over the training questions.
        scale: Standard deviation of each input.
        weight: Weight of each standardised input in the logit.
        bias: Constant part of the logit.
    """

    signals: tuple[str, ...]
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weight: NDArray[np.float64]
    bias: float

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs, in order."""
        own = (f"{name}{part}" for name in self.signals for part in ("", " lead"))
        return (*own, *_BESIDE)

    def shares(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return each input's share of the logit, shape (candidates, inputs)."""
        return (rows - self.mean) / self.scale * self.weight

    def probability(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return P(entry is right) for every candidate's inputs, shape (candidates,)."""
        logit = self.shares(rows).sum(axis=1) + self.bias
        return np.asarray(1 / (1 + np.exp(-logit)), np.float64)


def blank_model(signals: tuple[str, ...]) -> Model:
    """Return a Model of which every entry is as likely as not, for who fits another one."""
    size = 2 * len(signals) + len(_BESIDE)
    return Model(signals, np.zeros(size), np.ones(size), np.zeros(size), 0.0)


def load_model(signals: tuple[str, ...] = LEXICAL) -> Model:
    """Return the shipped coefficients for `signals`."""
    record = _read(signals)
    arrays = {key: np.asarray(record[key], np.float64) for key in ("mean", "scale", "weight")}
    return Model(signals, **arrays, bias=record["bias"])


def load_thresholds(signals: tuple[str, ...] = LEXICAL) -> dict[str, dict[str, float]]:
    """Return the shipped thresholds, `answer` and `offer`, by the sort of question."""
    record = _read(signals)
    return {"answer": record["answer"], "offer": record["offer"]}


def _read(signals: tuple[str, ...]) -> dict[str, Any]:
    name = "semantic" if signals == SEMANTIC else "lexical"
    text = files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    record: dict[str, Any] = json.loads(text)
    return record


@dataclass(frozen=True, slots=True)
class Shape:
    """What the model is told of a question beside the signals.

    Attributes:
        telling: Number of words that are no stop words.
        length: Number of words.
        known: Share of telling words that the content knows, 0 to 1.
        on_topic: False if it names nothing that the whole FAQ is about.
    """

    telling: int
    length: int
    known: float
    on_topic: bool

    def columns(self) -> tuple[float, ...]:
        """Return the last of the inputs."""
        length = min(self.length, _LONG) / _LONG
        off = float(not self.on_topic)
        return (min(self.telling, _MANY) / _MANY, length, 1 - self.known, off, off * length)


def inputs(
    values: Floats, subjects: Floats, shape: Shape
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the candidates (the best few of every signal) and the model's inputs for each.

    Args:
        values: Signal values, shape (signals, entries); minus infinity takes an entry out.
        subjects: For every entry, 1 if the question names what it is about and 0 if not, and
            1 if it is about something that the question does not name, shape (2, entries).
        shape: What else is known of the question.

    Returns:
        Indices of the candidates, shape (candidates,), and inputs, shape (candidates, inputs).
    """
    open_entries = np.flatnonzero(np.isfinite(values[0]))
    if len(open_entries) == 0:
        return open_entries, np.zeros((0, 2 * len(values) + len(_BESIDE)))
    best = [open_entries[np.argsort(-row[open_entries], kind="stable")] for row in values]
    named = open_entries[subjects[0][open_entries] > 0]
    candidates = np.unique(np.concatenate([named, *(order[:_CANDIDATES] for order in best)]))
    columns: list[NDArray[np.float32]] = []
    for row, order in zip(values, best, strict=True):
        rival = row[order[1]] if len(order) > 1 else np.float32(0)
        other = np.where(candidates == order[0], rival, row[order[0]])
        columns += [row[candidates], row[candidates] - other]
    columns += [row[candidates] for row in subjects]
    columns += [np.full(len(candidates), value, np.float32) for value in shape.columns()]
    return candidates, np.column_stack(columns).astype(np.float64)
