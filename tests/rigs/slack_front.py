"""A small Slack on the loopback address, for the real slack-bolt to talk to.

It delivers, by socket or over HTTP, and shows views; what the bot calls goes on to a third party's
emulator, so that it is judged by code that nobody here wrote. It follows Slack's documentation and
what the official client insists on, and was never compared with Slack itself. What exists stands
in slack_workspace.py, calls in slack_api.py, deliveries in slack_sockets.py, slack_http.py and
slack_deliveries.py, what members do in slack_members.py, and what goes wrong in slack_faults.py.
"""

import ssl
from typing import Any, Self

import trustme
from aiohttp import ClientSession, web

from tests.rigs.slack_api import Call, message_of
from tests.rigs.slack_http import Untaken
from tests.rigs.slack_members import Members, find_control
from tests.rigs.slack_payloads import (
    APP,
    APP_TOKEN,
    BOT,
    BOT_TOKEN,
    CHANNEL,
    GROUP,
    MEMBER,
    MEMBER_TOKEN,
    SECOND_CHANNEL,
    SIGNING_SECRET,
    TEAM,
    Fields,
    new_ts,
)

HOSTS = ("slack.com", "wss-primary.slack.com", "hooks.slack.com")
_MOST_BYTES = 8 << 20


class SlackFront(Members):
    """A Slack workspace with two channels, three members and one app.

    Args:
        emulator: The address of the third party's Web API; nothing to answer calls here.
        ack_timeout: Seconds that the app has for an acknowledgement.
        scopes: What the bot may do; None for everything that the emulator allows.
        secured: Speak TLS under Slack's own names, for programs whose hosts file leads here.
        port: Where to listen on the loopback address; 0 takes a free port, which stands here after.
    """

    def __init__(
        self, emulator: str = "", *, secured: bool = False, port: int = 0, **more: Any
    ) -> None:
        super().__init__(emulator, **more)
        self.authority = trustme.CA() if secured else None
        self.port = port

    async def __aenter__(self) -> Self:
        """Start."""
        app = web.Application(client_max_size=_MOST_BYTES)
        app.add_routes(self.routes())
        self._http = ClientSession()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        context = None
        if self.authority is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.authority.issue_cert(*HOSTS).configure_cert(context)
        await web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=context).start()
        self.port = self._runner.addresses[0][1]
        self.socket_base = f"ws://127.0.0.1:{self.port}"
        if self.authority is not None:
            self.socket_base = f"wss://{HOSTS[1]}"
        await self.meet_people()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop, whatever is still open."""
        await self.end_sockets()
        await self._runner.cleanup()
        await self._http.close()

    @property
    def api_url(self) -> str:
        """The address of the Web API, for the bot's settings."""
        host = f"https://{HOSTS[0]}" if self.authority else f"http://127.0.0.1:{self.port}"
        return f"{host}/api/"

    def address_of(self, answers: str) -> str:
        """Return a response address by its id."""
        host = f"https://{HOSTS[2]}" if self.authority else f"http://127.0.0.1:{self.port}"
        return f"{host}/respond/{answers}"


__all__ = [
    "APP",
    "APP_TOKEN",
    "BOT",
    "BOT_TOKEN",
    "CHANNEL",
    "GROUP",
    "HOSTS",
    "MEMBER",
    "MEMBER_TOKEN",
    "SECOND_CHANNEL",
    "SIGNING_SECRET",
    "TEAM",
    "Call",
    "Fields",
    "SlackFront",
    "Untaken",
    "find_control",
    "message_of",
    "new_ts",
]
