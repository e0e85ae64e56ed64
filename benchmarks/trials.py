"""What the rankings are tried on: this FAQ asked in two ways, and public question sets.

At most a few hundred questions of each are asked, evenly spread over the whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from benchmarks.question_sets import QuestionSet, leave_out, read_sets
from bot.domain import Library
from bot.evaluation import in_scope, out_of_scope, read_cases

MOST = 300
PARTS = 5
OWN = "This FAQ, phrasings left out"
LABELLED = "This FAQ, labelled questions"
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Trial:
    """One FAQ and what it is asked; Trials of one name are one result.

    Attributes:
        name: What the result is called.
        family: Trials that share questions or their authors; coefficients that are tried on one
            are fitted on others.
        questions: The FAQ, with the strays that it is told of.
        inside: Questions with the ids of the entries that are right.
        outside: Messages that no entry answers.
        library: Where vocabulary and subjects come from, or None.
        seeds: True if the figures of the Trials are averaged, False if their questions are pooled.
    """

    name: str
    family: str
    questions: QuestionSet
    inside: Sequence[tuple[str, frozenset[str]]]
    outside: Sequence[str]
    library: Library | None = None
    seeds: bool = False


def public_trials(folder: Path) -> Iterator[Trial]:
    """Yield every public set in `folder`, with five phrasings an entry, once for each seed."""
    for questions in read_sets(folder, twenty=False):
        name = questions.name.partition(" ")[0]
        inside = [(text, frozenset({entry})) for text, entry in spread(questions.test)]
        outside = spread(questions.out_of_scope)
        yield Trial(name, name.partition("-")[0], questions, inside, outside, seeds=True)


def own_trials(library: Library, faq: Path) -> Iterator[Trial]:
    """Yield this FAQ, asked by phrasings it was not told, and by labelled questions.

    Each of five Trials leaves out a fifth of every entry's phrasings, and each of five more a
    fifth of the entries: nothing answers their phrasings. A fifth of the strays is left out too.
    """
    sets = list(leave_out(library, PARTS))
    fewer_phrasings, fewer_entries, fewer_strays = (sets[PARTS * i :][:PARTS] for i in range(3))
    for part, strays in zip(fewer_phrasings, fewer_strays or fewer_entries, strict=True):
        told = replace(part, strays=strays.strays)
        inside = [(text, frozenset({entry})) for text, entry in spread(part.test, MOST // PARTS)]
        outside = spread(strays.out_of_scope, MOST // PARTS) if fewer_strays else []
        yield Trial(OWN, OWN, told, inside, outside, library)
    for part in fewer_entries:
        yield Trial(OWN, OWN, part, [], spread(part.out_of_scope, MOST // PARTS), library)
    yield labelled_trial(library, faq)


def labelled_trial(library: Library, faq: Path) -> Trial:
    """Return this FAQ as it is shipped, asked by the labelled questions that come with it.

    Emergencies are left out: they are no matter of ranking.
    """
    entries = [e for e in library.entries.values() if e.enabled and e.ask and e.group != "urgent"]
    phrasings = {entry.id: entry.ask for entry in entries}
    cases = [case for path in sorted(faq.glob("eval/*.jsonl")) for case in read_cases(path)]
    inside = [(c.text, c.labels & phrasings.keys()) for c in cases if in_scope(c)]
    outside = [case.text for case in cases if out_of_scope(case)]
    questions = QuestionSet(LABELLED, phrasings, [], [], library.strays)
    asked = [(text, labels) for text, labels in inside if labels]
    return Trial(LABELLED, LABELLED, questions, spread(asked), spread(outside), library)


def spread(items: Sequence[Item], most: int = MOST) -> list[Item]:
    """Return at most `most` of `items`, evenly spread."""
    if len(items) <= most:
        return list(items)
    return [items[i * len(items) // most] for i in range(most)]
