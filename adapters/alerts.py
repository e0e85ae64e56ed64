"""What moderators are told when an emergency card was shown; never to whom, never why."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace

from adapters.pauses import Pauses
from bot.domain import Reply, ReplyKind
from bot.errors import StoreError
from bot.service import Service

PAUSE_S = 60.0


class Alerts:
    """Words an alert for the channel that moderators chose, at most once a minute for each card.

    Args:
        service: Knows the settings and the words.
        now: A clock that only goes on, in seconds.
    """

    def __init__(self, service: Service, now: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._pauses = Pauses(PAUSE_S, now)

    def word(
        self, reply: Reply, community: str | None, asked_in: str | None = None
    ) -> tuple[str, str] | None:
        """Return the id of the moderators' channel and the alert, or None if none is due.

        Args:
            reply: What was shown.
            community: Where.
            asked_in: How the platform writes the channel where it was asked openly; None if it
                was asked in private.
        """
        channel = self._service.settings(community).alerts_channel
        if reply.kind is not ReplyKind.URGENT or not channel:
            return None
        if not self._pauses.over((community, reply.entry)):
            return None
        message = self._service.responder(community).message
        if asked_in:
            return channel, message("alerts.urgent_open", card=reply.title, channel=asked_in)
        return channel, message("alerts.urgent", card=reply.title)

    async def forget(self, community: str | None) -> None:
        """Take a channel that is gone out of the settings, so that nobody goes on trusting it."""
        settings = self._service.settings(community)
        with contextlib.suppress(StoreError):
            if community is not None:
                changed = replace(settings, alerts_channel=None)
                await self._service.change_settings(community, changed)
