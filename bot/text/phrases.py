"""Finds known phrases of one or more words in a list of words; the longest one wins."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """One phrase found: what it stands for, and which words (start inclusive, end exclusive)."""

    value: str
    start: int
    end: int


class PhraseFinder:
    """Looks phrases up word by word.

    Args:
        phrases: Pairs of a phrase's words and what it stands for; of two equal phrases the
            first counts.
    """

    def __init__(self, phrases: Iterable[tuple[Sequence[str], str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for words, value in phrases:
            if words:
                self._by_first[words[0]].append((tuple(words), value))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda pair: -len(pair[0]))

    def find(self, words: Sequence[str]) -> Iterator[Found]:
        """Yield the phrases in `words` from left to right; they never overlap."""
        at = 0
        while at < len(words):
            found = self._at(words, at)
            if found:
                yield found
            at = found.end if found else at + 1

    def _at(self, words: Sequence[str], at: int) -> Found | None:
        for phrase, value in self._by_first.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return Found(value, at, at + len(phrase))
        return None
