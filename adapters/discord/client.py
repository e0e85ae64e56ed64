"""The connection to Discord: asks for little, remembers nothing and pings nobody."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
import structlog
from discord import app_commands

from adapters.discord.convert import community_of
from adapters.discord.listeners import Listeners
from adapters.discord.places import last_line, reason
from adapters.discord.presses import Presses
from adapters.discord.reconnecting import shorten_pauses
from bot.errors import StoreError
from bot.moderation import Moderation
from bot.service import Service

log = structlog.get_logger()
Command = app_commands.Command[Any, ..., None] | app_commands.ContextMenu | app_commands.Group


@dataclass(frozen=True, slots=True)
class Shards:
    """How the servers are split over connections, and which of these are ours.

    Attributes:
        count: How many there are in all processes, or None for what Discord recommends.
        ids: Those of this process; empty for all.
    """

    count: int | None = 1
    ids: tuple[int, ...] = ()

    @property
    def several(self) -> bool:
        """True if this process may hold more than one connection, or one of several."""
        return self.count != 1

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for discord.py's client."""
        if not self.several or self.count is None:
            return {}
        return {"shard_count": self.count, **({"shard_ids": list(self.ids)} if self.ids else {})}


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a connection hands its deliveries to.

    Attributes:
        on_reached: Called whenever Discord has let us in.
    """

    service: Service
    moderation: Moderation
    listeners: Listeners
    presses: Presses
    commands: Sequence[Command]
    translator: app_commands.Translator
    on_reached: Callable[[], None]


class Room(discord.Client):
    """discord.py's client, wired to the listeners; one connection.

    It needs no privileged intent: Discord delivers the text of direct messages and mentions
    without one. Members and messages are not cached.

    Args:
        wiring: What to do with commands, messages and controls.
        message_content: Ask for the words of every message, for answers in help channels.
        shards: How the servers are split.
    """

    def __init__(
        self, wiring: Wiring, *, message_content: bool = False, shards: Shards | None = None
    ) -> None:
        shards = shards or Shards()
        super().__init__(
            intents=discord.Intents(
                guilds=True,
                guild_messages=True,
                dm_messages=True,
                message_content=message_content,
            ),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            **shards.arguments(),
        )
        self.tree = app_commands.CommandTree(self)
        for command in wiring.commands:
            self.tree.add_command(command)
        self.tree.error(wiring.listeners.on_failure)
        self._wiring = wiring
        # Only one of several processes makes the commands known.
        self._is_first = not shards.ids or 0 in shards.ids
        self._up: set[int | None] = set()

    @property
    def reached(self) -> bool:
        """True while questions reach us over every connection of ours."""
        return None in self._up

    async def setup_hook(self) -> None:
        """Make the commands known to Discord; the same commands again change nothing."""
        await self.tree.set_translator(self._wiring.translator)
        if self._is_first:
            await self.tree.sync()

    async def on_connect(self) -> None:
        """Note that questions reach us from now on."""
        self._note_up(None)

    async def on_resumed(self) -> None:
        """Note that questions reach us again; those asked meanwhile follow."""
        self._note_up(None)

    async def on_disconnect(self) -> None:
        """Note that questions no longer reach us; the library tries to come back."""
        self._note_down(None)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that has sent us away."""
        try:
            await self._wiring.service.forget(community_of(guild.id))
        except StoreError as error:
            log.warning("discord server not forgotten", error=str(error))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Take a channel that is gone out of its server's settings."""
        community, gone = community_of(channel.guild.id), str(channel.id)
        await self._wiring.moderation.forget_channel(community, gone)

    async def on_message(self, message: discord.Message) -> None:
        """Hand over what was posted."""
        if self.user is not None:
            await self._wiring.listeners.on_message(message, self.user.id)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Hand over what was pressed, chosen or filled in; commands come by the tree."""
        await self._wiring.presses.on_press(interaction)

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

    def lose(self) -> None:
        """Note that questions no longer reach us at all."""
        self._up.clear()

    def _note_up(self, shard: int | None) -> None:
        self._up.add(shard)
        log.info("discord connected", **({} if shard is None else {"shard": shard}))
        self._wiring.on_reached()

    def _note_down(self, shard: int | None) -> None:
        if shard in self._up:
            log.info("discord disconnected", **({} if shard is None else {"shard": shard}))
        self._up.discard(shard)


class ShardedRoom(Room, discord.AutoShardedClient):
    """The same with several connections, each for a share of the servers."""

    @property
    def reached(self) -> bool:
        """True while questions reach us over every connection of ours."""
        wanted = self.shard_ids or range(self.shard_count or 0)
        return bool(wanted) and self._up >= set(wanted)

    async def on_connect(self) -> None:
        """Leave it to the single connections to tell."""

    async def on_resumed(self) -> None:
        """Leave it to the single connections to tell."""

    async def on_disconnect(self) -> None:
        """Leave it to the single connections to tell."""

    async def on_shard_connect(self, shard_id: int) -> None:
        """Note that one of several connections stands."""
        self._note_up(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that one of several connections stands again."""
        self._note_up(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note that one of several connections is gone."""
        self._note_down(shard_id)


def open_room(
    wiring: Wiring, *, message_content: bool = False, shards: Shards | None = None
) -> Room:
    """Return a client with as many connections as `shards` says, not yet connected."""
    shorten_pauses()
    kind = ShardedRoom if shards and shards.several else Room
    return kind(wiring, message_content=message_content, shards=shards)
