"""The Store on an SQL database: SQLite through aiosqlite, PostgreSQL through asyncpg."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain import CommunitySettings, Feedback, Tally, Unanswered
from bot.errors import StoreError
from bot.store.address import explained
from bot.store.database import open_engine
from bot.store.questions import add_question, forget_questions, load_questions
from bot.store.scrub import scrub
from bot.store.settings import load_choices, put_choices
from bot.store.tables import communities, feedback, unanswered
from bot.store.verdicts import empty_reasons, load_tallies, put_verdict


class SqlStore:
    """Keeps questions and reasons for a limited number of days; made by `open_store`.

    Every call raises StoreError if the store is closed or the database fails.
    """

    def __init__(self, engine: AsyncEngine, *, keep_days: int) -> None:
        self._engine = engine
        self._keep = timedelta(days=keep_days)
        self._forgotten: date | None = None
        self._one_writer = asyncio.Lock()  # SQLite lets one write at a time: wait here, not there
        self._closed = False

    async def add_unanswered(
        self, text: str, nearest: str | None, when: datetime, community: str | None = None
    ) -> None:
        """Scrub `text` and keep what is left of it with the day of `when` (UTC).

        Raises:
            StoreError: The store is closed or cannot be written.
        """
        clean = scrub(text)
        if not clean:
            return
        async with self._writing(when.date()) as connection:
            await add_question(connection, Unanswered(clean, nearest, when.date()), community)

    async def load_unanswered(self, community: str | None = None) -> tuple[Unanswered, ...]:
        """Return the questions kept for `community`, or all of them; oldest first.

        Raises:
            StoreError: The store is closed or cannot be read.
        """
        async with self._reading() as connection:
            return await load_questions(connection, community)

    async def put_feedback(self, feedback: Feedback, when: datetime) -> None:
        """Keep one verdict with the day of `when` (UTC), its reason scrubbed.

        It takes the place of the last verdict on the same Reply.

        Raises:
            StoreError: The store is closed or cannot be written.
        """
        clean = replace(feedback, reason=scrub(feedback.reason))
        async with self._writing(when.date()) as connection:
            await put_verdict(connection, clean, when.date())

    async def load_feedback(self, community: str | None = None) -> tuple[Tally, ...]:
        """Return the verdicts of `community`, or all, by Entry; the most doubted first.

        Raises:
            StoreError: The store is closed or cannot be read.
        """
        async with self._reading() as connection:
            return await load_tallies(connection, community)

    async def load_settings(self) -> Mapping[str, CommunitySettings]:
        """Return the settings of every community; the defaults where a row is damaged.

        Raises:
            StoreError: The store is closed or cannot be read.
        """
        async with self._reading() as connection:
            return await load_choices(connection)

    async def put_settings(self, community: str, settings: CommunitySettings) -> None:
        """Keep the settings of one community, in place of its last ones.

        Raises:
            StoreError: The store is closed or cannot be written.
        """
        async with self._writing() as connection:
            await put_choices(connection, community, settings)

    async def forget_community(self, community: str) -> None:
        """Delete the settings, the questions and the verdicts of a community.

        Raises:
            StoreError: The store is closed or cannot be written.
        """
        async with self._writing() as connection:
            await connection.execute(delete(communities).where(communities.c.id == community))
            for table in (unanswered, feedback):
                await connection.execute(delete(table).where(table.c.community == community))

    async def forget_old(self, today: date) -> None:
        """Delete questions and empty reasons older than the days allowed, as seen from `today`.

        Raises:
            StoreError: The store is closed or cannot be written.
        """
        async with self._writing() as connection:
            await self._forget(connection, today)

    async def close(self) -> None:
        """Close every connection; safe to call twice."""
        self._closed = True
        await self._engine.dispose()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        with self._explained("read"):
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def _writing(self, today: date | None = None) -> AsyncIterator[AsyncConnection]:
        """Open a transaction; on a new day, what is too old is forgotten first."""
        with self._explained("written"):
            async with self._one_writer, self._engine.begin() as connection:
                if today is not None and today != self._forgotten:
                    await self._forget(connection, today)
                yield connection
            self._forgotten = today or self._forgotten

    async def _forget(self, connection: AsyncConnection, today: date) -> None:
        await forget_questions(connection, today - self._keep)
        await empty_reasons(connection, today - self._keep)

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
        keep_days: How many days a question or a reason is kept.
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
