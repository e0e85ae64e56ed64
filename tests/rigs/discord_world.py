"""What exists on the fake Discord: servers, channels, messages, and who may not do what there."""

import itertools
import time
from dataclasses import dataclass, field

from tests.rigs.discord_payloads import (
    ALICE,
    BOB,
    BOT,
    CHANNEL,
    DM_CHANNEL,
    GROUP,
    GROUP_CHANNEL,
    GUILD,
    ME,
    PEOPLE,
    PRIVATE_CHANNEL,
    Payload,
    Person,
    direct_channel,
    guild,
    now,
    text_channel,
)

SHARD_SHIFT = 22
UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE = 10003, 10004, 10008
NO_ACCESS, CLOSED_TO_US, NO_PERMISSION = 50001, 50007, 50013


@dataclass(slots=True)
class Guild:
    """A server.

    Attributes:
        joined: Whether the bot is in it; people who installed it for themselves use it anywhere.
        out: Whether an outage hides it.
    """

    id: str
    joined: bool = True
    out: bool = False
    channels: list[str] = field(default_factory=list)


class World:
    """Servers, channels and messages.

    Attributes:
        locale: The servers' language.
        messages: Every message by its id.
        channels: Every channel by its id.
        guilds: Every server by its id.
        people: Everybody whom the bot can look up, by their id; who does something joins them.
        forbidden: What the bot is told when it posts in a channel, by the channel's id:
            `NO_PERMISSION` or `NO_ACCESS`.
        blocking: Ids of people who take no direct messages from us.
    """

    def __init__(self) -> None:
        self.locale = "en-US"
        self.messages: dict[str, Payload] = {}
        self.channels: dict[str, Payload] = {}
        self.guilds: dict[str, Guild] = {}
        self.people = {person.id: person for person in PEOPLE}
        self.forbidden: dict[str, int] = {}
        self.blocking: set[str] = set()
        # Snowflakes of the moment: discord.py reads the time in them.
        self._ids = itertools.count(int((time.time() - 1420070400) * 1000) << 22, 1 << 22)
        self._direct = {ALICE.id: DM_CHANNEL}
        self.add_guild(GUILD, CHANNEL)
        self.channels[DM_CHANNEL] = direct_channel(DM_CHANNEL, ALICE)
        self.channels[PRIVATE_CHANNEL] = direct_channel(PRIVATE_CHANNEL, BOB)
        self.channels[GROUP_CHANNEL] = direct_channel(GROUP_CHANNEL, BOB, ALICE, kind=GROUP)

    def new_id(self) -> str:
        """Return an id that nothing else has."""
        return str(next(self._ids))

    # Places -------------------------------------------------------------------------------

    def add_guild(
        self,
        identity: str | None = None,
        channel: str | None = None,
        *,
        joined: bool = True,
        shard: tuple[int, int] | None = None,
    ) -> Guild:
        """Return a new server with one text channel; a bot already connected does not hear of it.

        Args:
            identity: Its id.
            channel: Its channel's id.
            joined: Whether the bot is in it.
            shard: Choose an id that Discord routes to the first of so many shards.
        """
        identity = identity or self.new_id()
        while shard is not None and (int(identity) >> SHARD_SHIFT) % shard[1] != shard[0]:
            identity = self.new_id()
        found = self.guilds[identity] = Guild(identity, joined=joined)
        self.add_channel(identity, channel)
        return found

    def add_channel(self, guild_id: str, identity: str | None = None, name: str = "help") -> str:
        """Return the id of a new text channel; a bot already connected does not hear of it."""
        identity = identity or self.new_id()
        self.channels[identity] = text_channel(identity, guild_id, name)
        self.guilds[guild_id].channels.append(identity)
        return identity

    def direct_with(self, person: Person) -> str:
        """Return the id of the channel of somebody's direct messages with us."""
        if person.id not in self._direct:
            identity = self._direct[person.id] = self.new_id()
            self.channels[identity] = direct_channel(identity, person)
        return self._direct[person.id]

    def guild_of(self, channel: str) -> Guild | None:
        """Return the server that a channel is in, or None for direct messages and groups."""
        return self.guilds.get(self.channels.get(channel, {}).get("guild_id", ""))

    def ours(self, channel: str) -> bool:
        """Return whether a channel is somebody's direct messages with us."""
        return channel in self._direct.values()

    def installed(self, channel: str) -> bool:
        """Return whether the bot itself is there, not only somebody's own installation of it."""
        place = self.guild_of(channel)
        return place.joined if place else self.ours(channel)

    def describe(self, place: Guild) -> Payload:
        """Return a server as Discord describes it, whole."""
        return guild(place.id, [self.channels[c] for c in place.channels], self.locale)

    def barred(self, channel: str) -> int | None:
        """Return the error that the bot meets when it posts in a channel, or None."""
        if channel not in self.channels:
            return UNKNOWN_CHANNEL
        if channel in self.forbidden:
            return self.forbidden[channel]
        if not self.installed(channel):
            return NO_ACCESS
        closed = any(self._direct.get(person) == channel for person in self.blocking)
        return CLOSED_TO_US if closed else None

    # Messages -----------------------------------------------------------------------------

    def add_message(
        self, body: Payload, channel: str, author: Payload = ME, **more: object
    ) -> Payload:
        """Return a new message with `body` in `channel`."""
        message: Payload = {
            "id": self.new_id(),
            "channel_id": channel,
            "author": author,
            "content": body.get("content") or "",
            "timestamp": now(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": body.get("embeds") or [],
            "components": body.get("components") or [],
            "pinned": False,
            "type": 0,
            "flags": body.get("flags") or 0,
            **more,
        }
        self.messages[message["id"]] = message
        return message

    def edit_message(self, message: Payload, body: Payload) -> Payload:
        """Return `message` with what `body` changes of it."""
        shown = ("content", "embeds", "components")
        message |= {key: body[key] or type(message[key])() for key in shown if key in body}
        message["flags"] |= body.get("flags") or 0
        message["edited_timestamp"] = now()
        return message

    def posted(self, channel: str = CHANNEL) -> list[Payload]:
        """Return what the bot posted in `channel`, without answers to interactions."""
        return [
            message
            for message in self.messages.values()
            if message["channel_id"] == channel
            and message["author"]["id"] == BOT
            and "interaction_metadata" not in message
        ]

    def told(self, person: Person) -> list[Payload]:
        """Return what the bot sent somebody by direct message."""
        return self.posted(self.direct_with(person))
