"""What the moderators of one community can see and change, whatever the platform.

Every method answers in neutral Markdown, in words of `messages.yaml`, and raises nothing for a
database that fails. Who may use it, and where the answer is shown, is the platform's to check.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TypeVar

import structlog

from bot.domain import Choice, CommunitySettings, Reply
from bot.errors import StoreError
from bot.help_lines import bare
from bot.reports import Reports, Write
from bot.service import ALWAYS_ON, Service

RELOAD_PAUSE_S = 30.0
MOST_HELP_CHANNELS = 20
MOST_CHOICES = 25
_ALIKE = 0.75
# Platforms wait three seconds for an answer; the words must still get there.
_STORE_S = 2.0
_ID = "#"
Change = Callable[[CommunitySettings], CommunitySettings]
Found = TypeVar("Found")
_log = structlog.get_logger(__name__)


class Moderation:
    """Answers moderators and does what they decide.

    A community is named like `discord-1234`. An Entry is named by its id, with or without `#`, or
    by its whole title. A platform says with `write` how it writes the channel with an id.

    Args:
        service: What answers, and keeps what is decided.
        now: A clock that only goes on, in seconds.
    """

    def __init__(self, service: Service, now: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._now = now
        self._reports = Reports(service)
        self._message = self._reports.message
        self._last_reload: float | None = None
        self._changing = asyncio.Lock()

    # What moderators see ------------------------------------------------------------------

    def status(self, community: str, write: Write, more: Sequence[str] = ()) -> str:
        """Return what is answered from, what is wrong with it, and the settings.

        Args:
            community: Whose.
            write: How the platform writes a channel.
            more: What the platform has to say, one line each.
        """
        return self._reports.status(community, write, more)

    def settings(self, community: str, write: Write) -> str:
        """Return what the moderators of `community` have chosen."""
        return self._reports.settings(community, write)

    async def unanswered(self, community: str) -> str:
        """Return the last questions that nothing answered, by what came nearest, newest last."""
        if not self._service.keeps.unanswered:
            return self._message("admin.unanswered_off")
        kept = await self._read(self._service.unanswered(community))
        if kept is None:
            return self._message("admin.store_failed")
        return self._reports.unanswered(community, kept)

    async def feedback(self, community: str) -> str:
        """Return how often each Entry was marked, the most doubted first, with last reasons."""
        if not self._service.keeps.feedback:
            return self._message("admin.feedback_off")
        tallies = await self._read(self._service.feedback(community))
        if tallies is None:
            return self._message("admin.store_failed")
        return self._reports.feedback(community, tallies)

    def preview(self, community: str, entry: str, region: str | None = None) -> Reply | None:
        """Return what members get for `entry`, one that is switched off included, or None.

        Args:
            community: Whose members.
            entry: The Entry.
            region: The country for help lines.
        """
        library = self._service.library(community)
        found = library.entries.get(self._find(community, entry) or "")
        if found is None:
            return None
        responder = self._service.responder(community)
        if found.id not in self._service.status(community).disabled:
            return responder.show(found.id, region)
        entries = {**library.entries, found.id: replace(found, enabled=True)}
        own = self._service.settings(community).region
        reply = responder.over(replace(library, entries=entries), own).show(found.id, region)
        return replace(reply, text=f"{self._message('admin.preview_off')}\n\n{reply.text}")

    def entries(
        self, community: str, typed: str, *, enabled: bool | None = None
    ) -> tuple[Choice, ...]:
        """Return at most 25 Entries whose titles or ids hold every word typed, by title.

        Args:
            community: Whose.
            typed: What is typed so far.
            enabled: True for what can be switched off, False for what moderators switched off,
                None for everything.
        """
        start = typed.strip().removeprefix(_ID).casefold()
        words = start.split()
        fits = [
            choice
            for choice in self._offered(community, enabled=enabled)
            if all(word in f"{choice.title} {choice.entry}".casefold() for word in words)
        ]
        fits.sort(key=lambda c: (not c.title.casefold().startswith(start), c.title.casefold()))
        return tuple(fits[:MOST_CHOICES])

    def unknown(self, community: str, entry: str) -> str:
        """Return that there is no such Entry, and which one may be meant."""
        entries = self._service.library(community).entries.values()
        titles = {found.title.casefold(): found.title for found in entries}
        near = get_close_matches(entry.strip().casefold(), titles, n=1)
        return self._advise("admin.unknown_entry", titles[near[0]] if near else "")

    # What moderators change ---------------------------------------------------------------

    async def reload(self, community: str) -> str:
        """Read the content anew, for every community; one at a time and not too often."""
        last = self._last_reload
        if self._service.reloading or (last is not None and self._now() - last < RELOAD_PAUSE_S):
            return self._message("admin.reload_wait")
        try:
            done = await self._service.reload()
        finally:
            self._last_reload = self._now()
        return self._reports.reloaded(community, done)

    async def disable(self, community: str, entry: str) -> str:
        """Switch an Entry off in `community`, at once."""
        entries = self._service.library(community).entries
        found = entries.get(self._find(community, entry) or "")
        if found is None:
            return self.unknown(community, entry)
        if found.group in ALWAYS_ON:
            return self._message("admin.cannot_disable")
        if not found.enabled or found.id in self._service.settings(community).disabled:
            return self._message("admin.already_disabled", entry=found.title)
        said = self._message("admin.disabled", entry=found.title)
        return await self._change(
            community, lambda s: replace(s, disabled=s.disabled | {found.id}), said
        )

    async def enable(self, community: str, entry: str) -> str:
        """Switch an Entry on again that moderators switched off."""
        found = self._find(community, entry)
        if found is None:
            return self.unknown(community, entry)
        known = self._service.library(community).entries.get(found)
        in_files = known is not None and not known.enabled
        title = self._reports.title(community, found)
        said = self._message("admin.off_in_files" if in_files else "admin.enabled", entry=title)
        if found in self._service.settings(community).disabled:
            return await self._change(
                community, lambda s: replace(s, disabled=s.disabled - {found}), said
            )
        return said if in_files else self._message("admin.already_enabled", entry=title)

    async def set_help_channel(
        self, community: str, channel: str, write: Write, *, on: bool
    ) -> str:
        """Answer in the channel with this id without being called, or no longer."""
        others = self._service.settings(community).help_channels - {channel}
        if on and len(others) >= MOST_HELP_CHANNELS:
            return self._message("admin.too_many")
        wanted = frozenset({channel} if on else ())
        key = "admin.help_channel_on" if on else "admin.help_channel_off"
        return await self._change(
            community,
            lambda s: replace(s, help_channels=(s.help_channels - {channel}) | wanted),
            self._message(key, channel=write(channel)),
        )

    async def set_region(self, community: str, country: str | None) -> str:
        """Show the help lines of a country that has some, by its code or name; None for none."""
        typed = bare(country or "")
        if not typed:
            said = self._message("admin.region_cleared")
            return await self._change(community, lambda s: replace(s, region=None), said)
        names = self._service.responder(community).country_names()
        found = names.get(typed)
        if found is None:
            near = get_close_matches(typed, names, n=1, cutoff=_ALIKE)
            return self._advise("admin.region_unknown", names[near[0]].name if near else "")
        said = self._message("admin.region_set", country=found.name)
        return await self._change(community, lambda s: replace(s, region=found.code), said)

    async def set_alerts(self, community: str, channel: str | None, write: Write) -> str:
        """Tell the channel with this id of emergency cards from now on, or nobody."""
        said = (
            self._message("admin.alerts_set", channel=write(channel))
            if channel
            else self._message("admin.alerts_cleared")
        )
        return await self._change(
            community, lambda s: replace(s, alerts_channel=channel or None), said
        )

    async def forget_channel(self, community: str, channel: str) -> None:
        """Take a channel that is gone out of the settings: nobody can pick it any more."""
        chosen = self._service.settings(community)
        if channel not in chosen.help_channels | {chosen.alerts_channel}:
            return

        def without(settings: CommunitySettings) -> CommunitySettings:
            alerts = settings.alerts_channel
            return replace(
                settings,
                help_channels=settings.help_channels - {channel},
                alerts_channel=None if alerts == channel else alerts,
            )

        await self._change(community, without)

    # --------------------------------------------------------------------------------------

    def _find(self, community: str, typed: str) -> str | None:
        """Return the id that was typed or picked, or whose title was typed."""
        entries = self._service.library(community).entries
        name = typed.strip()
        for entry in (name, name.removeprefix(_ID)):
            # What is gone from the content may still be switched off.
            if entry in entries.keys() | self._service.settings(community).disabled:
                return entry
        same = (e.id for e in entries.values() if e.title.casefold() == name.casefold())
        return next(same, None)

    def _offered(self, community: str, *, enabled: bool | None) -> list[Choice]:
        off = self._service.settings(community).disabled
        if enabled is False:
            return [Choice(entry, self._reports.title(community, entry)) for entry in off]
        entries = list(self._service.library(community).entries.values())
        if enabled:
            entries = [
                e for e in entries if e.enabled and e.id not in off and e.group not in ALWAYS_ON
            ]
        return [Choice(e.id, e.title) for e in entries]

    def _advise(self, key: str, name: str) -> str:
        advice = self._message("admin.did_you_mean", name=name) if name else ""
        return f"{self._message(key)} {advice}".rstrip()

    async def _read(self, reading: Awaitable[Found]) -> Found | None:
        """Return what is read, or None if the store does not answer in time."""
        try:
            async with asyncio.timeout(_STORE_S):
                return await reading
        except (StoreError, TimeoutError) as error:
            _log.warning("nothing read for moderators", error=_why(error))
            return None

    async def _change(self, community: str, change: Change, said: str = "") -> str:
        """Change the settings and return `said`, or that it could not be done."""
        try:
            # Two changes at once must not undo each other.
            async with asyncio.timeout(_STORE_S), self._changing:
                changed = change(self._service.settings(community))
                await self._service.change_settings(community, changed)
        except (StoreError, TimeoutError) as error:
            _log.warning("settings not changed", error=_why(error))
            return self._message("admin.store_failed")
        return said


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, StoreError) else f"no answer in {_STORE_S} seconds"
