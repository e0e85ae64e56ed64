"""Keeps Handrail connected to Slack, by Socket Mode or over HTTP, for one workspace or many."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Self

import structlog
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from adapters.slack.connection import build_app, build_shared_app, unless_refused
from adapters.slack.departures import Departures
from adapters.slack.gate import Gate
from adapters.slack.installations import Installations
from adapters.slack.places import UNDELIVERED, reason
from adapters.slack.socket_line import PING_INTERVAL, SocketLine
from adapters.slack.web import Door
from adapters.slack.wiring import Wiring
from bot.config import Config, SlackConfig, read_secret
from bot.errors import AdapterError, ConfigError
from bot.ports import Vault
from bot.service import Service

PATIENCE = 300.0
GRACE = 1.0
_RETRY_EVERY = 5.0
_BOT_TOKEN = (
    "the app's bot token, which begins with xoxb- (api.slack.com/apps, your app, "
    "OAuth & Permissions, Bot User OAuth Token)"
)
_APP_TOKEN = (
    "an app-level token with the scope connections:write, which begins with xapp- "
    "(api.slack.com/apps, your app, Basic Information, App-Level Tokens)"
)
_CREDENTIALS = "(api.slack.com/apps, your app, Basic Information, App Credentials)"
_SIGNING_SECRET = f"the app's signing secret, with which Slack signs what it sends {_CREDENTIALS}"
_CLIENT_ID = f"the app's client id {_CREDENTIALS}"
_CLIENT_SECRET = f"the app's client secret {_CREDENTIALS}"
log = structlog.get_logger()


class SlackAdapter:
    """Serves one Slack app, in one workspace or in many.

    Args:
        app: The Bolt app; its client holds the bot token, if it serves one workspace.
        app_token: The app-level token, for Socket Mode; None over HTTP.
        service: Answers.
        settings: The operator's settings for Slack.
        door: The web server, over HTTP or where workspaces install the app.
        patience: Seconds without a way to Slack after which `run` gives up.
        ping_interval: Seconds between two signs of life on the socket.
    """

    name = "slack"

    def __init__(  # noqa: PLR0913 - what the modes need, by name
        self,
        app: AsyncApp,
        app_token: SecretStr | None,
        service: Service,
        *,
        settings: SlackConfig | None = None,
        door: Door | None = None,
        patience: float = PATIENCE,
        ping_interval: float = PING_INTERVAL,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._settings = settings or SlackConfig()
        self._patience = patience
        self._door = door
        self._line: SocketLine | None = None
        if app_token is not None:
            self._line = SocketLine(
                app,
                app_token,
                patience=patience,
                advice=self._advice(),
                ping_interval=ping_interval,
            )
        self._ways = tuple(way for way in (self._line, self._door) if way is not None)
        self._wiring = Wiring(service, self._settings, lambda: self.ready)
        self._wiring.attach(app)
        installed = app.installation_store
        Departures(service, installed if isinstance(installed, Installations) else None).attach(app)

    @classmethod
    def from_config(
        cls,
        config: Config,
        environ: Mapping[str, str],
        service: Service,
        vault: Vault | None = None,
    ) -> Self:
        """Build the adapter from the operator's settings and the tokens in the environment.

        Args:
            config: The operator's settings.
            environ: The environment.
            service: Answers.
            vault: Keeps the tokens of workspaces; needed for `workspaces: many` alone.

        Raises:
            ConfigError: A token or secret is missing.
        """
        settings = config.slack

        def read(name: str, what: str) -> SecretStr:
            return read_secret(name, environ, what)

        over_http = settings.mode == "http"
        signing = read(settings.signing_secret_env, _SIGNING_SECRET) if over_http else None
        if settings.workspaces == "one":
            bot_token = read(settings.bot_token_env, _BOT_TOKEN)
            app = build_app(bot_token, settings.api_url, signing_secret=signing)
        else:
            if vault is None:
                raise ConfigError("`workspaces: many` needs the store to keep installations in")
            app = build_shared_app(
                settings,
                client_id=read(settings.client_id_env, _CLIENT_ID).get_secret_value(),
                client_secret=read(settings.client_secret_env, _CLIENT_SECRET),
                installations=Installations(vault),
                service=service,
                signing_secret=signing,
            )
        app_token = None if over_http else read(settings.app_token_env, _APP_TOKEN)
        door = None
        if settings.listens:
            gate = Gate(signing) if signing is not None else None
            door = Door(app, settings.host, settings.port, gate)
        return cls(app, app_token, service, settings=settings, door=door)

    @property
    def ready(self) -> bool:
        """True while questions reach us: the socket is open, and the web server listens."""
        return all(way.ready for way in self._ways)

    async def run(self) -> None:
        """Serve until cancelled; replies under way get about a second to arrive.

        Raises:
            AdapterError: Slack refused a token, or no socket was open for too long.
            ConfigError: The address of the web server cannot be listened on.
        """
        try:
            ticket = await self._patiently(self._knock)
            if self._door is not None:
                await self._door.open()
            if self._line is None:
                await asyncio.Event().wait()
            else:
                self._line.open(ticket)
                await self._line.watch()
        finally:
            await asyncio.gather(*(way.close() for way in self._ways))
            await self._wiring.finish(GRACE)
            log.info("slack closed")

    async def _patiently(self, ask: Callable[[], Awaitable[str]]) -> str:
        """Return what `ask` returns; wait while Slack cannot be reached."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        while True:
            try:
                return await ask()
            except UNDELIVERED as error:
                if loop.time() + _RETRY_EVERY > deadline:
                    raise AdapterError(
                        f"Slack was out of reach for {self._patience:.0f} seconds "
                        f"({reason(error)}); {self._advice()}"
                    ) from None
                log.warning("slack out of reach, trying again", reason=reason(error))
                await asyncio.sleep(_RETRY_EVERY)

    async def _knock(self) -> str:
        """Try the tokens there are, and return the first ticket for a socket, if one is wanted.

        bolt and slack_sdk would log a refused token for ever and never end.
        """
        client, settings = self._app.client, self._settings
        if client.token:
            await unless_refused(client.auth_test(), settings.bot_token_env, _BOT_TOKEN)
        if self._app_token is None:
            return ""
        token = self._app_token.get_secret_value()
        opening = client.apps_connections_open(app_token=token)
        answer = await unless_refused(opening, settings.app_token_env, _APP_TOKEN)
        return str(answer["url"])

    def _advice(self) -> str:
        advice = f"check the network and {self._settings.api_url}"
        if self._app_token is None:
            return advice
        return (
            f"{advice}, that Socket Mode is still switched on for the app, "
            f"and that {self._settings.app_token_env} still holds a valid token"
        )
