"""Reads public question sets from a folder of JSON files and builds matchers over them.

A file holds `five_phrasings` ({seed: {entry: [phrasings]}}), `twenty_phrasings`, `test`
([[text, entry]]) and `out_of_scope` ([text]). The sets' licences keep them out of this project.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain import Answer, Entry, Library
from bot.matching.features import Vocabulary
from bot.matching.matcher import LexicalMatcher
from bot.matching.model import Model
from bot.text.normalise import normalise
from bot.text.repair import Repairer


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """One FAQ with labelled questions.

    Attributes:
        phrasings: Phrasings by entry id.
        test: Questions with the id of the right entry.
        out_of_scope: Messages that no entry answers.
    """

    name: str
    phrasings: Mapping[str, Sequence[str]]
    test: Sequence[tuple[str, str]]
    out_of_scope: Sequence[str]


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


class SetMatcher:
    """The shipped pipeline (normalise, repair, signals, model) over one set."""

    def __init__(self, questions: QuestionSet, model: Model) -> None:
        entries = [
            Entry(id=key, group="", title=" ", ask=tuple(asks), answer=Answer(short=""))
            for key, asks in questions.phrasings.items()
        ]
        known = {w for e in entries for ask in e.ask for w in normalise(ask).words}
        self._repairer = Repairer(known)
        empty = Library(Path(), {}, {}, (), {})
        self.matcher = LexicalMatcher(entries, Vocabulary(empty), self._repairer.repair, model)

    def words(self, text: str) -> list[str]:
        """Return the repaired words of `text`."""
        return self._repairer.repair(normalise(text).words)
