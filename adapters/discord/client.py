"""The connection to Discord: asks for little, remembers nothing and pings nobody."""

import sys
from collections.abc import Callable
from typing import Any

import discord
import structlog
from discord import app_commands

from adapters.discord.listeners import Listeners
from adapters.discord.places import last_line, reason

MAX_QUESTION = 2000
log = structlog.get_logger()


class Client(discord.Client):
    """discord.py's client, wired to the listeners.

    It needs no privileged intent: Discord delivers the text of direct messages and mentions
    without one. Members and messages are not cached.

    Args:
        listeners: What to do with commands, messages and buttons.
        on_reached: Called whenever Discord has let us in.
    """

    def __init__(self, listeners: Listeners, on_reached: Callable[[], None]) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(build_command(listeners))
        self.tree.error(listeners.on_failure)
        self.reached = False
        self._ours = listeners
        self._on_reached = on_reached

    async def setup_hook(self) -> None:
        """Make the command known to Discord; the same command again changes nothing."""
        await self.tree.sync()

    async def on_connect(self) -> None:
        """Note that questions reach us from now on."""
        self._note_reached()

    async def on_resumed(self) -> None:
        """Note that questions reach us again; those asked meanwhile follow."""
        self._note_reached()

    async def on_disconnect(self) -> None:
        """Note that questions no longer reach us; the library tries to come back."""
        if self.reached:
            log.info("discord disconnected")
        self.reached = False

    async def on_message(self, message: discord.Message) -> None:
        """Hand over what was posted."""
        if self.user is not None:
            await self._ours.on_message(message, self.user.id)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Hand over presses of buttons; commands come by the tree."""
        await self._ours.on_press(interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what the library would log with the error's words, which could be a member's."""
        del args, kwargs
        error = sys.exc_info()[1]
        if error is not None:
            log.error(
                "discord event failed",
                listener=event_method,
                reason=reason(error),
                at=last_line(error),
            )

    def _note_reached(self) -> None:
        self.reached = True
        log.info("discord connected")
        self._on_reached()


def build_command(listeners: Listeners) -> app_commands.Command[Any, ..., None]:
    """Return the command that asks a question; its words come from `messages.yaml`.

    Raises:
        ValueError: Discord allows no such name.
    """
    message = listeners.message

    @app_commands.rename(question=message("option"))
    @app_commands.describe(question=message("option_about"))
    async def ask(
        interaction: discord.Interaction, question: app_commands.Range[str, 1, MAX_QUESTION]
    ) -> None:
        await listeners.on_command(interaction, question)

    return app_commands.Command(
        name=message("command"),
        description=message("command_about"),
        callback=ask,
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )
