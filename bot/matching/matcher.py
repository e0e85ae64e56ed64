"""The Matcher: signals, then the model."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.domain import Entry, Match
from bot.matching.encoder import Encoder
from bot.matching.features import Vocabulary, content_stems, stem
from bot.matching.kept import Floats, hash_of, keep, words_of
from bot.matching.model import Model, Shape, inputs
from bot.matching.signals import Signals
from bot.text.normalise import fold_words
from bot.text.stop_words import STOP_WORDS


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one entry got its probability.

    Attributes:
        shared: Words of the question that the nearest phrasing has too.
        inputs: The model's inputs, in the order of `bot.matching.model.Model.inputs`.
        shares: Every input with its exact share of the logit.
        bias: The constant part of the logit.
    """

    match: Match
    shared: tuple[str, ...]
    inputs: tuple[float, ...]
    shares: tuple[tuple[str, float], ...]
    bias: float


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The entries that may answer one question, and what the model is told of each.

    Attributes:
        words: The question's words, expanded.
        entries: Index of every candidate's entry.
        nearest: Index of every candidate's nearest phrasing.
        rows: The model's inputs, shape (candidates, inputs).
    """

    words: Sequence[str]
    entries: NDArray[np.intp]
    nearest: NDArray[np.intp]
    rows: NDArray[np.float64]


class EntryMatcher:
    """Ranks entries by their phrasings; from words alone, or from their meaning as well.

    Strays, messages that no entry answers, take part as if they were phrasings of one more entry,
    which is never returned: what is nearer to them is less likely to be a question for the FAQ.

    Args:
        entries: The entries that take part; ones without phrasings are left out.
        vocabulary: Folds synonyms and adds named things.
        repair: Repairs the words of a phrasing (phrasings hold typos on purpose).
        model: The coefficients, for the signals that there are with or without an encoder.
        encoder: Turns words into vectors, or None.
        strays: Messages that no entry answers.
        folder: Where what takes seconds to compute is kept, or None.
    """

    def __init__(  # noqa: PLR0913 - one place where everything is handed in by name
        self,
        entries: Iterable[Entry],
        vocabulary: Vocabulary,
        repair: Callable[[Sequence[str]], list[str]],
        model: Model,
        *,
        encoder: Encoder | None = None,
        strays: Sequence[str] = (),
        folder: Path | None = None,
    ) -> None:
        self._entries = [entry for entry in entries if entry.ask]
        self._vocabulary = vocabulary
        self._model = model
        self._encoder = encoder
        own = [(i, phrase) for i, entry in enumerate(self._entries) for phrase in entry.ask]
        pairs = [*own, *((len(self._entries), stray) for stray in strays)]
        self._phrases = [phrase for _, phrase in pairs]
        words = [repair(fold_words(phrase)) for phrase in self._phrases]
        self._prepared = [vocabulary.expand(row) for row in words]
        titles = [vocabulary.expand(fold_words(entry.title)) for entry in self._entries]
        subjects = [vocabulary.subjects(entry.about) for entry in self._entries]
        if strays:
            titles.append([])
            subjects.append(frozenset())
        self._has_subject = np.array([bool(about) for about in subjects], bool)
        self._about: dict[str, list[int]] = defaultdict(list)
        for i, about in enumerate(subjects):
            for token in about:
                self._about[token].append(i)
        owners = [i for i, _ in pairs]
        meanings = self._encode(words, folder)
        self._signals = (
            Signals(self._prepared, owners, titles, meanings, folder) if self._entries else None
        )

    def rank(
        self, words: Sequence[str], allows: Callable[[str], bool], limit: int = 10
    ) -> list[Match]:
        """Return the Matches for a question, best first (see `bot.ports.Matcher`)."""
        found = self._candidates(words, allows)
        chances = self._model.probability(found.rows)
        return [self._match(found, i, chances[i]) for i in _best_first(chances)[:limit]]

    def explain(
        self, words: Sequence[str], allows: Callable[[str], bool], limit: int = 10
    ) -> list[Reason]:
        """Return the Matches for a question, best first, each with its reason."""
        found = self._candidates(words, allows)
        chances = self._model.probability(found.rows)
        shares = self._model.shares(found.rows)
        return [
            Reason(
                match=self._match(found, i, chances[i]),
                shared=self._shared(found.words, found.nearest[i]),
                inputs=tuple(found.rows[i].tolist()),
                shares=tuple(zip(self._model.inputs, shares[i].tolist(), strict=True)),
                bias=self._model.bias,
            )
            for i in _best_first(chances)[:limit]
        ]

    def _encode(self, phrasings: Sequence[Sequence[str]], folder: Path | None) -> Floats | None:
        """Return the vectors, shape (phrasings, width); None without an encoder."""
        encoder = self._encoder
        if encoder is None or not phrasings:
            return None
        key = hash_of(encoder.version.encode(), words_of(phrasings))
        return keep(
            folder, f"meanings-{key}", lambda: np.stack([encoder.encode(p) for p in phrasings])
        )

    def _candidates(self, words: Sequence[str], allows: Callable[[str], bool]) -> _Candidates:
        if self._signals is None or not words:
            none = np.zeros(0, np.intp)
            return _Candidates(words, none, none, np.zeros((0, len(self._model.inputs))))
        expanded = self._vocabulary.expand(words)
        meaning = self._encoder.encode(words) if self._encoder else None
        scores = self._signals.score(expanded, meaning)
        closed = [i for i, entry in enumerate(self._entries) if not allows(entry.id)]
        values = scores.values.copy()
        values[:, closed] = -np.inf
        telling = sum(word not in STOP_WORDS for word in words)
        on_topic = self._vocabulary.on_topic(expanded)
        shape = Shape(telling, len(words), scores.known, on_topic)
        entries, rows = inputs(values, self._subjects(expanded), shape)
        real = entries < len(self._entries)  # the strays are nobody's answer
        entries, rows = entries[real], rows[real]
        return _Candidates(expanded, entries, scores.nearest[entries], rows)

    def _subjects(self, words: Sequence[str]) -> Floats:
        """Return whether each entry's subject is named, and whether it has one that is not."""
        named = np.zeros(len(self._has_subject), bool)
        for word in dict.fromkeys(words):
            named[self._about.get(word, [])] = True
        return np.stack([named, self._has_subject & ~named]).astype(np.float32)

    def _match(self, found: _Candidates, i: int, chance: float) -> Match:
        return Match(
            self._entries[found.entries[i]].id, float(chance), self._phrases[found.nearest[i]]
        )

    def _shared(self, words: Sequence[str], phrase: int) -> tuple[str, ...]:
        met = set(content_stems(self._prepared[phrase]))
        return tuple(w for w in words if w not in STOP_WORDS and stem(w) in met)


def _best_first(chances: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.argsort(-chances, kind="stable")
