"""Reads one YAML file with its line numbers, and explains surprises instead of falling into them.

PyYAML reads the file into nodes; this module turns the nodes into plain data and keeps, for every
value, the line it stands on. What YAML would do silently is a Problem here: keys given twice,
aliases (which can grow a small file into gigabytes), tabs, and the words yes, no, on and off,
which YAML 1.1 takes for true and false.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

import yaml

from bot.domain import Level, Problem

MAX_BYTES = 4_000_000
MAX_DEPTH = 50
Loc = tuple[str | int, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TAG = "tag:yaml.org,2002:"
# Words of the parser's own complaint, and what a moderator needs to hear instead.
_SPECIAL = "a value begins with a special character; put the whole value in quotes"
_ADVICE = (
    ("scanning a quoted scalar", "a quote opens here and is never closed"),
    ("parsing a quoted scalar", "a \\ in double quotes means something to YAML; use single quotes"),
    ("scanning an a", _SPECIAL),
    ("cannot start", _SPECIAL),
    ("node content", _SPECIAL),
    ("scanning a block scalar", "words stand behind > or |; begin them on the next line"),
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
        if _refuse_traps(document, text):
            return document
        root = yaml.compose(text, Loader=_Loader)
        if root is not None:
            document.data = _Reader(document).read(root, ())
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


def _refuse_traps(document: Document, text: str) -> bool:
    """Report aliases and bottomless nesting, before anything recurses into them."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            # The parser written in C crashes the whole program some thousand levels down.
            _fault(
                document, line, "lists and mappings are nested too deeply; write them flat", "yaml"
            )
            return True
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = (
                "YAML anchors and aliases (& and *) are not used here; write the words out, "
                "or put them in quotes if they only begin with & or *"
            )
            _fault(document, line, message, "yaml-alias")
    return bool(document.problems)


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
    """Turns nodes into plain data and writes down their lines."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def read(self, node: yaml.Node, loc: Loc) -> object:
        self._document.lines.setdefault(loc, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*loc, i)) for i, item in enumerate(node.value)]
        return self._scalar(cast("yaml.ScalarNode", node))

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, object]:
        result: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                _fault(self._document, line, "a key must be a plain word", "yaml-key")
                continue
            key = str(key_node.value)
            if key_node.tag == f"{_TAG}merge":
                _fault(self._document, line, "`<<` is not used here; write it out", "yaml-alias")
            if key in result:
                first = self._document.lines[(*loc, key)]
                message = f"`{key}` stands here again (first on line {first}); keep one of them"
                _fault(self._document, line, message, "duplicate-key")
                continue
            self._document.lines[(*loc, key)] = line
            result[key] = self.read(value_node, (*loc, key))
        return result

    def _scalar(self, node: yaml.ScalarNode) -> object:
        value = str(node.value)
        kind = node.tag.removeprefix(_TAG)
        if kind == "bool" and value.lower() not in {"true", "false"}:
            line = node.start_mark.line + 1
            read = "true" if value.lower() in {"yes", "on"} else "false"
            message = f"YAML reads {value} as {read}; write {read}, or '{value}' in quotes"
            _fault(self._document, line, message, "yaml-boolean")
            return value
        if kind == "bool":
            return value.lower() == "true"
        if kind == "null":
            return None
        if kind == "int" and _INT.fullmatch(value):
            return int(value)
        if kind == "timestamp" and _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                return value
        return value
