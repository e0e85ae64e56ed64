"""The three lexical signals: how much a question resembles each entry.

overlap  the share of telling words that the question and the entry's nearest phrasing have in
         common (Dice coefficient, words weighted by how few entries use them)
cosine   TF-IDF cosine between the question and all words of the entry
vote     log-probability from a kernel logistic regression over all phrasings: every phrasing
         votes for its entry with its similarity to the question

Measured on eight public sets, these three do the work of nine, and rapidfuzz's ratios as
scores add nothing beside them; rapidfuzz repairs the words before.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.matching.features import STOP_STEMS, content_stems, counted_features
from bot.matching.votes import Floats, Votes

Places = NDArray[np.int32]
Counts = Mapping[str, int]
NAMES = ("overlap", "cosine", "vote")
_STOP_WEIGHT = 0.25


@dataclass(frozen=True, slots=True)
class Scores:
    """The signals of one question.

    Attributes:
        values: Signal values, shape (3, entries), rows in the order of `NAMES`.
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
        folder: Where what takes seconds to compute is kept, or None.
    """

    def __init__(
        self,
        phrasings: Sequence[Sequence[str]],
        owners: Sequence[int],
        texts: Sequence[Sequence[str]],
        folder: Path | None = None,
    ) -> None:
        self._owners = np.asarray(owners, dtype=np.intp)
        self._starts = np.searchsorted(self._owners, np.arange(len(texts)))
        features = [Counter(counted_features(words)) for words in phrasings]
        documents = [Counter(counted_features(words)) for words in texts]
        for owner, found in zip(owners, features, strict=True):
            documents[owner].update(found)
        self._overlap = _Overlap(phrasings, owners, len(texts))
        self._by_phrasing = _TfIdf(features)
        self._by_entry = _TfIdf(documents)

        def similarities() -> Floats:
            kernel = np.stack([self._by_phrasing.cosines(found) for found in features])
            return ((kernel + kernel.T) / 2).astype(np.float32)

        self._votes = Votes(phrasings, self._owners, similarities, folder)

    def score(self, words: Sequence[str]) -> Scores:
        """Return the signals for the words of one question, repaired and expanded."""
        features = Counter(counted_features(words))
        dice = self._overlap.dice(words)
        similarity = self._by_phrasing.cosines(features)
        cosine = self._by_entry.cosines(features)
        vote = self._votes.speak(similarity)
        best = np.maximum.reduceat(dice, self._starts)
        values = np.stack([best, cosine, vote]).astype(np.float32)
        return Scores(values, self._nearest(dice + similarity), self._overlap.known(words))

    def _nearest(self, closeness: Floats) -> NDArray[np.intp]:
        best = np.maximum.reduceat(closeness, self._starts)
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
        totals = (sum(self._weights[token] for token in found) or 1e-6 for found in stems)
        self._totals = np.fromiter(totals, np.float32, len(stems))

    def dice(self, words: Sequence[str]) -> Floats:
        shared = np.zeros(len(self._totals), np.float32)
        total = 1e-6
        for token in content_stems(words):
            total += self._weights.get(token, self._unknown * _stop_factor(token))
            if token in self._postings:
                shared[self._postings[token]] += self._weights[token]
        return np.asarray(2 * shared / (total + self._totals), np.float32)

    def known(self, words: Sequence[str]) -> float:
        telling = [t for t in content_stems(words) if t not in STOP_STEMS and t[0] != "@"]
        return sum(t in self._weights for t in telling) / len(telling) if telling else 0.0


class _TfIdf:
    """Cosine similarity of counted features to every document, through inverted lists."""

    def __init__(self, documents: Sequence[Counts]) -> None:
        self._size = len(documents)
        frequency = Counter(feature for counts in documents for feature in counts)
        self._idf = {f: math.log((1 + self._size) / (1 + n)) + 1 for f, n in frequency.items()}
        self._unknown = math.log(1 + self._size) + 1
        self._postings = self._build_postings(documents)

    def cosines(self, counts: Counts) -> Floats:
        weights = self._weigh(counts)
        norm = math.sqrt(sum(weight * weight for weight in weights.values()))
        known = [(w / norm, *self._postings[f]) for f, w in weights.items() if f in self._postings]
        if not known:
            return np.zeros(self._size, np.float32)
        shares, documents, values = zip(*known, strict=True)
        spread = np.repeat(np.array(shares, np.float32), [len(ids) for ids in documents])
        sums = np.bincount(np.concatenate(documents), np.concatenate(values) * spread, self._size)
        return sums.astype(np.float32)

    def _build_postings(self, documents: Sequence[Counts]) -> dict[str, tuple[Places, Floats]]:
        """Return for every feature the documents that have it, and its share of each."""
        place = {feature: i for i, feature in enumerate(self._idf)}
        sizes = [len(counts) for counts in documents]
        owners = np.repeat(np.arange(self._size, dtype=np.int32), sizes)
        found = np.fromiter((place[f] for counts in documents for f in counts), np.int32)
        times = np.fromiter((n for counts in documents for n in counts.values()), np.int32)
        weights = (1 + np.log(times)) * np.fromiter(self._idf.values(), float)[found]
        norms = np.sqrt(np.bincount(owners, weights * weights, self._size))
        shares = (weights / norms[owners]).astype(np.float32)
        order = np.argsort(found, kind="stable")
        ends = np.cumsum(np.bincount(found, minlength=len(place)))[:-1]
        lists = zip(np.split(owners[order], ends), np.split(shares[order], ends), strict=True)
        return dict(zip(self._idf, lists, strict=False))

    def _weigh(self, counts: Counts) -> dict[str, float]:
        return {f: (1 + math.log(n)) * self._idf.get(f, self._unknown) for f, n in counts.items()}


def _stop_factor(token: str) -> float:
    return _STOP_WEIGHT if token in STOP_STEMS else 1.0
