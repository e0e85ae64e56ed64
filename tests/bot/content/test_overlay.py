"""A community's own folder: what it may change, and what it may not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.content.overlay import load_overlay, load_overlays, own_entries, own_part
from bot.content.rules import overdue
from bot.domain import Library
from bot.help_lines import pick_resources
from tests.bot.content.conftest import ENTRY, LINE, OWN, Folder, Lay, told, write_files
from tests.conftest import TINY_FAQ


def test_an_empty_folder_changes_nothing(lay: Lay, tiny_library: Library) -> None:
    """A community that has a folder and nothing in it has what all have."""
    library, problems = lay({"README.md": "# Ours"})
    assert problems == []
    assert replace(library, version=tiny_library.version) == tiny_library
    assert own_entries(tiny_library, library) == frozenset()


def test_adds_entries_sources_and_help_lines(
    lay: Lay, community: Path, tiny_library: Library
) -> None:
    """What the folder brings stands beside what all have."""
    library, problems = lay(
        {
            OWN: ENTRY.replace("Mondays.", "Mondays [ours].") + "sources: [ours]\n",
            "sources.yaml": "ours: {title: Our calendar}\n",
            "resources.yaml": LINE.format("gb-ours", "GB", "peer", "Our line"),
        }
    )
    assert problems == []
    entry = library.entries["meetings"]
    assert (entry.group, entry.path) == ("about", community / OWN)
    assert library.entries.keys() == tiny_library.entries.keys() | {"meetings"}
    assert library.sources.keys() == tiny_library.sources.keys() | {"ours"}
    assert {r.id for r in library.resources} == {r.id for r in tiny_library.resources} | {"gb-ours"}
    assert own_entries(tiny_library, library) == {"meetings"}


def test_all_else_stays_as_everybody_has_it(lay: Lay, tiny_library: Library) -> None:
    """Triage, words, vocabulary and calibration are the same in every community."""
    library, _ = lay({OWN: ENTRY, "overlay.yaml": "disabled: [lithium]\n"})
    for name in ("root", "signs", "messages", "translations", "things", "synonyms"):
        assert getattr(library, name) == getattr(tiny_library, name)


def test_switches_shipped_entries_off(own: Folder, tiny_library: Library) -> None:
    """They stay, so that what leads to them is no fault, and are offered nowhere."""
    base = replace(tiny_library, pinned=("suicide-crisis", "lithium", "lamotrigine"))
    library, problems = load_overlay(base, own({"overlay.yaml": "disabled:\n  - lithium\n"}))
    assert problems == []
    assert [i for i, entry in library.entries.items() if not entry.enabled] == ["lithium"]
    assert "lithium" in library.entries["lamotrigine"].see_also
    assert library.pinned == ("suicide-crisis", "lamotrigine")


def test_an_entry_may_take_the_place_of_one_switched_off(lay: Lay, tiny_library: Library) -> None:
    """It may have the same phrasings, which is how a community rewords an answer."""
    words = (TINY_FAQ / "contraindications" / "lithium.yaml").read_text(encoding="utf-8")
    name = "contraindications/lithium-here.yaml"
    library, problems = lay({name: words, "overlay.yaml": "disabled: [lithium]\n"})
    assert problems == []
    assert own_entries(tiny_library, library) == {"lithium-here"}

    _, problems = lay({"overlay.yaml": "disabled: []\n"})
    assert {(p.level, p.rule) for p in problems} == {("error", "shared-phrasing")}


def test_what_means_nothing_elsewhere_may_be_asked_here(own: Folder, tiny_library: Library) -> None:
    """A shipped stray that is a phrasing here would keep its entry from being found."""
    base = replace(tiny_library, strays=("nice weather", "Four D!"))
    library, problems = load_overlay(base, own({OWN: ENTRY}))
    assert (library.strays, problems) == (("nice weather",), [])


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("crisis", ["gb-one", "gb-two"]),
        ("poison", ["gb-one", "gb-two"]),
        ("peer", ["gb-one", "gb-two"]),
        ("emergency", ["gb-emergency", "gb-one"]),
    ],
)
def test_local_help_lines_come_first(lay: Lay, kind: str, shown: list[str]) -> None:
    """Only the emergency number, which everybody knows, is never pushed down or out."""
    lines = "".join(LINE.format(name, "GB", kind, name) for name in ("gb-one", "gb-two"))
    library, problems = lay({"resources.yaml": lines})
    assert problems == []
    assert [r.id for r in pick_resources(library.resources, [kind], "GB")] == shown


def test_local_help_lines_leave_other_kinds_and_countries_alone(
    lay: Lay, tiny_library: Library
) -> None:
    """The order of everything else is the one that all have."""
    lines = LINE.format("us-crisis", "US", "crisis", "A") + LINE.format(
        "is-peer", "IS", "peer", "B"
    )
    library, _ = lay({"resources.yaml": lines})
    shared = [r for r in library.resources if r in tiny_library.resources]
    assert shared == list(tiny_library.resources)
    assert [r.id for r in pick_resources(library.resources, ["peer"], "IS")] == ["is-peer"]
    assert [r.id for r in pick_resources(library.resources, ["crisis"], "IS")] == ["int-crisis"]


def test_never_shows_a_local_help_line_before_it_is_ready(lay: Lay, tiny_library: Library) -> None:
    """A number that nobody has checked is held back here as well."""
    line = LINE.format("gb-ours", "GB", "peer", "A").replace("ready_to_show: true", "{0}")
    library, _ = lay({"resources.yaml": line.replace("{0}", "ready_to_show: false")})
    assert library.resources == tiny_library.resources


def test_nothing_in_the_folder_touches_an_emergency(lay: Lay, tiny_library: Library) -> None:
    """With every error there is, the cards, what sets them off and the refusals stay."""
    library, _ = lay(
        {
            "urgent/suicide-crisis.yaml": ENTRY,
            "about/emergency-medical.yaml": ENTRY,
            "urgent/signs.yaml": "precedence: []\n",
            "overlay.yaml": "disabled: [suicide-crisis, emergency-medical, no-dosing]\n",
            "resources.yaml": LINE.format("gb-emergency", "GB", "emergency", "Ours"),
        }
    )
    assert library.signs == tiny_library.signs
    assert library.entries == tiny_library.entries
    assert library.resources == tiny_library.resources


def test_help_lines_that_make_shipped_answers_too_long_are_told(lay: Lay, community: Path) -> None:
    """The fault is caused here, so it is told here and once; a reply is never cut."""
    lines = LINE.format("gb-ours", "GB", "poison", "A" * 3_800)
    _, problems = lay({"resources.yaml": lines})
    (path, line, level, message), *others = told(community, problems)
    assert (path, line, level, others) == ("resources.yaml", 1, "error", [])
    assert "shipped entries are too long to be sent (such as " in message


def test_repeating_a_shipped_source_is_no_fault(lay: Lay, tiny_library: Library) -> None:
    """A copied line of the bibliography says the same thing twice, and no more."""
    words = (TINY_FAQ / "sources.yaml").read_text(encoding="utf-8")
    library, problems = lay({"sources.yaml": words})
    assert (library.sources, problems) == (tiny_library.sources, [])


def test_passes_over_hidden_folders(lay: Lay) -> None:
    """A volume of Kubernetes holds every file a second time in a hidden folder."""
    library, problems = lay({OWN: ENTRY, "..2026/about/meetings.yaml": ENTRY, ".git/a.yaml": "{"})
    assert (problems, "meetings" in library.entries) == ([], True)


def test_a_missing_folder_is_a_problem(tmp_path: Path, tiny_library: Library) -> None:
    """A slip in the path is told, and what all share is used."""
    library, problems = load_overlay(tiny_library, tmp_path / "nowhere")
    assert library is tiny_library
    assert [str(p) for p in problems] == [
        f"{tmp_path}/nowhere:1: [error] is not a folder; give the folder of one community (overlay)"
    ]


@pytest.mark.parametrize(
    "files",
    [
        {OWN: ENTRY.replace("Mondays", "Fridays")},
        {"overlay.yaml": "disabled: [lithium]\n"},
        {"resources.yaml": LINE.format("gb-ours", "GB", "peer", "A")},
        {"sources.yaml": "ours: {title: A}\n"},
    ],
)
def test_version_changes_with_the_folder_and_with_what_all_share(
    own: Folder, tiny_library: Library, files: Mapping[str, str]
) -> None:
    """Whoever sees a version knows exactly what was answered from."""
    before = load_overlay(tiny_library, own({OWN: ENTRY}))[0].version
    after = load_overlay(tiny_library, own(files))[0].version
    assert len(before) == 12
    assert before != after
    assert load_overlay(tiny_library, own({}))[0].version == after
    assert load_overlay(replace(tiny_library, version="0"), own({}))[0].version != after


def test_an_own_entry_that_is_switched_off_is_not_offered(lay: Lay, tiny_library: Library) -> None:
    """Either way of switching it off will do."""
    library, problems = lay({OWN: ENTRY + "enabled: false\n"})
    assert (own_entries(tiny_library, library), problems) == (frozenset(), [])
    library, problems = lay({OWN: ENTRY, "overlay.yaml": "disabled: [meetings]\n"})
    assert (own_entries(tiny_library, library), problems) == (frozenset(), [])


def test_names_what_nobody_has_looked_at_in_time(
    lay: Lay, community: Path, tiny_library: Library
) -> None:
    """Only the community's own entries and help lines are theirs to check."""
    line = LINE.format("gb-ours", "GB", "peer", "A")
    library, _ = lay({OWN: ENTRY, "resources.yaml": line})
    due = list(overdue(own_part(tiny_library, library, community), date(2030, 1, 1)))
    assert [(path, n) for path, n, _, _ in told(community, due)] == [
        (OWN, 5),
        ("resources.yaml", 1),
    ]
    assert len(due) == 2


def test_loads_a_folder_for_each_community(tmp_path: Path, tiny_library: Library) -> None:
    """Each has its own, under the name by which the platform's adapter asks for it."""
    files = {
        f"discord-123/{OWN}": ENTRY,
        "slack-T0AB1/overlay.yaml": "disabled: [lithium]\n",
        ".git/config": "x",
        "README.md": "# Ours",
    }
    libraries, problems = load_overlays(tiny_library, write_files(tmp_path, files))
    assert problems == []
    assert libraries.keys() == {"discord-123", "slack-T0AB1"}
    assert own_entries(tiny_library, libraries["discord-123"]) == {"meetings"}
    assert not libraries["slack-T0AB1"].entries["lithium"].enabled


def test_a_community_with_errors_keeps_what_all_have(tmp_path: Path, tiny_library: Library) -> None:
    """Its faults are told, the others' folders are used, warnings stop nothing."""
    files = {
        f"discord-1/{OWN}": "title: [\n",
        f"discord-2/{OWN}": ENTRY,
        f"discord-3/{OWN}": ENTRY.replace(", eight h", ""),
    }
    libraries, problems = load_overlays(tiny_library, write_files(tmp_path, files))
    assert libraries.keys() == {"discord-2", "discord-3"}
    places = [(path, level) for path, _, level, _ in told(tmp_path, problems)]
    assert places == [(f"discord-1/{OWN}", "error"), (f"discord-3/{OWN}", "warning")]


@pytest.mark.parametrize(
    "name",
    ["discord", "discord-", "discord-abc", "Discord-1", "discord-1 ", "slack-t0ab", "mastodon-1"],
)
def test_a_folder_that_no_community_has_is_told(
    tmp_path: Path, tiny_library: Library, name: str
) -> None:
    """A slip in the name would otherwise be noticed by nobody."""
    folder = write_files(tmp_path, {f"{name}/{OWN}": ENTRY})
    libraries, problems = load_overlays(tiny_library, folder)
    assert libraries == {}
    assert told(tmp_path, problems) == [
        (
            name,
            1,
            "warning",
            "is no community's folder; they are named as in discord-1234 or slack-T0AB1",
        )
    ]


def test_a_file_where_only_folders_belong_is_told(tmp_path: Path, tiny_library: Library) -> None:
    """It was meant for one community, and nobody can tell which."""
    folder = write_files(tmp_path, {"overlay.yaml": "disabled: [lithium]\n", "discord-1.yaml": ""})
    assert [p.level for p in load_overlays(tiny_library, folder)[1]] == ["warning", "warning"]


def test_a_missing_folder_of_communities_is_a_problem(
    tmp_path: Path, tiny_library: Library
) -> None:
    """A slip in the settings is told, and everybody keeps what all have."""
    for path in (tmp_path / "nowhere", write_files(tmp_path, {"file": ""}) / "file"):
        libraries, problems = load_overlays(tiny_library, path)
        assert libraries == {}
        assert [(p.path, p.level) for p in problems] == [(path, "error")]
        assert "give the folder that holds the communities'" in problems[0].message
