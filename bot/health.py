"""Tells container platforms whether the program lives and whether members can reach it.

The web server is imported only when one is opened: every command loads this module, and the
container's check runs in a new process each time.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from bot.config import HealthConfig
from bot.errors import ConfigError
from bot.ports import Adapter

if TYPE_CHECKING:
    from aiohttp import web

_TIMEOUT_S = 2.0
_GRACE_S = 0.5
_FROM_INSIDE = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104


@asynccontextmanager
async def open_health(config: HealthConfig, adapters: Sequence[Adapter]) -> AsyncIterator[None]:
    """Serve `GET /livez` and `GET /readyz` on the configured address, and on no other.

    `/livez` answers 200 while the event loop turns. `/readyz` answers 200 if every Adapter is
    ready, else 503, with one line for each. Nothing is served when `health.enabled` is false.

    Raises:
        ConfigError: The address cannot be listened on; the message names it and the settings.
    """
    if not config.enabled:
        yield
        return
    from aiohttp import web  # noqa: PLC0415

    app = web.Application()
    app.router.add_get("/livez", _livez)
    app.router.add_get("/readyz", _readyz(adapters))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GRACE_S)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, config.host, config.port).start()
        except OSError as error:
            raise ConfigError(
                f"the health endpoint cannot listen on {config.host}:{config.port}: "
                f"{error.strerror or error}; change health.port or health.host, "
                "or stop the program that uses the address"
            ) from None
        yield
    finally:
        await runner.cleanup()


def check_health(config: HealthConfig) -> bool:
    """Ask the program's own `/readyz` and tell whether it says yes within two seconds.

    Meant for a second process in the same container. No proxy of the environment is used.
    """
    host = _FROM_INSIDE.get(config.host, config.host)
    connection = HTTPConnection(host, config.port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


async def _livez(_request: "web.Request") -> "web.Response":
    return _plain("alive\n")


def _readyz(
    adapters: Sequence[Adapter],
) -> Callable[["web.Request"], Awaitable["web.Response"]]:
    async def readyz(_request: "web.Request") -> "web.Response":
        states = [(adapter.name, adapter.ready) for adapter in adapters]
        lines = [f"{name} {'ready' if ready else 'not ready'}\n" for name, ready in states]
        fit = all(ready for _, ready in states)
        return _plain("".join(lines), HTTPStatus.OK if fit else HTTPStatus.SERVICE_UNAVAILABLE)

    return readyz


def _plain(text: str, status: HTTPStatus = HTTPStatus.OK) -> "web.Response":
    from aiohttp import web  # noqa: PLC0415

    return web.Response(text=text, status=status)
