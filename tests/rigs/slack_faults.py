"""What goes wrong with a call of the bot to Slack, as plain data: each function names one way."""

import asyncio
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET

from aiohttp import web

from tests.rigs.slack_payloads import Fields

# Not a method of Slack's: what the bot sends to a response address.
RESPONSE = "response_url"
_AT_ONCE = struct.pack("ii", 1, 0)
Work = Callable[[], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What the next call of a method meets.

    Attributes:
        method: The method, or `RESPONSE`.
        answer: What the bot is told, or None: the call does what it should.
        status: The HTTP status of that.
        headers: Likewise.
        delay: Seconds before anything is told.
        works: True, and the call takes effect first, although the bot is told otherwise.
        cuts: True, and the connection breaks instead of an answer.
    """

    method: str
    answer: Fields | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    works: bool = False
    cuts: bool = False

    async def meet(self, request: web.Request, work: Work) -> web.Response:
        """Give the call what it has coming, where `work` is what it wanted."""
        done = await work() if self.works else None
        await asyncio.sleep(self.delay)
        if self.cuts:
            break_off(request)
            return web.Response()
        if self.answer is None:
            return done or await work()
        return web.json_response(self.answer, status=self.status, headers=self.headers)


def refused(method: str, error: str) -> Fault:
    """Return a refusal with Slack's error word `error`."""
    return Fault(method, {"ok": False, "error": error})


def limited(method: str, after: int = 1) -> Fault:
    """Return a rate limit that is over after so many seconds; Slack tells whole ones."""
    answer = {"ok": False, "error": "ratelimited"}
    return Fault(method, answer, 429, {"Retry-After": str(after)})


def broken(method: str, status: int = 503) -> Fault:
    """Return a fault of Slack's own."""
    return Fault(method, {"ok": False, "error": "internal_error"}, status)


def late(method: str, seconds: float, *, works: bool = True) -> Fault:
    """Return an answer that comes late, while the call took effect in time, or late as well."""
    return Fault(method, delay=seconds, works=works)


def reset(method: str, *, works: bool = False) -> Fault:
    """Return a connection that breaks before the call was heard, or after it took effect."""
    return Fault(method, works=works, cuts=True)


def break_off(request: web.Request) -> None:
    """Break a connection, so that the other side learns of a reset and not of an end."""
    transport = request.transport
    if transport is not None:
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, _AT_ONCE)
        transport.abort()
