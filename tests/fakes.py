"""Hand-made stand-ins for the ports of `bot.ports`: short, honest, without a mock library."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime

from bot.domain import Alarm, Match
from bot.errors import StoreError
from bot.store.scrub import scrub


class MemoryStore:
    """A Store that keeps everything in lists, and fails on demand.

    Attributes:
        unanswered: Scrubbed text, nearest Entry and day of each question kept.
        broken: Set it, and every call raises StoreError.
        hangs: Set it, and nothing is ever written, like a database behind a dead network.
        closed: True once closed.
    """

    def __init__(self, *, broken: bool = False, hangs: bool = False) -> None:
        self.unanswered: list[tuple[str, str | None, date]] = []
        self.broken = broken
        self.hangs = hangs
        self.closed = False

    async def add_unanswered(self, text: str, nearest: str | None, when: datetime) -> None:
        """Keep the question, scrubbed as the real store does."""
        if self.broken or self.closed:
            raise StoreError("the store is broken, as this test wants it")
        if self.hangs:
            await asyncio.Event().wait()
        clean = scrub(text)
        if clean:
            self.unanswered.append((clean, nearest, when.date()))

    async def close(self) -> None:
        """Close; safe to call twice."""
        self.closed = True


class ScriptedAdapter:
    """An Adapter that is ready when a test says so, and serves until cancelled.

    Attributes:
        ready: Set it as the test needs.
    """

    def __init__(self, name: str, *, ready: bool = True) -> None:
        self.name = name
        self.ready = ready

    async def run(self) -> None:
        """Wait to be cancelled."""
        await asyncio.Event().wait()


class FakeTriage:
    """A Triage that finds what a test wants found, and remembers that it was asked.

    Attributes:
        asked: The texts it was given.
    """

    def __init__(self, alarm: Alarm | None = None) -> None:
        self._alarm = alarm
        self.asked: list[str] = []

    def assess(self, text: str) -> Alarm | None:
        """Return the Alarm the test gave."""
        self.asked.append(text)
        return self._alarm


class FakeMatcher:
    """A Matcher that ranks what a test wants ranked, as far as the gate lets it.

    Attributes:
        asked: The words it was given.
    """

    def __init__(self, *matches: Match) -> None:
        self._matches = matches
        self.asked: list[Sequence[str]] = []

    def rank(
        self, words: Sequence[str], allows: Callable[[str], bool], limit: int = 10
    ) -> list[Match]:
        """Return the test's Matches, without those that the gate keeps out."""
        self.asked.append(words)
        return [match for match in self._matches if allows(match.entry)][:limit]
