"""The routes of the fake Discord by which a bot answers commands, presses and windows.

Strict where Discord is strict: one answer to an interaction, three seconds for it, fifteen
minutes for what follows, an answer of the kind that fits, and five messages after it where only
somebody's own installation brought the bot.
"""

import asyncio
import time
from dataclasses import dataclass, field

from aiohttp import web

from tests.rigs.discord_faults import VIA, answer, error
from tests.rigs.discord_limits import choices_refusal, modal_refusal, refusal
from tests.rigs.discord_payloads import EPHEMERAL, LAID_OUT, Payload, Person
from tests.rigs.discord_rest import API, BAD_BODY, Rest
from tests.rigs.discord_world import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE

COMMAND, PRESS, TYPING, SUBMITTED = 2, 3, 4, 5
ANSWERED, DEFERRED, NOTED, UPDATED, SUGGESTED, OPENED = 4, 5, 6, 7, 8, 9
FOLLOW_UPS_ALONE = 5
TOO_LATE, ALREADY, TOO_MANY, TOKEN_OVER, UNANSWERED = 10062, 40060, 40094, 50027, 10015
_LOADING = 1 << 7
# Which answers fit which kind of interaction; a window that came from a message may change it.
_FITTING = {
    COMMAND: {ANSWERED, DEFERRED, OPENED},
    PRESS: {ANSWERED, DEFERRED, NOTED, UPDATED, OPENED},
    TYPING: {SUGGESTED},
    SUBMITTED: {ANSWERED, DEFERRED, NOTED, UPDATED},
}


@dataclass(slots=True)
class Interaction:
    """A command, a press, a half-typed option or a window on its way, and how it was answered.

    Attributes:
        alone: Whether only somebody's own installation brought the bot there.
        kind: Discord's number for the way it was answered, None until then.
        told_in: Seconds until the bot took it, None until then.
        message: The answer that the member sees, if any.
        followups: What came after it.
        choices: What was suggested, if anything was.
        modal: The window that was opened, if one was.
        source: The message that a button or select stands on.
        refused: Codes of the errors that the bot met while it answered.
        told: Set when the member sees something; `taken` when the bot has answered at all.
    """

    id: str
    type: int
    channel: str
    by: Person
    guild: str | None = None
    alone: bool = False
    source: Payload | None = None
    born: float = field(default_factory=time.monotonic)
    kind: int | None = None
    told_in: float | None = None
    flags: int = 0
    message: Payload | None = None
    followups: list[Payload] = field(default_factory=list)
    choices: list[Payload] = field(default_factory=list)
    modal: Payload | None = None
    refused: list[int] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    gone: bool = False

    @property
    def token(self) -> str:
        """What the bot answers with instead of its own token."""
        return f"rig-{self.id}"

    @property
    def shown(self) -> list[Payload]:
        """Everything that the member sees."""
        return [m for m in (self.message, *self.followups) if m is not None]


class Interactions(Rest):
    """What members used, and the routes that take the answers.

    Attributes:
        interactions: Every interaction by its id.
        answer_within: Seconds for the first answer to an interaction.
        follow_up_within: Seconds for everything else.
    """

    def __init__(self) -> None:
        super().__init__()
        self.interactions: dict[str, Interaction] = {}
        self.answer_within = 3.0
        self.follow_up_within = 900.0

    def routes(self) -> list[web.RouteDef]:
        """Return the routes below the API's address."""
        hook = f"{API}/webhooks/{{app}}/{{token}}"
        message = f"{hook}/messages/{{message}}"
        return [
            *super().routes(),
            web.post(f"{API}/interactions/{{id}}/{{token}}/callback", self._call_back),
            web.post(hook, self._follow_up),
            web.get(message, self._told_message),
            web.patch(message, self._told_message),
            web.delete(message, self._told_message),
        ]

    def interaction(
        self, kind: int, channel: str, by: Person, source: Payload | None = None
    ) -> Interaction:
        """Return a new interaction that waits for its answer."""
        place, alone = self.guild_of(channel), not self.installed(channel)
        found = Interaction(
            self.new_id(), kind, channel, by, place.id if place else None, alone, source
        )
        self.interactions[found.id] = found
        return found

    # The first answer ---------------------------------------------------------------------

    async def _call_back(self, request: web.Request) -> web.Response:
        interaction = self.interactions.get(request.match_info["id"])
        if interaction is None or interaction.token != request.match_info["token"]:
            return error(TOO_LATE)
        body = await request.json()
        code, why = self._callback_refusal(interaction, body)
        if code is not None:
            interaction.refused.append(code)
            return error(code, why)
        kind, told = body["type"], body.get("data") or {}
        interaction.kind, interaction.flags = kind, told.get("flags") or 0
        interaction.told_in = time.monotonic() - interaction.born
        resource: Payload = {"type": kind}
        if kind == ANSWERED:
            resource["message"] = await self._tell(interaction, told)
        elif kind == UPDATED and interaction.source is not None:
            resource["message"] = self._show(interaction, interaction.source, told)
        elif kind == SUGGESTED:
            interaction.choices = told.get("choices") or []
        elif kind == OPENED:
            interaction.modal = told
        interaction.taken.set()
        if not request.query.get("with_response"):
            return web.Response(status=204, headers=VIA)
        return answer({"interaction": _brief(interaction), "resource": resource})

    def _callback_refusal(self, interaction: Interaction, body: Payload) -> tuple[int | None, str]:
        kind, told = body["type"], body.get("data") or {}
        if interaction.kind is not None:
            return ALREADY, ""
        if time.monotonic() - interaction.born > self.answer_within:
            return TOO_LATE, ""
        if interaction.channel not in self.channels:
            return UNKNOWN_CHANNEL, ""
        if kind == UPDATED and interaction.source and not self._stands(interaction.source):
            return UNKNOWN_MESSAGE, ""
        on_message = interaction.source is not None or kind not in {NOTED, UPDATED}
        if kind not in _FITTING[interaction.type] or not on_message:
            return BAD_BODY, f"type {kind} does not answer type {interaction.type}"
        wrong = None
        if kind == ANSWERED:
            wrong = refusal(told)
        elif kind == UPDATED:
            wrong = refusal({**(interaction.source or {}), **told})
        elif kind == SUGGESTED:
            wrong = choices_refusal(told.get("choices") or [])
        elif kind == OPENED:
            wrong = modal_refusal(told)
        return (BAD_BODY, wrong) if wrong else (None, "")

    # What follows -------------------------------------------------------------------------

    async def _follow_up(self, request: web.Request) -> web.Response:
        interaction, body = self._by_token(request), await request.json()
        if interaction is None:
            return error(TOKEN_OVER)
        code, why = None, refusal(body) or ""
        if interaction.kind is None:
            code = UNANSWERED
        elif interaction.channel not in self.channels:
            code = UNKNOWN_CHANNEL
        elif interaction.alone and len(interaction.followups) >= FOLLOW_UPS_ALONE:
            code = TOO_MANY
        elif why:
            code = BAD_BODY
        if code is not None:
            interaction.refused.append(code)
            return error(code, why)
        return answer(await self._tell(interaction, body))

    async def _told_message(self, request: web.Request) -> web.Response:
        """Show, change or delete an answer, which `@original` names if it is the first."""
        interaction, identity = self._by_token(request), request.match_info["message"]
        if interaction is None:
            return error(TOKEN_OVER)
        first = identity == "@original"
        message = interaction.message if first else self.messages.get(identity)
        if first and message is None and interaction.kind in {NOTED, UPDATED}:
            message = interaction.source
        thinking = first and message is None and interaction.kind == DEFERRED
        lost = message is not None and not self._stands(message)
        if lost or (message is None and not thinking) or (first and interaction.gone):
            interaction.refused.append(UNKNOWN_MESSAGE)
            return error(UNKNOWN_MESSAGE)
        if request.method == "DELETE":
            return self._delete_told(interaction, message)
        if request.method == "GET":
            return answer(message or self.add_message({"flags": _LOADING}, interaction.channel))
        body = await request.json()
        if wrong := refusal({**(message or {}), **body}):
            interaction.refused.append(BAD_BODY)
            return error(BAD_BODY, wrong)
        if message is None:
            return answer(await self._tell(interaction, body))
        return answer(self._show(interaction, message, body))

    def _delete_told(self, interaction: Interaction, message: Payload | None) -> web.Response:
        if message is None or message is interaction.message:
            interaction.gone, interaction.message = True, None
        elif message in interaction.followups:
            interaction.followups.remove(message)
        if message is not None:
            self.messages.pop(message["id"], None)
        return web.Response(status=204, headers=VIA)

    async def _tell(self, interaction: Interaction, body: Payload) -> Payload:
        """Show a message to the member; the first one takes the place of "thinking ..."."""
        first = interaction.message is None and interaction.kind in {ANSWERED, DEFERRED}
        flags = interaction.flags if first else body.get("flags") or 0
        flags = (flags & EPHEMERAL) | ((body.get("flags") or 0) & LAID_OUT)
        message = self.add_message(
            {**body, "flags": flags}, interaction.channel, interaction_metadata=_used(interaction)
        )
        if first:
            interaction.message = message
        else:
            interaction.followups.append(message)
        interaction.told.set()
        # What only one person sees never comes by the gateway.
        if not flags & EPHEMERAL and not interaction.alone:
            await self.announce(message)
        return message

    def _show(self, interaction: Interaction, message: Payload, body: Payload) -> Payload:
        if message is interaction.source:
            interaction.message = message
        interaction.told.set()
        return self.edit_message(message, body)

    def _stands(self, message: Payload) -> bool:
        return message["id"] in self.messages

    def _by_token(self, request: web.Request) -> Interaction | None:
        token = request.match_info["token"]
        interaction = self.interactions.get(token.removeprefix("rig-"))
        if interaction is None or time.monotonic() - interaction.born > self.follow_up_within:
            return None
        return interaction


def owners(interaction: Interaction) -> Payload:
    """Return who installed the bot: "0" for a server or our direct messages, "1" for a person."""
    if interaction.alone:
        return {"1": interaction.by.id}
    return {"0": interaction.guild or "0"}


def _used(interaction: Interaction) -> Payload:
    """Return what Discord writes on an answer about what it answers."""
    used: Payload = {
        "id": interaction.id,
        "type": interaction.type,
        "user": interaction.by.user,
        "authorizing_integration_owners": owners(interaction),
    }
    pressed = {"interacted_message_id": interaction.source["id"]} if interaction.source else {}
    if interaction.type == SUBMITTED:
        opened = {**used, **pressed, "type": PRESS if pressed else COMMAND}
        return {**used, "triggering_interaction_metadata": opened}
    return {**used, **pressed}


def _brief(interaction: Interaction) -> Payload:
    return {
        "id": interaction.id,
        "type": interaction.type,
        "response_message_id": interaction.message["id"] if interaction.message else None,
        "response_message_loading": interaction.kind == DEFERRED,
        "response_message_ephemeral": bool(interaction.flags & EPHEMERAL),
    }
