"""Tells a server's moderators that an emergency card was shown; never to whom, never why."""

import time
from collections.abc import Callable

import discord
import structlog

from adapters.discord.delivery import Delivery
from adapters.discord.places import UNDELIVERED, in_person, reason
from adapters.discord.render import Post
from bot.domain import Reply, ReplyKind

PAUSE_S = 60.0
_MOST_NOTED = 10_000
Find = Callable[[int], discord.abc.Messageable]
log = structlog.get_logger()


class Alerts:
    """Writes to the channel that moderators chose for it, at most once a minute for each card.

    Args:
        delivery: Knows the settings and the words.
        now: A clock that only goes on, in seconds.
    """

    def __init__(self, delivery: Delivery, now: Callable[[], float] = time.monotonic) -> None:
        self._delivery = delivery
        self._now = now
        self._last: dict[tuple[str, str | None], float] = {}

    async def note(
        self, reply: Reply, community: str | None, find: Find, channel: str | None = None
    ) -> None:
        """Write an alert if `reply` is an emergency card and the moderators want to know.

        Args:
            reply: What was shown.
            community: Where.
            find: Returns the channel with an id.
            channel: How to write the channel where it was asked openly; None if in private.
        """
        wanted = self._delivery.service.settings(community).alerts_channel
        if reply.kind is not ReplyKind.URGENT or not wanted or not self._due(community, reply):
            return
        message = self._delivery.message
        text = (
            message("alerts.urgent_open", card=reply.title, channel=channel)
            if channel
            else message("alerts.urgent", card=reply.title)
        )
        try:
            await in_person(find(int(wanted)))(Post(text))
        except (*UNDELIVERED, ValueError) as error:
            log.warning("discord alert not delivered", reason=reason(error))

    def _due(self, community: str | None, reply: Reply) -> bool:
        """Return whether the last such alert is long enough ago, and note this one."""
        key, now = (community or "", reply.entry), self._now()
        if now - self._last.get(key, -PAUSE_S) < PAUSE_S:
            return False
        if len(self._last) >= _MOST_NOTED:
            self._last.clear()
        self._last[key] = now
        return True
