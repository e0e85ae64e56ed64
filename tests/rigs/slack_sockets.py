"""Socket Mode: tickets, sockets, envelopes, and what Slack and the network do to them."""

import asyncio
import contextlib
import itertools
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.rigs.slack_api import WebApi
from tests.rigs.slack_faults import break_off
from tests.rigs.slack_http import Untaken
from tests.rigs.slack_payloads import APP, APP_TOKEN, Delivery, Fields

MOST_SOCKETS = 10
REFRESH, WARNING, CUT, CLOSE = "refresh_requested", "warning", "cut", "close"
# Slack says so about ten seconds before; here everything is quicker.
_CLOSE_AFTER_DISCONNECT, _WARN_BEFORE = 0.2, 0.2
_STEP = 0.01


@dataclass(eq=False, slots=True)
class Socket:
    """One open socket.

    Attributes:
        waiting: Envelopes that went out on it and are not acknowledged.
        sent: How many went out on it for the first time.
        leaving: Whether Slack has asked the app to come back on another one.
    """

    ws: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, "asyncio.Future[Any]"] = field(default_factory=dict)
    sent: int = 0
    leaving: bool = False


class Sockets(WebApi):
    """The sockets of the app, beside the Web API.

    An envelope goes to one of them, in turn, and must be acknowledged there: one that was not
    when its socket ends counts as not delivered, as if the app had never seen it.

    Attributes:
        opened: How often a ticket was asked for.
        ticket_life: Seconds that a ticket is good for.
        connection_time: Seconds that a socket lasts, as its hello says.
        refreshes: Set it, and sockets really end after `connection_time`, with a warning before.
        deaf_for: Seconds for which a socket hears nothing more once it took an acknowledgement.
        ends_every: After so many envelopes each socket ends, the last one on its way; or None.
            What is delivered again does not count, or one break would bring on the next.
        ends_by: How, in turn: of `REFRESH`, `WARNING`, `CUT` and `CLOSE`.
        ended: How often that happened.
        late: Acknowledgements of what nobody waits for any more.
    """

    def __init__(self, emulator: str = "", *, ack_timeout: float = 3.0, **more: Any) -> None:
        super().__init__(emulator, **more)
        self.opened = 0
        self.ticket_life = 30.0
        self.connection_time = 18060.0
        self.refreshes = False
        self.deaf_for = 0.0
        self.ends_every: int | None = None
        self.ends_by: tuple[str, ...] = (REFRESH, CUT)
        self.ended = 0
        self.late: list[Fields] = []
        self.ack_timeout = ack_timeout
        self.sockets: list[Socket] = []
        self.socket_base = ""
        self._tickets: dict[str, float] = {}
        self._turn = itertools.count()
        self._tasks: set[asyncio.Task[Any]] = set()

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the Web API and of the sockets."""
        opening = web.post("/api/apps.connections.open", self._open_connection)
        return [opening, web.get("/link/", self._link), *super().routes()]

    @property
    def connected(self) -> bool:
        """Whether the bot holds an open socket."""
        return bool(self.sockets)

    def behind(self, work: Any) -> None:
        """Do `work` in the background, at the latest until the front closes."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def carry_by_socket(self, delivery: Delivery) -> Any:
        """Send one envelope and return the payload of its acknowledgement.

        Raises:
            Untaken: There is no socket, it ended, or the bot did not acknowledge in time.
        """
        socket = self._next_socket()
        if socket is None:
            raise Untaken("no_socket")
        envelope = secrets.token_hex(8)
        again = {"retry_attempt": delivery.retry, "retry_reason": delivery.reason}
        acknowledged = asyncio.get_running_loop().create_future()
        socket.waiting[envelope] = acknowledged
        with contextlib.suppress(ConnectionError):  # it ends, which whoever waits is told
            await socket.ws.send_json(
                {
                    "envelope_id": envelope,
                    "type": delivery.kind,
                    "payload": delivery.payload,
                    "accepts_response_payload": delivery.kind != "events_api",
                    **(again if delivery.retry else {}),
                }
            )
        if not delivery.retry:
            self._count(socket)
        try:
            return await asyncio.wait_for(acknowledged, self.ack_timeout)
        except Untaken:
            raise
        except TimeoutError:
            raise Untaken("timeout") from None
        finally:
            socket.waiting.pop(envelope, None)

    # What Slack and the network do to sockets -------------------------------------------------

    async def disconnect(self, reason: str = REFRESH, socket: Socket | None = None) -> None:
        """Ask the bot to come back on a new socket, then close this one."""
        socket = socket or self.sockets[-1]
        with contextlib.suppress(ConnectionError):
            debug = {"host": "applink-rig"}
            await socket.ws.send_json({"type": "disconnect", "reason": reason, "debug_info": debug})
        socket.leaving = True
        await asyncio.sleep(_CLOSE_AFTER_DISCONNECT)
        await self.close_socket(socket)

    async def close_socket(self, socket: Socket | None = None) -> None:
        """Close a socket with a goodbye."""
        socket = socket or self.sockets[-1]
        self._forget(socket)
        await socket.ws.close()

    def cut(self, socket: Socket | None = None) -> None:
        """Let the network go away: the socket ends without a word."""
        socket = socket or self.sockets[-1]
        self._forget(socket)
        break_off(socket.request)

    async def end_sockets(self) -> None:
        """Close every socket, and give up what is done in the background."""
        for task in tuple(self._tasks):
            task.cancel()
        for socket in tuple(self.sockets):
            await self.close_socket(socket)

    def _count(self, socket: Socket) -> None:
        socket.sent += 1
        if self.ends_every is None or socket.leaving or socket.sent < self.ends_every:
            return
        socket.leaving = True
        how = self.ends_by[self.ended % len(self.ends_by)]
        self.ended += 1
        if how == CUT:
            self.cut(socket)
        elif how == CLOSE:
            self.behind(self.close_socket(socket))
        else:
            self.behind(self.disconnect(how, socket))

    def _forget(self, socket: Socket) -> None:
        if socket in self.sockets:
            self.sockets.remove(socket)
        for waiting in socket.waiting.values():
            if not waiting.done():
                waiting.set_exception(Untaken("socket_closed"))

    def _next_socket(self) -> Socket | None:
        staying = [socket for socket in self.sockets if not socket.leaving] or self.sockets
        return staying[next(self._turn) % len(staying)] if staying else None

    # What the bot does ------------------------------------------------------------------------

    async def _open_connection(self, request: web.Request) -> web.Response:
        self.opened += 1

        async def work() -> web.Response:
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if token == APP_TOKEN:
                return web.json_response({"ok": True, "url": self._new_ticket()})
            wrong_kind = token and not token.startswith("xapp-")
            error = "not_allowed_token_type" if wrong_kind else "invalid_auth"
            return web.json_response({"ok": False, "error": error if token else "not_authed"})

        return await self._meet(request, "apps.connections.open", work)

    def _new_ticket(self) -> str:
        ticket = secrets.token_hex(8)
        self._tickets[ticket] = time.monotonic() + self.ticket_life
        return f"{self.socket_base}/link/?ticket={ticket}&app_id={APP}"

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if self._tickets.pop(request.query["ticket"], 0.0) < time.monotonic():
            return web.Response(status=408)
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        if len(self.sockets) >= MOST_SOCKETS:
            await ws.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await ws.close()
            return ws
        socket = Socket(ws, request)
        self.sockets.append(socket)
        await ws.send_json(self._hello())
        if self.refreshes:
            self.behind(self._end_in_time(socket))
        await self._listen(socket)
        self._forget(socket)
        return ws

    def _hello(self) -> Fields:
        life = {"host": "applink-rig", "build_number": 1}
        return {
            "type": "hello",
            "num_connections": len(self.sockets),
            "connection_info": {"app_id": APP},
            "debug_info": {**life, "approximate_connection_time": self.connection_time},
        }

    async def _end_in_time(self, socket: Socket) -> None:
        await asyncio.sleep(max(0.0, self.connection_time - _WARN_BEFORE))
        if socket not in self.sockets:
            return
        debug = {"host": "applink-rig"}
        await socket.ws.send_json({"type": "disconnect", "reason": WARNING, "debug_info": debug})
        await asyncio.sleep(_WARN_BEFORE)
        if socket in self.sockets:
            await self.disconnect(REFRESH, socket)

    async def _listen(self, socket: Socket) -> None:
        async for frame in socket.ws:
            if frame.type is WSMsgType.TEXT:
                ack = json.loads(frame.data)
                waiting = socket.waiting.get(ack["envelope_id"])
                if waiting is None or waiting.done():
                    self.late.append(ack)
                else:
                    waiting.set_result(ack.get("payload"))
                await asyncio.sleep(self.deaf_for)
