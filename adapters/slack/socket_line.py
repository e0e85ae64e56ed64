"""Hears Slack through Socket Mode, and says clearly when it cannot."""

import asyncio

import structlog
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from adapters.slack.connection import ask_for_new_tickets, close
from bot.errors import AdapterError

PING_INTERVAL = 10.0
_LOOK_EVERY = 1.0
log = structlog.get_logger()


class SocketLine:
    """One connection to Slack for one Bolt app, renewed whenever Slack or the network ends it.

    Args:
        app: Answers what arrives.
        app_token: The app-level token.
        patience: Seconds without an open socket after which `watch` gives up.
        advice: What to check then.
        ping_interval: Seconds between two signs of life on the socket.
    """

    def __init__(
        self,
        app: AsyncApp,
        app_token: SecretStr,
        *,
        patience: float,
        advice: str,
        ping_interval: float = PING_INTERVAL,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._patience = patience
        self._advice = advice
        self._ping_interval = ping_interval
        self._opener: AsyncSocketModeHandler | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._silent = False

    @property
    def ready(self) -> bool:
        """True while a socket is open and Slack returns our signs of life."""
        return self._opener is not None and not self._silent and _is_open(self._opener.client)

    def open(self, ticket: str) -> None:
        """Begin to connect with a ticket from `apps.connections.open`."""
        opener = AsyncSocketModeHandler(
            self._app, self._app_token.get_secret_value(), ping_interval=self._ping_interval
        )
        opener.client.wss_uri = ticket
        ask_for_new_tickets(opener.client)
        self._opener = opener
        self._connecting = asyncio.create_task(opener.connect_async())  # type: ignore[no-untyped-call]

    async def watch(self) -> None:
        """Return never.

        Raises:
            AdapterError: No socket was open for `patience` seconds.
        """
        loop = asyncio.get_running_loop()
        was_ready, last_ready = False, loop.time()
        while True:
            await self._look()
            if self.ready != was_ready:
                was_ready = self.ready
                log.info("slack connected" if was_ready else "slack disconnected")
            if was_ready:
                last_ready = loop.time()
            elif loop.time() - last_ready > self._patience:
                raise AdapterError(
                    f"Slack was out of reach for {self._patience:.0f} seconds "
                    f"(no socket could be opened); {self._advice}"
                )
            await asyncio.sleep(min(_LOOK_EVERY, self._patience / 4))

    async def close(self) -> None:
        """Close the socket within a moment; safe before it was opened."""
        if self._connecting is not None:
            self._connecting.cancel()
        if self._opener is not None:
            await close(self._opener)

    async def _look(self) -> None:
        """Ask the client too: a socket can stand open although nothing comes through any more."""
        if self._opener is not None:
            socket = self._opener.client
            self._silent = _is_open(socket) and not await socket.is_connected()


def _is_open(socket: SocketModeClient) -> bool:
    session = socket.current_session
    return not (socket.closed or socket.stale or session is None or session.closed)
