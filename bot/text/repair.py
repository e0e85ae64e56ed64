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
        self._pools = (_Pool(sorted(self._content)), _Pool(self._rank))
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
        found = [self._closest(word, pool, limit) for pool in self._pools]
        (content, content_edits), (english, english_edits) = found
        if content and content_edits <= english_edits:
            return content
        return english or word

    def _closest(self, word: str, pool: "_Pool", limit: int) -> tuple[str, int]:
        """Return the nearest word and its distance; ("", limit + 1) when none is near enough."""
        candidates = pool.near(word, limit)
        scored = process.extract(
            word, candidates, scorer=OSA.distance, score_cutoff=limit, limit=None
        )
        best = min(
            (
                (edits, name[0] != word[0], self._rank.get(name, 0), name)
                for name, edits, _ in scored
            ),
            default=None,
        )
        return (best[3], int(best[0])) if best else ("", limit + 1)


class _Pool:
    """Known words, laid out so that the few that may be near a word are found at once.

    Args:
        words: The words; the ones that are too short, or hold more than letters, are left out.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._alike: dict[tuple[int, str], list[str]] = defaultdict(list)
        self._by_tail: dict[str, list[str]] = defaultdict(list)
        for word in words:
            if len(word) >= _SHORTEST and word.isalpha():
                self._alike[len(word), word[0]].append(word)
                self._by_tail[word[1:]].append(word)

    def near(self, word: str, limit: int) -> list[str]:
        """Return the words that may be within `limit` edits of `word`, and some others.

        Another first letter is a rare slip: it is believed for one edit only, so that such words
        have the same tail, one letter more or less in front, or the first two letters swapped.
        """
        lengths = range(len(word) - limit, len(word) + limit + 1)
        near = [name for length in lengths for name in self._alike.get((length, word[0]), ())]
        for tail in (word[1:], word, word[2:], word[0] + word[2:]):
            near += (
                name
                for name in self._by_tail.get(tail, ())
                if name[0] != word[0] and OSA.distance(word, name) == 1
            )
        return near
