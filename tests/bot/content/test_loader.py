"""Folders of content, whole and broken: what is loaded and what is borrowed."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.domain import Library, Thing
from tests.bot.content.conftest import BARE, Folder, told
from tests.conftest import TINY_FAQ


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
        ("pinned.yaml", "- a\n"),
        ("translations.yaml", "de: {ask: fragen}\n"),
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
