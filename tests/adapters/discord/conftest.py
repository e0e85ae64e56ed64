"""A simulated Discord inside the process around the real client, with a scripted engine."""

from dataclasses import dataclass

import discord
import pytest
import simcord
from pydantic import SecretStr

from adapters.discord.adapter import DiscordAdapter
from bot.config import DiscordConfig
from tests.adapters.scripted import ScriptedResponder


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
def settings() -> dict[str, str]:
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
def simcord_bot(
    responder: ScriptedResponder, settings: dict[str, str], region: str | None
) -> discord.Client:
    """The client that the simulation drives."""
    configured = DiscordConfig.model_validate(settings)
    adapter = DiscordAdapter(SecretStr("no-token"), responder, settings=configured, region=region)
    return adapter.open_client()


@pytest.fixture
def town(simcord_env: simcord.Env, locale: str) -> Town:
    """A Town that nothing has happened in yet."""
    guild = simcord_env.create_guild(preferred_locale=locale)
    channel = guild.create_text_channel("help")
    return Town(simcord_env, channel, guild.add_member(simcord_env.create_user("alice")))
