"""Turns the YAML of `faq/urgent/` into Signs, and tells moderators what is wrong with it.

`to_signs` reads the form; `failing_example` is the rule that tries every example and near miss.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, cast

from bot.danger import Guard, Sign, Signs
from bot.domain import Library, Problem
from bot.text.normalise import normalise
from bot.text.patterns import Alphabet, PatternError
from bot.text.repair import Repairer
from bot.text.signs import Finding, SignReader, all_patterns, sign_words
from bot.yamlfile import Document, Loc, read_yaml

_RULE = "signs"
_REACHES = ("within", "before", "sentence", "nearby", "anywhere")
_FIELDS = frozenset(Sign.__dataclass_fields__) - {"entry"}
_GUARD_FIELDS = frozenset({"means", "reach", "when", "but_not"})


def to_signs(document: Document, urgent: Mapping[str, Document]) -> tuple[Signs, list[Problem]]:
    """Return the Signs that could be read, and every Problem.

    Args:
        document: `faq/urgent/signs.yaml`: word classes, guards, turns, order of precedence.
        urgent: The urgent entries' files by id.
    """
    reading = _Reading(document, urgent)
    return reading.read(), reading.problems


def failing_example(library: Library) -> Iterator[Problem]:
    """An example that does not set off its card, or a near miss that does, is a hole in triage."""
    cards = [library.entries[i] for i in library.signs.precedence if i in library.entries]
    # Borrowed cards are tried where they are shipped.
    cards = [card for card in cards if card.path.is_relative_to(library.root)]
    if not cards:
        return
    reader = SignReader(library.signs)
    repair = Repairer(sign_words(library.signs)).repair

    def findings(text: str) -> list[Finding]:
        found = reader.read(reader.mend(c, repair) for c in normalise(text).clauses)
        return [f for f in found if f.outcome in {"alarm", "softened"}]

    for entry in cards:
        lines = read_yaml(entry.path)
        signs = [sign for sign in library.signs.signs if sign.entry == entry.id]
        for i, sign in enumerate(signs):
            for j, text in enumerate(sign.examples):
                if not _sets_off(findings(text), sign):
                    message = f'"{text}" does not set off a {sign.level} alarm; mend the patterns'
                    yield lines.problem(("signs", i, "examples", j), message, "failing-example")
        for i, text in enumerate(entry.near_misses):
            urgent = [f for f in findings(text) if f.level == "urgent"]
            if urgent:
                why = f'"{text}" sets off {urgent[0].entry} ({urgent[0].sign}: {urgent[0].words})'
                message = f"{why}; add a guard or narrow the pattern"
                yield lines.problem(("near_misses", i, "text"), message, "failing-example")


def _sets_off(findings: Sequence[Finding], sign: Sign) -> bool:
    levels = {finding.level for finding in findings if finding.entry == sign.entry}
    return sign.level in levels if sign.level == "urgent" else levels == {"check"}


class _Reading:
    """One reading of the folder's sign files; collects Problems on the way."""

    def __init__(self, document: Document, urgent: Mapping[str, Document]) -> None:
        self._document = document
        self._urgent = urgent
        self._sets: dict[str, tuple[str, ...]] = {}
        self.problems: list[Problem] = []

    def read(self) -> Signs:
        top = self._document.mapping
        classes = self._rows(self._document, ("words",))
        read_as = {str(k): str(v) for k, v in _mapping(top.get("read_as")).items()}
        guards = self._guards()
        self._sets = self._rows(self._document, ("guard_sets",))
        precedence = self._list(self._document, ("precedence",))
        signs = [
            sign
            for entry in (*precedence, *(e for e in self._urgent if e not in precedence))
            if entry in self._urgent
            for sign in self._entry_signs(entry, guards)
        ]
        turns = self._list(self._document, ("turns",))
        whole = Signs(tuple(signs), classes, guards, turns, read_as, precedence)
        return self._compilable(whole)

    def _entry_signs(self, entry: str, guards: Mapping[str, Guard]) -> Iterator[Sign]:
        document = self._urgent[entry]
        items = document.mapping.get("signs")
        if not isinstance(items, list) or not items:
            self._fault(document, ("signs",), "has no `signs`; nothing would set it off")
            return
        for i, item in enumerate(items):
            loc = ("signs", i)
            if not isinstance(item, dict):
                self._fault(document, loc, "must be fields, one `name: value` a line")
                continue
            for name in item.keys() - _FIELDS:
                known = ", ".join(sorted(_FIELDS))
                self._fault(document, (*loc, name), f"no field `{name}`; known fields: {known}")
            yield self._sign(entry, document, loc, item, guards)

    def _sign(
        self,
        entry: str,
        document: Document,
        loc: Loc,
        item: Mapping[str, object],
        guards: Mapping[str, Guard],
    ) -> Sign:
        level = item.get("level", "urgent")
        if level not in {"urgent", "check"}:
            self._fault(document, (*loc, "level"), "`level` must be urgent or check")
        patterns = self._list(document, (*loc, "patterns"))
        examples = self._list(document, (*loc, "examples"))
        for name, found in (("id", item.get("id")), ("patterns", patterns), ("examples", examples)):
            if not found:
                self._fault(document, (*loc, name), f"the sign has no `{name}`; add it")
        return Sign(
            id=str(item.get("id", "")),
            entry=entry,
            patterns=patterns,
            needs=self._list(document, (*loc, "needs")),
            unless=self._guard_names(document, (*loc, "unless"), guards),
            softer=self._guard_names(document, (*loc, "softer"), guards),
            at_least=self._whole(document, (*loc, "at_least"), 1, max(1, len(patterns))),
            within=self._whole(document, (*loc, "within"), 40, 200),
            foreign=item.get("foreign") is True,
            level=cast("Literal['urgent', 'check']", level),
            examples=examples,
        )

    def _whole(self, document: Document, loc: Loc, default: int, most: int) -> int:
        value = _at(document, loc)
        if value is None:
            return default
        if isinstance(value, int) and 1 <= value <= most:
            return value
        self._fault(document, loc, f"`{loc[-1]}` must be a whole number from 1 to {most}")
        return default

    def _guards(self) -> dict[str, Guard]:
        guards: dict[str, Guard] = {}
        for name, item in _mapping(self._document.mapping.get("guards")).items():
            loc = ("guards", name)
            fields = _mapping(item)
            for field in fields.keys() - _GUARD_FIELDS:
                known = ", ".join(sorted(_GUARD_FIELDS))
                self._fault(self._document, (*loc, field), f"no field; known fields: {known}")
            reach = fields.get("reach", "sentence")
            if reach not in _REACHES:
                message = f"`reach` must be one of {', '.join(_REACHES)}"
                self._fault(self._document, (*loc, "reach"), message)
                reach = "sentence"
            guards[name] = Guard(
                id=name,
                patterns=self._list(self._document, (*loc, "when")),
                but_not=self._list(self._document, (*loc, "but_not")),
                reach=cast("Literal['sentence']", reach),
            )
        return guards

    def _guard_names(
        self, document: Document, loc: Loc, guards: Mapping[str, Guard]
    ) -> tuple[str, ...]:
        names: list[str] = []
        for i, name in enumerate(self._list(document, loc)):
            for one in self._sets.get(name, (name,)):
                if one in guards:
                    names.append(one)
                else:
                    known = ", ".join((*self._sets, *guards))
                    message = f"there is no guard `{one}`; the guards are {known}"
                    self._fault(document, (*loc, i), message)
        return tuple(dict.fromkeys(names))

    def _compilable(self, signs: Signs) -> Signs:
        """Report every row that cannot be understood, and return `signs` without them."""
        alphabet = Alphabet(signs.classes, all_patterns(signs), signs.read_as)

        def good(document: Document, loc: Loc, rows: Sequence[str]) -> tuple[str, ...]:
            kept = []
            for i, row in enumerate(rows):
                try:
                    alphabet.compile(row)
                    kept.append(row)
                except PatternError as error:
                    self._fault(document, (*loc, i), f"`{row}`: {error}")
            return tuple(kept)

        own = self._document
        for name, members in signs.classes.items():
            good(own, ("words", name), members)
        turns = good(own, ("turns",), signs.turns)
        guards = {
            name: replace(
                guard,
                patterns=good(own, ("guards", name, "when"), guard.patterns),
                but_not=good(own, ("guards", name, "but_not"), guard.but_not),
            )
            for name, guard in signs.guards.items()
        }
        counts: Counter[str] = Counter()
        kept = []
        for sign in signs.signs:
            document, loc = self._urgent[sign.entry], ("signs", counts[sign.entry])
            counts[sign.entry] += 1
            kept.append(
                replace(
                    sign,
                    patterns=good(document, (*loc, "patterns"), sign.patterns),
                    needs=good(document, (*loc, "needs"), sign.needs),
                )
            )
        return replace(signs, signs=tuple(kept), guards=guards, turns=turns)

    def _rows(self, document: Document, loc: Loc) -> dict[str, tuple[str, ...]]:
        top = _mapping(_at(document, loc))
        return {name: self._list(document, (*loc, name)) for name in top}

    def _list(self, document: Document, loc: Loc) -> tuple[str, ...]:
        """Return the rows at `loc`: a list, or words parted by commas or lines."""
        value = _at(document, loc)
        if value is None:
            return ()
        if isinstance(value, list):
            return tuple(str(item) for item in value)
        if isinstance(value, str | int | float):
            return tuple(row for part in re.split(r"[,\n]", str(value)) if (row := part.strip()))
        self._fault(document, loc, f"`{loc[-1]}` must be a list: one `- item` a line")
        return ()

    def _fault(self, document: Document, loc: Loc, message: str) -> None:
        self.problems.append(document.problem(loc, message, _RULE))


def _at(document: Document, loc: Loc) -> object:
    value = document.data
    for part in loc:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part]
        else:
            return None
    return value


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
