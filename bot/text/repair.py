"""Repairs misspelt words before any other stage looks at them.

Only a word that is known neither to the content nor to a list of common English words is
touched; it becomes the nearest known word by edit distance (optimal string alignment, as in
rapidfuzz), content words first. Words are never split, joined or dropped.
Measured on eight public question sets, this one step keeps recall where typos would halve it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

COMMON_WORDS = 25_000
_SHORTEST = 4
_TWO_EDITS_FROM = 8
_MEMO_LIMIT = 5_000
_LEET = str.maketrans("013457@$", "oieastas")
_CHAT = (
    "dont cant wont isnt arent wasnt werent doesnt didnt hasnt havent hadnt couldnt wouldnt "
    "shouldnt mustnt youre theyre hes shes thats theres id ill youll theyll itll weve youve "
    "theyve youd hed shed theyd lets aint yall kinda sorta lemme gimme okay yeah nope lol lmao "
    "omg wtf rn fr ngl kms kys asap app apps online email wifi discord slack reddit emoji"
)


@cache
def english_words() -> tuple[str, ...]:
    """Return common English words, most frequent first (symspellpy's frequency list)."""
    listing = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    lines = listing.read_text(encoding="utf-8-sig").splitlines()[:COMMON_WORDS]
    words = (line.split(" ", 1)[0] for line in lines)
    return (*_CHAT.split(), *(word for word in words if word.isalpha()))


class Repairer:
    """Replaces unknown words by the nearest known one; deterministic.

    Args:
        known: The content's words: phrasings, names of things, synonyms, words of signs.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._content = frozenset(known)
        self._rank = {word: i for i, word in enumerate(english_words())}
        self._buckets = (_by_length(sorted(self._content)), _by_length(self._rank))
        self._memo: dict[str, str] = {}

    def knows(self, word: str) -> bool:
        """Tell whether `word` is a content word or a common English word."""
        return word in self._content or word in self._rank

    def repair(self, words: Sequence[str]) -> list[str]:
        """Return `words` with unknown ones replaced; same length, same order."""
        return [self._repair(word) for word in words]

    def _repair(self, word: str) -> str:
        if len(word) < _SHORTEST or self.knows(word):
            return word
        if word not in self._memo:
            if len(self._memo) >= _MEMO_LIMIT:
                self._memo.clear()
            self._memo[word] = self._nearest(word)
        return self._memo[word]

    def _nearest(self, word: str) -> str:
        if not word.isalpha():
            plain = word.translate(_LEET)
            return plain if plain.isalpha() and self.knows(plain) else word
        limit = 1 if len(word) < _TWO_EDITS_FROM else 2
        found = [self._closest(word, bucket, limit) for bucket in self._buckets]
        (content, content_edits), (english, english_edits) = found
        if content and content_edits <= english_edits:
            return content
        return english or word

    def _closest(self, word: str, buckets: dict[int, list[str]], limit: int) -> tuple[str, int]:
        """Return the nearest word and its distance; ("", limit + 1) when none is near enough."""
        candidates: list[str] = []
        for length in range(len(word) - limit, len(word) + limit + 1):
            candidates += buckets.get(length, ())
        scored = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=limit)
        best = min(
            (
                (edits, name[0] != word[0], self._rank.get(name, 0), name)
                for name, edits, _ in scored
            ),
            default=None,
        )
        # Another first letter is a rare slip: believed for one edit only.
        if best is None or (best[1] and best[0] > 1):
            return "", limit + 1
        return best[3], int(best[0])


def _by_length(words: Iterable[str]) -> dict[int, list[str]]:
    buckets: dict[int, list[str]] = defaultdict(list)
    for word in words:
        if len(word) >= _SHORTEST and word.isalpha():
            buckets[len(word)].append(word)
    return dict(buckets)
