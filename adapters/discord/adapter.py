"""Keeps Handrail connected to Discord, and says clearly when it cannot be."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Self

import aiohttp
import discord
import structlog
from discord import app_commands
from pydantic import SecretStr

from adapters.alerts import Alerts
from adapters.discord.admin import Admin
from adapters.discord.client import Room, Shards, Wiring, open_room
from adapters.discord.commands import build_commands
from adapters.discord.delivery import Delivery
from adapters.discord.listeners import Listeners
from adapters.discord.places import reason
from adapters.discord.presses import Presses
from adapters.discord.words import Translator
from bot.config import Config, DiscordConfig, read_secret
from bot.errors import AdapterError
from bot.moderation import Moderation
from bot.service import Service

PATIENCE = 300.0
FIRST_PAUSE = 1.0
CLOSING = 0.5
GRACE = 1.0
_LONGEST_PAUSE = 30.0
_OUT_OF_REACH = (
    discord.HTTPException,
    discord.GatewayNotFound,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
)
_WRONG_TOKEN = 4004
_TOO_MANY_SERVERS = 4011
_TOKEN = "the bot's token (discord.com/developers/applications, your application, Bot, Reset Token)"
log = structlog.get_logger()


class DiscordAdapter:
    """Serves one Discord application.

    Args:
        token: The bot's token.
        service: Answers.
        settings: The operator's settings for Discord.
        patience: Seconds without being let in at the start after which `run` gives up. Once it
            was let in, it stays and comes back by itself whenever Discord can be reached.
        first_pause: Seconds before the first new attempt; each further pause doubles.
    """

    name = "discord"

    def __init__(
        self,
        token: SecretStr,
        service: Service,
        *,
        settings: DiscordConfig | None = None,
        patience: float = PATIENCE,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self._token = token
        self._service = service
        self._settings = settings or DiscordConfig()
        self._patience = patience
        self._pause = first_pause
        self._client: Room | None = None
        self._deadline: asyncio.Timeout | None = None
        self._delivery = Delivery(service)
        self._listeners = Listeners(
            self._delivery,
            Alerts(service),
            self._find,
            mentions_openly=self._settings.answer_mentions_in == "channel",
            pause_s=self._settings.help_channel_pause_s,
        )
        self._moderation = Moderation(service)
        self._admin = Admin(
            self._delivery,
            self._moderation,
            message_content=self._settings.message_content,
            connection=self._connection,
        )
        # More talkative, discord.py writes every delivery down, with members' words in it.
        logging.getLogger("discord").setLevel(logging.INFO)

    @classmethod
    def from_config(cls, config: Config, environ: Mapping[str, str], service: Service) -> Self:
        """Build the adapter from the operator's settings and the token in the environment.

        Raises:
            ConfigError: The token is missing.
        """
        settings = config.discord
        token = read_secret(settings.token_env, environ, _TOKEN)
        return cls(token, service, settings=settings)

    @property
    def ready(self) -> bool:
        """True while the gateway delivers to us, so that questions reach us."""
        return self._client is not None and self._client.reached

    def open_client(self) -> Room:
        """Return a new client, not yet connected.

        Raises:
            AdapterError: Discord cannot take a command's name from `messages.yaml`.
        """
        settings, responder = self._settings, self._service.responder()
        restricted = settings.age_restricted
        try:
            wiring = Wiring(
                service=self._service,
                moderation=self._moderation,
                listeners=self._listeners,
                presses=Presses(self._delivery),
                commands=(
                    *build_commands(self._listeners, responder, age_restricted=restricted),
                    self._admin.group(),
                ),
                translator=Translator(self._service.responder),
                on_reached=self._on_reached,
            )
            count = None if settings.shards == "auto" else settings.shards
            client = open_room(
                wiring,
                message_content=settings.message_content,
                shards=Shards(count, settings.shard_ids),
            )
        except (ValueError, TypeError) as error:
            raise AdapterError(_bad_words(error)) from None
        self._client = client
        return client

    async def run(self) -> None:
        """Serve until cancelled; replies under way get about a second to arrive.

        Raises:
            AdapterError: Discord refused the token or the command, or stayed out of reach.
        """
        pause = self._pause
        try:
            async with asyncio.timeout(self._patience) as self._deadline:
                while True:
                    await self._serve()
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, _LONGEST_PAUSE)
        except TimeoutError:
            raise AdapterError(self._unreached()) from None
        finally:
            log.info("discord closed")

    async def _serve(self) -> None:
        """Connect and stay; return when Discord could not be reached.

        A client that failed is thrown away. discord.py 2.7.1 cannot try again by itself before
        its first connection stood: it asks a connection that it never had where to resume.
        """
        client = self.open_client()
        try:
            await client.start(self._token.get_secret_value())
        except discord.LoginFailure:
            raise AdapterError(self._refused_token()) from None
        except discord.PrivilegedIntentsRequired:
            raise AdapterError(_REFUSED_INTENTS) from None
        except discord.ConnectionClosed as error:
            raise AdapterError(self._closed(error.code)) from None
        except app_commands.CommandSyncFailure as error:
            raise AdapterError(_bad_words(error)) from None
        except _OUT_OF_REACH as error:
            log.warning("discord out of reach, trying again", reason=reason(error))
        except AttributeError as error:
            connection: object = client.ws
            if connection is not None:
                raise
            log.warning("discord out of reach, trying again", reason=reason(error))
        finally:
            await self._close(client)

    async def _close(self, client: Room) -> None:
        await self._delivery.finish(GRACE)
        client.lose()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING):
                await client.close()
        # Closing stops half-way when Discord does not say goodbye; this needs no goodbye.
        await client.http.close()

    def _on_reached(self) -> None:
        """Being let in once lifts the limit: from then on discord.py comes back by itself."""
        with contextlib.suppress(RuntimeError):  # a limit that has just run out cannot be lifted
            if self._deadline is not None:
                self._deadline.reschedule(None)

    def _find(self, channel: int) -> discord.abc.Messageable:
        """Return the channel with this id, known or not; moderators chose it."""
        if self._client is None:
            raise ValueError("not connected")
        return self._client.get_partial_messageable(channel)

    def _connection(self) -> str:
        return self._delivery.message("discord.connected" if self.ready else "discord.away")

    def _refused_token(self) -> str:
        return (
            f"Discord refused the token in {self._settings.token_env}; it must hold {_TOKEN}. "
            "Resetting it there makes the old one useless"
        )

    def _closed(self, code: int) -> str:
        if code == _WRONG_TOKEN:
            return self._refused_token()
        if code == _TOO_MANY_SERVERS:
            return (
                "Discord serves one connection only up to 2,500 servers, and this bot has joined "
                "more; set discord.shards to auto, or to a larger number"
            )
        return (
            f"Discord closed the connection with code {code} and will not take it again; look the "
            "code up at discord.com/developers/docs/topics/opcodes-and-status-codes, or update "
            "Handrail"
        )

    def _unreached(self) -> str:
        return (
            f"Discord was out of reach for {self._patience:.0f} seconds; check the network, "
            "discordstatus.com, and that nothing blocks discord.com and gateway.discord.gg"
        )


_REFUSED_INTENTS = (
    "Discord refused the intents that Handrail asks for; if discord.message_content is true, "
    "switch on Message Content Intent (discord.com/developers/applications, your application, "
    "Bot), else check there that the application is not restricted"
)


def _bad_words(error: Exception) -> str:
    return (
        "Discord does not accept a command as it is worded in faq/messages.yaml, section "
        f"commands; names may hold small letters, digits and dashes only: {error}"
    )
