"""The fake gateway does to the real discord.py what Discord's does, faults and shards included."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import discord
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.adapters.discord.rig_client import Echo, ShardedEcho, running, until
from tests.rigs.discord_gateway import FakeDiscord
from tests.rigs.discord_payloads import DM_CHANNEL, GUILD

pytestmark = pytest.mark.wire
Breaks = Callable[[FakeDiscord], Awaitable[None] | None]


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """A fake Discord that discord.py takes for the real one."""
    async with FakeDiscord() as found:
        with found.redirected():
            yield found


@pytest.fixture
async def echo(fake: FakeDiscord) -> AsyncIterator[Echo]:
    """A bot that says everything back."""
    assert not fake.calls
    async with running() as found:
        yield found


@pytest.mark.usefixtures("echo")
@pytest.mark.parametrize(
    "breaks",
    [
        FakeDiscord.cut,
        FakeDiscord.reconnect,
        lambda fake: fake.invalidate(resumable=True),
        lambda fake: fake.close(1000),
        lambda fake: fake.close(4000),
        lambda fake: fake.close(4008),
        lambda fake: fake.close(4009),
    ],
    ids=["cut", "op 7", "op 9 true", "1000", "4000", "4008", "4009"],
)
async def test_resumes_with_what_was_missed(fake: FakeDiscord, breaks: Breaks) -> None:
    """The session holds, and what came meanwhile comes again."""
    await _do(breaks, fake)
    await fake.say("missed", direct=True)
    await until(lambda: fake.resumed and fake.posted(DM_CHANNEL))
    assert fake.identified == 1
    assert len(fake.posted(DM_CHANNEL)) == 1


@pytest.mark.parametrize(
    "breaks",
    [FakeDiscord.forget, lambda fake: fake.invalidate(resumable=False)],
    ids=["forgotten", "op 9 false"],
)
async def test_starts_a_new_session_when_the_old_one_is_lost(
    fake: FakeDiscord, echo: Echo, breaks: Breaks
) -> None:
    """discord.py waits five seconds before it; nothing is replayed."""
    await _do(breaks, fake)
    await until(lambda: echo.times("connect") == 2)
    assert (fake.identified, fake.resumed, fake.hasty) == (2, 0, 0)
    await fake.say("hello", direct=True)
    await until(lambda: fake.posted(DM_CHANNEL))


async def test_turns_away_who_starts_too_soon(fake: FakeDiscord, echo: Echo) -> None:
    """Two in five seconds are one too many, unless more may start at once."""
    async with running() as other:
        await until(lambda: fake.hasty == 1)
        assert (echo.times("connect"), other.times("connect")) == (1, 1)
    assert fake.identified == 2


async def test_is_taken_for_dead_when_nothing_comes_any_more(fake: FakeDiscord) -> None:
    """discord.py goes by all that arrives, not by heartbeats alone."""
    fake.heartbeat_ms = 200
    async with running(heartbeat_timeout=0.6) as echo:
        await until(lambda: fake.heartbeats > 2)
        fake.mute = True
        fake.silence()
        began = time.monotonic()
        await until(lambda: fake.resumed)
        assert 0.3 < time.monotonic() - began < 3
        assert echo.times("disconnect") == 1


async def test_loses_no_command_however_often_the_line_breaks(
    fake: FakeDiscord, echo: Echo
) -> None:
    """A connection cut in the middle costs no answer: all is replayed."""
    fake.cut_every = 5
    told = [await fake.command("ask", question=str(number)) for number in range(20)]
    assert all(each.shown for each in told)
    await until(lambda: fake.resumed == echo.times("disconnect") == 4)
    assert fake.identified == 1


async def test_tells_when_servers_come_and_go(fake: FakeDiscord, echo: Echo) -> None:
    """Removal is told from an outage, and joining from the end of one."""
    await until(lambda: echo.guilds)
    await until(echo.is_ready)
    place = fake.guilds[GUILD]
    for step in (fake.lose, fake.recover, fake.remove, fake.invite):
        await step(place)
    names = ["guild_unavailable", "guild_available", "guild_remove", "guild_join"]
    await until(lambda: echo.times("guild_join"))
    assert [name for name, _ in echo.events if name in names[:3]][-3:] == names[:3]
    await fake.remove(place)
    await until(lambda: echo.times("guild_remove") == 2)
    with pytest.raises(discord.NotFound):
        await echo.fetch_guild(int(GUILD))


async def test_routes_servers_to_their_shards(fake: FakeDiscord) -> None:
    """By the id; direct messages come by the first shard; each shard starts in its turn."""
    places = [fake.add_guild(shard=(number, 2)) for number in (0, 1)]
    fake.shards, fake.max_concurrency = 2, 2
    async with running(ShardedEcho) as echo:
        await until(lambda: echo.times("shard_connect") == 2)
        await until(lambda: len(echo.guilds) == 3)
        for number, place in enumerate(places):
            found = echo.get_guild(int(place.id))
            assert found is not None
            assert found.shard_id == number
        fake.cut(1)
        await fake.say("hello", direct=True)
        await until(lambda: fake.posted(DM_CHANNEL))
        for place in places:
            told = await fake.command("ask", question="q", at=place.channels[0])
            assert told.shown
        assert echo.times("shard_resumed") == 1
    assert (fake.identified, fake.hasty) == (2, 0)


async def test_serves_one_range_of_shards(fake: FakeDiscord) -> None:
    """Several processes share the servers: this one has the second shard and no direct messages."""
    place = fake.add_guild(shard=(1, 2))
    async with running(ShardedEcho, shard_count=2, shard_ids=[1]) as echo:
        told = await fake.command("ask", question="q", at=place.channels[0])
        assert told.shown
        fake.answer_within = 0.2
        assert not (await fake.command("ask", question="q", direct=True)).shown
    assert int(place.id) in {guild.id for guild in echo.guilds}
    assert {guild.shard_id for guild in echo.guilds} == {1}
    assert not fake.called("GET", "/gateway/bot")


@pytest.mark.usefixtures("fake")
async def test_closes_on_a_shard_that_cannot_be() -> None:
    """Code 4010 ends the client."""
    with pytest.raises(discord.ConnectionClosed, match="4010"):
        async with running(ShardedEcho, shard_count=2, shard_ids=[2]) as echo:
            await until(echo.is_closed)


class Loopback(AbstractResolver):
    """Finds every host on the loopback address."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """Return the one address there is."""
        del port
        found = ResolveResult(
            hostname=host, host="127.0.0.1", port=self._port, family=family, proto=0, flags=0
        )
        return [found]

    async def close(self) -> None:
        """Close nothing."""


async def test_speaks_tls_under_discords_names() -> None:
    """A program that trusts the rig's authority needs no change to talk to it."""
    async with FakeDiscord(secured=True) as fake:
        assert fake.authority is not None
        trust = ssl.create_default_context()
        fake.authority.configure_trust(trust)
        connector = aiohttp.TCPConnector(resolver=Loopback(fake.port), ssl=trust)
        async with running(connector=connector):
            fake.cut()
            assert (await fake.command("ask", question="q")).shown
            assert fake.resumed == 1


async def _do(breaks: Breaks, fake: FakeDiscord) -> None:
    broken = breaks(fake)
    if broken is not None:
        await broken
    await asyncio.sleep(0)
