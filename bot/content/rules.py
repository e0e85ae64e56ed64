"""The named rules that content is checked by, beyond the form of each file.

Each rule is a function from a Library to Problems; its name is shown in brackets behind each
Problem. To add one: write the function with a docstring that says why, and list it in `RULES`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import cast

from bot.compose import MARKER, REPLY_MAX, Composer, to_text
from bot.content.loader import VOCABULARY
from bot.content.schema import ASK_MIN
from bot.content.signs import failing_example
from bot.content.wording import (
    HARDEST_GRADE,
    find_sellers,
    find_stigma,
    prose,
    reading_grade,
)
from bot.domain import Alarm, Entry, Level, Library, Problem, Thing
from bot.text.normalise import fold_words
from bot.yamlfile import Loc, read_yaml

Rule = Callable[[Library], Iterable[Problem]]
HELP_LINE_DAYS = 366

_GRADED = frozenset({"risks", "contraindications", "evidence"})
_FREE = frozenset({"about", "policy", "urgent", ""})
_AMOUNT = re.compile(
    r"\b\d+(?:[.,]\d+)?[\s-]?(?:mg|mcg|ug|µg|μg|micrograms?|milligrams?|grams?|tabs?|drops?|ml|g)\b",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\[[^\[\]\n]*\](?!\()")
_SAFE = re.compile(
    r"\b(?:it is|it's|they are|are|is) (?:completely |perfectly |totally )?safe to "
    r"(?:combine|mix|take|use)\b"
    r"|\b(?:can|may) (?:be )?safely (?:combined?|mix(?:ed)?|taken?|used?)\b",
    re.IGNORECASE,
)


def check_library(
    library: Library, *, examples: bool = True, inside: Path | None = None
) -> list[Problem]:
    """Return every Problem that any rule finds, in the order of files and lines.

    What a folder borrows from the shipped content is checked where it is shipped.

    Args:
        library: The content.
        examples: Also try every example of the emergency cards, which takes seconds.
        inside: The folder whose Problems are wanted; by default the library's own.
    """
    rules = RULES if examples else [rule for rule in RULES if rule is not failing_example]
    folder = inside or library.root
    found = [p for rule in rules for p in rule(library) if p.path.is_relative_to(folder)]
    return sorted(found, key=lambda p: (str(p.path), p.line, p.message))


def no_answers(library: Library) -> Iterator[Problem]:
    """A folder without answers is the wrong folder: only emergencies would be answered."""
    if library.root.is_dir() and all(e.group == "urgent" for e in library.entries.values()):
        message = "holds no answer that can be read; give the folder that holds the answers"
        yield Problem(library.root, 1, "error", message, _name(no_answers))


def missing_field(library: Library) -> Iterator[Problem]:
    """An entry that states facts must say how sure it is, since when, and on what it rests."""
    for entry in library.entries.values():
        wanted: dict[str, object] = {"checked": entry.checked, "review_by": entry.review_by}
        if entry.group not in _FREE:
            wanted["sources"] = entry.answer.sources or None
        if entry.group in _GRADED:
            wanted["grade"] = entry.answer.grade or None
            wanted["grade_why"] = entry.answer.grade_why or None
        if entry.group == "contraindications":
            wanted["severity"] = entry.answer.severity or None
        if entry.group == "legality":
            wanted["as_of"] = entry.answer.as_of
        for name, value in wanted.items():
            if value is None:
                yield _fault(entry, (), f"`{name}` is missing; add it", missing_field, "warning")


def few_phrasings(library: Library) -> Iterator[Problem]:
    """An entry is found by its phrasings: with fewer than eight it is missed too often."""
    for entry in library.entries.values():
        if entry.group != "urgent" and len(entry.ask) < ASK_MIN:
            message = f"`ask` has {len(entry.ask)} phrasings; write at least {ASK_MIN}"
            yield _fault(entry, ("ask",), message, few_phrasings, "warning")


def unknown_source(library: Library) -> Iterator[Problem]:
    """A cited key must stand in the bibliography, in `sources` and in the words alike."""
    for entry in library.entries.values():
        listed, cited = set(entry.answer.sources), set(_cited(entry))
        for key in sorted(listed | cited):
            if key not in library.sources:
                message = f'source "{key}" is not in sources.yaml; add it there or correct the key'
                # In an entry that lists none, brackets may be just brackets.
                level: Level = "error" if listed else "warning"
                yield _fault(entry, ("sources",), message, unknown_source, level)
        for key in sorted((cited - listed) & library.sources.keys()):
            message = f'"{key}" is cited in the words; add it to `sources`'
            yield _fault(entry, ("sources",), message, unknown_source)
        for key in sorted(listed - cited):
            message = f'source "{key}" is cited nowhere in the words; cite it or remove it'
            yield _fault(entry, ("sources",), message, unknown_source, "warning")


def bare_bracket(library: Library) -> Iterator[Problem]:
    """Square brackets that do not become a number are shown to members as they stand."""
    for entry in library.entries.values():
        for loc, words in prose(entry):
            for found in _BRACKET.finditer(words):
                if not _is_cited_in(loc):
                    message = f'"{found[0]}" stands where no source can be cited; move it'
                elif not MARKER.fullmatch(found[0]):
                    message = f'"{found[0]}" is no source; write [key] or [key, key]'
                else:
                    continue
                yield _fault(entry, loc, message, bare_bracket, "warning")


def unknown_entry(library: Library) -> Iterator[Problem]:
    """`see_also` must lead somewhere."""
    for entry in library.entries.values():
        for i, other in enumerate(entry.see_also):
            if other == entry.id:
                message = "leads from the entry to itself; remove it"
                yield _fault(entry, ("see_also", i), message, unknown_entry, "warning")
            elif other not in library.entries:
                message = f"there is no entry `{other}`; correct the id or remove it"
                yield _fault(entry, ("see_also", i), message, unknown_entry, "warning")


def unknown_thing(library: Library) -> Iterator[Problem]:
    """`about` must name things of the vocabulary, or the gate cannot see them."""
    for entry in library.entries.values():
        for name in sorted(entry.about):
            if library.things and name not in library.things:
                message = f"`{name}` is in no file of vocabulary/; add it or correct it"
                yield _fault(entry, ("about",), message, unknown_thing)
    for thing in library.things.values():
        for i, parent in enumerate(thing.parents):
            if parent not in library.things:
                message = f"`{thing.id}` is said to be a `{parent}`, which no file names"
                yield _thing_fault(library, thing, ("is", i), message, unknown_thing)


def shared_name(library: Library) -> Iterator[Problem]:
    """A name that belongs to two things would gate the wrong answers away."""
    owners: dict[tuple[str, ...], str] = {}
    for thing in library.things.values():
        listed = [(("names", i), name) for i, name in enumerate(thing.names)]
        listed += [(("unsure", i), name) for i, name in enumerate(thing.unsure)]
        for loc, name in listed:
            words = fold_words(name)
            owner = owners.setdefault(words, thing.id) if words else thing.id
            if not words:
                message = f'"{name}" has no words left once it is cleaned; reword it'
                yield _thing_fault(library, thing, loc, message, shared_name)
            elif owner != thing.id:
                message = f'"{name}" belongs to `{owner}` and `{thing.id}`; keep it in one'
                yield _thing_fault(library, thing, loc, message, shared_name)


def shared_phrasing(library: Library) -> Iterator[Problem]:
    """The same phrasing in two entries makes both unanswerable."""
    owners: dict[tuple[str, ...], str] = {}
    # One that is switched off may have its successor beside it.
    for entry in (entry for entry in library.entries.values() if entry.enabled):
        for i, phrase in enumerate(entry.ask):
            words = fold_words(phrase)
            owner = owners.setdefault(words, entry.id) if words else entry.id
            if not words:
                message = f'"{phrase}" has no words left once it is cleaned; reword it'
                yield _fault(entry, ("ask", i), message, shared_phrasing)
            elif owner != entry.id:
                message = f'"{phrase}" also stands in `{owner}`; keep it where it fits best'
                yield _fault(entry, ("ask", i), message, shared_phrasing)


def answered_stray(library: Library) -> Iterator[Problem]:
    """A stray that is a phrasing as well would keep its own entry from being found."""
    asked = {fold_words(ask): e.id for e in library.entries.values() for ask in e.ask}
    seen: set[tuple[str, ...]] = set()
    for i, stray in enumerate(library.strays):
        words = fold_words(stray)
        message, level = "", "warning"
        if not words:
            message, level = f'"{stray}" has no words left once it is cleaned; remove it', "error"
        elif words in asked:
            message = f'"{stray}" also stands in `{asked[words]}`; keep it in one of the two'
        elif words in seen:
            message = f'"{stray}" stands here twice; remove one'
        seen.add(words)
        if message:
            document = read_yaml(library.root / "strays.yaml")
            yield document.problem((i,), message, _name(answered_stray), cast("Level", level))


def too_long(library: Library) -> Iterator[Problem]:
    """A reply must fit both platforms whole, in any country; it is never cut when it is sent."""
    composer = Composer(library, lambda: date.max)
    countries = sorted({resource.country for resource in library.resources}) or [""]
    cards = tuple(e.id for e in library.entries.values() if e.group == "urgent")
    wordiest: dict[tuple[str, ...], str] = {}  # the country with the longest help for some kinds
    for entry in library.entries.values():
        card = Alarm(entry.id, "urgent", "", "", tuple(i for i in cards if i != entry.id))

        def length_in(country: str, entry: Entry = entry, card: Alarm = card) -> int:
            urgent = entry.group == "urgent"
            reply = composer.urgent(card, country) if urgent else composer.answer(entry, country)
            # Related answers are buttons, not words of the reply.
            return len(to_text(reply, choice_lines=[]))

        kinds = ("urgent",) if entry.group == "urgent" else entry.answer.resources
        if kinds not in wordiest:
            wordiest[kinds] = max(countries, key=length_in)
        length = length_in(wordiest[kinds])
        if length > REPLY_MAX:
            message = f"the whole reply has {length} characters; {REPLY_MAX} fit, so shorten it"
            yield _fault(entry, (), message, too_long)


def amount_in_answer(library: Library) -> Iterator[Problem]:
    """An amount in an answer is a dose once somebody reads it as one."""
    for entry in library.entries.values():
        for loc, words in prose(entry):
            if found := _AMOUNT.search(words):
                message = f'"{found[0]}" is an amount; answers name none, so word it without'
                yield _fault(entry, loc, message, amount_in_answer)


def claim_of_safety(library: Library) -> Iterator[Problem]:
    """Nothing here may be called safe to take or to combine: nobody knows that."""
    for entry in library.entries.values():
        for loc, words in prose(entry):
            if found := _SAFE.search(words):
                message = f'"{found[0]}" claims safety; say what is known and what is not'
                yield _fault(entry, loc, message, claim_of_safety)


def stigmatising_word(library: Library) -> Iterator[Problem]:
    """A word that makes a person smaller keeps people from asking."""
    for entry in library.entries.values():
        for loc, words in prose(entry):
            for found, better in find_stigma(words):
                message = f'"{found}" hurts the people it names; better: {better}'
                yield _fault(entry, loc, message, stigmatising_word)


def leads_to_seller(library: Library) -> Iterator[Problem]:
    """An answer never helps to find a seller, not even by naming where they are."""
    for entry in library.entries.values():
        for loc, words in prose(entry):
            for found in find_sellers(words):
                message = f'"{found}" leads to a seller; word it without'
                yield _fault(entry, loc, message, leads_to_seller, "warning")


def hard_to_read(library: Library) -> Iterator[Problem]:
    """A frightened person at night reads like a 13-year-old; so does everybody in a hurry."""
    for entry in library.entries.values():
        parts = (entry.answer.short, *(section.text for section in entry.answer.details))
        grade = reading_grade("\n".join(parts))
        if grade > HARDEST_GRADE:
            message = f"reads like school year {grade:.0f}; {HARDEST_GRADE:.0f} at most: shorten"
            yield _fault(
                entry, ("short",), f"{message} sentences, use everyday words", hard_to_read
            )


def card_without_near_misses(library: Library) -> Iterator[Problem]:
    """A card that nothing may spare goes off at jokes, films and memories."""
    for entry in library.entries.values():
        if entry.group == "urgent" and not entry.near_misses:
            message = "has no `near_misses`; add messages that must not set it off"
            yield _fault(entry, (), message, card_without_near_misses)


def unknown_place(library: Library) -> Iterator[Problem]:
    """A region that the vocabulary does not name cannot be shown or matched."""
    for entry in library.entries.values():
        for code in entry.answer.region:
            if library.things and code.lower() not in library.things:
                message = f"`{code}` is in no line of vocabulary/places.yaml; correct or add it"
                yield _fault(entry, ("region",), message, unknown_place)


def missing_topic(library: Library) -> Iterator[Problem]:
    """An id of the topic map without an answer is a promise not kept."""
    document = read_yaml(library.root / "topics.yaml")
    for group, topics in document.mapping.items():
        for topic in topics if isinstance(topics, dict) else ():
            if topic not in library.entries:
                message = f"{group}/{topic}.yaml is missing; write it, or take the line out"
                yield document.problem((group, topic), message, _name(missing_topic))


def overdue(library: Library, today: date) -> Iterator[Problem]:
    """An answer or a help line that nobody has looked at in time may have become wrong.

    Stands apart from `RULES`, because it depends on the day and not on the content alone.
    """
    for entry in library.entries.values():
        if entry.review_by and entry.review_by < today:
            message = f"was due for a check on {entry.review_by}; check its sources, set new dates"
            yield _fault(entry, ("review_by",), message, overdue, "warning")
    path = library.root / "resources.yaml"
    for resource in library.resources if path.exists() else ():
        if resource.checked and (today - resource.checked).days > HELP_LINE_DAYS:
            message = f"{resource.id} was last checked on {resource.checked}; call it or look it up"
            yield Problem(path, 1, "warning", message, _name(overdue))


RULES: tuple[Rule, ...] = (
    no_answers,
    missing_field,
    few_phrasings,
    unknown_source,
    bare_bracket,
    unknown_entry,
    unknown_thing,
    shared_name,
    shared_phrasing,
    answered_stray,
    too_long,
    amount_in_answer,
    claim_of_safety,
    stigmatising_word,
    leads_to_seller,
    hard_to_read,
    card_without_near_misses,
    unknown_place,
    missing_topic,
    failing_example,
)


def _is_cited_in(loc: Loc) -> bool:
    """Tell whether source markers at `loc` become numbers."""
    return loc[-1] in {"short", "text"}


def _cited(entry: Entry) -> Iterator[str]:
    for loc, words in prose(entry):
        if _is_cited_in(loc):
            for marker in MARKER.finditer(words):
                yield from (key.strip() for key in marker[1].split(","))


def _name(rule: Callable[..., object]) -> str:
    return rule.__name__.replace("_", "-")


def _thing_fault(library: Library, thing: Thing, loc: Loc, message: str, rule: Rule) -> Problem:
    stem = next(stem for stem, kind in VOCABULARY.items() if kind == thing.kind)
    path = library.root / "vocabulary" / f"{stem}.yaml"
    line = read_yaml(path).line((thing.id, *loc))
    return Problem(path, line, "error", message, _name(rule))


def _fault(
    entry: Entry, loc: Loc, message: str, rule: Callable[..., object], level: Level = "error"
) -> Problem:
    # Faults are rare, so the file is read again for the line instead of keeping every line.
    line = read_yaml(entry.path).line(loc) if loc else 1
    return Problem(entry.path, line, level, message, _name(rule))
