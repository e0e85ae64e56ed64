"""Opens the database behind the store: its folder, its engine, its tables brought up to date."""

import asyncio
import logging
import threading
from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import URL, Connection, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StoreError
from bot.store.address import EXAMPLE, explained, is_sqlite, read_url

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_MAGIC = b"SQLite format 3\x00"
_DRIVER_ENDS_S = 1.0
# Processes that start together take the steps one after another, and a step that breaks off leaves
# nothing behind. The number is any that no other program in the database uses.
_ONE_AT_A_TIME = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "SELECT pg_advisory_xact_lock(7230415)",
}


async def open_engine(url: str) -> AsyncEngine:
    """Open the database at `url` and bring its tables up to date; the caller disposes of it.

    The folder of an SQLite file is made if it is missing, closed to other users.

    Raises:
        StoreError: The address is wrong or the database cannot be reached or written; the message
            says which and what to do, and never shows the password.
    """
    address = read_url(url)
    with explained(address, "opened"):
        _make_folder(address)
        engine = _build_engine(address)
    before = set(threading.enumerate())
    try:
        with explained(address, "opened"):
            async with engine.begin() as connection:
                await connection.run_sync(_migrate)
    except BaseException:
        await engine.dispose()
        await _let_driver_end(before)
        raise
    return engine


def insert_into(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT for `table` that can say what happens if the key is there already.

    Both kinds of database know this form, so that several processes may write the same key at
    once, but each has its own words for it.
    """
    if is_sqlite(connection.engine.url):
        return sqlite.insert(table)
    return postgresql.insert(table)


async def _let_driver_end(before: set[threading.Thread]) -> None:
    """Wait for the thread of a connection that failed, which must not outlive the event loop."""
    for thread in set(threading.enumerate()) - before:
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, _DRIVER_ENDS_S)


def _make_folder(address: URL) -> None:
    path = address.database or ""
    if is_sqlite(address) and path and not path.startswith((":", "file:")):
        file = Path(path)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Looked at here, because the driver's thread may outlive the loop when opening fails.
        if file.is_file():
            with file.open("rb") as opened:
                if opened.read(len(_MAGIC)) not in {b"", _MAGIC}:
                    raise OSError("file is not a database")


def _build_engine(address: URL) -> AsyncEngine:
    try:
        # Parameters are hidden because they are members' words, and errors end up in logs. Asking
        # first costs less than what is lost with a connection that a restarted server has closed.
        engine = create_async_engine(address, hide_parameters=True, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StoreError(
            f"store.url begins with {address.drivername}, which needs the Python package "
            f"{error.name}; install it, or use {EXAMPLE}"
        ) from None
    if is_sqlite(address):
        # At level debug this library logs every statement with its values, whatever we hide.
        logging.getLogger("aiosqlite").setLevel(logging.INFO)
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """Overwrite what is deleted instead of leaving it in free pages; read damaged text as it is."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()
    driver = connection.driver_connection
    driver.text_factory = partial(str, encoding="utf-8", errors="replace")


def _migrate(connection: Connection) -> None:
    connection.exec_driver_sql(_ONE_AT_A_TIME[connection.dialect.name])
    config = AlembicConfig()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
