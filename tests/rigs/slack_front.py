"""The part of Slack that delivers, on the loopback address: Socket Mode and response addresses.

Every Web API call but `apps.connections.open` goes on to a third party's emulator, so that what
the bot sends is judged by code that nobody here wrote. The front follows Slack's documentation
and what the official client insists on; it was never compared with Slack itself.
"""

import asyncio
import json
import secrets
import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import ClientSession, WSMsgType, web

BOT_TOKEN, APP_TOKEN, MEMBER_TOKEN = "xoxb-bot", "xapp-1-rig", "xoxp-member"
APP, TEAM, BOT = "A0HANDRAIL", "T000000001", "U0HANDRAIL"
CHANNEL, MEMBER = "C000000001", "U000000001"
MOST_SOCKETS = 10
MOST_ANSWERS = 5
_CLOSE_AFTER_DISCONNECT = 0.2
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One Web API call of the bot: its method, its fields, and what the emulator answered."""

    method: str
    fields: Fields
    answer: Fields


@dataclass(frozen=True, slots=True)
class Fault:
    """What the next call of a method meets instead of the emulator."""

    method: str
    answer: Fields
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class SlackFront:
    """A Slack workspace with one channel, one member and one app.

    Attributes:
        calls: Every Web API call the bot made, in order.
        answers: What the bot sent to each response address, by the address' id.
        opened: How often a ticket was asked for.
        ticket_life: Seconds that a ticket is good for.
        broken_answers: Set it, and response addresses refuse everything.
        deaf_for: Seconds for which a socket hears nothing more once it took an acknowledgement.
    """

    def __init__(self, emulator: str, *, ack_timeout: float = 3.0) -> None:
        self.calls: list[Call] = []
        self.answers: dict[str, list[Fields]] = {}
        self.opened = 0
        self.ticket_life = 30.0
        self.broken_answers = False
        self.deaf_for = 0.0
        self._emulator = emulator
        self._ack_timeout = ack_timeout
        self._tickets: dict[str, float] = {}
        self._sockets: list[tuple[web.WebSocketResponse, web.Request]] = []
        self._acks: dict[str, asyncio.Future[Any]] = {}
        self._faults: list[Fault] = []
        self._address = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=8 << 20)
        app.router.add_post("/api/apps.connections.open", self._open_connection)
        app.router.add_post("/api/{method}", self._pass_on)
        app.router.add_get("/link/", self._link)
        app.router.add_post("/respond/{id}", self._take_answer)
        self._http = ClientSession()
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._address = f"127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket, _request in self._sockets:
            await socket.close()
        await self._http.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The address of the Web API, for the bot's settings."""
        return f"http://{self._address}/api/"

    @property
    def connected(self) -> bool:
        """Whether the bot holds an open socket."""
        return bool(self._sockets)

    def sent(self, method: str = "chat.postMessage") -> list[Call]:
        """Return the calls of `method` so far."""
        return [call for call in self.calls if call.method == method]

    def fault(self, method: str, error: str, *, times: int = 1, **more: Any) -> None:
        """Let the next `times` calls of `method` fail with Slack's error word `error`."""
        answer = {"ok": False, "error": error}
        self._faults += [Fault(method, answer, **more)] * times

    # What members do.

    async def mention(self, text: str, **more: Any) -> str:
        """Write `text` in the channel, calling the bot, and return the message's `ts`."""
        ts = new_ts()
        words = f"<@{BOT}> {text}"
        event = {"type": "app_mention", "user": MEMBER, "text": words, "ts": ts, "channel": CHANNEL}
        await self.event({**event, **more})
        return ts

    async def direct(self, text: str, **more: Any) -> str:
        """Write `text` to the bot by direct message and return the conversation's id."""
        channel = await self.open_direct()
        event = {"type": "message", "channel_type": "im", "user": MEMBER, "text": text}
        await self.event({**event, "ts": new_ts(), "channel": channel, **more})
        return channel

    async def command(self, text: str, command: str = "/ask") -> tuple[Any, str]:
        """Type a slash command; return the acknowledgement and the response address' id."""
        answers, url = self._response_address()
        payload = {
            "token": "old",
            "team_id": TEAM,
            "team_domain": "rig",
            "channel_id": CHANNEL,
            "channel_name": "general",
            "user_id": MEMBER,
            "user_name": "admin",
            "command": command,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": url,
            "trigger_id": secrets.token_hex(8),
        }
        return await self._deliver("slash_commands", payload), answers

    async def press(
        self, button: Fields, *, channel: str = CHANNEL, ephemeral: bool = False, thread: str = ""
    ) -> str:
        """Press `button` in a message of `channel`; return the response address' id."""
        answers, url = self._response_address()
        ts = new_ts()
        container: Fields = {"type": "message", "message_ts": ts, "channel_id": channel}
        container |= {"is_ephemeral": ephemeral, **({"thread_ts": thread} if thread else {})}
        action = {key: button[key] for key in ("action_id", "value", "text", "type")}
        payload = {
            "type": "block_actions",
            "token": "old",
            "api_app_id": APP,
            "team": {"id": TEAM, "domain": "rig"},
            "user": {"id": MEMBER, "username": "admin", "team_id": TEAM},
            "channel": {"id": channel, "name": "general"},
            "container": container,
            "trigger_id": secrets.token_hex(8),
            "enterprise": None,
            "is_enterprise_install": False,
            "response_url": url,
            "actions": [{**action, "block_id": "b", "action_ts": ts}],
        }
        await self._deliver("interactive", payload)
        return answers

    async def event(self, event: Fields, *, event_id: str = "", retry: int = 0) -> None:
        """Deliver one event; `retry` above 0 marks it as sent again."""
        again = {"retry_attempt": retry, "retry_reason": "timeout"} if retry else {}
        await self._deliver(
            "events_api",
            {
                "token": "old",
                "team_id": TEAM,
                "api_app_id": APP,
                "type": "event_callback",
                "event_id": event_id or f"Ev{secrets.token_hex(5).upper()}",
                "event_time": int(time.time()),
                "event": event,
                "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
                "is_ext_shared_channel": False,
            },
            **again,
        )

    async def open_direct(self) -> str:
        """Return the id of the conversation between the member and the bot."""
        url = f"{self._emulator}/api/conversations.open"
        token = {"Authorization": f"Bearer {MEMBER_TOKEN}"}
        async with self._http.post(url, json={"users": BOT}, headers=token) as response:
            return str((await response.json())["channel"]["id"])

    # What Slack does to sockets.

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the bot to come back on a new socket, then close this one."""
        socket, request = self._sockets[-1]
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
        await asyncio.sleep(_CLOSE_AFTER_DISCONNECT)
        if (socket, request) in self._sockets:
            self._sockets.remove((socket, request))
        await socket.close()

    def cut(self) -> None:
        """Let the network go away: the socket ends without a word."""
        _, request = self._sockets.pop()
        if request.transport is not None:
            request.transport.abort()

    # What the bot does.

    async def _open_connection(self, request: web.Request) -> web.Response:
        self.opened += 1
        if fault := self._next_fault("apps.connections.open"):
            return web.json_response(fault.answer, status=fault.status, headers=fault.headers)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token != APP_TOKEN:
            wrong_kind = token and not token.startswith("xapp-")
            error = "not_allowed_token_type" if wrong_kind else "invalid_auth"
            return web.json_response({"ok": False, "error": error})
        ticket = secrets.token_hex(8)
        self._tickets[ticket] = time.monotonic() + self.ticket_life
        url = f"ws://{self._address}/link/?ticket={ticket}&app_id={APP}"
        return web.json_response({"ok": True, "url": url})

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if self._tickets.pop(request.query["ticket"], 0.0) < time.monotonic():
            return web.Response(status=408)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self._sockets) >= MOST_SOCKETS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._sockets.append((socket, request))
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._sockets),
                "connection_info": {"app_id": APP},
                "debug_info": {"host": "rig", "approximate_connection_time": 18060},
            }
        )
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                self._take_ack(json.loads(frame.data))
                await asyncio.sleep(self.deaf_for)
        if (socket, request) in self._sockets:
            self._sockets.remove((socket, request))
        return socket

    def _take_ack(self, ack: Fields) -> None:
        waiting = self._acks.pop(ack["envelope_id"], None)
        if waiting is not None and not waiting.done():
            waiting.set_result(ack.get("payload"))

    async def _deliver(self, kind: str, payload: Fields, **more: Any) -> Any:
        """Send one envelope and return the payload of its acknowledgement.

        Raises:
            TimeoutError: The bot did not acknowledge it in time.
        """
        envelope = secrets.token_hex(8)
        self._acks[envelope] = asyncio.get_running_loop().create_future()
        socket, _ = self._sockets[-1]
        takes_answer = kind != "events_api"
        await socket.send_json(
            {
                "envelope_id": envelope,
                "type": kind,
                "payload": payload,
                "accepts_response_payload": takes_answer,
                **more,
            }
        )
        return await asyncio.wait_for(self._acks[envelope], self._ack_timeout)

    async def _pass_on(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        raw = await request.read()
        fault = self._next_fault(method)
        token = request.headers.get("Authorization", "")
        if fault is not None:
            answer, status, headers = fault.answer, fault.status, fault.headers
        elif token != f"Bearer {BOT_TOKEN}":
            answer, status, headers = {"ok": False, "error": "invalid_auth"}, 200, {}
        else:
            kept = {"Authorization": token, "Content-Type": request.headers["Content-Type"]}
            url = f"{self._emulator}/api/{method}"
            async with self._http.post(url, data=raw, headers=kept) as response:
                answer, status, headers = await response.json(), response.status, {}
        self.calls.append(Call(method, _fields(raw), answer))
        return web.json_response(answer, status=status, headers=headers)

    def _next_fault(self, method: str) -> Fault | None:
        fault = next((f for f in self._faults if f.method == method), None)
        if fault is not None:
            self._faults.remove(fault)
        return fault

    def _response_address(self) -> tuple[str, str]:
        answers = secrets.token_hex(6)
        self.answers[answers] = []
        return answers, f"http://{self._address}/respond/{answers}"

    async def _take_answer(self, request: web.Request) -> web.Response:
        taken = self.answers[request.match_info["id"]]
        if self.broken_answers:
            return web.Response(status=500, text="internal_error")
        if len(taken) >= MOST_ANSWERS:
            return web.Response(status=404, text="used_url")
        taken.append(await request.json())
        return web.Response(text="ok")


def new_ts() -> str:
    """Return a new message's `ts`: seconds and microseconds, never the same twice."""
    return f"{time.time():.0f}.{time.monotonic_ns() // 1000 % 1_000_000:06d}"


def _fields(raw: bytes) -> Fields:
    text = raw.decode()
    if text.startswith("{"):
        return dict(json.loads(text))
    return dict(urllib.parse.parse_qsl(text))
