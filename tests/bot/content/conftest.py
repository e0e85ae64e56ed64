"""Folders of content for the tests of this room."""

import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from bot.content.overlay import load_overlay
from bot.domain import Library, Problem
from tests.conftest import TINY_FAQ

BARE = "title: A title\nask:\n  - what is it\nshort: It is this.\n"
Folder = Callable[[Mapping[str, str]], Path]

# For a community's own folder.
ASKS = "[one a, two b, three c, four d, five e, six f, seven g, eight h]"
DATES = "checked: 2026-01-10\nreview_by: 2027-01-10\n"
ENTRY = f"title: Our meetings\nask: {ASKS}\nshort: They are on Mondays.\n{DATES}"
OWN = "about/meetings.yaml"
LINE = (
    "- {{id: {0}, country: {1}, kind: {2}, name: {3}, phone: '1', checked: 2026-01-10, "
    "source: x, ready_to_show: true}}\n"
)
Lay = Callable[[Mapping[str, str]], tuple[Library, list[Problem]]]


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


@pytest.fixture
def community(tmp_path: Path) -> Path:
    """Return an empty folder of a community."""
    (tmp_path / "discord-1").mkdir()
    return tmp_path / "discord-1"


@pytest.fixture
def own(community: Path) -> Folder:
    """Return a function that writes files into the community's folder."""
    return partial(write_files, community)


@pytest.fixture
def lay(own: Folder, tiny_library: Library) -> Lay:
    """Return a function that lays files over the tiny content."""
    return lambda files: load_overlay(tiny_library, own(files))
