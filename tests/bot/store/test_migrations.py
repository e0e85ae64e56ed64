"""The steps that bring an older database up to date, and back."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from bot import store as package
from bot.domain import Unanswered
from bot.errors import StoreError
from bot.store.sql import open_store
from bot.store.tables import metadata
from tests.bot.store.files import TODAY, columns_of, raw, url_of

AT_FIRST = {"id", "text", "nearest", "asked"}
ASKED = "is it ok with my kanna tea"


def step(file: Path, to: str, *, back: bool = False) -> None:
    """Take an SQLite file to another state of its tables."""
    config = Config()
    config.set_main_option("script_location", str(Path(package.__file__).parent / "migrations"))
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            (command.downgrade if back else command.upgrade)(config, to)
    finally:
        engine.dispose()


def ask_at_first(file: Path) -> None:
    """Leave a database of the first Handrail with one question in it."""
    step(file, "0001")
    raw(file, f"INSERT INTO unanswered VALUES (7, '{ASKED}', 'supplements', '{TODAY}')")


async def make(file: Path) -> None:
    """Leave a database as it is made today."""
    async with open_store(url_of(file), 30, today=TODAY):
        pass


async def test_lead_to_the_tables_as_declared(file: Path) -> None:
    """Alembic finds no difference between the migrated database and `tables.py`."""

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    await make(file)
    engine = create_async_engine(url_of(file))
    try:
        async with engine.connect() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await engine.dispose()


def test_have_no_place_for_a_person() -> None:
    """Nor for a question's channel or the time of day: PRIVACY.md tells of every column."""
    tables = {name: {column.name for column in t.columns} for name, t in metadata.tables.items()}
    assert tables == {
        "unanswered": {*AT_FIRST, "community"},
        "feedback": {"reply", "community", "entry", "verdict", "reason", "given"},
        "communities": {"id", "region", "help_channels", "alerts_channel", "disabled"},
        "installations": {"id", "sealed"},
    }


async def test_keep_the_questions_of_the_first_tables(file: Path) -> None:
    """What was kept before communities were told apart is the operator's alone."""
    ask_at_first(file)
    async with open_store(url_of(file), 30, today=TODAY) as store:
        assert await store.load_unanswered() == (Unanswered(ASKED, "supplements", TODAY),)
        assert await store.load_unanswered("discord-1") == ()


async def test_can_be_taken_back(file: Path) -> None:
    """The older Handrail finds its tables and its questions, and nothing else."""
    ask_at_first(file)
    await make(file)
    step(file, "0001", back=True)
    tables = {name for (name,) in raw(file, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"alembic_version", "unanswered"}
    assert columns_of(file, "unanswered") == AT_FIRST
    assert raw(file, "SELECT * FROM unanswered") == [(7, ASKED, "supplements", str(TODAY))]


async def test_leave_nothing_behind_when_they_break_off(file: Path) -> None:
    """A step that fails or is killed half-way can be taken again once the cause is gone."""
    ask_at_first(file)
    raw(file, "CREATE TABLE communities (in_the_way)")
    with pytest.raises(StoreError, match="cannot be opened: table communities already exists"):
        await make(file)
    assert columns_of(file, "unanswered") == AT_FIRST
    raw(file, "DROP TABLE communities")
    await make(file)
    assert len(raw(file, "SELECT * FROM unanswered")) == 1


async def test_refuse_a_database_of_a_newer_handrail(file: Path) -> None:
    """Going back to an older version after an upgrade is said plainly."""
    await make(file)
    raw(file, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="last used by a newer Handrail"):
        await make(file)
