"""The routes of the fake Discord that a bot calls with its token: itself, channels, commands.

Strict where Discord is strict: the token on every call that needs one, limits of length, who may
post where, and one message for one nonce.
"""

import abc
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.rigs.discord_faults import VIA, Fault, answer, error, limited
from tests.rigs.discord_limits import command_refusals, refusal
from tests.rigs.discord_payloads import (
    APP,
    BOT,
    EPHEMERAL,
    ME,
    READS_MESSAGES,
    Payload,
    application,
    member,
)
from tests.rigs.discord_world import (
    NO_ACCESS,
    UNKNOWN_CHANNEL,
    UNKNOWN_GUILD,
    UNKNOWN_MESSAGE,
    Guild,
    World,
)

API = "/api/v10"
TOKEN = "fake.token.rig"
NOT_OURS, UNKNOWN_USER, BAD_BODY, BAD_TOKEN = 50005, 10013, 50035, 0
_REPLY = 19
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot, and when it came (monotonic seconds)."""

    method: str
    path: str
    body: Any
    when: float


class Rest(World, abc.ABC):
    """What the bot called, and the routes that answer it.

    Attributes:
        calls: What the bot called, in order.
        commands: The commands as last synchronised, for every server.
        guild_commands: Likewise, for one server, by its id.
        faults: What the next fitting calls meet instead of an answer; each is used once.
        posts_allowed: How many messages a channel takes within so many seconds, or None; what
            is left stands in the headers, and what is more meets a rate limit.
        may_read: Whether the application has the privileged intent to read every message.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.commands: list[Payload] = []
        self.guild_commands: dict[str, list[Payload]] = {}
        self.faults: list[Fault] = []
        self.posts_allowed: tuple[int, float] | None = None
        self.may_read = False
        self._posts: dict[str, tuple[float, int]] = {}
        self._nonces: dict[str, Payload] = {}

    @abc.abstractmethod
    async def dispatch(self, name: str, body: Payload, *, guild_id: str | None = None) -> None:
        """Deliver an event to whoever is connected; the gateway knows how."""

    def fail(self, fault: Fault, times: int = 1) -> None:
        """Let the next so many fitting calls meet `fault`."""
        self.faults += [fault] * times

    def called(self, method: str, path: str) -> list[Call]:
        """Return the bot's calls of `method` whose path holds `path`."""
        return [call for call in self.calls if call.method == method and path in call.path]

    def routes(self) -> list[web.RouteDef]:
        """Return the routes below the API's address."""
        channel, app = f"{API}/channels/{{channel}}", f"{API}/applications/{{app}}"
        message = f"{channel}/messages/{{message}}"
        return [
            web.get(f"{API}/users/@me", _always(ME)),
            web.get(f"{API}/users/{{user}}", self._get_user),
            web.get(f"{API}/oauth2/applications/@me", self._get_application),
            web.post(f"{API}/users/@me/channels", self._open_direct),
            web.get(f"{app}/commands", self._get_commands),
            web.put(f"{app}/commands", self._put_commands),
            web.get(f"{app}/guilds/{{guild}}/commands", self._get_commands),
            web.put(f"{app}/guilds/{{guild}}/commands", self._put_commands),
            web.get(channel, self._get_channel),
            web.post(f"{channel}/typing", self._type),
            web.post(f"{channel}/messages", self._post_message),
            web.get(message, self._one_message),
            web.patch(message, self._one_message),
            web.delete(message, self._one_message),
            web.get(f"{API}/guilds/{{guild}}", self._get_guild),
            web.get(f"{API}/guilds/{{guild}}/members/{{user}}", self._get_member),
        ]

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Note the call, check the token, and let a fault have its way."""
        if not request.path.startswith(API):
            return await handler(request)
        raw = await request.text()
        path = request.path.removeprefix(API)
        body = json.loads(raw) if raw else None
        self.calls.append(Call(request.method, path, body, time.monotonic()))
        needs_token = not path.startswith(("/interactions/", "/webhooks/"))
        if needs_token and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return error(BAD_TOKEN)
        for fault in self.faults:
            if fault.method == request.method and fault.path in path:
                self.faults.remove(fault)
                return await fault.meet(request, lambda: _known(handler, request))
        return await _known(handler, request)

    # Ourselves and people -----------------------------------------------------------------

    async def _get_application(self, request: web.Request) -> web.Response:
        del request
        return answer(application(READS_MESSAGES if self.may_read else 0))

    async def _get_user(self, request: web.Request) -> web.Response:
        wanted = request.match_info["user"]
        person = self.people.get(wanted)
        found = ME if wanted == BOT else person and person.user
        return answer(found) if found else error(UNKNOWN_USER)

    async def _open_direct(self, request: web.Request) -> web.Response:
        """Open direct messages; Discord opens them also with those who block us."""
        wanted = str((await request.json())["recipient_id"])
        person = self.people.get(wanted)
        return answer(self.channels[self.direct_with(person)]) if person else error(UNKNOWN_USER)

    async def _get_guild(self, request: web.Request) -> web.Response:
        place = self._joined(request)
        return answer(self.describe(place)) if place else error(UNKNOWN_GUILD)

    async def _get_member(self, request: web.Request) -> web.Response:
        person = self.people.get(request.match_info["user"])
        if self._joined(request) is None:
            return error(UNKNOWN_GUILD)
        return answer(member(person.user)) if person else error(UNKNOWN_USER)

    def _joined(self, request: web.Request) -> Guild | None:
        place = self.guilds.get(request.match_info["guild"])
        return place if place and place.joined else None

    # Commands -----------------------------------------------------------------------------

    async def _get_commands(self, request: web.Request) -> web.Response:
        place = request.match_info.get("guild")
        return answer(self.guild_commands.get(place, []) if place else self.commands)

    async def _put_commands(self, request: web.Request) -> web.Response:
        given, place = await request.json(), request.match_info.get("guild")
        if wrong := command_refusals(given):
            return error(BAD_BODY, errors=wrong)
        old = {c["name"]: c["id"] for c in self.guild_commands.get(place or "", self.commands)}
        # discord.py insists on every one of these, also for commands without a description.
        more: Payload = {"application_id": APP, "default_member_permissions": None}
        more |= {"type": 1, "description": ""}
        more |= {"guild_id": place} if place else {}
        found = [
            {**more, **c, "id": old.get(c["name"]) or self.new_id(), "version": self.new_id()}
            for c in given
        ]
        if place:
            self.guild_commands[place] = found
        else:
            self.commands = found
        return answer(found)

    # Channels and messages ----------------------------------------------------------------

    async def _get_channel(self, request: web.Request) -> web.Response:
        channel = request.match_info["channel"]
        if channel not in self.channels:
            return error(UNKNOWN_CHANNEL)
        return answer(self.channels[channel]) if self.installed(channel) else error(NO_ACCESS)

    async def _type(self, request: web.Request) -> web.Response:
        barred = self.barred(request.match_info["channel"])
        return error(barred) if barred else web.Response(status=204, headers=VIA)

    async def _post_message(self, request: web.Request) -> web.Response:
        body, channel = await request.json(), request.match_info["channel"]
        if barred := self.barred(channel):
            return error(barred)
        if wrong := refusal(body):
            return error(BAD_BODY, wrong)
        more: Payload = {}
        if target := body.get("message_reference"):
            known = self.messages.get(str(target["message_id"]))
            if known is None and target.get("fail_if_not_exists", True):
                return error(BAD_BODY, "message_reference: Unknown message")
            if known is not None:
                # discord.py sends the ids of a reply as numbers; Discord gives them back as text.
                linked = {k: str(v) for k, v in target.items() if k != "fail_if_not_exists"}
                more = {"type": _REPLY, "message_reference": linked, "referenced_message": known}
        nonce = str(body.get("nonce") or "")
        if nonce and body.get("enforce_nonce") and nonce in self._nonces:
            return answer(self._nonces[nonce])
        headers, wait = self._post_counted(channel)
        if wait:
            over = limited("", "", wait)
            return answer(over.body, 429, over.headers | headers)
        message = self.add_message(body, channel, **more)
        if nonce:
            self._nonces[nonce] = message
            message["nonce"] = nonce
        await self.announce(message)
        return answer(message, headers=headers)

    async def announce(self, message: Payload) -> None:
        """Tell everybody of a message of ours, as Discord does; it comes back to us too."""
        place = self.guild_of(message["channel_id"])
        where = {"guild_id": place.id, "member": member(ME, with_user=False)} if place else {}
        guild_id = place.id if place else None
        await self.dispatch("MESSAGE_CREATE", {**message, **where}, guild_id=guild_id)

    async def _one_message(self, request: web.Request) -> web.Response:
        """Show, change or delete a message; hidden answers are found by their interaction only."""
        channel, identity = request.match_info["channel"], request.match_info["message"]
        if channel not in self.channels:
            return error(UNKNOWN_CHANNEL)
        if not self.installed(channel):
            return error(NO_ACCESS)
        message = self.messages.get(identity)
        if message is None or message["channel_id"] != channel or message["flags"] & EPHEMERAL:
            return error(UNKNOWN_MESSAGE)
        if request.method == "GET":
            return answer(message)
        if message["author"]["id"] != BOT:
            return error(NOT_OURS)
        if request.method == "DELETE":
            del self.messages[identity]
            return web.Response(status=204, headers=VIA)
        body = await request.json()
        if wrong := refusal({**message, **body}):
            return error(BAD_BODY, wrong)
        return answer(self.edit_message(message, body))

    def _post_counted(self, channel: str) -> tuple[dict[str, str], float]:
        """Return the headers that say what is left, and the seconds to wait if nothing is."""
        if self.posts_allowed is None:
            return dict(VIA), 0.0
        most, seconds = self.posts_allowed
        clock = time.monotonic()
        ends, left = self._posts.get(channel, (0.0, 0))
        if clock >= ends:
            ends, left = clock + seconds, most
        self._posts[channel] = ends, max(0, left - 1)
        after = ends - clock + 0.01
        headers = {
            "X-RateLimit-Bucket": "posts",
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(0, left - 1)),
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
        }
        return VIA | headers, 0.0 if left else after


async def _known(handler: Handler, request: web.Request) -> web.StreamResponse:
    """Do what a call wants; a route that the rig does not have is named, not passed over."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        words = f"the fake Discord has no {request.method} {request.path}"
        return answer({"code": 0, "message": words}, 404)


def _always(body: Payload) -> Handler:
    async def send(request: web.Request) -> web.Response:
        del request
        return answer(body)

    return send
