"""A simulated Discord inside the process around the real client, with a scripted engine."""

from dataclasses import dataclass
from typing import Any

import discord
import pytest
import simcord
from pydantic import SecretStr

from adapters.discord.adapter import DiscordAdapter
from bot.config import DiscordConfig
from bot.service import Keeps
from tests.adapters.scripted import ScriptedResponder, ScriptedService
from tests.fakes import MemoryStore


def words(message: discord.Message | simcord.ResponseMessage) -> str:
    """Return all that a message says, wherever it stands."""
    parts = [part for e in message.embeds for part in (e.title, e.description) if part]
    return "\n".join([message.content, *parts])


def title(message: discord.Message | simcord.ResponseMessage) -> str | None:
    """Return the heading of a message, or nothing."""
    heads = [line.removeprefix("## ") for line in words(message).split("\n") if line[:3] == "## "]
    heads += [embed.title for embed in message.embeds if embed.title]
    return heads[0] if heads else None


def controls(message: discord.Message | simcord.ResponseMessage) -> dict[str, dict[str, Any]]:
    """Return the buttons and selects of a message by their ids."""
    rows: list[Any] = [
        row if isinstance(row, dict) else row.to_dict() for row in message.components
    ]
    parts = [part for row in rows for part in row["components"]]
    return {control["custom_id"]: control for control in parts if "custom_id" in control}


def control(message: discord.Message | simcord.ResponseMessage, kind: str) -> str:
    """Return the id of a message's one control of this kind."""
    (found,) = [i for i in controls(message) if i.startswith(f"handrail:{kind}")]
    return found


def used(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    """Return the answer to a command or a press."""
    assert result.response is not None
    return result.response


@dataclass(frozen=True)
class Town:
    """A server with one channel and one member, and her direct messages with us."""

    env: simcord.Env
    channel: simcord.ChannelHandle
    alice: simcord.MemberActor

    @property
    def me(self) -> discord.ClientUser:
        """Our own user."""
        assert self.env.bot.user is not None
        return self.env.bot.user

    @property
    def community(self) -> str:
        """The server's name inside Handrail."""
        return f"discord-{self.env.guild.id}"

    @property
    def alone(self) -> simcord.ChannelHandle:
        """Alice's direct messages with us."""
        return self.alice.user.dm_channel

    async def mention(self, text: str) -> discord.Message:
        """Let Alice call us in the channel."""
        return await self.alice.send(self.channel, f"{self.me.mention} {text}")

    async def ask(self, text: str) -> simcord.ResponseMessage:
        """Let Alice use the command in the channel; return the answer."""
        result = await self.alice.slash(self.channel, "ask", question=text)
        assert result.response is not None
        return result.response

    async def press(
        self, message: discord.Message | simcord.ResponseMessage, custom_id: str
    ) -> simcord.ResponseMessage:
        """Let Alice press a button; return the answer."""
        result = await self.alice.click(message, custom_id=custom_id)
        assert result.response is not None
        return result.response

    def said(self, place: simcord.ChannelHandle | None = None) -> list[discord.Message]:
        """Return what we posted in `place`, or in the channel; oldest first."""
        found = (place or self.channel).history()
        return [message for message in found if message.author.id == self.me.id]

    def refuse(self, place: simcord.ChannelHandle, code: int, times: int | None = None) -> None:
        """Make Discord refuse what we post in `place`."""
        path = f"/channels/{place.id}/messages"
        self.env.inject_error("POST", path, status=403, code=code, times=times)


@pytest.fixture
def responder() -> ScriptedResponder:
    """The stand-in for the engine."""
    return ScriptedResponder()


@pytest.fixture
def store() -> MemoryStore:
    """What is kept."""
    return MemoryStore()


@pytest.fixture
def keeps() -> Keeps:
    """What the operator lets be kept; a test may parametrise it."""
    return Keeps(feedback=True)


@pytest.fixture
def service(
    responder: ScriptedResponder, store: MemoryStore, keeps: Keeps, region: str | None
) -> ScriptedService:
    """The real Service around the stand-in."""
    return ScriptedService(responder, store=store, keeps=keeps, region=region)


@pytest.fixture
def settings() -> dict[str, object]:
    """The operator's settings; a test may parametrise them."""
    return {}


@pytest.fixture
def region() -> str | None:
    """The operator's country; a test may parametrise it."""
    return None


@pytest.fixture
def locale() -> str:
    """The server's language; a test may parametrise it."""
    return "en-US"


@pytest.fixture
def simcord_bot(service: ScriptedService, settings: dict[str, object]) -> discord.Client:
    """The client that the simulation drives."""
    configured = DiscordConfig.model_validate(settings)
    adapter = DiscordAdapter(SecretStr("no-token"), service, settings=configured)
    return adapter.open_client()


@pytest.fixture
def town(simcord_env: simcord.Env, locale: str) -> Town:
    """A Town that nothing has happened in yet."""
    guild = simcord_env.create_guild(preferred_locale=locale)
    channel = guild.create_text_channel("help")
    return Town(simcord_env, channel, guild.add_member(simcord_env.create_user("alice")))
