"""What goes wrong with a call of the bot, as plain data: each function names one way."""

import asyncio
import json
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from aiohttp import web

from tests.rigs.discord_payloads import Payload

# Discord's own errors by code: with which status they come, and in which words.
ERRORS = {
    0: (401, "401: Unauthorized"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "This interaction has reached the maximum number of follow up messages"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
}
# discord.py takes a 429 without it for a ban by the network in front of Discord, and gives up.
VIA = {"Via": "1.1 google"}
_AT_ONCE = struct.pack("ii", 1, 0)
Work = Callable[[], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What the next call of `method` whose path holds `path` meets.

    Attributes:
        method: The call's method.
        path: A part of its path.
        status: What it is told, or None: the call does what it should.
        body: What is sent with the status; text stands for a page that is no JSON.
        headers: Likewise.
        delay: Seconds before anything is told.
        works: True, and the call takes effect first, although the bot is told otherwise.
        cuts: True, and the connection breaks instead of an answer.
    """

    method: str
    path: str
    status: int | None = None
    body: Payload | str = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=lambda: dict(VIA))
    delay: float = 0.0
    works: bool = False
    cuts: bool = False

    async def meet(self, request: web.Request, work: Work) -> web.StreamResponse:
        """Give the call what it has coming, where `work` is what it wanted."""
        done = await work() if self.works else None
        await asyncio.sleep(self.delay)
        if self.cuts:
            break_off(request)
            return web.Response()
        if self.status is None:
            return done or await work()
        if isinstance(self.body, str):
            return web.Response(text=self.body, status=self.status, headers=self.headers)
        return answer(self.body, self.status, self.headers)


def break_off(request: web.Request) -> None:
    """Break a connection, so that the other side learns of a reset and not of an end."""
    transport = request.transport
    if transport is not None:
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, _AT_ONCE)
        transport.abort()


def refused(method: str, path: str, code: int) -> Fault:
    """Return a refusal with one of Discord's codes, such as 50013."""
    status, words = ERRORS[code]
    return Fault(method, path, status, {"code": code, "message": words})


def limited(method: str, path: str, after: float = 0.2, *, everywhere: bool = False) -> Fault:
    """Return a rate limit that is over after so many seconds, for this route or for all."""
    body = {"message": "You are being rate limited.", "retry_after": after, "global": everywhere}
    headers = VIA | {"Retry-After": str(int(after + 1)), "X-RateLimit-Scope": "user"}
    if everywhere:
        headers |= {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
    return Fault(method, path, 429, body, headers)


def banned(method: str, path: str) -> Fault:
    """Return the rate limit of the network in front of Discord, which is no JSON."""
    page = "<html><body>You are being blocked from accessing our API</body></html>"
    return Fault(method, path, 429, page, {"Retry-After": "60"})


def broken(method: str, path: str, status: int = 502) -> Fault:
    """Return a fault of Discord's own."""
    return Fault(method, path, status, {"message": "upstream", "code": 0})


def reset(method: str, path: str, *, works: bool = False) -> Fault:
    """Return a connection that breaks before the call was heard, or after it took effect."""
    return Fault(method, path, works=works, cuts=True)


def late(method: str, path: str, seconds: float, *, works: bool = True) -> Fault:
    """Return an answer that comes late, while the call took effect in time, or late as well."""
    return Fault(method, path, delay=seconds, works=works)


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return `body` as JSON; discord.py compares the content type whole, without a charset."""
    response = web.Response(body=json.dumps(body).encode(), status=status, headers=headers or VIA)
    response.headers["Content-Type"] = "application/json"
    return response


def error(code: int, words: str = "", errors: Payload | None = None) -> web.Response:
    """Return one of Discord's errors by its code."""
    status, known = ERRORS[code]
    message = f"{known}: {words}" if words else known
    return answer({"code": code, "message": message, "errors": errors or {}}, status)
