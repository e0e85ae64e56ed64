"""The signals: how much a question resembles each entry.

From words alone:

overlap  the share of telling words that the question and the entry's nearest phrasing have in
         common (Dice coefficient, words weighted by how few entries use them)
cosine   TF-IDF cosine between the question and all words of the entry
vote     log-probability from a kernel logistic regression over all phrasings: every phrasing
         votes for its entry with its similarity to the question

nearest  TF-IDF cosine between the question and the entry's nearest phrasing

Where there is a sentence encoder, the last one gives way to another, and the votes count the
similarity of the vectors as much as that of the words:
meaning  cosine between the question's vector and that of the entry's nearest phrasing

Measured on public sets, more signals (BM25, rapidfuzz's ratios, the mean vector of an entry) add
nothing beside these; rapidfuzz repairs the words before.
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching.features import STOP_STEMS, content_stems, counted_features
from bot.matching.kept import Floats, hash_of, words_of
from bot.matching.votes import Votes

Numbers = NDArray[np.integer[Any]]
LEXICAL = ("overlap", "cosine", "vote", "nearest")
SEMANTIC = ("overlap", "cosine", "vote", "meaning")
_STOP_WEIGHT = 0.25
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Scores:
    """The signals of one question.

    Attributes:
        values: Signal values, shape (signals, entries), rows as in `LEXICAL` or `SEMANTIC`.
        nearest: Index of every entry's nearest phrasing, shape (entries,).
        known: Share of the question's telling words that the content knows, 0 to 1.
    """

    values: Floats
    nearest: NDArray[np.intp]
    known: float


class Signals:
    """Built once from all phrasings, then asked for every question.

    Args:
        phrasings: Words of every phrasing, repaired and expanded.
        owners: Index of the entry each phrasing belongs to, ascending.
        texts: Further words of every entry (title), one item an entry.
        meanings: The vector of every phrasing, shape (phrasings, width), or None: words alone.
        folder: Where what takes seconds to compute is kept, or None.
    """

    def __init__(
        self,
        phrasings: Sequence[Sequence[str]],
        owners: Sequence[int],
        texts: Sequence[Sequence[str]],
        meanings: Floats | None = None,
        folder: Path | None = None,
    ) -> None:
        self._owners = np.asarray(owners, dtype=np.intp)
        self._starts = np.searchsorted(self._owners, np.arange(len(texts)))
        counted = _Counted([*phrasings, *texts])
        own = counted.rows < len(phrasings)
        features, times = counted.features[own], counted.times[own]
        self._places = counted.places
        known = len(self._places)
        self._by_phrasing = _TfIdf(known, len(phrasings), counted.rows[own], features, times)
        # A phrasing's features count for its entry, together with those of the entry's text.
        homes = np.concatenate([self._owners, np.arange(len(texts))])[counted.rows]
        pairs, place = np.unique(homes * known + counted.features, return_inverse=True)
        documents, features = np.divmod(pairs, known)
        sums = np.bincount(place, counted.times).astype(np.float64)
        self._by_entry = _TfIdf(known, len(texts), documents, features, sums)
        self._overlap = _Overlap(phrasings, owners, len(texts))
        self._meanings = meanings

        def similarities() -> Floats:
            # One array, filled row by row: several of this size would not fit a small machine.
            kernel = np.empty((len(phrasings), len(phrasings)), np.float32)
            for i, words in enumerate(phrasings):
                kernel[i] = self._by_phrasing.cosines(*self._count(words))
                if meanings is not None:
                    kernel[i] = (kernel[i] + meanings @ meanings[i]) / 2
            return kernel

        vectors = b"" if meanings is None else meanings.tobytes()
        key = hash_of(self._owners.tobytes(), words_of(phrasings), vectors)
        self._votes = Votes(self._owners, similarities, key, folder)

    def score(self, words: Sequence[str], meaning: Floats | None = None) -> Scores:
        """Return the signals for one question.

        Args:
            words: Its words, repaired and expanded.
            meaning: Its vector, shape (width,), if the phrasings came with theirs.
        """
        features, times = self._count(words)
        dice = self._overlap.dice(words)
        similarity = self._by_phrasing.cosines(features, times)
        near: Floats = similarity
        if self._meanings is not None and meaning is not None:
            near = np.asarray(self._meanings @ meaning, np.float32)
            similarity = np.asarray((similarity + near) / 2, np.float32)
        values = [
            self._best(dice),
            self._by_entry.cosines(features, times),
            self._votes.speak(similarity),
            self._best(near),
        ]
        closest = self._closest(dice + similarity)
        return Scores(np.stack(values).astype(np.float32), closest, self._overlap.known(words))

    def _count(self, words: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return the number of each feature of `words`, -1 if unknown, and how much it counts."""
        counts = counted_features(words)
        features = np.fromiter((self._places.get(f, -1) for f in counts), np.intp, len(counts))
        return features, np.fromiter(counts.values(), np.float64, len(counts))

    def _best(self, by_phrasing: Floats) -> Floats:
        return np.maximum.reduceat(by_phrasing, self._starts)

    def _closest(self, closeness: Floats) -> NDArray[np.intp]:
        best = self._best(closeness)
        hits = np.flatnonzero(closeness == best[self._owners])
        nearest = np.zeros(len(best), np.intp)
        nearest[self._owners[hits]] = hits
        return nearest


class _Overlap:
    """IDF-weighted Dice overlap between a question and every phrasing."""

    def __init__(
        self, phrasings: Sequence[Sequence[str]], owners: Sequence[int], entries: int
    ) -> None:
        stems = [content_stems(words) for words in phrasings]
        users: dict[str, set[int]] = defaultdict(set)
        postings: dict[str, list[int]] = defaultdict(list)
        for i, (owner, found) in enumerate(zip(owners, stems, strict=True)):
            for token in found:
                users[token].add(owner)
                postings[token].append(i)
        self._unknown = math.log(1 + entries)
        self._weights = {
            token: math.log(1 + entries / len(used)) * _stop_factor(token)
            for token, used in users.items()
        }
        self._postings = {token: np.asarray(ids, np.intp) for token, ids in postings.items()}
        totals = (sum(self._weights[token] for token in found) or _TINY for found in stems)
        self._totals = np.fromiter(totals, np.float32, len(stems))

    def dice(self, words: Sequence[str]) -> Floats:
        shared = np.zeros(len(self._totals), np.float32)
        total = _TINY
        for token in content_stems(words):
            total += self._weights.get(token, self._unknown * _stop_factor(token))
            if token in self._postings:
                shared[self._postings[token]] += self._weights[token]
        return np.asarray(2 * shared / (total + self._totals), np.float32)

    def known(self, words: Sequence[str]) -> float:
        telling = [t for t in content_stems(words) if t not in STOP_STEMS and t[0] != "@"]
        return sum(t in self._weights for t in telling) / len(telling) if telling else 0.0


class _Counted:
    """The counted features of many texts as flat arrays, which are small.

    Attributes:
        places: A number for every feature.
        rows: For every feature of every text: the text's index, ascending.
        features: Likewise, the feature's number.
        times: Likewise, how much it counts there.
    """

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.places: dict[str, int] = {}
        sizes, features, times = array("i"), array("i"), array("d")
        for words in texts:
            counts = counted_features(words)
            sizes.append(len(counts))
            features.extend(self.places.setdefault(f, len(self.places)) for f in counts)
            times.extend(counts.values())
        self.rows = np.repeat(np.arange(len(texts), dtype=np.int32), sizes)
        self.features = np.asarray(features)
        self.times = np.asarray(times)


class _TfIdf:
    """Cosine similarity of counted features to every document, through inverted lists.

    Args:
        known: How many different features there are.
        size: How many documents.
        documents: For every feature of every document: the document.
        features: Likewise, the feature.
        times: Likewise, how much it counts there.
    """

    def __init__(
        self,
        known: int,
        size: int,
        documents: Numbers,
        features: Numbers,
        times: NDArray[np.float64],
    ) -> None:
        self._size = size
        frequency = np.bincount(features, minlength=known + 1)  # the last stands for unknown ones
        self._idf = np.log((1 + size) / (1 + frequency)) + 1
        weights = _damp(times) * self._idf[features]
        norms = np.sqrt(np.bincount(documents, weights * weights, size))
        order = np.argsort(features, kind="stable")
        self._documents = documents[order]
        self._shares = (weights / norms[documents])[order].astype(np.float32)
        self._starts = np.cumsum([0, *frequency])

    def cosines(self, features: Numbers, times: NDArray[np.float64]) -> Floats:
        """Return the similarity of a text to every document; -1 is an unknown feature."""
        if not len(features):
            return np.zeros(self._size, np.float32)
        weights = _damp(times) * self._idf[features]
        weights = (weights / math.sqrt(weights @ weights)).astype(np.float32)
        starts, ends = self._starts[features], self._starts[features + 1]
        ends[features < 0] = starts[features < 0]
        lists = list(map(slice, starts.tolist(), ends.tolist()))
        documents = np.concatenate([self._documents[part] for part in lists])
        shares = np.concatenate([self._shares[part] for part in lists])
        sums = np.bincount(documents, shares * np.repeat(weights, ends - starts), self._size)
        return sums.astype(np.float32)


def _damp(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 + log(count), so that the tenth time counts less than the first."""
    return np.where(counts > 1, 1 + np.log(np.maximum(counts, 1)), counts)


def _stop_factor(token: str) -> float:
    return _STOP_WEIGHT if token in STOP_STEMS else 1.0
