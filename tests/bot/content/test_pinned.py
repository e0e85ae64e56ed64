"""What is offered before a word is typed: which ids are taken, and what is told of the others."""

from pathlib import Path

import pytest

from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.domain import Library, Problem
from tests.bot.content.conftest import BARE, Folder, told

ENTRIES = {f"risks/{name}.yaml": BARE for name in ("lithium", "sleep", "driving")}


@pytest.fixture(scope="module")
def shipped() -> tuple[Library, list[Problem]]:
    """Return the shipped content and what is wrong with its files."""
    return load_library(EMBEDDED_FAQ)


def pinned(folder: Folder, words: str) -> tuple[tuple[str, ...], list[tuple[str, int, str, str]]]:
    """Return what is pinned by a file that holds `words`, and what is told."""
    root = folder({**ENTRIES, "pinned.yaml": words})
    library, problems = load_library(root)
    return library.pinned, told(root, problems)


def test_offers_the_ids_in_their_order_with_emergency_cards(folder: Folder) -> None:
    """Moderators decide what stands first, and a card may."""
    words = "# why\n- suicide-crisis\n- sleep\n- lithium\n"
    assert pinned(folder, words) == (("suicide-crisis", "sleep", "lithium"), [])


@pytest.mark.parametrize("words", ["", "# nothing yet\n", "[]\n"])
def test_offers_nothing_when_the_file_holds_nothing(folder: Folder, words: str) -> None:
    """An empty list is a decision, no fault."""
    assert pinned(folder, words) == ((), [])


def test_borrows_nothing(bare: Folder, shipped: tuple[Library, list[Problem]]) -> None:
    """What others pin may not fit here, so a folder without the file pins nothing."""
    assert load_library(bare({"a.yaml": BARE}))[0].pinned == ()
    assert shipped[0].pinned


@pytest.mark.parametrize(
    ("words", "kept", "where", "message"),
    [
        (
            "- sleep\n- litium\n",
            ("sleep",),
            (2, "warning"),
            "there is no entry `litium`; did you me",
        ),
        ("- zzz\n", (), (1, "warning"), "there is no entry `zzz`; correct the id or remove it"),
        ("- sleep\n- sleep\n", ("sleep",), (2, "warning"), "`sleep` stands here twice; remove one"),
        ("- idle\n- sleep\n", ("sleep",), (1, "warning"), "`idle` is switched off and not offered"),
        ("- sleep\n- 7\n", ("sleep",), (2, "error"), "7 is no id; write the name of an entry's fi"),
        ("- [sleep]\n", (), (1, "error"), "['sleep'] is no id; write the name of an entry's file"),
        ("sleep: 1\n", (), (1, "error"), "must be a list of ids, one `- id` a line"),
        ("sleep\n", (), (1, "error"), "must be a list of ids, one `- id` a line"),
    ],
)
def test_leaves_out_what_cannot_be_offered(
    folder: Folder, words: str, kept: tuple[str, ...], where: tuple[int, str], message: str
) -> None:
    """Each is named with its line and the remedy; the rest is offered all the same."""
    folder({"risks/idle.yaml": f"{BARE}enabled: false\n"})
    offered, problems = pinned(folder, words)
    assert offered == kept
    assert [problem[:3] for problem in problems] == [("pinned.yaml", *where)]
    assert problems[0][3].startswith(message)


def test_offers_no_more_than_a_platform_shows(folder: Folder) -> None:
    """The twenty-sixth would never be seen."""
    names = [f"e{i}" for i in range(26)]
    folder({f"basics/{name}.yaml": BARE for name in names})
    offered, problems = pinned(folder, "".join(f"- {name}\n" for name in names))
    assert offered == tuple(names[:25])
    assert [problem[2] for problem in problems] == ["error"]
    assert "holds 26 ids; at most 25 can be shown" in problems[0][3]


def test_shipped_content_begins_with_the_emergencies(
    shipped: tuple[Library, list[Problem]],
) -> None:
    """A frightened member finds the cards before anything else."""
    library = shipped[0]
    groups = [library.entries[i].group for i in library.pinned]
    assert library.pinned[:2] == ("emergency-medical", "suicide-crisis")
    assert groups == sorted(groups, key=lambda group: group != "urgent")
    assert 12 <= len(groups) <= 16


def test_lies_beside_the_entries_and_not_among_them(tmp_path: Path, folder: Folder) -> None:
    """Elsewhere the name is one like any other."""
    root = folder({"basics/pinned.yaml": BARE})
    library, problems = load_library(root)
    assert told(root, problems) == []
    assert "pinned" in library.entries
    assert tmp_path in library.root.parents
