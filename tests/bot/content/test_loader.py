"""Folders of content, whole and broken: what is loaded, and what is told."""

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.content.schema import EntryFile
from bot.domain import Library, Problem, Thing
from tests.conftest import TINY_FAQ

BARE = "title: A title\nask:\n  - what is it\nshort: It is this.\n"
Folder = Callable[[Mapping[str, str]], Path]


def write_files(root: Path, files: Mapping[str, str]) -> Path:
    """Write files, given by their paths, into one folder."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root


@pytest.fixture
def bare(tmp_path: Path) -> Folder:
    """Return a function that writes files into a folder of their own."""
    (tmp_path / "bare").mkdir()
    return partial(write_files, tmp_path / "bare")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a function that writes files beside the tiny emergency cards (quick to load)."""
    shutil.copytree(TINY_FAQ / "urgent", tmp_path / "faq" / "urgent")
    return partial(write_files, tmp_path / "faq")


def told(root: Path, problems: list[Problem]) -> list[tuple[str, int, str, str]]:
    """Return path, line, level and message of the Problems of the folder's own files."""
    return [
        (str(p.path.relative_to(root)), p.line, p.level, p.message)
        for p in sorted(problems, key=lambda p: (str(p.path), p.line))
        if p.path.is_relative_to(root) and p.rule != "missing-message"
    ]


def test_loads_every_part_of_an_entry(tiny_library: Library) -> None:
    """What stands in the file stands in the Entry; the id is the name, the group the folder."""
    entry = tiny_library.entries["lithium"]
    assert (entry.id, entry.group, entry.title) == (
        "lithium",
        "contraindications",
        "Lithium and psychedelics",
    )
    assert entry.path == TINY_FAQ / "contraindications" / "lithium.yaml"
    assert entry.ask[1] == "lithium and shrooms"
    assert entry.about == {"lithium"}
    assert entry.see_also == ("lamotrigine", "medicine-not-listed")
    assert (entry.checked, entry.review_by) == (date(2026, 1, 10), date(2026, 7, 10))
    assert (entry.signed_by, entry.enabled) == ("", True)
    answer = entry.answer
    assert (answer.severity, answer.grade) == ("avoid", "moderate")
    assert answer.short == "Please avoid this mix. Reports tell of seizures [jones2021]."
    assert answer.details[0].text.endswith("[a page](https://example.org/lithium).")
    assert (answer.sources, answer.resources) == (
        ("jones2021", "smith2020"),
        ("emergency", "poison"),
    )
    law = tiny_library.entries["legal-uk"].answer
    assert (law.region, law.as_of) == (("GB",), date(2026, 1, 10))


def test_loads_vocabulary_sources_help_lines_and_signs(tiny_library: Library) -> None:
    """Each kind of file ends up where the engine looks for it."""
    assert tiny_library.things["lamotrigine"] == Thing(
        id="lamotrigine",
        kind="medicine",
        label="lamotrigine (Lamictal)",
        names=("lamotrigine", "lamictal"),
        parents=("anticonvulsant",),
    )
    assert tiny_library.things["lsd"].core
    assert tiny_library.things["lsd"].unsure == ("tabs",)
    assert tiny_library.things["gb"].kind == "place"
    assert tiny_library.synonyms[1] == ("legal", "lawful", "allowed")
    assert tiny_library.sources["smith2020"].address == "https://doi.org/10.1234/example.2020"
    assert not tiny_library.sources["hidden2011"].display
    phones = {resource.id: resource.phone for resource in tiny_library.resources}
    assert phones["us-emergency"] == "911"
    assert phones["gb-crisis-1"] == "0800 111"
    assert [sign.id for sign in tiny_library.signs.signs][:2] == ["collapsed", "chest"]


def test_never_shows_a_help_line_before_it_is_ready(tiny_library: Library) -> None:
    """A number that nobody has checked does not even enter the Library."""
    assert "us-poison" not in {resource.id for resource in tiny_library.resources}


def test_borrows_what_a_bare_folder_lacks(bare: Folder) -> None:
    """Messages, help lines and triage are there whatever the folder holds."""
    root = bare({"one.yaml": BARE, "two.yaml": BARE, "README.md": "# not read"})
    library, problems = load_library(root)
    assert told(root, problems) == []
    assert {entry.id for entry in library.entries.values() if entry.group == ""} == {"one", "two"}
    assert library.messages["reply.fallback"]
    assert {"INT", "GB"} <= {resource.country for resource in library.resources}
    shipped = load_library(EMBEDDED_FAQ)[0]
    assert library.signs == shipped.signs
    assert {e.id for e in shipped.entries.values() if e.group == "urgent"} <= set(library.entries)


def test_keeps_emergency_cards_apart_from_entries_of_the_same_name(bare: Folder) -> None:
    """A folder cannot put its own words into an emergency card by accident."""
    cards = [path.stem for path in (EMBEDDED_FAQ / "urgent").glob("*.yaml") if path.stem != "signs"]
    for place in ("risks", "urgent"):
        root = bare({f"{place}/{card}.yaml": BARE for card in cards})
        library, problems = load_library(root)
        assert all(library.entries[card].path.is_relative_to(EMBEDDED_FAQ) for card in cards)
        assert [level for _, _, level, _ in told(root, problems)] == ["warning"] * len(cards)
        for card in cards:
            (root / place / f"{card}.yaml").unlink()


def test_shipped_wording_fills_in_for_missing_messages(folder: Folder) -> None:
    """A community rewords the sentences it cares about, and is told of the rest."""
    words = "reply:\n  sources: Read on\n  related: 7\n  fallback_title:\n"
    root = folder({"messages.yaml": words})
    library, problems = load_library(root)
    assert library.messages["reply.sources"] == "Read on"
    assert library.messages["reply.related"] == "7"
    assert library.messages["reply.fallback_title"] == ""
    assert library.messages["check.title"]
    missing = [p for p in problems if p.rule == "missing-message"]
    assert {p.level for p in missing} == {"warning"}
    assert "`check.title` is missing; the shipped wording is used" in {p.message for p in missing}


def test_missing_folder_is_a_problem(tmp_path: Path) -> None:
    """A slip in the path is told, and there is nothing to answer from."""
    library, problems = load_library(tmp_path / "nowhere")
    assert [p.message for p in problems if p.path == tmp_path / "nowhere"] == [
        "is not a folder; give the folder that holds the entries"
    ]
    assert all(entry.group == "urgent" for entry in library.entries.values())


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"a.yml": BARE},
            ("a.yml", 1, "error", "ends in .yml and is not read; rename it to a.yaml"),
        ),
        (
            {"a.YAML": BARE},
            ("a.YAML", 1, "error", "ends in .YAML and is not read; rename it to a.yaml"),
        ),
        (
            {"My Entry.yaml": BARE},
            ("My Entry.yaml", 1, "warning", "the file's name is the id: use small letters"),
        ),
        (
            {"a/x.yaml": BARE, "b/x.yaml": BARE},
            ("b/x.yaml", 1, "error", "the name x is taken by "),
        ),
        (
            {"vocabulary/drugs.yaml": "a: {label: A}\n"},
            ("vocabulary/drugs.yaml", 1, "error", "is not read; the files here are conditions.y"),
        ),
        ({"a.yaml": ""}, ("a.yaml", 1, "error", "the file must be fields, one `name: value`")),
        ({"a.yaml": "- x\n"}, ("a.yaml", 1, "error", "the file must be fields, one `name: v")),
        (
            {"a.yaml": "title: T\nask: [x]\n"},
            ("a.yaml", 1, "error", "`short` is missing; add it"),
        ),
        (
            {"a.yaml": f"{BARE}deteils: []\n"},
            ("a.yaml", 5, "error", "there is no field `deteils`; did you mean `details`?"),
        ),
        (
            {"a.yaml": f"{BARE}colour: red\n"},
            ("a.yaml", 5, "error", "there is no field `colour`; known fields: title, ask, about"),
        ),
        (
            {"a.yaml": f"{BARE}details:\n  - heading: h\n    txt: t\n"},
            ("a.yaml", 7, "error", "there is no field `details.0.txt`; did you mean `text`?"),
        ),
        (
            {"a.yaml": f"{BARE}details:\n  - heading: h\n    text: t\n  - text: u\n"},
            ("a.yaml", 8, "error", "`details.1.heading` is missing; add it"),
        ),
        (
            {"a.yaml": BARE.replace("A title", "T" * 76)},
            ("a.yaml", 1, "error", "`title` has 76 characters; at most 75 fit, so shorten it"),
        ),
        (
            {"a.yaml": BARE + "details:" + "\n  - {heading: h, text: t}" * 6},
            ("a.yaml", 5, "error", "`details` has too many items; at most 5"),
        ),
        (
            {"a.yaml": "title: ' '\nask: [x]\nshort: y\n"},
            ("a.yaml", 1, "error", "`title` is empty; write something or remove the field"),
        ),
        (
            {"a.yaml": "title: T\nask: one question\nshort: y\n"},
            ("a.yaml", 2, "error", "`ask` must be a list: one `- item` a line"),
        ),
        (
            {"a.yaml": "title: T\nask: [x]\nshort: [y]\n"},
            ("a.yaml", 3, "error", "`short` must be words; put them in quotes"),
        ),
        (
            {"a.yaml": f"{BARE}checked: soon\n"},
            ("a.yaml", 5, "error", "`checked` must be a date such as 2026-11-22"),
        ),
        (
            {"a.yaml": f"{BARE}review_by: 2026-02-30\n"},
            ("a.yaml", 5, "error", "`review_by` must be a date such as 2026-11-22"),
        ),
        (
            {"a.yaml": f"{BARE}enabled: perhaps\n"},
            ("a.yaml", 5, "error", "`enabled` must be true or false"),
        ),
        (
            {"a.yaml": f"{BARE}severity: safe\n"},
            ("a.yaml", 5, "error", "`severity` is 'safe'; it must be one of 'avoid', 'caution'"),
        ),
        (
            {"a.yaml": f"{BARE}resources: [crisis, hugs]\n"},
            ("a.yaml", 5, "error", "`resources.1` is 'hugs'; it must be one of 'emergency'"),
        ),
        (
            {"a.yaml": f"{BARE}region: [GB, uk]\n"},
            ("a.yaml", 5, "error", "`region.1` is 'uk'; write a code in capitals, such as GB or"),
        ),
        (
            {"a.yaml": f"{BARE}about: [St Johns]\n"},
            ("a.yaml", 5, "error", "`about.0` is 'St Johns'; use small letters and digits, with"),
        ),
        (
            {"messages.yaml": "reply:\n  falback: x\n"},
            ("messages.yaml", 2, "error", "nothing in the program says `reply.falback`; remove"),
        ),
        (
            {"messages.yaml": "reply: hello\n"},
            ("messages.yaml", 1, "error", "nothing in the program says `reply`; remove it or"),
        ),
        (
            {"messages.yaml": "- hello\n"},
            ("messages.yaml", 1, "error", "must be sections with sentences below them"),
        ),
        (
            {"messages.yaml": "reply:\n  related: [a, b]\n"},
            ("messages.yaml", 2, "error", "`reply.related` must be words; put them in quotes"),
        ),
        (
            {"messages.yaml": "reply:\n  help_here: 'Help in {land}'\n"},
            ("messages.yaml", 2, "error", "`reply.help_here` holds {land}, which nothing fills"),
        ),
        (
            {"resources.yaml": "samaritans: {phone: 116 123}\n"},
            ("resources.yaml", 1, "error", "must be a list of help lines"),
        ),
        ({"resources.yaml": ""}, ("resources.yaml", 1, "error", "must be a list of help lines")),
        (
            {"resources.yaml": "- id: a\n  country: GBR\n"},
            ("resources.yaml", 2, "error", "`country` is 'GBR'; write a code of two capitals"),
        ),
        (
            {"resources.yaml": "- 0800 111\n"},
            ("resources.yaml", 1, "error", "the record must be fields, one `name: value` a line"),
        ),
        (
            {"sources.yaml": "- title: x\n"},
            ("sources.yaml", 1, "error", "must be a mapping: one `key:` a record"),
        ),
        (
            {"sources.yaml": "a2020:\n  title: x\n  doi: https://doi.org/10.1/x\n"},
            ("sources.yaml", 3, "error", "`doi` is 'https://doi.org/10.1/x'; write the bare num"),
        ),
        (
            {"sources.yaml": "a2020:\n  title: x\n  year: 20\n"},
            ("sources.yaml", 3, "error", "`year` input should be greater than or equal to 1900"),
        ),
        (
            {"vocabulary/places.yaml": "no:\n  label: Norway\n  name: [norway]\n"},
            ("vocabulary/places.yaml", 3, "error", "there is no field `name`; did you mean `name"),
        ),
        (
            {"strays.yaml": "- nice weather\n- [a, b]\n"},
            ("strays.yaml", 2, "error", "must be a list of messages, one `- words` a line"),
        ),
        (
            {"vocabulary/synonyms.yaml": "legal: lawful\n"},
            ("vocabulary/synonyms.yaml", 1, "error", "must be a list of lists of words, the stan"),
        ),
    ],
)
def test_names_file_line_and_remedy(
    folder: Folder, files: Mapping[str, str], problem: tuple[str, int, str, str]
) -> None:
    """Every fault says which file and line, what is wrong and what to do about it."""
    root = folder(files)
    _, problems = load_library(root)
    *where, message = problem
    found = [
        (p, line, level) for p, line, level, m in told(root, problems) if m.startswith(message)
    ]
    assert found == [tuple(where)]


def test_tells_every_problem_at_once_and_once(folder: Folder) -> None:
    """No fault hides another, be it in the same file, of YAML or in another file."""
    urgent = f"{BARE}signs:\n  - {{id: a, patterns: [help], examples: [help]}}\nfoo: 1\n"
    root = folder(
        {
            "a.yaml": "title: no\ntitle: T\nshot: x\ngrade: good\n",
            "b.yaml": "a:\tb: c\n",
            "urgent/c.yaml": urgent,
            "sources.yaml": "x: {}\ny: {year: old}\n",
        }
    )
    lines = [(path, line) for path, line, _, _ in told(root, load_library(root)[1])]
    assert lines == [
        ("a.yaml", 1),
        ("a.yaml", 1),
        ("a.yaml", 2),
        ("a.yaml", 3),
        ("a.yaml", 4),
        ("b.yaml", 1),
        ("sources.yaml", 1),
        ("sources.yaml", 2),
        ("sources.yaml", 2),
        ("urgent/c.yaml", 7),
    ]


def test_a_broken_file_takes_no_other_with_it(folder: Folder) -> None:
    """What can be read is loaded beside what cannot."""
    library, _ = load_library(folder({"a.yaml": "title: [\n", "b.yaml": BARE}))
    assert {entry.id for entry in library.entries.values() if entry.group != "urgent"} == {"b"}


def test_passes_over_hidden_folders(folder: Folder) -> None:
    """A volume of Kubernetes holds every file a second time in a hidden folder."""
    root = folder({"a.yaml": BARE, "..2026_01_10/a.yaml": BARE, ".git/b.yaml": "{", ".c.yaml": "{"})
    library, problems = load_library(root)
    assert told(root, problems) == []
    assert "a" in library.entries


def test_borrowed_cards_bring_the_sources_they_cite(bare: Folder) -> None:
    """Nothing in a borrowed emergency card is a dead end."""
    root = bare({"a.yaml": BARE, "sources.yaml": "own: {title: Our own source}\n"})
    library, _ = load_library(root)
    cited = {key for entry in library.entries.values() for key in entry.answer.sources}
    assert {"own", *cited} <= set(library.sources)


def test_keeps_an_entry_that_is_switched_off(folder: Folder) -> None:
    """It stays in the Library, so that nothing else complains that it is gone."""
    library, _ = load_library(folder({"a.yaml": f"{BARE}enabled: false\n"}))
    assert not library.entries["a"].enabled


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("basics/a.yaml", BARE.replace("this", "that")),
        ("basics/b.yaml", BARE),
        ("risks/a.yaml", BARE),
        ("sources.yaml", "x: {title: X}\n"),
        ("vocabulary/places.yaml", "gb: {label: UK}\n"),
        ("vocabulary/synonyms.yaml", "- [a, b]\n"),
        ("messages.yaml", "reply: {related: Less}\n"),
        ("resources.yaml", "[]\n"),
        ("urgent/signs.yaml", "turns: [however]\n"),
        ("urgent/x.yaml", f"{BARE}signs: [{{id: a, patterns: [help], examples: [help]}}]\n"),
    ],
)
def test_version_changes_with_the_content(folder: Folder, path: str, content: str) -> None:
    """Whatever is edited, moved or added, the version is another one."""
    root = folder({"basics/a.yaml": BARE})
    before = load_library(root)[0].version
    if path == "risks/a.yaml":
        (root / "basics" / "a.yaml").unlink()
    assert load_library(folder({path: content}))[0].version != before


def test_version_is_the_same_for_the_same_content(folder: Folder) -> None:
    """A comment, or a copy in another place, is the same content."""
    root = folder({"basics/a.yaml": BARE})
    version = load_library(root)[0].version
    assert len(version) == 12
    copy = Path(shutil.copytree(root, root.parent / "copy"))
    folder({"basics/a.yaml": f"# a comment\n{BARE}"})
    assert load_library(copy)[0].version == load_library(root)[0].version == version


def test_reads_a_file_whose_name_is_not_utf8(folder: Folder) -> None:
    """Not even a name from another decade's computer stops the loading."""
    root = folder({})
    try:
        (root / "caf\udce9.yaml").write_text(BARE, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    assert "caf\udce9" in load_library(root)[0].entries


FILES = (
    "a.yaml",
    "risks/b.yaml",
    "urgent/c.yaml",
    "urgent/signs.yaml",
    "messages.yaml",
    "resources.yaml",
    "sources.yaml",
    "vocabulary/places.yaml",
    "vocabulary/synonyms.yaml",
)
KEYS = (*EntryFile.model_fields, "reply", "words", "guards", "id", "patterns", "precedence", "is")
SCALARS = st.none() | st.booleans() | st.integers() | st.text("ab <>()[]|!*.#-", max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text("ab", max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


def check_never_raises(files: Mapping[str, str]) -> None:
    """Load `files` and look at every Problem."""
    root = Path(mkdtemp())
    try:
        # Whatever is not overwritten keeps the files lifelike, and the loading quick.
        shutil.copytree(TINY_FAQ, root, dirs_exist_ok=True)
        library, problems = load_library(write_files(root, files))
        assert isinstance(library, Library)
        assert all(p.line >= 1 and p.message and p.rule for p in problems)
    finally:
        shutil.rmtree(root)


RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@RELAXED
@given(st.dictionaries(st.sampled_from(FILES), st.text(max_size=60), max_size=4))
def test_never_raises_whatever_the_files_hold(files: dict[str, str]) -> None:
    """Any text in any file gives a Library and Problems."""
    check_never_raises(files)


@RELAXED
@given(st.dictionaries(st.sampled_from(FILES), VALUES, max_size=4))
def test_never_raises_whatever_the_fields_hold(files: dict[str, object]) -> None:
    """Any data in any field gives a Library and Problems."""
    check_never_raises({name: yaml.safe_dump(data) for name, data in files.items()})
