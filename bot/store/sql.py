"""The Store on an SQL database: SQLite through aiosqlite, PostgreSQL through asyncpg."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain import Unanswered
from bot.errors import StoreError
from bot.store.address import explained
from bot.store.database import open_engine
from bot.store.scrub import scrub
from bot.store.tables import unanswered


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
    store = SqlStore(await open_engine(url), keep_days=keep_days)
    try:
        await store.forget_old(today)
        yield store
    finally:
        await store.close()
