"""A small fake Discord on the loopback address, for the real discord.py to talk to.

It follows Discord's documentation and what discord.py insists on. It was never compared with
Discord itself. What exists stands in discord_world.py, the routes in discord_rest.py and
discord_interactions.py, the gateway in discord_sessions.py, what members do in
discord_members.py, and what goes wrong in discord_faults.py.
"""

import contextlib
import ssl
from collections.abc import Iterator
from typing import Self

import discord.gateway
import discord.http
import trustme
import yarl
from aiohttp import web

from tests.rigs.discord_members import Members
from tests.rigs.discord_rest import API

HOSTS = ("discord.com", "gateway.discord.gg")
_MOST_BYTES = 25 << 20


class FakeDiscord(Members):
    """A server with one channel, a few people, and the gateway to it.

    Args:
        secured: Speak TLS under Discord's own names, for programs whose hosts file leads here.
        port: Where to listen on the loopback address; 0 takes a free port, which stands here after.
    """

    def __init__(self, *, secured: bool = False, port: int = 0) -> None:
        super().__init__()
        self.authority = trustme.CA() if secured else None
        self.port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Start."""
        app = web.Application(middlewares=[self.watch], client_max_size=_MOST_BYTES)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        context = None
        if self.authority is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.authority.issue_cert(*HOSTS).configure_cert(context)
        await web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=context).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Stop, whatever is still open."""
        self.cut()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def gateway(self) -> str:
        """The address of the gateway."""
        return f"wss://{HOSTS[1]}/" if self.authority else f"ws://127.0.0.1:{self.port}/"

    @property
    def rest(self) -> str:
        """The address of the routes."""
        host = f"https://{HOSTS[0]}" if self.authority else f"http://127.0.0.1:{self.port}"
        return f"{host}{API}"

    @contextlib.contextmanager
    def redirected(self) -> Iterator[None]:
        """Lead discord.py in this process here instead of to Discord."""
        real = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
        redirect(self.rest, self.gateway)
        try:
            yield
        finally:
            discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = real


def redirect(rest: str, gateway: str) -> None:
    """Lead discord.py in this process to other addresses than Discord's."""
    discord.http.Route.BASE = rest
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
