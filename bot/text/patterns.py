"""The small language in which signs of danger are written, compiled to regular expressions.

A pattern is a row of words with a few marks between them:

    word        that word                      vomit*      any word that begins so
    friend(s)   with or without the s          <person>    a word or phrase of that word class
    (a b|c)     one of the rows in brackets    !(up|with)  the next words are none of these
    [very|so]   may be left out
    ...         up to seven other words        ..          up to two other words
    #           a number                       #1-17       a number from 1 to 17
    ^  $        start and end of a sentence

Every word that some pattern knows becomes one character, every other word becomes the same dot.
A class is then a set of characters and a gap a short run of any, so that matching is linear in
the length of a message and no pattern can run away.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from bot.text.normalise import fold_words

BREAK = "\n"  # stands between two sentences in encoded words
_UNKNOWN = "·"
_FIRST = 0x20000  # a block of 42,000 characters that mean nothing in a regular expression
_LONGEST_PREFIX = 20
_GAPS = {"...": ".{0,7}?", "..": ".{0,2}?"}
_CLOSING = {"(": ")", "[": "]"}
_MARKS = frozenset("()[]|!^$")
_TOKEN = re.compile(r"\.{2,3}|[()\[\]|!^$]|(?:[^\s()\[\]|!^$.]|\.(?!\.)|(?<=[a-z])\(s\))+")
_CLASS = re.compile(r"<([a-z0-9-]+)>")
_RANGE = re.compile(r"#(\d+)-(\d+)")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)([a-z]*)")


class PatternError(ValueError):
    """A pattern or a word class that cannot be understood; the text says what to mend."""


class Pattern:
    """One pattern, ready to be looked for; its expression is compiled when first needed.

    Attributes:
        needs: Sets of characters; where it stands, one of each set stands.
    """

    def __init__(self, node: "_Node") -> None:
        self._source = node.source
        self.needs = node.needs

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile(self._source, re.MULTILINE)

    def may_stand_in(self, characters: frozenset[str]) -> bool:
        """Tell whether `characters` hold all that the pattern needs."""
        for need in self.needs:  # noqa: SIM110  a loop is faster, and this is asked very often
            if need.isdisjoint(characters):
                return False
        return True

    def spans(self, code: str) -> Iterator[tuple[int, int]]:
        """Yield where the pattern stands in `code`, as tight as possible, from left to right.

        A match that holds another one is passed over: in "he said she isnt breathing" only the
        words from "she" on count, so that what stands around them is judged from there.
        """
        found = self._expression.search(code)
        while found:
            following = self._expression.search(code, found.start() + 1)
            if not following or following.end() > found.end():
                yield found.span()
            found = following


class Alphabet:
    """Knows every word of the classes and patterns, and the one character that stands for it.

    Args:
        classes: The members of each word class; a member is a pattern itself.
        patterns: Every pattern that will be compiled.
        read_as: Words that are read as other words ("cant" as "can not").
    """

    def __init__(
        self,
        classes: Mapping[str, Sequence[str]],
        patterns: Iterable[str],
        read_as: Mapping[str, str],
    ) -> None:
        self._classes = classes
        self._read_as = {word: tuple(other.split()) for word, other in read_as.items()}
        self._compiled: dict[str, _Node | None] = {}
        self._atoms: dict[str, _Node] = {}
        self._folded: dict[str, tuple[str, ...]] = {}
        homes = self._homes(patterns)
        words = sorted(homes, key=lambda word: (homes[word], word))
        prefixes = {token[:-1] for token in self._folded if token.endswith("*")}
        cuts = {0.0, float("inf")}
        for bounds in filter(None, map(_RANGE.match, self._folded)):
            cuts |= {float(bounds[1]), float(bounds[2]) + 1}
        code = map(chr, range(_FIRST, _FIRST + 42_000))
        self._words = dict(zip(words, code, strict=False)) | {BREAK: BREAK}
        self._prefixes = dict(zip(sorted(prefixes), code, strict=False))
        self._numbers = dict(zip(pairwise(sorted(cuts)), code, strict=False))
        self._sorted = sorted((*self._words.items(), *self._prefixes.items()))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that is named in full, or that is read as another."""
        return (frozenset(self._words) | frozenset(self._read_as)) - {BREAK}

    def read(self, words: Iterable[str]) -> list[str]:
        """Return `words` as patterns see them: "cant" as "can", "not"; "4yo" as "4", "yo"."""
        out: list[str] = []
        for word in words:
            number = _NUMBER.fullmatch(word)
            for part in filter(None, number.groups()) if number else (word,):
                out += self._read_as.get(part, (part,))
        return out

    def encode(self, words: Sequence[str]) -> str:
        """Return one character for each of `words`, which have been through `read`."""
        characters = {word: self._character(word) for word in set(words)}
        return "".join(map(characters.__getitem__, words))

    def compile(self, *rows: str) -> Pattern:
        """Return the pattern that any one of `rows` fits.

        Raises:
            PatternError: One of them cannot be understood.
        """
        node = _either([self._row(row) for row in rows])
        if not node.needs:
            raise PatternError("nothing in it has to be there; name at least one word")
        return Pattern(node)

    def is_word(self, row: str) -> bool:
        """Tell whether `row` is a single word, which may be compiled together with others."""
        return len(_TOKEN.findall(row)) == 1 and len(self._row(row).chars) > 0

    def _homes(self, patterns: Iterable[str]) -> dict[str, str]:
        """Return every word with the classes it stands in.

        Words that go together get neighbouring characters, so that a class is a few ranges.
        """
        homes: dict[str, str] = defaultdict(str)
        named = [(name, row) for name, rows in self._classes.items() for row in rows]
        for name, row in (*named, *(("", row) for row in patterns)):
            for token in _TOKEN.findall(row):
                for word in (
                    self._fold(token) if _is_word(token) else self._folded.setdefault(token, ())
                ):
                    homes[word] += f"{name} " if name else ""
        return homes

    def _row(self, pattern: str) -> "_Node":
        tokens = _TOKEN.findall(pattern)
        if not tokens:
            raise PatternError("is empty")
        tokens.reverse()  # the next token is the last, cheap to take off
        node = self._sequence(tokens)
        if tokens and tokens[-1] == "|":
            raise PatternError("has a `|` outside brackets; write (this|that)")
        if tokens:
            raise PatternError(f"`{tokens[-1]}` closes a bracket that was not opened")
        return node

    def _sequence(self, tokens: list[str]) -> "_Node":
        nodes: list[_Node] = []
        while tokens and tokens[-1] not in {"|", ")", "]"}:
            nodes.append(self._item(tokens))
        if len(nodes) == 1:
            return nodes[0]
        needs = tuple(need for node in nodes for need in node.needs)
        return _Node("".join(node.source for node in nodes), needs)

    def _item(self, tokens: list[str]) -> "_Node":
        if not tokens:
            raise PatternError("ends where a word should follow")
        token = tokens.pop()
        if token in _CLOSING:
            rows = [self._sequence(tokens)]
            while tokens and tokens[-1] == "|":
                tokens.pop()
                rows.append(self._sequence(tokens))
            if not tokens or tokens.pop() != _CLOSING[token]:
                raise PatternError(f"`{token}` is never closed by `{_CLOSING[token]}`")
            return _Node(f"(?:{_either(rows).source})?") if token == "[" else _either(rows)
        if token == "!":
            return _Node(f"(?!{self._item(tokens).source})")
        if token in {"^", "$"} or token in _GAPS:
            return _Node(_GAPS.get(token, token))
        if token in _MARKS:
            raise PatternError(f"`{token}` stands where a word should")
        if token not in self._atoms:
            self._atoms[token] = self._atom(token)
        return self._atoms[token]

    def _atom(self, token: str) -> "_Node":
        if named := _CLASS.fullmatch(token):
            return self._class(named[1])
        if token == "#":
            return self._number(0.0, float("inf"))
        if bounds := _RANGE.fullmatch(token):
            return self._number(float(bounds[1]), float(bounds[2]))
        if token.endswith("*"):
            start, end = (bisect_left(self._sorted, (token[:-1] + mark,)) for mark in ("", "~"))
            return _one_of(char for _, char in self._sorted[start:end])
        if token.endswith("(s)"):
            return _either([self._atom(token[:-3]), self._atom(f"{token[:-3]}s")])
        if not (words := self._fold(token)):
            raise PatternError(f"`{token}` has no letters left once it is folded")
        nodes = [_one_of(self._words[word]) for word in words]
        needs = tuple(need for node in nodes for need in node.needs)
        return nodes[0] if len(nodes) == 1 else _Node("".join(n.source for n in nodes), needs)

    def _class(self, name: str) -> "_Node":
        if name not in self._compiled:
            if name not in self._classes:
                raise PatternError(f"there is no word class <{name}>")
            members, self._compiled[name] = self._classes[name], None
            self._compiled[name] = _either([self._row(member) for member in members])
        node = self._compiled[name]
        if node is None:
            raise PatternError(f"the word class <{name}> names itself or has a fault")
        return node

    def _number(self, low: float, high: float) -> "_Node":
        inside = [
            c for (start, end), c in self._numbers.items() if low <= start and end <= high + 1
        ]
        named = [c for word, c in self._words.items() if low <= _value(word) <= high]
        return _one_of((*inside, *named))

    def _fold(self, token: str) -> tuple[str, ...]:
        if token not in self._folded:
            forms = (token[:-3], f"{token[:-3]}s") if token.endswith("(s)") else (token,)
            self._folded[token] = tuple(w for form in forms for w in self.read(fold_words(form)))
        return self._folded[token]

    def _character(self, word: str) -> str:
        if char := self._words.get(word):
            return char
        if (value := _value(word)) >= 0:
            ranges = self._numbers.items()
            return next((c for (low, high), c in ranges if low <= value < high), _UNKNOWN)
        starts = (word[:end] for end in range(min(len(word), _LONGEST_PREFIX), 0, -1))
        return next((self._prefixes[s] for s in starts if s in self._prefixes), _UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Node:
    """One part of a pattern.

    Attributes:
        source: Its regular expression.
        needs: Sets of characters, of each of which one must be there for it to fit.
        chars: The characters it is one of, if it is always one character.
    """

    source: str
    needs: tuple[frozenset[str], ...] = ()
    chars: frozenset[str] = frozenset()


def _one_of(characters: Iterable[str]) -> _Node:
    """Return a node of one character; neighbours are written as a range."""
    chars = frozenset(characters)
    runs: list[list[str]] = []
    for char in sorted(chars):
        if runs and ord(char) == ord(runs[-1][1]) + 1:
            runs[-1][1] = char
        else:
            runs.append([char, char])
    ranges = (first if first == last else f"{first}-{last}" for first, last in runs)
    return _Node(f"[{''.join(ranges)}]", (chars,), chars)


def _either(nodes: Sequence[_Node]) -> _Node:
    """Return a node that fits where any of `nodes` does."""
    if len(nodes) == 1:
        return nodes[0]
    chars = frozenset[str]().union(*(node.chars for node in nodes))
    longer = {node.source: node for node in nodes if not node.chars}
    if not longer:
        return _one_of(chars)
    together = [_one_of(chars)] if chars else []
    rows = [*together, *sorted(longer.values(), key=lambda node: -len(node.source))]
    needs: tuple[frozenset[str], ...] = ()
    if all(node.needs for node in rows):
        needs = (frozenset[str]().union(*(min(node.needs, key=len) for node in rows)),)
    return _Node(f"(?:{'|'.join(node.source for node in rows)})", needs)


def _value(word: str) -> float:
    """Return the number that `word` is, or -1."""
    number = _NUMBER.fullmatch(word)
    return float(number[1]) if number and not number[2] else -1.0


def _is_word(token: str) -> bool:
    return token[0] not in "<#" and token[-1] != "*" and token not in _MARKS and token not in _GAPS
