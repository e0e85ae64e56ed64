"""Tries a ranking on a Trial: every question asked once, those in scope once more with typos."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.metrics import Verdict, judge
from benchmarks.noise import mistype
from benchmarks.question_sets import SetMatcher
from benchmarks.train_model import fit
from benchmarks.trials import Trial
from bot.matching.encoder import Encoder
from bot.matching.model import Model, blank_model, load_model

Array = NDArray[np.float64]
# Phrasings and texts to similarities, shape (texts, phrasings).
Rival = Callable[[Sequence[str], Sequence[str]], Array]


@dataclass(frozen=True, slots=True)
class Tried:
    """The Verdicts on one Trial: on questions, on out-of-scope messages, and with typos."""

    name: str
    seeds: bool
    inside: list[Verdict]
    outside: list[Verdict]
    typed: list[Verdict]


@dataclass(frozen=True, slots=True)
class Considered:
    """What the engine's model is told of one question.

    Attributes:
        entries: Index of every candidate.
        inputs: The model's inputs, shape (candidates, inputs).
        right: Indices of the right entries; none for an out-of-scope message.
    """

    entries: NDArray[np.intp]
    inputs: Array
    right: list[int]


def try_rival(rival: Rival, trial: Trial) -> Tried:
    """Return the Verdicts when an entry is as near as its nearest phrasing."""
    texts, rights = _asked(trial)
    asks = trial.questions.phrasings.values()
    starts = np.cumsum([0, *(len(ask) for ask in asks)])[:-1]
    similarities = rival([phrase for ask in asks for phrase in ask], texts)
    scores = np.maximum.reduceat(similarities, starts, axis=1)
    return _tried(trial, [judge(*pair) for pair in zip(scores, rights, strict=True)])


def consider(trial: Trial, signals: tuple[str, ...], encoder: Encoder | None) -> list[Considered]:
    """Return what the engine's model is told of every question of `trial`."""
    # A blank model has unit scale and no weight, so the inputs are read off as they are.
    matcher = SetMatcher(trial.questions, blank_model(signals), trial.library, encoder)
    places = {entry: i for i, entry in enumerate(trial.questions.phrasings)}
    found = []
    for text, right in zip(*_asked(trial), strict=True):
        reasons = matcher.explain(text, len(places))
        entries = np.array([places[reason.match.entry] for reason in reasons], np.intp)
        found.append(Considered(entries, np.array([reason.inputs for reason in reasons]), right))
    return found


def try_engine(
    trials: Sequence[Trial], signals: tuple[str, ...], encoder: Encoder | None
) -> list[Tried]:
    """Return the engine's Verdicts: shipped coefficients here, others on sets they were fitted on.

    On a public set the coefficients are fitted on everything else that is tried but its family.
    """
    considered = [consider(trial, signals, encoder) for trial in trials]
    shipped = load_model(signals)
    fitted: dict[str, Model] = {}
    for family in sorted({trial.family for trial in trials if trial.seeds}):
        pairs = zip(trials, considered, strict=True)
        rest = [_rows(trial, found) for trial, found in pairs if trial.family != family]
        fitted[family] = fit([rows for rows in rest if rows], signals)
    return [
        _tried(trial, _verdicts(fitted.get(trial.family, shipped), trial, found))
        for trial, found in zip(trials, considered, strict=True)
    ]


def _verdicts(model: Model, trial: Trial, considered: Sequence[Considered]) -> list[Verdict]:
    verdicts = []
    for question in considered:
        scores = np.full(len(trial.questions.phrasings), -np.inf)
        if len(question.entries):
            scores[question.entries] = model.probability(question.inputs)
        verdicts.append(judge(scores, question.right))
    return verdicts


def _rows(trial: Trial, considered: Sequence[Considered]) -> list[tuple[Array, Array, bool]]:
    """Return the questions without typos in the form that `fit` takes."""
    clean = considered[: len(trial.inside) + len(trial.outside)]
    return [
        (c.inputs, np.isin(c.entries, c.right).astype(np.float64), bool(c.right))
        for c in clean
        if len(c.entries)
    ]


def _asked(trial: Trial) -> tuple[list[str], list[list[int]]]:
    """Return all texts and the right entries of each: in scope, out of scope, with typos."""
    places = {entry: i for i, entry in enumerate(trial.questions.phrasings)}
    inside = [text for text, _ in trial.inside]
    rights = [[places[entry] for entry in sorted(right)] for _, right in trial.inside]
    texts = [*inside, *trial.outside, *(mistype(text) for text in inside)]
    return texts, [*rights, *([] for _ in trial.outside), *rights]


def _tried(trial: Trial, verdicts: list[Verdict]) -> Tried:
    asked, strays = len(trial.inside), len(trial.outside)
    parts = verdicts[:asked], verdicts[asked : asked + strays], verdicts[asked + strays :]
    return Tried(trial.name, trial.seeds, *parts)
