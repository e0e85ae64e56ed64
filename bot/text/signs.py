"""Looks for the signs of danger in the words of a message, and says why each counts or does not.

Triage and the check of the content both read signs through this module, so that an example that
passes the check sets off the card in the chat as well.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain import Guard, Sign, Signs
from bot.text.patterns import BREAK, Alphabet, Pattern

Span = tuple[int, int]
Patterns = tuple[Pattern, ...]

# How many words may stand between a sign and the guard that lifts it, by the guard's reach.
_REACH = {"within": 0, "before": 4, "sentence": 15, "nearby": 30}
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
        page = _Page(self._alphabet, clauses, self._turns)
        found: list[Finding] = []
        settled: set[str] = set()
        for sign in self._signs:
            if sign.sign.entry in settled and not thorough:
                continue
            best = min(sign.findings(page), key=lambda f: _RANK[f.outcome], default=None)
            if best:
                found.append(best)
            if best and best.outcome == "alarm" and best.level == "urgent":
                settled.add(best.entry)
        return found

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


class _Page:
    """One message, encoded, with what has been found on it so far."""

    def __init__(
        self, alphabet: Alphabet, clauses: Iterable[Sequence[str]], turns: Patterns
    ) -> None:
        words: list[str] = []
        for clause in clauses:
            words += (*_without_stammer(alphabet.read(clause)), BREAK)
        self._words = words
        self._turns = turns
        self._spans: dict[Pattern, list[Span]] = {}
        self.code = alphabet.encode(words)
        self._characters = frozenset(self.code)

    def text(self, span: Span) -> str:
        return " ".join(self._words[slice(*span)]).replace(f" {BREAK} ", " / ").strip()

    def spans(self, pattern: Pattern) -> list[Span]:
        if pattern not in self._spans:
            self._spans[pattern] = list(pattern.spans(self.code, self._characters))
        return self._spans[pattern]

    def turns_between(self, start: int, end: int) -> bool:
        return any(turn.stands_in(self.code, start, end) for turn in self._turns)


class _Guard:
    """A guard with its expressions; remembers where it stands on the last page."""

    def __init__(self, guard: Guard, patterns: Patterns, but_not: Patterns) -> None:
        self.id = guard.id
        self._reach = guard.reach
        self._patterns = patterns
        self._but_not = but_not

    def near(self, page: _Page, span: Span) -> Span | None:
        """Return the guard's words that speak about the words at `span`, or None."""
        return next(
            (g for g in self._candidates(page, span) if self._speaks_of(page, g, span)), None
        )

    def _candidates(self, page: _Page, span: Span) -> Iterator[Span]:
        for pattern in self._patterns:
            spans = page.spans(pattern)
            low, high = 0, len(spans)
            if self._reach != "anywhere":
                low = bisect_left(spans, (span[0] - 60, 0))
                high = bisect_right(spans, (span[1] + 60, 0))
            for found in spans[low:high]:
                if not any(_overlap(found, other) for other in self._exceptions(page)):
                    yield found

    def _exceptions(self, page: _Page) -> Iterator[Span]:
        return (other for pattern in self._but_not for other in page.spans(pattern))

    def _speaks_of(self, page: _Page, guard: Span, span: Span) -> bool:
        if self._reach == "anywhere":
            return True
        if self._reach == "before" and guard[0] >= span[0]:
            return False
        if _overlap(guard, span):
            return True
        start, end = (guard[1], span[0]) if guard[1] <= span[0] else (span[1], guard[0])
        if end - start > _REACH[self._reach] or self._reach == "within":
            return False
        if self._reach == "nearby":
            return True
        return BREAK not in page.code[start:end] and not page.turns_between(start, end)


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
        self._patterns = patterns
        self._needs = needs
        self._unless = unless
        self._softer = softer

    def findings(self, page: _Page) -> Iterator[Finding]:
        """Yield what became of each place where a pattern stands, up to the first alarm."""
        live: list[list[Span]] = []
        for pattern in self._patterns:
            live.append([])
            for span in page.spans(pattern):
                lifted = self._first(page, self._unless, span)
                if lifted:
                    yield self._finding(page, span, "lifted", *lifted)
                else:
                    live[-1].append(span)
        for span in sorted(span for spans in live for span in spans):
            finding = self._judge(page, span, live)
            yield finding
            if finding.outcome == "alarm":
                return

    def _judge(self, page: _Page, span: Span, live: list[list[Span]]) -> Finding:
        within = self.sign.within
        together = sum(_any_close(spans, span, within) for spans in live)
        if together < self.sign.at_least:
            lacks = f"{self.sign.at_least - together} more of its patterns"
            return self._finding(page, span, "incomplete", lacks)
        for need, pattern in zip(self.sign.needs, self._needs, strict=True):
            if not _any_close(page.spans(pattern), span, within):
                return self._finding(page, span, "incomplete", need)
        softened = self._first(page, self._softer, span)
        return self._finding(page, span, *(("softened", *softened) if softened else ("alarm",)))

    def _first(self, page: _Page, guards: tuple[_Guard, ...], span: Span) -> tuple[str, str] | None:
        for guard in guards:
            if found := guard.near(page, span):
                return guard.id, page.text(found)
        return None

    def _finding(
        self,
        page: _Page,
        span: Span,
        outcome: Literal["alarm", "softened", "lifted", "incomplete"],
        because: str = "",
        because_words: str = "",
    ) -> Finding:
        level = "check" if outcome == "softened" else self.sign.level
        words = page.text(span)
        return Finding(self.sign.entry, self.sign.id, level, words, outcome, because, because_words)


def all_patterns(signs: Signs) -> Iterator[str]:
    """Yield every pattern outside the word classes."""
    yield from signs.turns
    for guard in signs.guards.values():
        yield from (*guard.patterns, *guard.but_not)
    for sign in signs.signs:
        yield from (*sign.patterns, *sign.needs)


def _without_stammer(words: Sequence[str]) -> Iterator[str]:
    """Yield `words` without a third and further repeat ("no no no no"), however long it goes on."""
    before = last = ""
    for word in words:
        if not word == last == before:
            yield word
        before, last = last, word


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _any_close(spans: Sequence[Span], span: Span, within: int) -> bool:
    return any(s - span[1] <= within and span[0] - e <= within for s, e in spans)
