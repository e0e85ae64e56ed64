"""Brings deliveries to the app, by socket or over HTTP, and again when it does not take them."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.rigs.slack_http import Endpoint, Untaken
from tests.rigs.slack_payloads import (
    BOT,
    SIGNING_SECRET,
    TEAM,
    Delivery,
    Fields,
    event_delivery,
    new_event_id,
)
from tests.rigs.slack_sockets import Sockets

# Slack tries at once, after a minute and after five, and then gives an event up.
SLACKS_WAITS = (0.0, 60.0, 300.0)


class Deliveries(Sockets):
    """How events, commands and interactions reach the app.

    Attributes:
        endpoint: Where the app listens, in HTTP mode; None in Socket Mode.
        retry_after: Seconds before each further try to deliver an event; () for one try only.
        repeat_every: Every so many events one is delivered again although it was taken, or None.
        repeat_after: Seconds between the two, in turn.
        repeated: How often that was done.
        lost: Ids of events that were given up.
        tries: How many tries each delivered event took, in order.
        echoes: Whether the bot's own direct messages are delivered to it, as Slack does.
    """

    def __init__(self, emulator: str = "", **more: Any) -> None:
        super().__init__(emulator, **more)
        self.endpoint: Endpoint | None = None
        self.retry_after: Sequence[float] = ()
        self.repeat_every: int | None = None
        self.repeat_after: Sequence[float] = (0.0,)
        self.repeated = 0
        self.lost: list[str] = []
        self.tries: list[int] = []
        self.echoes = True
        self._events = 0

    def deliver_to(self, url: str, *, secret: str = SIGNING_SECRET) -> Endpoint:
        """Deliver to the app's own web server from now on, no longer by socket."""
        self.endpoint = Endpoint(url, self._http, secret=secret, ack_within=self.ack_timeout)
        return self.endpoint

    async def deliver(self, delivery: Delivery) -> Any:
        """Deliver once, and return what the acknowledgement says.

        Raises:
            Untaken: It was not acknowledged in time.
        """
        if self.endpoint is not None:
            return await self.endpoint.carry(delivery)
        return await self.carry_by_socket(delivery)

    async def event(
        self, event: Fields, *, event_id: str = "", retry: int = 0, team: str = TEAM
    ) -> str:
        """Deliver one event and return its id.

        Args:
            event: What happened.
            event_id: Its id, if it is not a new one.
            retry: Above 0: it is marked as sent again, after so many tries.
            team: The workspace.

        Raises:
            Untaken: It was not acknowledged, however often it was tried.
        """
        event = {"event_ts": event.get("ts") or f"{time.time():.6f}", **event}
        delivery = event_delivery(event, team, event_id or new_event_id())
        delivery = replace(delivery, retry=retry, reason="timeout" if retry else "")
        await self._insist(delivery)
        self._events += 1
        if self.repeat_every and self._events % self.repeat_every == 0:
            await asyncio.sleep(self.repeat_after[self.repeated % len(self.repeat_after)])
            self.repeated += 1
            await self.deliver(replace(delivery, retry=retry + 1, reason="timeout"))
        return str(delivery.payload["event_id"])

    async def announce(self, message: Fields, channel: str) -> None:
        """Deliver the bot's own direct message to it, in the background."""
        if self.echoes and (self.endpoint or self.sockets):
            event = {**message, "channel": channel, "channel_type": "im"}
            delivery = event_delivery(event, TEAM, new_event_id())
            self.behind(self._try(delivery))

    async def uninstall(self, token: str, team: str = TEAM) -> None:
        """Take the app out of a workspace: its token is good no more, and it is told twice."""
        await self.revoke(token, team)
        await self.event({"type": "app_uninstalled"}, team=team)

    async def revoke(self, token: str, team: str = TEAM) -> None:
        """Make a bot token good no more, as a workspace admin can, and tell the app."""
        self.tokens.pop(token, None)
        self.revoked.add(token)
        gone = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT]}}
        await self.event(gone, team=team)

    async def _insist(self, delivery: Delivery) -> None:
        for number, wait in enumerate((None, *self.retry_after), start=1):
            await asyncio.sleep(wait or 0.0)
            try:
                await self.deliver(delivery)
            except Untaken as why:
                if number > len(self.retry_after):
                    self.lost.append(delivery.payload["event_id"])
                    raise
                delivery = replace(delivery, retry=number, reason=str(why))
            else:
                self.tries.append(number)
                return

    async def _try(self, delivery: Delivery) -> None:
        try:
            await self.deliver(delivery)
        except Untaken:
            return
