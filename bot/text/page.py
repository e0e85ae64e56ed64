"""One message as encoded words, on which patterns are looked for without reading it all each time.

A message may have tens of thousands of characters, and there are many hundred patterns. So the
page is cut into short pieces at the ends of sentences, the pieces that hold a character are looked
up, and a pattern is only tried on pieces that hold all it needs.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bot.text.patterns import BREAK, Alphabet, Pattern

Span = tuple[int, int]

_PIECE = 160  # words; a longer sentence is cut into overlapping pieces
_OVERLAP = 70  # words; no pattern is longer than this
_LONGEST = 80  # words; no span is longer than this


class Page:
    """The words of one message, and what has been found among them so far.

    Attributes:
        code: One character for each word, and a line break after each sentence.
    """

    def __init__(self, alphabet: Alphabet, clauses: Iterable[Sequence[str]]) -> None:
        words: list[str] = []
        for clause in clauses:
            words += (*_without_stammer(alphabet.read(clause)), BREAK)
        self._words = words
        self.code = alphabet.encode(words)
        self.characters = frozenset(self.code)
        self._pieces = [(at, piece, frozenset(piece)) for at, piece in _pieces(self.code)]
        self._found_in: dict[tuple[Pattern, str], tuple[Span, ...]] = {}
        self._holding: dict[str, list[int]] = defaultdict(list)
        for number, (_, _, characters) in enumerate(self._pieces):
            for character in characters:
                self._holding[character].append(number)
        self._spans: dict[Pattern, list[Span]] = {}

    def text(self, span: Span) -> str:
        """Return the words at `span`, for people."""
        return " ".join(self._words[slice(*span)]).replace(f" {BREAK} ", " / ").strip()

    def spans(self, pattern: Pattern) -> list[Span]:
        """Return where `pattern` stands, from left to right."""
        if pattern not in self._spans:
            self._spans[pattern] = self._look_for(pattern)
        return self._spans[pattern]

    def _look_for(self, pattern: Pattern) -> list[Span]:
        if not pattern.may_stand_in(self.characters):
            return []
        needs = [need & self.characters for need in pattern.needs]
        rarest = min(needs, key=lambda need: sum(len(self._holding[char]) for char in need))
        numbers = {n for char in rarest for n in self._holding[char]}
        found: set[Span] = set()
        for offset, piece, characters in (self._pieces[number] for number in numbers):
            if not pattern.may_stand_in(characters):
                continue
            key = (pattern, piece)
            if key not in self._found_in:  # the same sentence, over and over, is read once
                self._found_in[key] = tuple(pattern.spans(piece))
            found.update((offset + start, offset + end) for start, end in self._found_in[key])
        return sorted(found)


def near(spans: Sequence[Span], span: Span, within: int) -> bool:
    """Tell whether one of `spans`, sorted, stands at most `within` words from `span`."""
    start = bisect_left(spans, (span[0] - within - _LONGEST, 0))
    for other in spans[start:]:
        if other[0] - span[1] > within:
            return False
        if span[0] - other[1] <= within:
            return True
    return False


def _pieces(code: str) -> Iterator[tuple[int, str]]:
    offset = 0
    for sentence in code.split(BREAK):
        for start in range(0, max(1, len(sentence) - _OVERLAP), _PIECE - _OVERLAP):
            yield offset + start, sentence[start : start + _PIECE]
        offset += len(sentence) + 1


def _without_stammer(words: Sequence[str]) -> Iterator[str]:
    """Yield `words` without a third and further repeat ("no no no no"), however long it goes on."""
    before = last = ""
    for word in words:
        if not word == last == before:
            yield word
        before, last = last, word
