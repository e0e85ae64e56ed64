"""Turns words into the features that the signals count.

A question and a phrasing go through the same door: repaired words, synonyms folded onto the
standard term, named things added as tokens of their own (the original word stays), stems, pairs
of stems, and runs of two and of four characters. A common word counts less than a rare one,
which the content alone is too small to tell (Zipf's law over a list of English words).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

import snowballstemmer

from bot.domain import Library
from bot.text.normalise import fold_words
from bot.text.phrases import PhraseFinder
from bot.text.repair import COMMON_WORDS, english_words
from bot.text.stop_words import STOP_WORDS

_RUNS = (2, 4)
_STEM = 3.0
_THING = 6.0
_ZIPF = 13.5  # the word of rank r is about one word in 13.5 r
_STEMMER = snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of an English word (Porter2)."""
    return word if word.startswith("@") else str(_STEMMER.stemWord(word))


class Vocabulary:
    """Folds synonyms and adds tokens for named things.

    Args:
        library: For its synonyms and things.
    """

    def __init__(self, library: Library) -> None:
        groups = library.synonyms
        self._standard = PhraseFinder(
            (fold_words(phrase), group[0]) for group in groups for phrase in group[1:]
        )
        self._things = library.things
        self._core = frozenset(f"@{t.id}" for t in library.things.values() if t.core)
        self._names = PhraseFinder(
            (fold_words(name), thing.id)
            for thing in library.things.values()
            for name in thing.names
        )

    def expand(self, words: Sequence[str]) -> list[str]:
        """Return `words` with synonyms replaced and an @token for every named thing added."""
        tokens = [f"@{i}" for found in self._names.find(words) for i in self._family(found.value)]
        out: list[str] = []
        at = 0
        for found in self._standard.find(words):
            out += [*words[at : found.start], *fold_words(found.value)]
            at = found.end
        return [*out, *words[at:], *dict.fromkeys(tokens)]

    def subjects(self, about: Iterable[str]) -> frozenset[str]:
        """Return the tokens of what an entry is about, without what the whole FAQ is about."""
        own = (self._things[key] for key in about if key in self._things)
        return frozenset(f"@{thing.id}" for thing in own if not thing.core)

    def on_topic(self, words: Sequence[str]) -> bool:
        """Tell whether expanded `words` name what the whole FAQ is about.

        Without a word for that in the vocabulary, everything is on topic.
        """
        return not self._core or any(word in self._core for word in words)

    def _family(self, thing_id: str) -> list[str]:
        """Return the ids of a thing and of all it belongs to, once each, even round in a ring."""
        family: dict[str, None] = {}
        open_ids = [thing_id]
        while open_ids:
            at = open_ids.pop()
            if at in self._things and at not in family:
                family[at] = None
                open_ids += reversed(self._things[at].parents)
        return list(family)


def content_stems(words: Sequence[str]) -> list[str]:
    """Return the distinct stems of `words`, in order."""
    return list(dict.fromkeys(stem(word) for word in words))


def counted_features(words: Sequence[str]) -> Mapping[str, float]:
    """Return how much each stem, pair of neighbouring stems and character run counts."""
    counts: dict[str, float] = defaultdict(float)
    stems = [stem(word) for word in words]
    weights = [_telling(word) for word in words]
    for name, weight in zip(stems, weights, strict=True):
        counts[name] += weight * (_THING if name[0] == "@" else _STEM)
    for (one, left), (other, right) in pairwise(zip(stems, weights, strict=True)):
        counts[f"{one}_{other}"] += math.sqrt(left * right)
    for word, weight in zip(words, weights, strict=True):
        for run in _runs(word):
            counts[run] += weight
    return counts


@lru_cache(maxsize=50_000)
def _runs(word: str) -> tuple[str, ...]:
    if word[0] == "@":
        return ()
    padded = f" {word} "
    return tuple(f"#{padded[i : i + n]}" for n in _RUNS for i in range(len(padded) - n + 1))


@lru_cache(maxsize=50_000)
def _telling(word: str) -> float:
    """Return how telling a word is: 1 if rare, about a third if it is everywhere."""
    if word[0] == "@":
        return 1.0
    rank = _ranks().get(word, COMMON_WORDS)
    return math.sqrt(math.log(_ZIPF * (rank + 1)) / math.log(_ZIPF * (COMMON_WORDS + 1)))


@cache
def _ranks() -> Mapping[str, int]:
    return {word: i for i, word in enumerate(english_words())}


STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS)
