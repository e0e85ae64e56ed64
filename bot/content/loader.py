"""Loads a folder of content into a Library, and says everything that is wrong with it at once.

Loading never raises. A folder that brings no `messages.yaml`, `resources.yaml` or `urgent/`
borrows the shipped ones, so that triage and help lines are there whatever the folder holds.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.config import EMBEDDED_FAQ
from bot.content.faults import explain
from bot.content.schema import EntryFile, ResourceFile, SectionFile, SourceFile, ThingFile
from bot.content.signs import to_signs
from bot.domain import (
    Answer,
    Entry,
    Library,
    Problem,
    Resource,
    Section,
    Signs,
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
_SHARED = frozenset({"messages.yaml", "resources.yaml", "sources.yaml"})  # at the top only
_APART = frozenset({"vocabulary", "eval"})
_SIGNS = "signs.yaml"
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


class _Loading:
    """One pass over the folder; collects Problems on the way."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.problems: list[Problem] = []
        self._hash = hashlib.sha256()

    def load(self) -> Library:
        if not self._root.is_dir():
            self._add(self._root, "is not a folder; give the folder that holds the entries")
        documents = {path: self._read(path) for path in self._entry_paths()}
        entries = self._entries(documents)
        urgent = self._urgent(documents)
        entries = {e.id: e for e in self._entries(urgent).values()} | entries
        signs, faults = to_signs(
            self._read(self._borrow(f"urgent/{_SIGNS}")),
            {path.stem: document for path, document in urgent.items()},
        )
        self.problems += faults
        return Library(
            root=self._root,
            entries=entries,
            sources=self._sources(),
            resources=self._resources(),
            messages=self._messages(),
            things=self._things(),
            synonyms=self._synonyms(),
            signs=signs if urgent else Signs(),
            version=self._hash.hexdigest()[:12],
        )

    def _entry_paths(self) -> list[Path]:
        paths = []
        for path in sorted(self._root.rglob("*")):
            inside = path.relative_to(self._root).parts
            if not path.is_file() or inside[0] in _APART or path.name.startswith("."):
                continue
            if path.suffix == ".yml":
                self._add(path, f"ends in .yml and is not read; rename it to {path.stem}.yaml")
            elif path.suffix == ".yaml" and "/".join(inside) not in _SHARED | {f"urgent/{_SIGNS}"}:
                paths.append(path)
        return paths

    def _urgent(self, documents: Mapping[Path, Document]) -> dict[Path, Document]:
        own = {path: d for path, d in documents.items() if path.parent.name == "urgent"}
        if own or self._root == EMBEDDED_FAQ:
            return own
        shipped = sorted((EMBEDDED_FAQ / "urgent").glob("*.yaml"))
        return {path: self._read(path) for path in shipped if path.name != _SIGNS}

    def _borrow(self, name: str) -> Path:
        own = self._root / name
        return own if own.exists() else EMBEDDED_FAQ / name

    def _read(self, path: Path) -> Document:
        document = read_yaml(path)
        self.problems += document.problems
        if path.is_file():
            self._hash.update(path.name.encode() + b"\0" + repr(document.data).encode() + b"\0")
        return document

    def _add(self, path: Path, message: str) -> None:
        self.problems.append(Problem(path, 1, "error", message, "file"))

    def _entries(self, documents: Mapping[Path, Document]) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for path, document in documents.items():
            parsed = self._parse(document, EntryFile)
            if parsed is None:
                continue
            if path.stem in entries:
                first = entries[path.stem].path
                self._add(path, f"the name {path.stem} is taken by {first}; ids must differ")
                continue
            entries[path.stem] = _to_entry(path, self._root, parsed)
        return entries

    def _parse(self, document: Document, model: type[T]) -> T | None:
        if document.problems:
            return None
        try:
            return model.model_validate(document.data)
        except ValidationError as error:
            self.problems += explain(document, error, model)
            return None

    def _records(self, path: Path, model: type[T]) -> dict[str, T]:
        document = self._read(path) if path.exists() else Document(path)
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

    def _sources(self) -> dict[str, Source]:
        records = self._records(self._root / "sources.yaml", SourceFile)
        return {
            key: Source(key=key, **record.model_dump(exclude={"read", "verified"}))
            for key, record in records.items()
        }

    def _resources(self) -> tuple[Resource, ...]:
        document = self._read(self._borrow("resources.yaml"))
        records: list[ResourceFile] = []
        for i, item in enumerate(document.data if isinstance(document.data, list) else []):
            try:
                records.append(ResourceFile.model_validate(item))
            except ValidationError as error:
                self.problems += explain(document, error, ResourceFile, (i,))
        kept = {
            "id",
            "country",
            "kind",
            "name",
            "phone",
            "text",
            "url",
            "hours",
            "audience",
            "note",
        }
        return tuple(Resource(**r.model_dump(include=kept)) for r in records if r.ready_to_show)

    def _messages(self) -> dict[str, str]:
        reference = _flatten(read_yaml(EMBEDDED_FAQ / "messages.yaml").mapping)
        path = self._borrow("messages.yaml")
        own = self._read(path)
        words = _flatten(own.mapping)
        for key in words.keys() - reference.keys():
            place = tuple(key.split(".", 1))
            message = f"nothing in the program says `{key}`; remove it or correct the name"
            self.problems.append(own.problem(place, message, "unknown-message"))
        for key in reference.keys() - words.keys():
            message = f"`{key}` is missing; the shipped wording is used"
            self.problems.append(own.problem((), message, "missing-message", "warning"))
        return reference | words

    def _things(self) -> dict[str, Thing]:
        things: dict[str, Thing] = {}
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
    region = parsed.region if isinstance(parsed.region, list) else [parsed.region]
    answer = Answer(
        short=parsed.short,
        details=tuple(_to_section(section) for section in parsed.details),
        grade=parsed.grade or "",
        grade_why=parsed.grade_why,
        severity=parsed.severity or "",
        region=tuple(region),
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


def _flatten(mapping: Mapping[str, object]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for section, items in mapping.items():
        for key, value in cast("Mapping[str, object]", items or {}).items():
            flat[f"{section}.{key}"] = "" if value is None else str(value)
    return flat
