"""Keeps Handrail connected to Slack through Socket Mode, and says clearly when it cannot be."""

import asyncio
from collections.abc import Mapping
from typing import Self

import structlog
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from adapters.slack.connection import ask_for_new_tickets, build_app, close, unless_refused
from adapters.slack.places import UNDELIVERED, reason
from adapters.slack.wiring import Wiring
from bot.config import Config, SlackConfig, read_secret
from bot.errors import AdapterError
from bot.service import Service

PATIENCE = 300.0
PING_INTERVAL = 10.0
GRACE = 1.0
_LOOK_EVERY = 1.0
_RETRY_EVERY = 5.0
_BOT_TOKEN = (
    "the app's bot token, which begins with xoxb- (api.slack.com/apps, your app, "
    "OAuth & Permissions, Bot User OAuth Token)"
)
_APP_TOKEN = (
    "an app-level token with the scope connections:write, which begins with xapp- "
    "(api.slack.com/apps, your app, Basic Information, App-Level Tokens)"
)
log = structlog.get_logger()


class SlackAdapter:
    """Serves one Slack workspace.

    Args:
        app: The Bolt app; its client holds the bot token.
        app_token: The app-level token, for Socket Mode.
        service: Answers.
        settings: The operator's settings for Slack.
        patience: Seconds without an open socket after which `run` gives up.
        ping_interval: Seconds between two signs of life on the socket.
    """

    name = "slack"

    def __init__(  # noqa: PLR0913 - two tokens, two doors and two times, all by name
        self,
        app: AsyncApp,
        app_token: SecretStr,
        service: Service,
        *,
        settings: SlackConfig | None = None,
        patience: float = PATIENCE,
        ping_interval: float = PING_INTERVAL,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._settings = settings or SlackConfig()
        self._patience = patience
        self._ping_interval = ping_interval
        self._opener: AsyncSocketModeHandler | None = None
        self._wiring = Wiring(service, self._settings)
        self._wiring.attach(app)

    @classmethod
    def from_config(cls, config: Config, environ: Mapping[str, str], service: Service) -> Self:
        """Build the adapter from the operator's settings and the tokens in the environment.

        Raises:
            ConfigError: A token is missing.
        """
        settings = config.slack
        bot_token = read_secret(settings.bot_token_env, environ, _BOT_TOKEN)
        app_token = read_secret(settings.app_token_env, environ, _APP_TOKEN)
        app = build_app(bot_token, settings.api_url)
        return cls(app, app_token, service, settings=settings)

    @property
    def ready(self) -> bool:
        """True while a socket to Slack is open, so that questions reach us."""
        if self._opener is None:
            return False
        socket = self._opener.client
        session = socket.current_session
        gone = socket.closed or socket.stale or session is None or session.closed
        return not gone

    async def run(self) -> None:
        """Serve until cancelled; replies under way get about a second to arrive.

        Raises:
            AdapterError: Slack refused a token, or no socket was open for too long.
        """
        ticket = await self._knock()
        opener = AsyncSocketModeHandler(
            self._app, self._app_token.get_secret_value(), ping_interval=self._ping_interval
        )
        opener.client.wss_uri = ticket
        ask_for_new_tickets(opener.client)
        self._opener = opener
        connecting = asyncio.create_task(opener.connect_async())  # type: ignore[no-untyped-call]
        try:
            await self._watch()
        finally:
            connecting.cancel()
            await close(opener)
            await self._wiring.finish(GRACE)
            log.info("slack closed")

    async def _knock(self) -> str:
        """Try both tokens and return the first ticket; wait while Slack cannot be reached.

        bolt and slack_sdk would log a refused token for ever and never end.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        while True:
            try:
                return await self._first_ticket()
            except UNDELIVERED as error:
                if loop.time() + _RETRY_EVERY > deadline:
                    raise AdapterError(self._out_of_reach(reason(error))) from None
                log.warning("slack out of reach, trying again", reason=reason(error))
                await asyncio.sleep(_RETRY_EVERY)

    async def _first_ticket(self) -> str:
        client, settings = self._app.client, self._settings
        await unless_refused(client.auth_test(), settings.bot_token_env, _BOT_TOKEN)
        token = self._app_token.get_secret_value()
        opening = client.apps_connections_open(app_token=token)
        answer = await unless_refused(opening, settings.app_token_env, _APP_TOKEN)
        return str(answer["url"])

    async def _watch(self) -> None:
        """Return never; raise AdapterError when no socket was open for `patience` seconds."""
        loop = asyncio.get_running_loop()
        was_ready, last_ready = False, loop.time()
        while True:
            if self.ready != was_ready:
                was_ready = self.ready
                log.info("slack connected" if was_ready else "slack disconnected")
            if was_ready:
                last_ready = loop.time()
            elif loop.time() - last_ready > self._patience:
                raise AdapterError(self._out_of_reach("no socket could be opened"))
            await asyncio.sleep(min(_LOOK_EVERY, self._patience / 4))

    def _out_of_reach(self, why: str) -> str:
        return (
            f"Slack was out of reach for {self._patience:.0f} seconds ({why}); check the network "
            f"and {self._settings.api_url}, that Socket Mode is still switched on for the app, "
            f"and that {self._settings.app_token_env} still holds a valid token"
        )
