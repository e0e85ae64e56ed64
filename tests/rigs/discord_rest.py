"""The half of the fake Discord that a bot calls: the routes of a question-and-answer bot.

Strict where Discord is strict: one answer to an interaction, three seconds for it, fifteen
minutes for what follows, limits of length, the token on every call that needs one.
"""

import asyncio
import itertools
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.rigs.discord_payloads import (
    APP,
    BOT,
    CHANNEL,
    EPHEMERAL,
    ME,
    MEMBER,
    Payload,
    application,
    direct_channel,
    now,
    refusal,
)

API = "/api/v10"
TOKEN = "fake.token.rig"
ANSWERED, DEFERRED = 4, 5
_FOLLOW_UPS_WITHIN = 900.0
_COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
Send = Callable[..., Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Interaction:
    """A command or a press on its way, and what the bot answered.

    Attributes:
        kind: Discord's number for the way it was answered, None until then.
        message: The answer that the member sees, if any.
        followups: What came after it.
    """

    id: str
    type: int
    channel: str
    born: float = field(default_factory=time.monotonic)
    kind: int | None = None
    flags: int = 0
    message: Payload | None = None
    followups: list[Payload] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def token(self) -> str:
        """What the bot answers with instead of its own token."""
        return f"rig-{self.id}"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot."""

    method: str
    path: str
    body: Any


@dataclass(frozen=True, slots=True)
class Fault:
    """What the next call of `method` whose path holds `path` meets."""

    method: str
    path: str
    status: int
    body: Payload


class Rest:
    """Everything that was posted, and the routes that post it.

    Attributes:
        calls: What the bot called, in order.
        commands: The commands as last synchronised.
        messages: Every message by its id.
        faults: What the next fitting calls meet instead of an answer; each is used once.
        answer_within: Seconds for the first answer to an interaction.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.commands: list[Payload] = []
        self.messages: dict[str, Payload] = {}
        self.interactions: dict[str, Interaction] = {}
        self.faults: list[Fault] = []
        self.answer_within = 3.0
        self._ids = itertools.count(int((time.time() - 1420070400) * 1000) << 22, 1 << 22)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes below the API's address."""
        original = f"{API}/webhooks/{{app}}/{{token}}/messages/@original"
        return [
            web.get(f"{API}/users/@me", _always(ME)),
            web.get(f"{API}/oauth2/applications/@me", _always(application())),
            web.post(f"{API}/users/@me/channels", _always(direct_channel())),
            web.put(f"{API}/applications/{{app}}/commands", self._put_commands),
            web.post(f"{API}/channels/{{channel}}/messages", self._post_message),
            web.post(f"{API}/interactions/{{id}}/{{token}}/callback", self._call_back),
            web.post(f"{API}/webhooks/{{app}}/{{token}}", self._follow_up),
            web.patch(original, self._edit_original),
        ]

    @web.middleware
    async def watch(self, request: web.Request, handler: Send) -> web.StreamResponse:
        """Note the call, check the token, and let a fault have its way."""
        if not request.path.startswith(API):
            return await handler(request)
        raw = await request.text()
        path = request.path.removeprefix(API)
        self.calls.append(Call(request.method, path, json.loads(raw) if raw else None))
        needs_token = not path.startswith(("/interactions/", "/webhooks/"))
        if needs_token and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return error(401, 0, "401: Unauthorized")
        for fault in self.faults:
            if fault.method == request.method and fault.path in path:
                self.faults.remove(fault)
                return answer(fault.body, fault.status)
        return await handler(request)

    def new_id(self) -> str:
        """Return an id that nothing else has."""
        return str(next(self._ids))

    def interaction(self, kind: int, channel: str) -> Interaction:
        """Return a new interaction that waits for its answer."""
        found = Interaction(self.new_id(), kind, channel)
        self.interactions[found.id] = found
        return found

    def add_message(
        self, body: Payload, channel: str, author: Payload = ME, **more: object
    ) -> Payload:
        """Return a new message with `body` in `channel`."""
        message: Payload = {
            "id": self.new_id(),
            "channel_id": channel,
            "author": author,
            "content": body.get("content") or "",
            "timestamp": now(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": body.get("embeds") or [],
            "components": body.get("components") or [],
            "pinned": False,
            "type": 0,
            "flags": body.get("flags") or 0,
            **more,
        }
        self.messages[message["id"]] = message
        return message

    def posted(self, channel: str = CHANNEL) -> list[Payload]:
        """Return what the bot posted in `channel`, without answers to interactions."""
        return [
            message
            for message in self.messages.values()
            if message["channel_id"] == channel
            and message["author"]["id"] == BOT
            and "interaction_metadata" not in message
        ]

    async def _put_commands(self, request: web.Request) -> web.Response:
        commands = await request.json()
        for number, command in enumerate(commands):
            name, about = command["name"], command.get("description", "")
            if not (_COMMAND_NAME.fullmatch(name) and name == name.lower() and about):
                wrong = {"_errors": [{"code": "BASE_TYPE_BAD", "message": "bad name or no words"}]}
                return error(400, 50035, "Invalid Form Body", {str(number): {"name": wrong}})
        more = {"application_id": APP, "default_member_permissions": None}
        self.commands = [
            {**more, **command, "id": self.new_id(), "version": self.new_id()}
            for command in commands
        ]
        return answer(self.commands)

    async def _post_message(self, request: web.Request) -> web.Response:
        body = await request.json()
        if wrong := refusal(body):
            return error(400, 50035, f"Invalid Form Body: {wrong}")
        more: Payload = {}
        if target := body.get("message_reference"):
            known = str(target["message_id"]) in self.messages
            if not known and target.get("fail_if_not_exists", True):
                return error(400, 50035, "Unknown message")
            # discord.py sends the ids of a reply as numbers; Discord gives them back as text.
            more = {"type": 19, "message_reference": {k: str(v) for k, v in target.items()}}
        return answer(self.add_message(body, request.match_info["channel"], **more))

    async def _call_back(self, request: web.Request) -> web.Response:
        interaction = self.interactions.get(request.match_info["id"])
        body = await request.json()
        if interaction is None or interaction.token != request.match_info["token"]:
            return error(404, 10062, "Unknown interaction")
        if interaction.kind is not None:
            return error(400, 40060, "Interaction has already been acknowledged.")
        if time.monotonic() - interaction.born > self.answer_within:
            return error(404, 10062, "Unknown interaction")
        told = body.get("data") or {}
        if body["type"] == ANSWERED and (wrong := refusal(told)):
            return error(400, 50035, f"Invalid Form Body: {wrong}")
        interaction.kind, interaction.flags = body["type"], told.get("flags") or 0
        resource: Payload = {"type": body["type"]}
        if body["type"] == ANSWERED:
            resource["message"] = self._tell(interaction, told)
        return answer({"interaction": _brief(interaction), "resource": resource})

    async def _follow_up(self, request: web.Request) -> web.Response:
        interaction, body = self._by_token(request), await request.json()
        if interaction is None:
            return error(401, 50027, "Invalid Webhook Token")
        if interaction.kind is None:
            return error(404, 10015, "Unknown Webhook")
        if wrong := refusal(body):
            return error(400, 50035, f"Invalid Form Body: {wrong}")
        return answer(self._tell(interaction, body))

    async def _edit_original(self, request: web.Request) -> web.Response:
        interaction, body = self._by_token(request), await request.json()
        if interaction is None:
            return error(401, 50027, "Invalid Webhook Token")
        if interaction.message is None and interaction.kind != DEFERRED:
            return error(404, 10008, "Unknown Message")
        merged = {**(interaction.message or {}), **body}
        if wrong := refusal(merged):
            return error(400, 50035, f"Invalid Form Body: {wrong}")
        if interaction.message is None:
            return answer(self._tell(interaction, body))
        interaction.message |= {
            k: body[k] for k in ("content", "embeds", "components") if k in body
        }
        return answer(interaction.message)

    def _tell(self, interaction: Interaction, body: Payload) -> Payload:
        """Show a message to the member; the first one takes the place of "thinking ..."."""
        first = interaction.message is None
        flags = interaction.flags if first else (body.get("flags") or 0) & EPHEMERAL
        metadata = {"id": interaction.id, "type": interaction.type, "user": MEMBER}
        metadata["authorizing_integration_owners"] = {}
        message = self.add_message(
            {**body, "flags": flags}, interaction.channel, interaction_metadata=metadata
        )
        if first:
            interaction.message = message
            interaction.told.set()
        else:
            interaction.followups.append(message)
        return message

    def _by_token(self, request: web.Request) -> Interaction | None:
        token = request.match_info["token"]
        found = (i for i in self.interactions.values() if i.token == token)
        interaction = next(found, None)
        if interaction is None or time.monotonic() - interaction.born > _FOLLOW_UPS_WITHIN:
            return None
        return interaction


def answer(body: Any, status: int = 200) -> web.Response:
    """Return `body` as JSON; discord.py compares the content type whole, without a charset."""
    response = web.Response(body=json.dumps(body).encode(), status=status)
    response.headers["Content-Type"] = "application/json"
    return response


def error(status: int, code: int, words: str, errors: Payload | None = None) -> web.Response:
    """Return one of Discord's errors."""
    return answer({"code": code, "message": words, "errors": errors or {}}, status)


def _always(body: Payload) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def send(request: web.Request) -> web.Response:
        del request
        return answer(body)

    return send


def _brief(interaction: Interaction) -> Payload:
    return {
        "id": interaction.id,
        "type": interaction.type,
        "response_message_id": interaction.message["id"] if interaction.message else None,
        "response_message_loading": interaction.kind == DEFERRED,
        "response_message_ephemeral": bool(interaction.flags & EPHEMERAL),
    }
