"""Recognises medicines, conditions, substances and places, and gates the ranking by them.

A question that names lamotrigine may never get the lithium entry, a question about Japan never
the UK's. A named medicine or condition that no entry covers gets the entry that says so.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain import Entry, Library, Thing
from bot.text.normalise import fold_words
from bot.text.phrases import PhraseFinder
from bot.text.stop_words import STOP_WORDS

_SHORT = 3
_LONG = 14
_WHERE = frozenset({"in", "from", "near", "within", "visiting"})


@dataclass(frozen=True, slots=True)
class Named:
    """What one question names.

    Attributes:
        things: The things named, in order, each once.
        on_topic: True if it names a classic psychedelic or microdosing itself.
        whereabouts: The places that it speaks of as places, so that help lines may follow them.
        gates: For every kind of guarded thing that it names: all ids of that kind, and those
            among which an entry about that kind must have one.
    """

    things: tuple[Thing, ...] = ()
    on_topic: bool = False
    whereabouts: tuple[Thing, ...] = ()
    gates: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()

    def of(self, *kinds: str) -> tuple[Thing, ...]:
        """Return the named things of the given kinds."""
        return tuple(thing for thing in self.things if thing.kind in kinds)


class NamedThings:
    """Reads named things and tells which entries they allow.

    Args:
        library: For the vocabulary and for what each entry is about.
    """

    def __init__(self, library: Library) -> None:
        self._things: Mapping[str, Thing] = library.things
        self._has_topic = any(thing.core for thing in library.things.values())
        self._families = {key: self._climb(key) for key in library.things}
        medicines, places = (
            frozenset(t.id for t in library.things.values() if t.kind == kind)
            for kind in ("medicine", "place")
        )
        # Classic psychedelics close no gate: every answer is about them.
        drugs = frozenset(
            t.id for t in library.things.values() if t.kind == "substance" and not t.core
        )
        self._gating = (medicines, places, drugs)
        self._guarded = medicines | drugs
        self._finder = PhraseFinder(
            (fold_words(name), thing.id)
            for thing in library.things.values()
            for name in (*thing.names, *thing.unsure)
        )
        self._unsure = frozenset(
            fold_words(name) for thing in library.things.values() for name in thing.unsure
        )
        self._covered = _covered(library)

    def over(self, library: Library) -> "NamedThings":
        """Return the same for a community's content.

        What recognises names is by far the largest part and is shared, so that a thousand
        communities cost no more memory than one.
        """
        if library.things is not self._things:
            return NamedThings(library)
        covered = _covered(library)
        if covered == self._covered:
            return self
        other = copy.copy(self)
        other._covered = covered  # noqa: SLF001 - a copy of ourselves
        return other

    def read(self, words: Sequence[str]) -> Named:
        """Return what `words` (folded, repaired) name."""
        found = list(self._finder.find(words))
        sure = {f for f in found if tuple(words[f.start : f.end]) not in self._unsure}
        # "tabs" or "molly" mean a drug only beside another sign of the topic.
        kept = found if sure else []
        things = tuple(self._things[i] for i in dict.fromkeys(f.value for f in kept))
        # Whoever writes "help us" or "my friend Jordan" must not get another country's numbers.
        where = dict.fromkeys(
            f.value for f in kept if f in sure or (f.start and words[f.start - 1] in _WHERE)
        )
        return Named(
            things=things,
            on_topic=any(self._things[f.value].core for f in sure),
            whereabouts=tuple(self._things[i] for i in where if self._things[i].kind == "place"),
            gates=self._gates(things),
        )

    def sort(self, named: Named, words: Sequence[str]) -> str:
        """Return which sort of question it is, one of `bot.matching.model.SORTS`."""
        if not self._has_topic:
            return "no topic"
        if named.on_topic:
            return "on topic"
        telling = sum(word not in STOP_WORDS for word in words)
        if telling <= _SHORT:
            return "short"
        return "long" if len(words) > _LONG else "off topic"

    def closure(self, thing: Thing) -> frozenset[str]:
        """Return the id of `thing` and of everything it belongs to, however far up."""
        return self._families[thing.id]

    def allows(self, named: Named, entry: Entry) -> bool:
        """Tell whether `entry` may answer a question that names `named`.

        For medicines and places: if the entry is about any, it must be about one that is named.
        Other drugs than the classic psychedelics gate likewise.
        """
        return all(
            entry.about & wanted or not entry.about & of_kind for of_kind, wanted in named.gates
        )

    def missed(self, named: Named, entry: Entry) -> tuple[Thing, ...]:
        """Return the named medicines and other drugs that `entry` is not about."""
        guarded = (thing for thing in named.things if thing.id in self._guarded)
        return tuple(thing for thing in guarded if not self.closure(thing) & entry.about)

    def uncovered(self, named: Named, *kinds: str) -> tuple[Thing, ...]:
        """Return the named things of `kinds` that no entry is about."""
        return tuple(t for t in named.of(*kinds) if not self.closure(t) & self._covered)

    def _gates(self, things: Sequence[Thing]) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
        gates = []
        for of_kind in self._gating:
            families = [self.closure(thing) for thing in things if thing.id in of_kind]
            if families:
                gates.append((of_kind, of_kind & frozenset[str]().union(*families)))
        return tuple(gates)

    def _climb(self, thing_id: str) -> frozenset[str]:
        seen: set[str] = set()
        open_ids = [thing_id]
        while open_ids:
            at = open_ids.pop()
            if at not in seen and at in self._things:
                seen.add(at)
                open_ids += self._things[at].parents
        return frozenset(seen)


def _covered(library: Library) -> frozenset[str]:
    """Return the ids of everything that an entry is about."""
    return frozenset(t for e in library.entries.values() if e.enabled for t in e.about)
