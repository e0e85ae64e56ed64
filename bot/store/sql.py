"""The Store on an SQL database: SQLite through aiosqlite, PostgreSQL through asyncpg."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import URL, Connection, delete, event, insert, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StoreError
from bot.store.address import EXAMPLE, explained, is_sqlite, read_url
from bot.store.scrub import scrub
from bot.store.tables import unanswered

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_MAGIC = b"SQLite format 3\x00"
_DRIVER_ENDS_S = 1.0


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that nothing answered: scrubbed, with the day it was asked, without a person.

    Attributes:
        nearest: Id of the Entry that came nearest, or None.
    """

    text: str
    nearest: str | None
    asked: date


class SqlStore:
    """Keeps unanswered questions for a limited number of days; made by `open_store`."""

    def __init__(self, engine: AsyncEngine, *, keep_days: int) -> None:
        self._engine = engine
        self._keep = timedelta(days=keep_days)
        self._one_writer = asyncio.Lock()  # SQLite lets one write at a time: wait here, not there
        self._closed = False

    async def add_unanswered(self, text: str, nearest: str | None, when: datetime) -> None:
        """Scrub `text` and keep what is left of it with the day of `when` (UTC).

        Questions older than the days allowed are deleted at the same time.

        Raises:
            StoreError: The store is closed or cannot be written.
        """
        clean = scrub(text)
        if not clean:
            return
        row = {"text": clean, "nearest": nearest, "asked": when.date()}
        with self._explained("written"):
            async with self._one_writer, self._engine.begin() as connection:
                await self._forget(connection, when.date())
                await connection.execute(insert(unanswered).values(row))

    async def load_unanswered(self) -> tuple[Unanswered, ...]:
        """Return the questions kept, oldest first.

        Raises:
            StoreError: The store is closed or cannot be read.
        """
        columns = unanswered.c
        wanted = select(columns.text, columns.nearest, columns.asked).order_by(columns.id)
        with self._explained("read"):
            async with self._engine.connect() as connection:
                rows = (await connection.execute(wanted)).all()
        return tuple(Unanswered(text, nearest, asked) for text, nearest, asked in rows)

    async def forget_old(self, today: date) -> None:
        """Delete the questions older than the days allowed, as seen from `today` (UTC).

        Raises:
            StoreError: The store is closed or cannot be written.
        """
        with self._explained("written"):
            async with self._one_writer, self._engine.begin() as connection:
                await self._forget(connection, today)

    async def close(self) -> None:
        """Close every connection; safe to call twice."""
        self._closed = True
        await self._engine.dispose()

    async def _forget(self, connection: AsyncConnection, today: date) -> None:
        await connection.execute(delete(unanswered).where(unanswered.c.asked < today - self._keep))

    def _explained(self, what: str) -> AbstractContextManager[None]:
        if self._closed:
            raise StoreError(f"the store cannot be {what}: it has been closed")
        return explained(self._engine.url, what)


@asynccontextmanager
async def open_store(url: str, keep_days: int, *, today: date) -> AsyncIterator[SqlStore]:
    """Open the database at `url`, bring its tables up to date and forget what is too old.

    The folder of an SQLite file is made if it is missing, closed to other users.

    Args:
        url: SQLAlchemy address (`store.url` of the settings).
        keep_days: How many days a question is kept.
        today: The day in UTC.

    Raises:
        StoreError: The address is wrong or the database cannot be reached or written; the message
            says which and what to do, and never shows the password.
    """
    address = read_url(url)
    with explained(address, "opened"):
        _make_folder(address)
        engine = _build_engine(address)
    store = SqlStore(engine, keep_days=keep_days)
    before = set(threading.enumerate())
    try:
        try:
            with explained(address, "opened"):
                async with engine.begin() as connection:
                    await connection.run_sync(_migrate)
        except StoreError:
            await _let_driver_end(before)
            raise
        await store.forget_old(today)
        yield store
    finally:
        await store.close()


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
        # Parameters are hidden because they are members' words, and errors end up in logs.
        engine = create_async_engine(address, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise StoreError(
            f"store.url begins with {address.drivername}, which needs the Python package "
            f"{error.name}; install it, or use {EXAMPLE}"
        ) from None
    if is_sqlite(address):
        # At level debug this library logs every statement with its values, whatever we hide.
        logging.getLogger("aiosqlite").setLevel(logging.INFO)
        event.listen(engine.sync_engine, "connect", _forget_for_good)
    return engine


def _forget_for_good(connection: DBAPIConnection, _record: object) -> None:
    """Let SQLite overwrite what is deleted, instead of leaving it in the file's free pages."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _migrate(connection: Connection) -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
