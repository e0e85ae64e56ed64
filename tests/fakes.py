"""Hand-made stand-ins for the ports of `bot.ports`: short, honest, without a mock library."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain import Alarm, CommunitySettings, Feedback, Match, Tally, Unanswered
from bot.errors import StoreError
from bot.store.scrub import scrub


class MemoryStore:
    """A Store that keeps everything in memory, and fails on demand.

    Attributes:
        questions: The questions kept, each with its community.
        verdicts: The Feedback kept by the key of its Reply, its reason scrubbed, and the day.
        settings: What the moderators of each community chose.
        broken: Set it, and every call raises StoreError.
        hangs: Set it, and nothing is ever read or written, like a database behind a dead network.
        closed: True once closed.
    """

    def __init__(self, *, broken: bool = False, hangs: bool = False, keep_days: int = 30) -> None:
        self.questions: list[tuple[str | None, Unanswered]] = []
        self.verdicts: dict[str, tuple[Feedback, date]] = {}
        self.settings: dict[str, CommunitySettings] = {}
        self.broken = broken
        self.hangs = hangs
        self.closed = False
        self._keep = timedelta(days=keep_days)

    @property
    def unanswered(self) -> list[tuple[str, str | None, date]]:
        """The scrubbed text, nearest Entry and day of each question kept."""
        return [(item.text, item.nearest, item.asked) for _, item in self.questions]

    async def add_unanswered(
        self, text: str, nearest: str | None, when: datetime, community: str | None = None
    ) -> None:
        """Keep the question, scrubbed as the real store does."""
        await self.forget_old(when.date())
        clean = scrub(text)
        if clean:
            self.questions.append((community, Unanswered(clean, nearest, when.date())))

    async def load_unanswered(self, community: str | None = None) -> tuple[Unanswered, ...]:
        """Return the questions of `community`, or all of them."""
        await self._work()
        return tuple(item for where, item in self.questions if community in {None, where})

    async def put_feedback(self, feedback: Feedback, when: datetime) -> None:
        """Keep the verdict; the same one again without a reason changes nothing."""
        await self.forget_old(when.date())
        clean = replace(feedback, reason=scrub(feedback.reason))
        last, _ = self.verdicts.get(clean.reply, (None, None))
        if last is None or clean.reason or clean.verdict != last.verdict:
            self.verdicts[clean.reply] = clean, when.date()

    async def load_feedback(self, community: str | None = None) -> tuple[Tally, ...]:
        """Add up the verdicts of `community`, or all of them."""
        await self._work()
        tallies: dict[str, Tally] = {}
        for given, _ in sorted(self.verdicts.values(), key=lambda kept: (kept[1], kept[0].reply)):
            if community in {None, given.community}:
                old = tallies.get(given.entry, Tally(given.entry))
                reasons = (*old.reasons, given.reason) if given.reason else old.reasons
                count = {given.verdict: getattr(old, given.verdict) + 1}
                tallies[given.entry] = replace(old, reasons=reasons, **count)
        return tuple(sorted(tallies.values(), key=lambda t: (-t.wrong - t.outdated, t.entry)))

    async def load_settings(self) -> Mapping[str, CommunitySettings]:
        """Return a copy of the settings."""
        await self._work()
        return dict(self.settings)

    async def put_settings(self, community: str, settings: CommunitySettings) -> None:
        """Keep the settings of one community."""
        await self._work()
        self.settings[community] = settings

    async def forget_community(self, community: str) -> None:
        """Delete everything kept for one community."""
        await self._work()
        self.settings.pop(community, None)
        self.questions = [kept for kept in self.questions if kept[0] != community]
        self.verdicts = {
            key: kept for key, kept in self.verdicts.items() if kept[0].community != community
        }

    async def forget_old(self, today: date) -> None:
        """Delete old questions and empty old reasons."""
        await self._work()
        first = today - self._keep
        self.questions = [kept for kept in self.questions if kept[1].asked >= first]
        for key, (given, day) in self.verdicts.items():
            if day < first:
                self.verdicts[key] = replace(given, reason=""), day

    async def close(self) -> None:
        """Close; safe to call twice."""
        self.closed = True

    async def _work(self) -> None:
        if self.broken or self.closed:
            raise StoreError("the store is broken, as this test wants it")
        if self.hangs:
            await asyncio.Event().wait()


class MemoryVault:
    """A Vault that seals nothing and forgets at the end.

    Attributes:
        kept: What is kept, by name.
    """

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def put(self, name: str, secret: str) -> None:
        """Keep it."""
        self.kept[name] = secret

    async def load(self, name: str) -> str | None:
        """Return it."""
        return self.kept.get(name)

    async def drop(self, name: str) -> None:
        """Delete it."""
        self.kept.pop(name, None)


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
