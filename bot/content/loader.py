"""Loads a folder of content into a Library, and says everything that is wrong with it at once.

Loading never raises. A folder that brings no `messages.yaml`, `translations.yaml`,
`resources.yaml` or `urgent/` borrows the shipped ones, so that triage and help lines are there
whatever the folder holds.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.config import EMBEDDED_FAQ
from bot.content.commands import SECTION, command_words, refusal, same_names, to_translations
from bot.content.faults import explain
from bot.content.pinned import to_pinned
from bot.content.schema import EntryFile, ResourceFile, SectionFile, SourceFile, ThingFile
from bot.content.signs import to_signs
from bot.danger import Signs
from bot.domain import (
    Answer,
    Entry,
    Level,
    Library,
    Problem,
    Resource,
    Section,
    Source,
    Thing,
)
from bot.yamlfile import Document, read_yaml

VOCABULARY = {
    "medicines": "medicine",
    "conditions": "condition",
    "substances": "substance",
    "places": "place",
}
# At the top only; elsewhere these are names like any other.
_STRAYS = "strays.yaml"
_PINNED = "pinned.yaml"
_TRANSLATIONS = "translations.yaml"
SHARED = frozenset(
    {"messages.yaml", "resources.yaml", "sources.yaml", "topics.yaml"}
    | {_STRAYS, _PINNED, _TRANSLATIONS}
)
APART = frozenset({"vocabulary", "eval"})
_SIGNS = "signs.yaml"
_BRACES = re.compile(r"\{\w+\}")
_ID = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
T = TypeVar("T", bound=BaseModel)


def load_library(root: Path) -> tuple[Library, list[Problem]]:
    """Load everything under `root`.

    Returns:
        The Library of all that could be read, and every Problem of the files themselves
        (`bot.content.rules.check_library` adds what concerns several files).
    """
    loading = _Loading(root)
    library = loading.load()
    return library, loading.problems


def load_additions(root: Path, paths: Iterable[Path]) -> tuple[Library, list[Problem]]:
    """Load what `root` brings to other content; nothing is borrowed.

    Args:
        root: The folder, whose sources and help lines are loaded.
        paths: The files of its entries.
    """
    loading = _Loading(root)
    library = loading.load_additions(paths)
    return library, loading.problems


class _Loading:
    """One pass over the folder; collects Problems on the way."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.problems: list[Problem] = []
        self._hash = hashlib.sha256()

    def load(self) -> Library:
        if not self._root.is_dir():
            self._add(self._root, "is not a folder; give the folder that holds the entries")
        # All but the emergency cards are read one by one later, so that memory holds few at once.
        documents = {
            path: self._read(path) if path.parent.name == "urgent" else None
            for path in self._entry_paths()
        }
        urgent = {path: card for path, card in documents.items() if card}
        home = self._root
        if not any(document.mapping.get("signs") for document in urgent.values()):
            home = EMBEDDED_FAQ
            urgent = self._shipped_urgent(documents)
        signs, faults = to_signs(
            self._read(self._borrow(f"urgent/{_SIGNS}", home)),
            {path.stem: document for path, document in urgent.items()},
        )
        self.problems += faults
        entries = self._entries(urgent | documents)
        messages = self._messages()
        return Library(
            root=self._root,
            entries=entries,
            sources=self._sources(home),
            resources=self._resources(self._borrow("resources.yaml", self._root)),
            messages=messages,
            things=self._things(),
            synonyms=self._synonyms(),
            signs=signs if urgent else Signs(),
            strays=self._strays(),
            pinned=self._pinned(entries),
            translations=self._translations(messages),
            version=self._hash.hexdigest()[:12],
        )

    def load_additions(self, paths: Iterable[Path]) -> Library:
        help_lines = self._root / "resources.yaml"
        return Library(
            root=self._root,
            entries=self._entries(dict.fromkeys(paths)),
            sources=self._sources(self._root),
            resources=self._resources(help_lines) if help_lines.exists() else (),
            messages={},
            version=self._hash.hexdigest()[:12],
        )

    def _entry_paths(self) -> list[Path]:
        paths = []
        for path in sorted(self._root.rglob("*")):
            inside = path.relative_to(self._root).parts
            hidden = any(part.startswith(".") for part in inside)
            if hidden or inside[0] in APART or not path.is_file():
                continue
            if path.suffix != ".yaml" and path.suffix.lower() in {".yml", ".yaml"}:
                message = f"ends in {path.suffix} and is not read; rename it to {path.stem}.yaml"
                self._add(path, message)
            elif path.suffix == ".yaml" and "/".join(inside) not in SHARED | {f"urgent/{_SIGNS}"}:
                paths.append(path)
        return paths

    def _shipped_urgent(self, documents: dict[Path, Document | None]) -> dict[Path, Document]:
        """Return the shipped emergency cards; entries with their names are taken out."""
        shipped = sorted((EMBEDDED_FAQ / "urgent").glob("*.yaml"))
        borrowed = {
            path: documents.get(path) or self._read(path) for path in shipped if path.name != _SIGNS
        }
        names = {path.stem for path in borrowed}
        for path in [path for path in documents if path.stem in names and path not in borrowed]:
            message = f"{path.stem} is the name of an emergency card, which is shown; rename it"
            self._add(path, message, "warning")
            del documents[path]
        return borrowed

    def _borrow(self, name: str, home: Path) -> Path:
        own = home / name
        return own if own.exists() else EMBEDDED_FAQ / name

    def _read_if_there(self, path: Path) -> Document:
        return self._read(path) if path.exists() else Document(path)

    def _read(self, path: Path) -> Document:
        document = read_yaml(path)
        self.problems += document.problems
        if path.is_file():
            inside = path.is_relative_to(self._root)
            name = os.fsencode(path.relative_to(self._root) if inside else path.name)
            self._hash.update(name + b"\0" + repr(document.data).encode() + b"\0")
        return document

    def _add(self, path: Path, message: str, level: Level = "error") -> None:
        self.problems.append(Problem(path, 1, level, message, "file"))

    def _entries(self, documents: Mapping[Path, Document | None]) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for path, document in documents.items():
            parsed = self._parse(document or self._read(path), EntryFile)
            if parsed is None:
                continue
            if not _ID.fullmatch(path.stem):
                message = "the file's name is the id: use small letters, digits and hyphens only"
                self._add(path, message, "warning")
            if path.stem in entries:
                first = entries[path.stem].path
                self._add(path, f"the name {path.stem} is taken by {first}; ids must differ")
                continue
            entries[path.stem] = _to_entry(path, self._root, parsed)
        return entries

    def _parse(self, document: Document, model: type[T]) -> T | None:
        if document.problems and document.data is None:
            return None
        try:
            return model.model_validate(document.data)
        except ValidationError as error:
            self.problems += explain(document, error, model)
            return None

    def _records(self, path: Path, model: type[T]) -> dict[str, T]:
        document = self._read_if_there(path)
        if document.data is None:
            return {}
        if not isinstance(document.data, dict):
            self._add(path, "must be a mapping: one `key:` a record, its fields below it")
            return {}
        records: dict[str, T] = {}
        for key, value in document.mapping.items():
            try:
                records[key] = model.model_validate(value)
            except ValidationError as error:
                self.problems += explain(document, error, model, (key,))
        return records

    def _sources(self, home: Path) -> dict[str, Source]:
        """Return the bibliography; borrowed emergency cards bring what they cite."""
        places = dict.fromkeys((home / "sources.yaml", self._root / "sources.yaml"))
        records = {k: r for path in places for k, r in self._records(path, SourceFile).items()}
        return {
            key: Source(key=key, **record.model_dump(exclude={"read", "verified"}))
            for key, record in records.items()
        }

    def _resources(self, path: Path) -> tuple[Resource, ...]:
        document = self._read(path)
        records: list[ResourceFile] = []
        items = document.data if isinstance(document.data, list) else []
        if not items and not document.problems:
            message = "must be a list of help lines: one `- id:` each, its fields below it"
            self._add(document.path, message)
        for i, item in enumerate(items):
            try:
                records.append(ResourceFile.model_validate(item))
            except ValidationError as error:
                self.problems += explain(document, error, ResourceFile, (i,))
        kept = set(Resource.__dataclass_fields__)
        return tuple(Resource(**r.model_dump(include=kept)) for r in records if r.ready_to_show)

    def _messages(self) -> dict[str, str]:
        reference = dict(_sentences(read_yaml(EMBEDDED_FAQ / "messages.yaml")))
        own = self._read(self._borrow("messages.yaml", self._root))
        if own.data is not None and not isinstance(own.data, dict):
            self._add(own.path, "must be sections with sentences below them, `name: sentence`")
        words: dict[str, str] = {}
        for place, value in _sentences(own):
            if fault := _sentence_fault(place, value, reference.get(place)):
                self.problems.append(own.problem(place, fault, "unknown-message"))
            else:
                words[".".join(place)] = str("" if value is None else value)
        shipped = {".".join(place): str(value or "") for place, value in reference.items()}
        for key in sorted(shipped.keys() - words.keys()):
            message = f"`{key}` is missing; the shipped wording is used"
            self.problems.append(own.problem((), message, "missing-message", "warning"))
        for key, other in same_names(command_words(shipped | words)):
            message = f"`{key}` and `{other}` have the same name; names must differ"
            self.problems.append(own.problem((SECTION, key), message, "commands"))
        return shipped | words

    def _translations(self, messages: Mapping[str, str]) -> dict[str, dict[str, str]]:
        path = self._borrow(_TRANSLATIONS, self._root)
        document = self._read_if_there(path)
        translations, faults = to_translations(document, command_words(messages))
        # Borrowed words that do not go with the folder's own are left out, and nobody's fault.
        self.problems += faults if path.is_relative_to(self._root) else []
        return translations

    def _pinned(self, entries: Mapping[str, Entry]) -> tuple[str, ...]:
        pinned, faults = to_pinned(self._read_if_there(self._root / _PINNED), entries)
        self.problems += faults
        return pinned

    def _things(self) -> dict[str, Thing]:
        things: dict[str, Thing] = {}
        known = {f"{stem}.yaml" for stem in (*VOCABULARY, "synonyms")}
        for path in sorted((self._root / "vocabulary").glob("*.y*ml")):
            if path.name not in known:
                self._add(path, f"is not read; the files here are {', '.join(sorted(known))}")
        for stem, kind in VOCABULARY.items():
            records = self._records(self._root / "vocabulary" / f"{stem}.yaml", ThingFile)
            for key, record in records.items():
                things[key] = Thing(
                    id=key,
                    kind=kind,
                    label=record.label,
                    names=tuple(record.names),
                    unsure=tuple(record.unsure),
                    parents=tuple(record.parents),
                    core=record.core,
                )
        return things

    def _strays(self) -> tuple[str, ...]:
        document = self._read_if_there(self._root / _STRAYS)
        if document.data is None:
            return ()
        try:
            return tuple(TypeAdapter(list[str]).validate_python(document.data))
        except ValidationError as error:
            loc = tuple(part for part in error.errors()[0]["loc"] if isinstance(part, int))
            message = "must be a list of messages, one `- words` a line; quote special signs"
            self.problems.append(document.problem(loc, message, "strays"))
            return ()

    def _synonyms(self) -> tuple[tuple[str, ...], ...]:
        path = self._root / "vocabulary" / "synonyms.yaml"
        if not path.exists():
            return ()
        document = self._read(path)
        try:
            groups = TypeAdapter(list[list[str]]).validate_python(document.data)
        except ValidationError:
            message = "must be a list of lists of words, the standard word first in each"
            self.problems.append(document.problem((), message, "synonyms"))
            return ()
        return tuple(tuple(group) for group in groups if len(group) > 1)


def _to_entry(path: Path, root: Path, parsed: EntryFile) -> Entry:
    answer = Answer(
        short=parsed.short,
        details=tuple(_to_section(section) for section in parsed.details),
        grade=parsed.grade or "",
        grade_why=parsed.grade_why,
        severity=parsed.severity or "",
        region=tuple(parsed.region),
        as_of=parsed.as_of,
        sources=tuple(parsed.sources),
        resources=tuple(cast("Iterable[str]", parsed.resources)),
    )
    return Entry(
        id=path.stem,
        group="" if path.parent == root else path.parent.name,
        title=parsed.title,
        ask=tuple(parsed.ask),
        answer=answer,
        about=frozenset(parsed.about),
        see_also=tuple(parsed.see_also),
        checked=parsed.checked,
        review_by=parsed.review_by,
        signed_by=parsed.signed_by,
        enabled=parsed.enabled,
        near_misses=tuple(near_miss.text for near_miss in parsed.near_misses),
        path=path,
    )


def _to_section(section: SectionFile) -> Section:
    return Section(section.heading, section.text)


def _sentence_fault(place: tuple[str, ...], value: object, shipped: object) -> str:
    """Return what is wrong with one sentence of messages.yaml, or nothing."""
    key = ".".join(place)
    if shipped is None:
        return f"nothing in the program says `{key}`; remove it or correct the name"
    if not isinstance(value, str | int | float | None):
        return f"`{key}` must be words; put them in quotes"
    strange = set(_BRACES.findall(str(value))) - set(_BRACES.findall(str(shipped)))
    if strange:
        return f"`{key}` holds {', '.join(sorted(strange))}, which nothing fills in; remove it"
    return refusal(place[1], str(value or "")) if place[0] == SECTION else ""


def _sentences(document: Document) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield the place of each message and what stands there."""
    for section, items in document.mapping.items():
        if isinstance(items, dict):
            yield from (((section, key), value) for key, value in items.items())
        else:
            yield (section,), items
