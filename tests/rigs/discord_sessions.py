"""The gateway of the fake Discord: sessions, shards, heartbeats, and what breaks there.

It follows Discord's documentation and what discord.py insists on: a sequence number on every
event, replay on resume, one shared compression stream, the shard in READY.
"""

import abc
import asyncio
import contextlib
import json
import secrets
import time
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.rigs.discord_faults import answer, break_off
from tests.rigs.discord_interactions import Interactions
from tests.rigs.discord_payloads import APP, BOT, ME, READS_MESSAGES, Payload
from tests.rigs.discord_rest import API, TOKEN
from tests.rigs.discord_world import SHARD_SHIFT, Guild

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT = 0, 1, 2, 3, 6, 7
MEMBERS, INVALID, HELLO, ACK = 8, 9, 10, 11
BAD_TOKEN, BAD_OPCODE, BAD_SHARD, BAD_INTENTS = 4004, 4001, 4010, 4014
GUILDS, SERVER_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT
# discord.py waits five seconds between two; a little less here, for the way there.
BETWEEN_STARTS = 4.5


@dataclass(eq=False, slots=True)
class Session:
    """What Discord remembers of one IDENTIFY, whether its socket stands or not."""

    id: str
    intents: int
    shard: tuple[int, int] = (0, 1)
    log: list[Payload] = field(default_factory=list)
    socket: "Socket | None" = None
    born: float = field(default_factory=time.monotonic)
    # Events keep their order although several tasks dispatch and a resume replays.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def serves(self, guild_id: str | None) -> bool:
        """Return whether events of a server, or of direct messages, come by this session."""
        number, of = self.shard
        return (int(guild_id) >> SHARD_SHIFT) % of == number if guild_id else number == 0


class Socket:
    """One connection of the bot, compressed if it asked for that."""

    def __init__(self, request: web.Request, *, deaf: bool) -> None:
        self.request = request
        self.silent = False
        self.frames = web.WebSocketResponse(max_msg_size=4096, autoclose=not deaf)
        packed = request.query.get("compress") == "zlib-stream"
        self._packer = zlib.compressobj() if packed else None

    async def send(self, op: int, body: object = None, event: Payload | None = None) -> None:
        """Send one payload; a connection that has gone takes nothing."""
        if self.silent:
            return
        raw = json.dumps({"op": op, "d": body, "s": None, "t": None, **(event or {})}).encode()
        with contextlib.suppress(ConnectionError, RuntimeError):
            if self._packer is None:
                await self.frames.send_str(raw.decode())
            else:
                packed = self._packer.compress(raw) + self._packer.flush(zlib.Z_SYNC_FLUSH)
                await self.frames.send_bytes(packed)

    def cut(self) -> None:
        """Break the connection without a goodbye."""
        break_off(self.request)


class Sessions(Interactions):
    """Who is connected, and what they are sent.

    Attributes:
        refuse_handshakes: How many of the next connections are refused.
        refuse_with: Set it to a close code, and every IDENTIFY is turned away with it.
        deaf: Set it before the bot connects, and nobody answers when it says goodbye.
        mute: Set it, and heartbeats are no longer acknowledged. discord.py notices only when
            nothing at all arrives for its `heartbeat_timeout` (60 s unless the client says less).
        heartbeat_ms: How often a bot that connects from now on must send a heartbeat.
        shards: How many shards `GET /gateway/bot` advises.
        max_concurrency: How many shards may start at once; the others wait.
        between_starts: How many seconds they wait.
        identified: How often a new session was opened.
        resumed: How often a session was taken up again.
        heartbeats: How many heartbeats came.
        hasty: How many IDENTIFYs came too soon after another; each was turned away.
        sessions: Every session that is remembered, by its id.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refuse_handshakes = 0
        self.refuse_with: int | None = None
        self.deaf = False
        self.mute = False
        self.heartbeat_ms = 41250
        self.shards, self.max_concurrency = 1, 1
        self.identified = self.resumed = self.heartbeats = self.hasty = 0
        self.sessions: dict[str, Session] = {}
        self.between_starts = BETWEEN_STARTS
        self._started: dict[int, float] = {}

    @property
    @abc.abstractmethod
    def gateway(self) -> str:
        """The address of the gateway."""

    @property
    def live(self) -> list[Session]:
        """The sessions whose socket stands."""
        return [session for session in self.sessions.values() if session.socket is not None]

    def routes(self) -> list[web.RouteDef]:
        """Return every route there is."""
        gateway = web.get(f"{API}/gateway/bot", self._advise)
        return [web.get("/", self._connect), gateway, *super().routes()]

    # What goes wrong ----------------------------------------------------------------------

    def cut(self, shard: int | None = None) -> None:
        """Break the bot's connections, or one shard's, without a goodbye."""
        for session in self._chosen(shard):
            if session.socket is not None:
                session.socket.cut()
                session.socket = None

    def silence(self, shard: int | None = None) -> None:
        """Let the connections stand, while nothing comes over them any more."""
        for session in self._chosen(shard):
            if session.socket is not None:
                session.socket.silent = True

    def forget(self, shard: int | None = None) -> None:
        """Break the connections and forget the sessions: a resume is refused."""
        chosen = self._chosen(shard)
        self.cut(shard)
        for session in chosen:
            del self.sessions[session.id]

    async def reconnect(self, shard: int | None = None) -> None:
        """Ask the bot to connect anew (op 7)."""
        for session in self._chosen(shard):
            if session.socket is not None:
                await session.socket.send(RECONNECT)

    async def invalidate(self, *, resumable: bool, shard: int | None = None) -> None:
        """Tell the bot that its session no longer holds (op 9), or that it may be resumed."""
        for session in self._chosen(shard):
            if session.socket is not None:
                await session.socket.send(INVALID, body=resumable)
            if not resumable:
                del self.sessions[session.id]

    async def close(self, code: int, shard: int | None = None) -> None:
        """Close the connections with a code."""
        for session in self._chosen(shard):
            if session.socket is not None:
                socket, session.socket = session.socket, None
                await socket.frames.close(code=code)

    def _chosen(self, shard: int | None) -> list[Session]:
        found = self.live
        return [session for session in found if shard is None or session.shard[0] == shard]

    # Servers come and go ------------------------------------------------------------------

    async def invite(self, place: Guild) -> None:
        """Let the bot join a server."""
        place.joined, place.out = True, False
        # discord.py tells joining from coming back by "unavailable" being absent.
        await self.dispatch("GUILD_CREATE", self.describe(place), guild_id=place.id)

    async def remove(self, place: Guild) -> None:
        """Throw the bot out of a server."""
        place.joined = False
        await self.dispatch("GUILD_DELETE", {"id": place.id}, guild_id=place.id)

    async def lose(self, place: Guild) -> None:
        """Let an outage hide a server."""
        place.out = True
        body = {"id": place.id, "unavailable": True}
        await self.dispatch("GUILD_DELETE", body, guild_id=place.id)

    async def recover(self, place: Guild) -> None:
        """End the outage."""
        place.out = False
        body = {**self.describe(place), "unavailable": False}
        await self.dispatch("GUILD_CREATE", body, guild_id=place.id)

    # Connections --------------------------------------------------------------------------

    async def _advise(self, request: web.Request) -> web.Response:
        del request
        left = {"total": 1000, "remaining": 1000 - self.identified, "reset_after": 86_400_000}
        left["max_concurrency"] = self.max_concurrency
        advice = {"url": self.gateway, "shards": self.shards, "session_start_limit": left}
        return answer(advice)

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if self.refuse_handshakes:
            self.refuse_handshakes -= 1
            return web.Response(status=503)
        socket = Socket(request, deaf=self.deaf)
        await socket.frames.prepare(request)
        await socket.send(HELLO, {"heartbeat_interval": self.heartbeat_ms, "_trace": []})
        async for frame in socket.frames:
            if frame.type is WSMsgType.TEXT:
                payload = json.loads(frame.data)
                code = await self._take(socket, payload["op"], payload.get("d"))
                if code is not None:
                    await socket.frames.close(code=code)
        for session in self.sessions.values():
            if session.socket is socket:
                session.socket = None
        if self.deaf:
            await asyncio.sleep(60)
        return socket.frames

    async def _take(self, socket: Socket, op: int, body: Any) -> int | None:
        """Do what the bot asks; return the code to close with if it may not ask that."""
        if op == HEARTBEAT:
            self.heartbeats += 1
            if not self.mute:
                await socket.send(ACK)
        elif op == IDENTIFY:
            return await self._identify(socket, body)
        elif op == RESUME:
            await self._resume(socket, body)
        elif op == MEMBERS:
            await self._send_members(socket, body)
        elif op != PRESENCE:  # which nobody here looks at
            return BAD_OPCODE
        return None

    async def _identify(self, socket: Socket, body: Payload) -> int | None:
        number, of = shard = tuple(body.get("shard") or (0, 1))
        allowed = MESSAGE_CONTENT if self.may_read else 0
        if body["token"] != TOKEN:
            return BAD_TOKEN
        if self.refuse_with is not None:
            return self.refuse_with
        if not 0 <= number < of:
            return BAD_SHARD
        if body["intents"] & PRIVILEGED & ~allowed:
            return BAD_INTENTS
        if self._too_soon(number):
            self.hasty += 1
            await socket.send(INVALID, body=False)
            return None
        session = Session(secrets.token_hex(8), body["intents"], shard, socket=socket)
        self.sessions[session.id] = session
        self.identified += 1
        await self._welcome(session, sharded="shard" in body)
        return None

    def _too_soon(self, shard: int) -> bool:
        """Return whether another shard of the same turn has started less than five seconds ago."""
        turn, clock = shard % self.max_concurrency, time.monotonic()
        if clock - self._started.get(turn, -self.between_starts) < self.between_starts:
            return True
        self._started[turn] = clock
        return False

    async def _welcome(self, session: Session, *, sharded: bool) -> None:
        served = [g for g in self.guilds.values() if g.joined and session.serves(g.id)]
        ready = {
            "v": 10,
            "user": ME,
            "guilds": [{"id": place.id, "unavailable": True} for place in served],
            "session_id": session.id,
            "resume_gateway_url": self.gateway,
            "application": {"id": APP, "flags": READS_MESSAGES if self.may_read else 0},
            "session_type": "normal",
            "_trace": [],
            # The sharded client of discord.py breaks without it.
            **({"shard": list(session.shard)} if sharded else {}),
        }
        await self._deliver(session, "READY", ready)
        if session.intents & GUILDS:
            for place in served:
                if not place.out:
                    body = {**self.describe(place), "unavailable": False}
                    await self._deliver(session, "GUILD_CREATE", body)

    async def _resume(self, socket: Socket, body: Payload) -> None:
        session = self.sessions.get(body["session_id"])
        seen = body["seq"]
        if session is None or body["token"] != TOKEN or seen is None or seen > len(session.log):
            await socket.send(INVALID, body=False)
            return
        async with session.turn:
            session.socket = socket
            for event in session.log[seen:]:
                await socket.send(DISPATCH, event=event)
        self.resumed += 1
        await self._deliver(session, "RESUMED", {"_trace": []})

    async def _send_members(self, socket: Socket, body: Payload) -> None:
        for session in self.live:
            if session.socket is socket:
                found = self.describe(self.guilds[str(body["guild_id"])])["members"]
                chunk = {"members": found, "chunk_index": 0, "chunk_count": 1, "not_found": []}
                chunk |= {"guild_id": str(body["guild_id"]), "nonce": body.get("nonce")}
                await self._deliver(session, "GUILD_MEMBERS_CHUNK", chunk)

    # Events -------------------------------------------------------------------------------

    async def dispatch(self, name: str, body: Payload, *, guild_id: str | None = None) -> None:
        """Deliver an event of a server, or of direct messages, to whoever asked for such."""
        wanted = _intent(name, guild_id)
        for session in [*self.sessions.values()]:
            if session.serves(guild_id) and (session.intents & wanted or not wanted):
                await self._deliver(session, name, _as_seen(session, name, body))

    async def _deliver(self, session: Session, name: str, body: Payload) -> None:
        """Number an event, keep it for a resume, and send it if the socket stands."""
        async with session.turn:
            event = {"t": name, "s": len(session.log) + 1, "d": body}
            session.log.append(event)
            if session.socket is not None:
                await session.socket.send(DISPATCH, event=event)


def _intent(name: str, guild_id: str | None) -> int:
    """Return what a bot must have asked for to get such an event; 0: everybody gets it."""
    if name.startswith("MESSAGE_"):
        return SERVER_MESSAGES if guild_id else DIRECT_MESSAGES
    return GUILDS if name.startswith(("GUILD_", "CHANNEL_")) else 0


def _as_seen(session: Session, name: str, body: Payload) -> Payload:
    """Return an event as the bot gets it: without the words of those who did not call it.

    Discord leaves the words in direct messages, in its own bot's messages, where the bot is
    mentioned, and in replies to its ordinary messages that notify it; a reply to what it answered
    to a command stays blank although it notifies the bot as well.
    """
    if name != "MESSAGE_CREATE" or session.intents & MESSAGE_CONTENT or not body.get("guild_id"):
        return body
    called = any(person["id"] == BOT for person in body["mentions"])
    replied = body.get("referenced_message") or {}
    if called and "interaction_metadata" in replied and f"<@{BOT}>" not in body["content"]:
        called = False
    if called or body["author"]["id"] == BOT:
        return body
    return {**body, "content": "", "embeds": [], "components": [], "attachments": []}
