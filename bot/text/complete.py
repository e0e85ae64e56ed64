"""Completes the word that somebody is still typing, from the words of the content."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

_SHORTEST = 2
MOST = 3


class Completer:
    """Knows how often each word stands in the content.

    Args:
        words: Every word of the content, folded, as often as it stands there.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._counts = Counter(words)
        self._sorted = sorted(self._counts)

    def complete(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        """Return ways to read a question whose last word may be unfinished, likeliest first.

        A last word that the content knows is first read as it stands. Nothing is returned for no
        words at all. Pure.

        Args:
            words: The words typed so far, folded.
        """
        if not words:
            return []
        *before, last = words
        known = last in self._counts
        longer = self._longer(last)[: MOST - 1 if known else MOST]
        ends = [last, *longer] if known or not longer else longer
        return [(*before, end) for end in ends]

    def _longer(self, prefix: str) -> list[str]:
        """Return the words that begin with `prefix` and go on, the most frequent first."""
        if len(prefix) < _SHORTEST:
            return []
        start = bisect_left(self._sorted, prefix)
        found = []
        for word in self._sorted[start:]:
            if not word.startswith(prefix):
                break
            if word != prefix:
                found.append(word)
        return sorted(found, key=lambda word: (-self._counts[word], word))
