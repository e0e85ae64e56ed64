"""A small fake Discord on the loopback address, for the real discord.py to talk to.

It follows Discord's documentation and what discord.py insists on: heartbeats, sessions with
sequence numbers, replay on resume, one shared compression stream. It was never compared with
Discord itself.
"""

import asyncio
import contextlib
import json
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import discord.gateway
import discord.http
import yarl
from aiohttp import WSMsgType, web

from tests.rigs.discord_payloads import (
    APP,
    CHANNEL,
    DM_CHANNEL,
    EVERY_PERMISSION,
    GUILD,
    ME,
    MEMBER,
    Payload,
    direct_channel,
    guild,
    member,
    text_channel,
)
from tests.rigs.discord_rest import API, TOKEN, Interaction, Rest

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 0, 1, 2, 3, 6
INVALID, HELLO, ACK = 9, 10, 11
BAD_TOKEN, BAD_OPCODE, BAD_INTENTS = 4004, 4001, 4014
SERVER_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT
_COMMAND, _PRESS = 2, 3
_ANSWER_WITHIN = 4.0


@dataclass(eq=False, slots=True)
class Session:
    """What Discord remembers of one IDENTIFY, whether its socket stands or not."""

    id: str
    intents: int
    log: list[Payload] = field(default_factory=list)
    socket: "Socket | None" = None


class Socket:
    """One connection of the bot, compressed if it asked for that."""

    def __init__(self, request: web.Request, *, deaf: bool) -> None:
        self.request = request
        self.frames = web.WebSocketResponse(max_msg_size=4096, autoclose=not deaf)
        packed = request.query.get("compress") == "zlib-stream"
        self._packer = zlib.compressobj() if packed else None

    async def send(self, op: int, body: object = None, event: Payload | None = None) -> None:
        """Send one payload; a connection that has gone takes nothing."""
        raw = json.dumps({"op": op, "d": body, "s": None, "t": None, **(event or {})}).encode()
        with contextlib.suppress(ConnectionError, RuntimeError):
            if self._packer is None:
                await self.frames.send_str(raw.decode())
            else:
                packed = self._packer.compress(raw) + self._packer.flush(zlib.Z_SYNC_FLUSH)
                await self.frames.send_bytes(packed)

    def cut(self) -> None:
        """Break the connection without a goodbye."""
        if self.request.transport is not None:
            self.request.transport.abort()


class FakeDiscord(Rest):
    """One server with one channel and one member, and the gateway to it.

    Attributes:
        refuse_handshakes: How many of the next connections are refused.
        refuse_with: Set it to a close code, and every IDENTIFY is turned away with it.
        deaf: Set it before the bot connects, and nobody answers when it says goodbye.
        identified: How often a new session was opened.
        resumed: How often a session was taken up again.
        locale: The server's language.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refuse_handshakes = 0
        self.refuse_with: int | None = None
        self.deaf = False
        self.identified = 0
        self.resumed = 0
        self.locale = "en-US"
        self.sessions: dict[str, Session] = {}
        self._port = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Start on a free port of the loopback address."""
        app = web.Application(middlewares=[self.watch])
        app.add_routes([web.get("/", self._connect), *self.routes()])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Stop, whatever is still open."""
        self.cut()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def gateway(self) -> str:
        """The address of the gateway."""
        return f"ws://127.0.0.1:{self._port}/"

    @contextlib.contextmanager
    def redirected(self) -> Iterator[None]:
        """Lead discord.py here instead of to Discord."""
        real = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
        discord.http.Route.BASE = f"http://127.0.0.1:{self._port}{API}"
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.gateway)
        try:
            yield
        finally:
            discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = real

    # What a member does -------------------------------------------------------------------

    async def say(self, text: str, *, mention: bool = False, direct: bool = False) -> Payload:
        """Post a message as Alice, calling us or not, in the channel or alone with us."""
        more: Payload = {"mentions": [{**ME, "member": member(ME)}]} if mention else {}
        channel = DM_CHANNEL if direct else CHANNEL
        message = self.add_message({"content": text}, channel, MEMBER, **more)
        place: Payload = {} if direct else {"guild_id": GUILD}
        if not direct:
            place["member"] = member(MEMBER, with_user=False)
        for session in self.sessions.values():
            if session.intents & (DIRECT_MESSAGES if direct else SERVER_MESSAGES):
                seen = direct or mention or session.intents & MESSAGE_CONTENT
                blank = {} if seen else {"content": "", "embeds": [], "components": []}
                await self._dispatch(session, "MESSAGE_CREATE", {**message, **place, **blank})
        return message

    async def command(self, name: str, *, direct: bool = False, **options: str) -> Interaction:
        """Use a slash command as Alice; return when it was answered or Discord gave up."""
        known = next((c for c in self.commands if c["name"] == name), None)
        assert known is not None, f"/{name} was never synchronised"
        given = [{"name": k, "type": 3, "value": v} for k, v in options.items()]
        used = {"id": known["id"], "name": name, "type": 1, "options": given}
        return await self._interact(_COMMAND, used, direct=direct)

    async def press(self, message: Payload, custom_id: str) -> Interaction:
        """Press a button as Alice; return when it was answered or Discord gave up."""
        buttons = [part for row in message["components"] for part in row["components"]]
        (button,) = [b for b in buttons if b.get("custom_id") == custom_id]
        pressed = {"custom_id": custom_id, "component_type": button["type"]}
        direct = message["channel_id"] == DM_CHANNEL
        return await self._interact(_PRESS, pressed, direct=direct, message=message)

    # What goes wrong ----------------------------------------------------------------------

    def cut(self) -> None:
        """Break every connection of the bot without a goodbye."""
        for session in self.sessions.values():
            if session.socket is not None:
                session.socket.cut()
                session.socket = None

    # The gateway --------------------------------------------------------------------------

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if self.refuse_handshakes:
            self.refuse_handshakes -= 1
            return web.Response(status=503)
        socket = Socket(request, deaf=self.deaf)
        await socket.frames.prepare(request)
        await socket.send(HELLO, {"heartbeat_interval": 41250, "_trace": []})
        async for frame in socket.frames:
            if frame.type is WSMsgType.TEXT:
                payload = json.loads(frame.data)
                code = await self._take(socket, payload["op"], payload.get("d"))
                if code is not None:
                    await socket.frames.close(code=code)
        if self.deaf:
            await asyncio.sleep(60)
        return socket.frames

    async def _take(self, socket: Socket, op: int, body: Any) -> int | None:
        """Do what the bot asks; return the code to close with if it may not ask that."""
        if op == HEARTBEAT:
            await socket.send(ACK)
        elif op == IDENTIFY:
            return await self._identify(socket, body)
        elif op == RESUME:
            await self._resume(socket, body)
        elif op != PRESENCE:  # which nobody here looks at
            return BAD_OPCODE
        return None

    async def _identify(self, socket: Socket, body: Payload) -> int | None:
        if body["token"] != TOKEN:
            return BAD_TOKEN
        if self.refuse_with is not None:
            return self.refuse_with
        if body["intents"] & PRIVILEGED:
            return BAD_INTENTS
        session = Session(secrets.token_hex(8), body["intents"], socket=socket)
        self.sessions[session.id] = session
        self.identified += 1
        ready = {
            "v": 10,
            "user": ME,
            "guilds": [{"id": GUILD, "unavailable": True}],
            "session_id": session.id,
            "resume_gateway_url": self.gateway,
            "application": {"id": APP, "flags": 0},
            "session_type": "normal",
            "_trace": [],
        }
        await self._dispatch(session, "READY", ready)
        await self._dispatch(session, "GUILD_CREATE", guild(self.locale))
        return None

    async def _resume(self, socket: Socket, body: Payload) -> None:
        session = self.sessions.get(body["session_id"])
        seen = body["seq"]
        if session is None or body["token"] != TOKEN or seen is None or seen > len(session.log):
            await socket.send(INVALID, body=False)
            return
        session.socket = socket
        self.resumed += 1
        for event in session.log[seen:]:
            await socket.send(DISPATCH, event=event)
        await self._dispatch(session, "RESUMED", {"_trace": []})

    async def _dispatch(self, session: Session, name: str, body: Payload) -> None:
        """Number an event, keep it for a resume, and send it if the socket stands."""
        event = {"t": name, "s": len(session.log) + 1, "d": body}
        session.log.append(event)
        if session.socket is not None:
            await session.socket.send(DISPATCH, event=event)

    async def _interact(
        self, kind: int, used: Payload, *, direct: bool, message: Payload | None = None
    ) -> Interaction:
        interaction = self.interaction(kind, DM_CHANNEL if direct else CHANNEL)
        body = {
            "id": interaction.id,
            "application_id": APP,
            "type": kind,
            "data": used,
            "token": interaction.token,
            "version": 1,
            "locale": "en-GB",
            "entitlements": [],
            "authorizing_integration_owners": {"0": GUILD},
            "attachment_size_limit": 10_485_760,
            "app_permissions": EVERY_PERMISSION,
            "channel_id": interaction.channel,
            **(_alone() if direct else _in_server(self.locale)),
            **({"message": message} if message else {}),
        }
        for session in self.sessions.values():
            await self._dispatch(session, "INTERACTION_CREATE", body)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(interaction.told.wait(), _ANSWER_WITHIN)
        return interaction


def _alone() -> Payload:
    return {"context": 1, "channel": direct_channel(), "user": MEMBER}


def _in_server(locale: str) -> Payload:
    return {
        "context": 0,
        "guild_id": GUILD,
        "guild": {"id": GUILD, "features": [], "locale": locale},
        "guild_locale": locale,
        "channel": {**text_channel(), "permissions": EVERY_PERMISSION},
        "member": member(MEMBER, permissions=EVERY_PERMISSION),
    }
