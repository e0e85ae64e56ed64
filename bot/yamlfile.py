"""Reads one YAML file with its line numbers, and explains surprises instead of falling into them.

PyYAML's parser (written in C where there is one) tells what comes next in the file; this module
turns that into plain data at once, and keeps for every value the line it stands on. What YAML would
do silently is a Problem here: keys given twice, aliases (which can grow a small file into
gigabytes), tabs, and the words yes, no, on and off, which YAML 1.1 takes for true and false.
"""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

import yaml

from bot.domain import Level, Problem

MAX_BYTES = 4_000_000
MAX_DEPTH = 50
Loc = tuple[str | int, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_BOOLEANS = {
    form: meaning
    for word, meaning in {"yes": "true", "on": "true", "true": "true",
                          "no": "false", "off": "false", "false": "false"}.items()
    for form in (word, word.title(), word.upper())
}  # fmt: skip
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
# Words of the parser's own complaint, and what a moderator needs to hear instead.
_SPECIAL = "a value begins with a special character; put the whole value in quotes"
_ADVICE = (
    ("scanning a quoted scalar", "a quote opens here and is never closed"),
    ("parsing a quoted scalar", "a \\ in double quotes means something to YAML; use single quotes"),
    ("scanning an a", _SPECIAL),
    ("cannot start", _SPECIAL),
    ("node content", _SPECIAL),
    ("scanning a block scalar", "words stand behind > or |; begin them on the next line"),
    ("nested too deeply", "lists and mappings are nested too deeply; write them flat"),
    ("another document", "`---` begins a second document; one file holds one"),
    (
        "mapping values are not allowed",
        'a ": " inside the words (put the whole value in quotes), or a line indented too far',
    ),
    ("expected ':'", "a key without its colon; write `key: value`"),
    (
        "parsing a block",
        "the indentation does not fit the lines above; items of one list start in one column",
    ),
)


@dataclass(slots=True)
class Document:
    """One YAML file as plain data.

    Attributes:
        path: The file, as shown.
        data: None, or dicts, lists, strings, ints, floats, bools and dates.
        lines: Line (from 1) of every value by its place, such as ("details", 0, "text").
        problems: What was wrong with the file as YAML.
    """

    path: Path
    data: object = None
    lines: dict[Loc, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def mapping(self) -> Mapping[str, object]:
        """The data if it is a mapping, else an empty one."""
        return cast("Mapping[str, object]", self.data) if isinstance(self.data, dict) else {}

    def line(self, loc: Loc) -> int:
        """Return the line of the value at `loc`, or of the nearest thing that holds it."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def problem(self, loc: Loc, message: str, rule: str, level: Level = "error") -> Problem:
        """Build a Problem that points at the value at `loc`."""
        return Problem(self.path, self.line(loc), level, message, rule)


def read_yaml(path: Path) -> Document:
    """Read `path`. Never raises: whatever is wrong stands in the Document's problems."""
    document = Document(path)
    text = _text(document)
    if text is None:
        return document
    try:
        data = _Reader(document, text).read()
        if all(problem.rule != "yaml-alias" for problem in document.problems):
            document.data = data
    except yaml.MarkedYAMLError as error:
        _fault(document, *_explain(error, text), "yaml")
    except yaml.YAMLError as error:
        _fault(document, 1, f"this is not YAML: {str(error).splitlines()[0]}", "yaml")
    return document


def _text(document: Document) -> str | None:
    try:
        raw = document.path.read_bytes()
    except OSError as error:
        _fault(document, 1, f"cannot be read: {error.strerror or error}", "unreadable")
        return None
    if len(raw) > MAX_BYTES:
        _fault(document, 1, f"larger than {MAX_BYTES:,} bytes; split it", "too-large")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        _fault(document, line, "has a character that is not UTF-8; save the file as UTF-8", "utf-8")
        return None


def _fault(document: Document, line: int, message: str, rule: str) -> None:
    document.problems.append(Problem(document.path, line, "error", message, rule))


def _explain(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """Return the line (from 1) and what is wrong there in a moderator's words."""
    said = f"{error.context or ''}; {error.problem or 'cannot be understood'}"
    mark = error.problem_mark or error.context_mark
    if error.context_mark and "end of stream" in said:
        mark = error.context_mark
    number = mark.line if mark else 0
    lines = text.splitlines()
    line = lines[number] if number < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())] or "\\t" in said or "a tab" in said:
        return number + 1, "a tab stands where spaces must; indent with two spaces"
    if "expected key" in said and re.search(r":\s+['\"{\[]", line):
        return number + 1, _SPECIAL + " (inside single quotes, write '' for an apostrophe)"
    advice = next((advice for words, advice in _ADVICE if words in said), None)
    unknown = f"cannot be read as YAML here: {error.problem}; check quotes, colons and indentation"
    return number + 1, advice or unknown


class _Reader:
    """Turns what the parser tells into plain data and writes down the lines."""

    def __init__(self, document: Document, text: str) -> None:
        self._document = document
        self._parser = _Loader(text)

    def read(self) -> object:
        """Return the data of the whole file.

        Raises:
            yaml.YAMLError: It is no YAML, is nested too deeply, or holds a second document.
        """
        self._next()  # the stream begins
        if not isinstance(self._next(), yaml.DocumentStartEvent):
            return None
        data = self._value(self._next(), ())
        self._next()  # the document ends
        if isinstance(event := self._next(), yaml.DocumentStartEvent):
            raise yaml.MarkedYAMLError(
                problem="another document", problem_mark=cast("Any", event.start_mark)
            )
        return data

    def _next(self) -> yaml.Event:
        event: yaml.Event = self._parser.get_event()
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            message = (
                "YAML anchors and aliases (& and *) are not used here; write the words out, "
                "or put them in quotes if they only begin with & or *"
            )
            self._fault(event, message, "yaml-alias")
        return event

    def _value(self, event: yaml.Event, loc: Loc) -> object:
        self._document.lines.setdefault(loc, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.AliasEvent):
            return None
        if len(loc) >= MAX_DEPTH:
            raise yaml.MarkedYAMLError(
                problem="nested too deeply", problem_mark=cast("Any", event.start_mark)
            )
        return self._mapping(loc) if isinstance(event, yaml.MappingStartEvent) else self._list(loc)

    def _list(self, loc: Loc) -> list[object]:
        items: list[object] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, (*loc, len(items))))
        return items

    def _mapping(self, loc: Loc) -> dict[str, object]:
        result: dict[str, object] = {}
        lines = self._document.lines
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._fault(event, "a key must be a plain word", "yaml-key")
                self._value(event, loc)
                self._value(self._next(), loc)
                continue
            key = str(event.value)
            if key == "<<" and event.implicit[0]:
                self._fault(event, "`<<` is not used here; write it out", "yaml-alias")
            place = (*loc, key)
            if key in result:
                first = lines[place]
                message = f"`{key}` stands here again (first on line {first}); keep one of them"
                self._fault(event, message, "duplicate-key")
            lines.setdefault(place, _line(event))
            result.setdefault(key, self._value(self._next(), place))
        return result

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        value = str(event.value)
        if not event.implicit[0]:  # in quotes, or with a tag
            return value
        if value in _NOTHING:
            return None
        if meaning := _BOOLEANS.get(value):
            if value.lower() == meaning:
                return meaning == "true"
            message = f"YAML reads {value} as {meaning}; write {meaning}, or '{value}' in quotes"
            self._fault(event, message, "yaml-boolean")
        if not value[-1].isdigit():
            return value
        if _INT.fullmatch(value):
            return int(value)
        if _DATE.fullmatch(value):
            with contextlib.suppress(ValueError):
                return date.fromisoformat(value)
        return value

    def _fault(self, event: yaml.Event, message: str, rule: str) -> None:
        _fault(self._document, _line(event), message, rule)


def _line(event: yaml.Event) -> int:
    mark: Any = event.start_mark
    return int(mark.line) + 1
