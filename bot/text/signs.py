"""Looks for the signs of danger in the words of a message, and says why each counts or does not.

Triage and the check of the content both read signs through this module, so that an example that
passes the check sets off the card in the chat as well.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.danger import Guard, Sign, Signs
from bot.text.page import Page, Span, near
from bot.text.patterns import BREAK, Alphabet, Pattern

Patterns = tuple[Pattern, ...]

# How many words may stand between a sign and the guard that lifts it, by the guard's reach.
_REACH = {"within": 0, "before": 4, "sentence": 15, "nearby": 30}
_FAR = 110  # words; further away no guard needs to be looked at
_RANK = {"alarm": 0, "softened": 1, "lifted": 2, "incomplete": 3}


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one sign in one message, as plain data.

    Attributes:
        level: What it calls for, or would have called for.
        words: The words of the message that fit its pattern.
        outcome: alarm; softened to a soft check; lifted by a guard; or incomplete.
        because: The guard that softened or lifted it, or what it lacked; else empty.
        because_words: The words of the message that the guard saw.
    """

    entry: str
    sign: str
    level: Literal["urgent", "check"]
    words: str
    outcome: Literal["alarm", "softened", "lifted", "incomplete"] = "alarm"
    because: str = ""
    because_words: str = ""


def sign_words(signs: Signs) -> frozenset[str]:
    """Return every word that a sign or guard names, for the spelling repair to know."""
    english = replace(signs, signs=tuple(sign for sign in signs.signs if not sign.foreign))
    return Alphabet(english.classes, all_patterns(english), english.read_as).words


class SignReader:
    """Reads messages for `signs`; pure.

    Raises:
        PatternError: A pattern cannot be understood (loading the content reports where).
    """

    def __init__(self, signs: Signs) -> None:
        self._alphabet = Alphabet(signs.classes, all_patterns(signs), signs.read_as)
        self._turns = self._compile_any(signs.turns)
        self._guards = {name: self._guard(guard) for name, guard in signs.guards.items()}
        self._signs = tuple(self._sign(sign) for sign in signs.signs)
        self._by_character = _index(self._signs)

    def mend(
        self, clause: Sequence[str], repair: Callable[[Sequence[str]], list[str]]
    ) -> list[str]:
        """Return `clause` with its spelling mended, but for the words that signs know."""
        known = self._alphabet.words
        pairs = zip(clause, repair(clause), strict=True)
        return [word if word in known else mended for word, mended in pairs]

    def read(self, clauses: Iterable[Sequence[str]], *, thorough: bool = False) -> list[Finding]:
        """Return what became of every sign that some of the words fit, in order of precedence.

        Args:
            clauses: The sentences of a message as words.
            thorough: Look at signs of an Entry that has its urgent alarm already, too.
        """
        reading = _Reading(Page(self._alphabet, clauses), self._turns)
        found: list[Finding] = []
        settled: set[str] = set()
        hopeful = self._hopeful(reading.page)
        for sign in self._signs:
            if not thorough and (sign.sign.entry in settled or sign not in hopeful):
                continue
            best = min(sign.findings(reading), key=lambda f: _RANK[f.outcome], default=None)
            if best:
                found.append(best)
            if best and best.outcome == "alarm" and best.level == "urgent":
                settled.add(best.entry)
        return found

    def _hopeful(self, page: Page) -> set["_Sign"]:
        """Return the signs of which enough may stand on `page`; quick, and leaves none out."""
        holds = page.characters
        rows = {row for character in holds for row in self._by_character.get(character, ())}
        met = Counter(sign for pattern, sign in rows if pattern.may_stand_in(holds))
        return {sign for sign, count in met.items() if sign.may_stand_on(page, count)}

    def _compile(self, patterns: Iterable[str]) -> Patterns:
        return tuple(map(self._alphabet.compile, patterns))

    def _compile_any(self, patterns: Iterable[str]) -> Patterns:
        """Return `patterns` compiled, single words together: which of them fits does not matter."""
        words: list[str] = []
        rows: list[str] = []
        for pattern in patterns:
            (words if self._alphabet.is_word(pattern) else rows).append(pattern)
        return (*((self._alphabet.compile(*words),) if words else ()), *self._compile(rows))

    def _guard(self, guard: Guard) -> "_Guard":
        return _Guard(guard, self._compile_any(guard.patterns), self._compile_any(guard.but_not))

    def _sign(self, sign: Sign) -> "_Sign":
        return _Sign(
            sign,
            self._compile(sign.patterns),
            self._compile(sign.needs),
            tuple(self._guards[name] for name in sign.unless),
            tuple(self._guards[name] for name in sign.softer),
        )


class _Guard:
    """A guard with its patterns."""

    def __init__(self, guard: Guard, patterns: Patterns, but_not: Patterns) -> None:
        self.id = guard.id
        self._reach = guard.reach
        self._patterns = patterns
        self._but_not = but_not

    def near(self, reading: "_Reading", span: Span) -> Span | None:
        """Return the guard's words that speak about the words at `span`, or None."""
        spans = reading.standing(self)
        low, high = 0, len(spans)
        if self._reach != "anywhere":
            low = bisect_left(spans, (span[0] - _FAR, 0))
            high = bisect_right(spans, (span[1] + _FAR, 0))
        return next((g for g in spans[low:high] if self._speaks_of(reading, g, span)), None)

    def stands(self, page: Page) -> list[Span]:
        """Return where the guard's words stand on `page` and mean what it is about."""
        exceptions = [span for pattern in self._but_not for span in page.spans(pattern)]
        spans = {span for pattern in self._patterns for span in page.spans(pattern)}
        return sorted(s for s in spans if not any(_overlap(s, other) for other in exceptions))

    def _speaks_of(self, reading: "_Reading", guard: Span, span: Span) -> bool:
        if self._reach == "anywhere":
            return True
        if self._reach == "before" and guard[0] >= span[0]:
            return False
        if _overlap(guard, span):
            return True
        start, end = (guard[1], span[0]) if guard[1] <= span[0] else (span[1], guard[0])
        if end - start > _REACH[self._reach] or self._reach == "within":
            return False
        return self._reach == "nearby" or not reading.parted(start, end)


class _Reading:
    """One page, with where the guards and turns stand on it, found out once."""

    def __init__(self, page: Page, turns: Patterns) -> None:
        self.page = page
        self._turns = sorted(start for pattern in turns for start, _ in page.spans(pattern))
        self._standing: dict[_Guard, list[Span]] = {}

    def standing(self, guard: _Guard) -> list[Span]:
        """Return where `guard` stands."""
        if guard not in self._standing:
            self._standing[guard] = guard.stands(self.page)
        return self._standing[guard]

    def parted(self, start: int, end: int) -> bool:
        """Tell whether a turn or the end of a sentence lies between the two places."""
        turn = bisect_left(self._turns, start)
        turns = turn < len(self._turns) and self._turns[turn] < end
        return turns or BREAK in self.page.code[start:end]


class _Sign:
    """A sign with its expressions and guards."""

    def __init__(
        self,
        sign: Sign,
        patterns: Patterns,
        needs: Patterns,
        unless: tuple[_Guard, ...],
        softer: tuple[_Guard, ...],
    ) -> None:
        self.sign = sign
        self.patterns = patterns
        self._needs = needs
        self._unless = unless
        self._softer = softer

    def may_stand_on(self, page: Page, met: int) -> bool:
        """Tell whether `met` patterns are enough and `page` holds what the sign needs besides."""
        return met >= self.sign.at_least and all(
            pattern.may_stand_in(page.characters) for pattern in self._needs
        )

    def findings(self, reading: _Reading) -> Iterator[Finding]:
        """Yield what became of each place where a pattern stands, up to the first alarm."""
        live: list[list[Span]] = []
        for pattern in self.patterns:
            live.append([])
            for span in reading.page.spans(pattern):
                lifted = self._first(reading, self._unless, span)
                if lifted:
                    yield self._finding(reading, span, "lifted", *lifted)
                else:
                    live[-1].append(span)
        for span in sorted(span for spans in live for span in spans):
            finding = self._judge(reading, span, live)
            yield finding
            if finding.outcome == "alarm":
                return

    def _judge(self, reading: _Reading, span: Span, live: list[list[Span]]) -> Finding:
        within = self.sign.within
        together = sum(near(spans, span, within) for spans in live)
        if together < self.sign.at_least:
            lacks = f"{self.sign.at_least - together} more of its patterns"
            return self._finding(reading, span, "incomplete", lacks)
        for need, pattern in zip(self.sign.needs, self._needs, strict=True):
            if not near(reading.page.spans(pattern), span, within):
                return self._finding(reading, span, "incomplete", need)
        softened = self._first(reading, self._softer, span)
        return self._finding(reading, span, *(("softened", *softened) if softened else ("alarm",)))

    def _first(
        self, reading: _Reading, guards: tuple[_Guard, ...], span: Span
    ) -> tuple[str, str] | None:
        for guard in guards:
            if found := guard.near(reading, span):
                return guard.id, reading.page.text(found)
        return None

    def _finding(
        self,
        reading: _Reading,
        span: Span,
        outcome: Literal["alarm", "softened", "lifted", "incomplete"],
        because: str = "",
        because_words: str = "",
    ) -> Finding:
        level = "check" if outcome == "softened" else self.sign.level
        words = reading.page.text(span)
        return Finding(self.sign.entry, self.sign.id, level, words, outcome, because, because_words)


def _index(signs: Iterable[_Sign]) -> dict[str, list[tuple[Pattern, _Sign]]]:
    """Return the patterns by the characters of which each needs one: its rarest, so to speak."""
    index: dict[str, list[tuple[Pattern, _Sign]]] = defaultdict(list)
    for sign in signs:
        for pattern in sign.patterns:
            for character in min(pattern.needs, key=len):
                index[character].append((pattern, sign))
    return dict(index)


def all_patterns(signs: Signs) -> Iterator[str]:
    """Yield every pattern outside the word classes."""
    yield from signs.turns
    for guard in signs.guards.values():
        yield from (*guard.patterns, *guard.but_not)
    for sign in signs.signs:
        yield from (*sign.patterns, *sign.needs)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
