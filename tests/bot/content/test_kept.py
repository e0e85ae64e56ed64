"""What has passed its check once need not pass it again until something changes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bootstrap import load_content
from bot.content.kept import content_key, keep_library, load_kept
from bot.domain import Library
from bot.errors import ContentError

ENTRY = "title: What is microdosing\nshort: Taking a very small amount.\n"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which the program keeps things, empty."""
    folder = tmp_path / "kept"
    monkeypatch.setattr("bot.bootstrap.KEPT", folder)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder of content with one answer."""
    root = tmp_path / "faq"
    root.mkdir()
    (root / "basics.yaml").write_text(ENTRY)
    return root


def test_gives_back_what_was_kept(tmp_path: Path, tiny_library: Library) -> None:
    """Not a word, date or order is lost on the way."""
    words = {"de": {"ask": "fragen"}}
    library = replace(tiny_library, pinned=("lithium", "legal-uk"), translations=words)
    keep_library(tmp_path, "key", library)

    back = load_kept(tmp_path, "key")

    assert back == library
    assert [*back.entries] == [*library.entries]


def test_loads_the_same_library_a_second_time(root: Path, kept: Path) -> None:
    """The first start keeps it, the second reads what was kept."""
    first = load_content(root)
    files = list(kept.glob("library-*"))

    assert load_content(root) == first
    assert len(files) == 1
    assert list(kept.glob("library-*")) == files


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "basics.yaml").write_text(ENTRY + "ask: [what is it]\n"),
        lambda root: (root / "basics.yaml").rename(root / "basic.yaml"),
        lambda root: (root / "more.yaml").write_text(ENTRY),
        lambda root: (root / "more.YML").write_text(""),
        lambda root: (root / "pinned.yaml").write_text("- basics\n"),
        lambda root: (root / "translations.yaml").write_text("de: {ask: fragen}\n"),
    ],
    ids=["words", "name", "one more", "a wrong ending", "what is pinned", "translations"],
)
def test_a_change_of_content_is_a_change_of_key(
    root: Path, change: Callable[[Path], object]
) -> None:
    """Old words are never shown for new ones."""
    before = content_key(root)
    change(root)
    assert content_key(root) not in {before, ""}


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:-9]),
        lambda file: file.write_bytes(file.read_bytes().replace(b"lithium", b"calcium")),
        lambda file: file.write_bytes(b"\xff\n{}"),
        lambda file: (file.unlink(), file.mkdir()),
    ],
    ids=["empty", "cut short", "altered", "no text", "a folder"],
)
def test_what_is_damaged_counts_as_not_kept(
    tmp_path: Path, tiny_library: Library, damage: Callable[[Path], object]
) -> None:
    """A kept file that is not as it was written costs time and nothing else."""
    keep_library(tmp_path, "key", tiny_library)
    damage(tmp_path / "library-key.json")

    assert load_kept(tmp_path, "key") is None


def test_starts_where_nothing_can_be_kept(root: Path, kept: Path) -> None:
    """A folder that cannot be written costs time and nothing else."""
    kept.write_text("a file stands in its place")
    assert load_content(root).entries.keys() >= {"basics"}


def test_content_with_errors_is_never_kept(root: Path, kept: Path) -> None:
    """Nothing that fails its check can be started from."""
    (root / "bad.yaml").write_text("title: x\n")
    for _ in range(2):
        with pytest.raises(ContentError):
            load_content(root)
    assert not list(kept.glob("*"))


def test_content_whose_examples_were_not_tried_is_not_kept(root: Path, kept: Path) -> None:
    """What is kept has passed every check there is."""
    load_content(root, examples=False)
    assert not list(kept.glob("*"))


def test_keeps_only_the_latest(tmp_path: Path, tiny_library: Library) -> None:
    """Whoever edits all day does not fill the disk."""
    for number in range(9):
        keep_library(tmp_path, str(number), tiny_library)
    assert 1 < len(list(tmp_path.iterdir())) < 9
    assert load_kept(tmp_path, "8") == tiny_library
