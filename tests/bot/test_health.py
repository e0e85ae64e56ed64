"""The health endpoint, asked over a real loopback socket."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

import pytest
from aiohttp import ClientSession

from bot.config import HealthConfig
from bot.errors import ConfigError
from bot.health import check_health, open_health
from tests.fakes import ScriptedAdapter

LOOPBACK = ["127.0.0.1", "127.0.0.2"]


@pytest.fixture
def config() -> HealthConfig:
    """Return settings with a port that was free a moment ago."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return HealthConfig(enabled=True, port=probe.getsockname()[1])


@pytest.fixture
async def session(config: HealthConfig) -> AsyncIterator[ClientSession]:
    """Return a client of the endpoint."""
    async with ClientSession(f"http://{config.host}:{config.port}") as client:
        yield client


async def get(session: ClientSession, path: str) -> tuple[int, str]:
    """Return status and body."""
    async with session.get(path) as response:
        return response.status, await response.text()


async def ask(config: HealthConfig) -> bool:
    """Check as a second process would, beside this loop."""
    return await asyncio.to_thread(check_health, config)


@pytest.mark.parametrize(
    ("discord", "slack", "answer"),
    [
        (True, True, (200, "discord ready\nslack ready\n")),
        (True, False, (503, "discord ready\nslack not ready\n")),
        (False, False, (503, "discord not ready\nslack not ready\n")),
    ],
)
async def test_ready_only_if_every_platform_is(
    config: HealthConfig,
    session: ClientSession,
    discord: bool,
    slack: bool,
    answer: tuple[int, str],
) -> None:
    """One platform out of reach is enough to say so, and the lines tell which."""
    adapters = [ScriptedAdapter("discord", ready=discord), ScriptedAdapter("slack", ready=slack)]
    async with open_health(config, adapters):
        assert await get(session, "/readyz") == answer
        assert await ask(config) is (answer[0] == 200)


async def test_follows_a_platform_that_comes_and_goes(config: HealthConfig) -> None:
    """The state is read at every request."""
    adapter = ScriptedAdapter("discord", ready=False)
    async with open_health(config, [adapter]):
        assert not await ask(config)
        adapter.ready = True
        assert await ask(config)


async def test_alive_even_when_no_platform_is_reached(
    config: HealthConfig, session: ClientSession
) -> None:
    """Being out of reach of a platform is no reason to be killed."""
    async with open_health(config, [ScriptedAdapter("discord", ready=False)]):
        assert await get(session, "/livez") == (200, "alive\n")


async def test_serves_nothing_else(config: HealthConfig, session: ClientSession) -> None:
    """Any other path is not found, any other method refused."""
    async with open_health(config, []):
        assert (await get(session, "/"))[0] == 404
        async with session.post("/readyz") as response:
            assert response.status == 405


@pytest.mark.allow_hosts(LOOPBACK)
async def test_listens_on_the_configured_host_only(config: HealthConfig) -> None:
    """127.0.0.1 is not reached through another loopback address."""
    async with open_health(config, []):
        assert not await ask(config.model_copy(update={"host": "127.0.0.2"}))


@pytest.mark.allow_hosts(LOOPBACK)
@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.2"])
async def test_check_asks_where_the_endpoint_listens(config: HealthConfig, host: str) -> None:
    """The check works for every address that the operator may set."""
    config = config.model_copy(update={"host": host})
    async with open_health(config, []):
        assert await ask(config)


async def test_logs_no_request(
    config: HealthConfig, session: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    """A check twice a minute leaves no line behind."""
    caplog.set_level("INFO", "aiohttp")
    async with open_health(config, []):
        await get(session, "/readyz")
    assert caplog.text == ""


async def test_serves_nothing_when_switched_off(config: HealthConfig) -> None:
    """Off is the default, and off means no open port."""
    async with open_health(config.model_copy(update={"enabled": False}), []):
        assert not await ask(config)


async def test_names_address_and_setting_when_the_port_is_taken(config: HealthConfig) -> None:
    """The operator learns which address and what to change."""
    told = rf"cannot listen on 127\.0\.0\.1:{config.port}: .*; change health\.port"
    async with open_health(config, []):
        with pytest.raises(ConfigError, match=told):
            async with open_health(config, []):
                pass


async def test_names_address_and_setting_when_the_host_is_not_ours(config: HealthConfig) -> None:
    """An address of another machine is refused as clearly."""
    config = config.model_copy(update={"host": "192.0.2.1"})
    with pytest.raises(ConfigError, match=r"listen on 192\.0\.2\.1:\d+: .*or health\.host"):
        async with open_health(config, []):
            pass


async def test_closes_at_once_beside_an_open_connection(
    config: HealthConfig, session: ClientSession
) -> None:
    """A client that keeps its connection does not hold up the end of the program."""
    async with open_health(config, []):
        await get(session, "/livez")
        start = time.perf_counter()
    assert time.perf_counter() - start < 1


@pytest.fixture
def mute(config: HealthConfig) -> Iterator[None]:
    """Let something listen on the port that takes connections and never answers."""
    with closing(socket.create_server((config.host, config.port))):
        yield


@pytest.mark.usefixtures("mute")
def test_check_gives_up_after_two_seconds(config: HealthConfig) -> None:
    """A program that hangs is not healthy."""
    start = time.perf_counter()
    assert not check_health(config)
    assert time.perf_counter() - start < 3


def test_check_fails_when_nothing_listens(config: HealthConfig) -> None:
    """A program that is gone is not healthy."""
    assert not check_health(config)
