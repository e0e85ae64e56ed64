"""Where the database file of a test goes."""

from pathlib import Path

import pytest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the database file of a test goes; its folder does not exist yet."""
    return tmp_path / "made" / "by store" / "handrail.db"
