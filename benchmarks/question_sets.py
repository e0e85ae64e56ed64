"""Reads public question sets from a folder of JSON files and builds matchers over them.

A file holds `five_phrasings` ({seed: {entry: [phrasings]}}), `twenty_phrasings`, `test`
([[text, entry]]) and `out_of_scope` ([text]). The sets' licences keep them out of this project.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.bootstrap import ENCODER, known_words
from bot.domain import Answer, Entry, Library
from bot.matching.encoder import Encoder, open_encoder
from bot.matching.features import Vocabulary
from bot.matching.kept import Floats
from bot.matching.matcher import EntryMatcher, Reason
from bot.matching.model import Model
from bot.named_things import NamedThings
from bot.text.normalise import normalise
from bot.text.repair import Repairer


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """One FAQ with labelled questions.

    Attributes:
        phrasings: Phrasings by entry id.
        test: Questions with the id of the right entry.
        out_of_scope: Messages that no entry answers.
        strays: Messages that the Matcher is told no entry answers.
    """

    name: str
    phrasings: Mapping[str, Sequence[str]]
    test: Sequence[tuple[str, str]]
    out_of_scope: Sequence[str]
    strays: Sequence[str] = ()


def read_sets(folder: Path, *, twenty: bool = True) -> Iterator[QuestionSet]:
    """Yield every set in `folder`: one for each seed of five phrasings, and one of twenty."""
    for path in sorted(folder.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        drawn = {f"5 phrasings, seed {k}": v for k, v in record["five_phrasings"].items()}
        if twenty:
            drawn["20 phrasings"] = record["twenty_phrasings"]
        test = [(text, entry) for text, entry in record["test"]]
        for label, phrasings in drawn.items():
            yield QuestionSet(f"{path.stem} ({label})", phrasings, test, record["out_of_scope"])


def leave_out(library: Library, parts: int = 5) -> Iterator[QuestionSet]:
    """Yield the library asked by its own phrasings.

    First with a fifth of every entry's phrasings left out: the right entry is there to be found.
    Then with a fifth of the entries left out: it is not. Last with a fifth of the strays left out.
    """
    asked = {e.id: e.ask for e in library.entries.values() if e.enabled and len(e.ask) > parts}
    for part in range(parts):
        kept = {
            k: [a for i, a in enumerate(asks) if i % parts != part] for k, asks in asked.items()
        }
        test = [
            (a, k) for k, asks in asked.items() for i, a in enumerate(asks) if i % parts == part
        ]
        yield QuestionSet(f"own FAQ (phrasings left out, {part})", kept, test, [], library.strays)
    for part in range(parts):
        gone = sorted(asked)[part::parts]
        kept = {key: list(asks) for key, asks in asked.items() if key not in gone}
        strays = [ask for key in gone for ask in asked[key]]
        yield QuestionSet(f"own FAQ (entries left out, {part})", kept, [], strays, library.strays)
    for part in range(parts if library.strays else 0):
        told = [stray for i, stray in enumerate(library.strays) if i % parts != part]
        yield QuestionSet(
            f"own FAQ (strays left out, {part})", asked, [], library.strays[part::parts], told
        )


def everyday_strays(library: Library, messages: Sequence[str]) -> Iterator[QuestionSet]:
    """Yield the whole library, asked by everyday messages that it has no answer to."""
    asked = {e.id: e.ask for e in library.entries.values() if e.enabled and e.ask}
    for part in range(3):
        yield QuestionSet(
            f"own FAQ (everyday messages, {part})", asked, [], messages[part::3], library.strays
        )


class RememberingEncoder(Encoder):
    """The built encoder; it encodes the same words once only, for sets that share phrasings."""

    def __init__(self) -> None:
        found = open_encoder(ENCODER)
        super().__init__(found.session, found.pieces, found.version)
        self._known: dict[tuple[str, ...], Floats] = {}

    def encode(self, words: Sequence[str]) -> Floats:
        """Return the vector of `words`, as `Encoder.encode` does."""
        key = tuple(words)
        if key not in self._known:
            self._known[key] = super().encode(words)
        return self._known[key]


class SetMatcher:
    """The shipped pipeline (normalise, repair, gate, signals, model) over one set.

    Args:
        questions: The set.
        model: The coefficients.
        library: Where the vocabulary and the entries' subjects come from, if the set has any.
        encoder: For the semantic stage, or None: words alone.
    """

    def __init__(
        self,
        questions: QuestionSet,
        model: Model,
        library: Library | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        source = library or Library(Path(), {}, {}, (), {})
        self._entries = {
            key: replace(source.entries[key], ask=tuple(asks))
            if key in source.entries
            else Entry(id=key, group="", title=" ", ask=tuple(asks), answer=Answer(short=""))
            for key, asks in questions.phrasings.items()
        }
        own = replace(source, entries=self._entries)
        self._repairer = Repairer(known_words(own))
        self._things = NamedThings(own)
        self._matcher = EntryMatcher(
            self._entries.values(),
            Vocabulary(own),
            self._repairer.repair,
            model,
            encoder=encoder,
            strays=questions.strays,
        )

    def explain(self, text: str, limit: int = 10) -> list[Reason]:
        """Return the best entries for `text`, each with its reason."""
        words = self.words(text)
        named = self._things.read(words)
        return self._matcher.explain(
            words, lambda key: self._things.allows(named, self._entries[key]), limit
        )

    def words(self, text: str) -> list[str]:
        """Return the repaired words of `text`."""
        return self._repairer.repair(normalise(text).words)
