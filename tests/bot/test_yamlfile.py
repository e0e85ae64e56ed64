"""YAML files as moderators write them, and every surprise YAML keeps for them."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.yamlfile import MAX_BYTES, Document, read_yaml


def read(folder: Path, content: str | bytes) -> Document:
    """Write `content` to a file and read it."""
    path = folder / "entry.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_yaml(path)


def only_problem(document: Document) -> tuple[int, str, str]:
    """Return line, rule and message of the one Problem there must be."""
    assert [p.level for p in document.problems] == ["error"]
    problem = document.problems[0]
    assert problem.path == document.path
    return problem.line, problem.rule, problem.message


def test_reads_plain_data_without_problems(tmp_path: Path) -> None:
    """Lists, mappings and words come out as they stand."""
    document = read(tmp_path, "title: Tea & biscuits\nask:\n  - is *tea* ok\n  - 'no'\n")
    assert document.problems == []
    assert document.mapping == {"title": "Tea & biscuits", "ask": ["is *tea* ok", "no"]}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("911", 911),
        ("-3", -3),
        ("0", 0),
        ("0800", "0800"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("+44 116 123", "+44 116 123"),
        ("12345678901234567890", "12345678901234567890"),
        ("1.5", "1.5"),
        ("2026-11-22", date(2026, 11, 22)),
        ("2026-02-30", "2026-02-30"),
        ("2026-13-40", "2026-13-40"),
        ("2026-11-22T10:00:00", "2026-11-22T10:00:00"),
        ("'2026-11-22'", "2026-11-22"),
        ("true", True),
        ("False", False),
        ("y", "y"),
        ("~", None),
        ("", None),
        ("''", ""),
        ("!!python/name:os.system x", "x"),
    ],
)
def test_keeps_values_as_a_reader_sees_them(tmp_path: Path, typed: str, value: object) -> None:
    """Phone numbers keep their zeros, dates are dates, and no tag runs anything."""
    document = read(tmp_path, f"value: {typed}\n")
    assert document.problems == []
    assert document.mapping["value"] == value
    assert type(document.mapping["value"]) is type(value)


def test_knows_the_line_of_every_nested_value(tmp_path: Path) -> None:
    """A fault deep in a file is shown on its own line; a missing field on its holder's."""
    document = read(
        tmp_path,
        "# a comment\ntitle: x\ndetails:\n  - heading: a\n    text: >-\n      long\n"
        "      words\n  - heading: b\n    text: c\nask: [one,\n  two]\n",
    )
    expected = {
        ("title",): 2,
        ("details",): 3,
        ("details", 0): 4,
        ("details", 0, "text"): 5,
        ("details", 1, "heading"): 8,
        ("details", 1, "missing"): 8,
        ("ask", 0): 10,
        ("ask", 1): 11,
        ("nowhere", 3): 2,
    }
    assert {loc: document.line(loc) for loc in expected} == expected


@pytest.mark.parametrize(
    ("content", "line", "rule", "told"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "duplicate-key", "first on line 1"),
        ("x:\n  - a: 1\n    a: 2\n", 3, "duplicate-key", "first on line 2"),
        ("'a': 1\na: 2\n", 2, "duplicate-key", "keep one"),
        ("a:\n\tb: 1\n", 2, "yaml", "a tab stands where spaces must"),
        ("a:\n  - x\n\t- y\n", 3, "yaml", "a tab stands where spaces must"),
        ("a: >-\n  x\n\ty\n", 3, "yaml", "a tab stands where spaces must"),
        ("a: no\n", 1, "yaml-boolean", "or 'no' in quotes"),
        ("a:\n  - x\n  - On\n", 3, "yaml-boolean", "or 'On' in quotes"),
        ("a: [yes]\n", 1, "yaml-boolean", "write true, or 'yes' in quotes"),
        ("a: &b\n", 1, "yaml-alias", "write the words out"),
        ("c:\n  <<: {d: 1}\n", 2, "yaml-alias", "write it out"),
        ("a: 1\n? [x]\n: 2\n", 2, "yaml-key", "a plain word"),
        (b"a: 1\nb: caf\xe9\n", 2, "utf-8", "save the file as UTF-8"),
        ("a: é\n".encode("utf-16"), 1, "utf-8", "save the file as UTF-8"),
        (b"a: \xed\xa0\x80\n", 1, "utf-8", "save the file as UTF-8"),
        (b"a: x\x00\n", 1, "yaml", "control characters"),
        (b"a" * (MAX_BYTES + 1), 1, "too-large", "split it"),
        ("a: hi: there\n", 1, "yaml", "the whole value in quotes"),
        ("a: 1\n  b: 2\n", 2, "yaml", "indented too far"),
        ("a: @home\n", 1, "yaml", "special character; put the whole value in quotes"),
        ("a: 1\nb: * hi\n", 2, "yaml", "special character; put the whole value in quotes"),
        ("a: {name} says\n", 1, "yaml", "special character; put the whole value in quotes"),
        ("a: 'it's'\n", 1, "yaml", "write '' for an apostrophe"),
        ("a: 'x\nb: 1\nc: 2\n", 1, "yaml", "a quote opens here and is never closed"),
        ('a: "x\\q"\n', 1, "yaml", "use single quotes"),
        ("a: >- words\n", 1, "yaml", "begin them on the next line"),
        ("a:\n  b: 1\n c: 2\n", 3, "yaml", "the indentation does not fit"),
        ("- a\nb: 1\n", 2, "yaml", "the indentation does not fit"),
        ("a: 1\nb\nc: 2\n", 3, "yaml", "a key without its colon"),
        ("a: 1\n---\nb: 2\n", 2, "yaml", "one file holds one"),
        ("a: [x\nb: 1\n", 2, "yaml", "check quotes, colons and indentation"),
    ],
)
def test_explains_fault_on_its_line(
    tmp_path: Path, content: str | bytes, line: int, rule: str, told: str
) -> None:
    """Each fault says in plain words what to do, and where."""
    found_line, found_rule, message = only_problem(read(tmp_path, content))
    assert (found_line, found_rule) == (line, rule)
    assert told in message


def test_reports_every_trap_of_a_file_at_once(tmp_path: Path) -> None:
    """A moderator mends a file once, not once for each fault."""
    document = read(tmp_path, "a: no\nb: 1\nb: 2\nc: yes\nd: &e\n")
    found = [(p.line, p.rule) for p in document.problems]
    booleans = [(1, "yaml-boolean"), (4, "yaml-boolean")]
    assert sorted(found) == sorted([*booleans, (3, "duplicate-key"), (5, "yaml-alias")])


def test_keeps_words_that_look_like_booleans(tmp_path: Path) -> None:
    """The Problem is told, and the value is still what was typed."""
    assert read(tmp_path, "a: no\n").mapping["a"] == "no"
    assert read(tmp_path, "no: 1\non: 2\n").mapping == {"no": 1, "on": 2}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_counts_lines_whatever_ends_them(tmp_path: Path, ending: str) -> None:
    """Files from Windows are read like all others."""
    assert only_problem(read(tmp_path, f"a: 1{ending}b: no{ending}"))[0] == 2


def test_skips_byte_order_mark(tmp_path: Path) -> None:
    """Some editors write one; it is no part of the first key."""
    document = read(tmp_path, b"\xef\xbb\xbftitle: x\n")
    assert document.mapping == {"title": "x"}
    assert document.problems == []


@pytest.mark.parametrize("content", ["", "# only a comment\n"])
def test_reads_nothing_as_nothing(tmp_path: Path, content: str) -> None:
    """An empty file is no fault of YAML's; whoever needs fields says so."""
    document = read(tmp_path, content)
    assert (document.data, document.mapping, document.problems) == (None, {}, [])
    assert document.line(("anything",)) == 1


def test_names_the_reason_when_a_file_cannot_be_read(tmp_path: Path) -> None:
    """A missing file and a folder in its place are Problems, not exceptions."""
    missing, folder = read_yaml(tmp_path / "gone.yaml"), read_yaml(tmp_path)
    assert only_problem(missing)[1:] == ("unreadable", "cannot be read: No such file or directory")
    assert only_problem(folder)[1:] == ("unreadable", "cannot be read: Is a directory")


def bomb() -> str:
    """Return a few lines that would grow to ten thousand million words."""
    lines = ["a: &a [lol]"]
    for new, old in zip("bcdefghijk", "abcdefghij", strict=True):
        lines.append(f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (bomb(), "yaml-alias"),
        ("[" * 100_000 + "]" * 100_000, "yaml"),
        ("{a: " * 50_000, "yaml"),
        ("- " * 100_000 + "x", "yaml"),
        ("".join(" " * i + "a:\n" for i in range(500)), "yaml"),
    ],
    ids=["aliases", "brackets", "braces", "lists in lists", "indentation"],
)
def test_refuses_what_would_grow_or_sink_without_end(
    tmp_path: Path, content: str, rule: str
) -> None:
    """A small file can take neither memory nor the program down."""
    start = time.perf_counter()
    document = read(tmp_path, content)
    assert time.perf_counter() - start < 1
    assert document.data is None
    assert {p.rule for p in document.problems} == {rule}


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_never_raises_whatever_the_bytes(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Any bytes give data or a Problem on a line of the file."""
    document = read(tmp_path_factory.getbasetemp(), content)
    last = content.count(b"\n") + content.count(b"\r") + content.count(b"\xc2\x85") + 2
    assert all(1 <= p.line <= last + content.count(b"\xe2\x80") for p in document.problems)


YAMLISH = st.text("ab01 \n\t-:#&*!|>'\"%@`{}[],?<~=._", max_size=80)


@given(YAMLISH)
def test_never_raises_for_what_resembles_yaml(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    """YAML's own signs in any order give data or a Problem."""
    document = read(tmp_path_factory.getbasetemp(), content)
    assert document.problems or document.data is None or document.lines
