"""Spots questions that may be emergencies, before anything else looks at them.

The signs are content (`faq/urgent/`); this module only puts them in order. A message that fits
several urgent Entries sets off the most pressing one, and names the others so that their help
lines are shown as well. Where no sign stands but the words weigh heavily, the bot asks (a soft
check, never a card). Nothing here can be switched off, and the same words always give the same
Alarm.
"""

from collections.abc import Callable, Sequence

from bot.danger import Signs
from bot.domain import Alarm
from bot.text.normalise import normalise
from bot.text.signs import Finding, SignReader
from bot.text.unease import Unease, feel, load_weights

_UNEASE = "unease"  # stands where the sign's name stands when the words weigh heavily without one
_FOR_A_MIND = ("suicide-crisis", "acute-psychosis")
_FOR_A_BODY = ("emergency-medical",)


class SignTriage:
    """Reads every sentence of a question for signs of danger.

    Args:
        signs: The signs, as loaded from the content without Problems.
        repair: Mends the spelling of the words of one sentence; same number of words.

    Raises:
        PatternError: A sign cannot be understood.
    """

    def __init__(self, signs: Signs, repair: Callable[[Sequence[str]], list[str]]) -> None:
        self._reader = SignReader(signs)
        self._repair = repair
        self._order = {entry: i for i, entry in enumerate(signs.precedence)}

    def assess(self, text: str) -> Alarm | None:
        """Return the Alarm that `text` sets off, or None. Pure; never raises."""
        found = [f for f in self._read(text, thorough=False) if f.outcome in {"alarm", "softened"}]
        if not found:
            return self._ask(text)
        first = min(found, key=lambda f: (f.level != "urgent", self._rank(f)))
        urgent = sorted((f for f in found if f.level == "urgent"), key=self._rank)
        also = dict.fromkeys(f.entry for f in urgent if f.entry != first.entry)
        return Alarm(first.entry, first.level, first.sign, first.words, tuple(also))

    def explain(self, text: str) -> list[Finding]:
        """Return every sign of which something stands in `text`, and what became of it.

        Signs that count come first, then those a guard lifted, then those that lack something.
        """
        order = ("alarm", "softened", "lifted", "incomplete")
        found = self._read(text, thorough=True)
        asked = self.assess(text)
        if asked and asked.sign == _UNEASE:
            found.append(Finding(asked.entry, asked.sign, asked.level, asked.words))
        return sorted(found, key=lambda f: (order.index(f.outcome), self._rank(f)))

    def _read(self, text: str, *, thorough: bool) -> list[Finding]:
        clauses = (self._reader.mend(c, self._repair) for c in normalise(text).clauses)
        return self._reader.read(clauses, thorough=thorough)

    def _ask(self, text: str) -> Alarm | None:
        """Return a soft check where no sign stands but the words weigh heavily."""
        clauses = [self._repair(clause) for clause in normalise(text).clauses]
        unease = feel(clauses, load_weights()) if clauses and self._order else None
        if not unease:
            return None
        return Alarm(self._card(unease), "check", _UNEASE, unease.words)

    def _card(self, unease: Unease) -> str:
        fitting = _FOR_A_MIND if unease.mind else _FOR_A_BODY
        return next((entry for entry in fitting if entry in self._order), next(iter(self._order)))

    def _rank(self, finding: Finding) -> int:
        return self._order.get(finding.entry, len(self._order))
