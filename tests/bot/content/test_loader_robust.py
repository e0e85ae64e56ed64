"""Loading never raises, whatever stands in the files."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content.loader import load_library
from bot.content.overlay import load_overlay
from bot.content.schema import EntryFile
from bot.domain import Library
from tests.bot.content.conftest import write_files
from tests.conftest import TINY_FAQ

FILES = (
    "a.yaml",
    "risks/b.yaml",
    "urgent/c.yaml",
    "urgent/signs.yaml",
    "messages.yaml",
    "overlay.yaml",
    "pinned.yaml",
    "translations.yaml",
    "resources.yaml",
    "sources.yaml",
    "vocabulary/places.yaml",
    "vocabulary/synonyms.yaml",
)
KEYS = (
    *EntryFile.model_fields,
    "reply",
    "commands",
    "de",
    "disabled",
    "words",
    "guards",
    "id",
    "patterns",
    "precedence",
    "is",
)
SCALARS = st.none() | st.booleans() | st.integers() | st.text("ab <>()[]|!*.#-", max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text("ab", max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


def check_never_raises(files: Mapping[str, str], base: Library | None = None) -> None:
    """Load `files`, over `base` if there is one, and look at every Problem."""
    root = Path(mkdtemp())
    try:
        if base is None:
            # Whatever is not overwritten keeps the files lifelike, and the loading quick.
            shutil.copytree(TINY_FAQ, root, dirs_exist_ok=True)
            library, problems = load_library(write_files(root, files))
        else:
            library, problems = load_overlay(base, write_files(root, files))
            assert all(p.path.is_relative_to(root) for p in problems)
            assert library.signs == base.signs
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


@RELAXED
@given(files=st.dictionaries(st.sampled_from(FILES), VALUES | st.text(max_size=60), max_size=4))
def test_an_overlay_never_raises_whatever_it_holds(
    tiny_library: Library, files: dict[str, object]
) -> None:
    """Any text or data in a community's folder gives a Library with the same triage."""
    texts = {name: d if isinstance(d, str) else yaml.safe_dump(d) for name, d in files.items()}
    check_never_raises(texts, tiny_library)
