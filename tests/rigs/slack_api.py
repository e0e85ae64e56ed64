"""The rig's Web API: what Slack refuses is refused here, the rest a third party's emulator answers.

Without an emulator the front answers by itself, for measurements that should not count another
program's time.
"""

import abc
import json
import secrets
import time
import urllib.parse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, web

from tests.rigs import schemas
from tests.rigs.schemas import Kind, refusals
from tests.rigs.slack_faults import RESPONSE, Fault, Work, refused
from tests.rigs.slack_payloads import (
    BOT,
    BOT_TOKEN,
    MEMBER,
    MEMBER_TOKEN,
    TEAM,
    Fields,
    new_ts,
    posted_message,
)
from tests.rigs.slack_plain import direct_of, own_answer
from tests.rigs.slack_workspace import Refused, Workspace, new_view, with_block_ids

MOST_ANSWERS = 5
ANSWERS_FOR = 1800.0
_POSTS = {"chat.postMessage", "chat.postEphemeral", "chat.update"}
_VIEWS = {"views.open", "views.push", "views.update", "views.publish"}
_OPENING = {"views.open", "views.push"}
_SHOWN = ("text", "blocks", "thread_ts", "response_type", "replace_original", "delete_original")
# What the emulator does not know.
_OWN = {"usergroups.users.list", "assistant.threads.setSuggestedPrompts"}
_SCOPES = {
    "users.info": "users:read",
    "usergroups.users.list": "usergroups:read",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot: its method, its fields, what it was told, and when it came.

    Attributes:
        when: Monotonic seconds.
    """

    method: str
    fields: Fields
    answer: Fields
    when: float = 0.0


class WebApi(Workspace, abc.ABC):
    """What the bot calls, and what answers it.

    Args:
        emulator: The address of the third party's Web API, or nothing to answer here.
        scopes: What the bot may do; None for everything.

    Attributes:
        calls: Every call the bot made, in order.
        answers: What the bot sent to each response address, by the address' id.
        answered_at: When each address first took something, by its id (monotonic seconds).
        broken_answers: Set it, and response addresses refuse everything.
        faults: What the next fitting calls meet instead of an answer; each is used once.
        invalid: Why payloads were refused, in order.
        posts_allowed: How many messages a channel takes within so many seconds, or None.
        tokens: The workspace of each bot token that is good.
        revoked: Bot tokens that were good.
        next_team: The workspace of the next token that OAuth gives out.
        scopes: What the bot may do, as every answer's headers say; None for everything.
        checks: Whether payloads are checked; not without the schemas (`make rigs`).
    """

    def __init__(self, emulator: str = "", *, scopes: Iterable[str] | None = None) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.answers: dict[str, list[Fields]] = {}
        self.answered_at: dict[str, float] = {}
        self.broken_answers = False
        self.faults: list[Fault] = []
        self.invalid: list[str] = []
        self.posts_allowed: tuple[int, float] | None = None
        self.tokens = {BOT_TOKEN: TEAM}
        self.revoked: set[str] = set()
        self.next_team = TEAM
        self.checks = not schemas.missing()
        self._emulator = emulator
        self.scopes = None if scopes is None else set(scopes)
        self._posts: dict[str, list[float]] = {}
        self._addresses: dict[str, float] = {}
        self._http: ClientSession

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the Web API and of response addresses."""
        return [
            web.route("*", "/api/{method}", self._called),
            web.post("/respond/{id}", self._responded),
        ]

    def sent(self, method: str = "chat.postMessage") -> list[Call]:
        """Return the calls of `method` so far."""
        return [call for call in self.calls if call.method == method]

    def taken(self, method: str = "chat.postMessage", channel: str = "") -> list[Call]:
        """Return the calls of `method` that were taken, in one channel or in all."""
        calls = [call for call in self.sent(method) if call.answer.get("ok")]
        places = [{call.fields.get("channel"), call.answer.get("channel")} for call in calls]
        return [
            c for c, places in zip(calls, places, strict=True) if not channel or channel in places
        ]

    def fault(self, method: str, error: str, *, times: int = 1, **more: Any) -> None:
        """Let the next `times` calls of `method` fail with Slack's error word `error`."""
        self.fail(Fault(method, {"ok": False, "error": error}, **more), times)

    def fail(self, fault: Fault, times: int = 1) -> None:
        """Let the next so many fitting calls meet `fault`."""
        self.faults += [fault] * times

    @abc.abstractmethod
    async def announce(self, message: Fields, channel: str) -> None:
        """Deliver a message of the bot's; whoever delivers knows how."""

    # Calls ------------------------------------------------------------------------------------

    async def _called(self, request: web.Request) -> web.Response:
        method, when = request.match_info["method"], time.monotonic()
        raw = await request.read()
        fields = to_fields(dict(request.query), raw)
        answer: Fields = {}

        async def work() -> web.Response:
            nonlocal answer
            answer, status, headers = await self._answer(request, method, fields, raw)
            return web.json_response(answer, status=status, headers=headers)

        response = await self._meet(request, method, work)
        if not answer and response.text:
            answer = json.loads(response.text)
        self.calls.append(Call(method, fields, answer, when))
        return response

    async def _meet(self, request: web.Request, method: str, work: Work) -> web.Response:
        fault = next((f for f in self.faults if f.method == method), None)
        if fault is None:
            return await work()
        self.faults.remove(fault)
        return await fault.meet(request, work)

    async def _answer(
        self, request: web.Request, method: str, fields: Fields, raw: bytes
    ) -> tuple[Fields, int, Mapping[str, str]]:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            team = self._admit(method, token)
            if wait := self._counted(method, str(fields.get("channel"))):
                over = {"ok": False, "error": "ratelimited"}
                return over, 429, {"Retry-After": str(wait)}
            self._check(method, fields)
            answer = await self._look_up(request, method, fields, raw)
        except Refused as error:
            return _refusal(error), 200, {}
        if answer.get("ok"):
            await self._took(method, fields, answer)
            answer = self._as_of(team, method, answer)
        granted = {} if self.scopes is None else {"x-oauth-scopes": ",".join(sorted(self.scopes))}
        return answer, 200, granted

    def _admit(self, method: str, token: str) -> str:
        """Return the workspace that a token is for."""
        if method == "oauth.v2.access":
            return self.next_team
        if token in self.revoked:
            raise Refused("token_revoked")
        if token not in self.tokens:
            raise Refused("invalid_auth" if token else "not_authed")
        needed = _SCOPES.get(method)
        if needed and self.scopes is not None and needed not in self.scopes:
            raise Refused("missing_scope")
        return self.tokens[token]

    def _counted(self, method: str, channel: str) -> int:
        """Return how many seconds a message must wait, in whole ones as Slack says it."""
        if self.posts_allowed is None or method != "chat.postMessage":
            return 0
        most, seconds = self.posts_allowed
        now = time.monotonic()
        recent = [when for when in self._posts.get(channel, []) if when > now - seconds]
        if len(recent) >= most:
            return max(1, round(recent[0] + seconds - now))
        self._posts[channel] = [*recent, now]
        return 0

    def _check(self, method: str, fields: Fields) -> None:
        if method in _POSTS:
            for place in (fields.get("channel"), fields.get("user")):
                if place in self.barred:
                    raise Refused(self.barred[place])
            self.check_message(fields)
        if method in _VIEWS:
            self.check_view(loaded(fields.get("view")) or {})

    def check_message(self, fields: Mapping[str, Any]) -> None:
        """Refuse a message that Slack would not show.

        Raises:
            Refused: `invalid_blocks`, or another word of Slack's.
        """
        body = {key: fields[key] for key in _SHOWN if fields.get(key) is not None}
        if "blocks" in body:
            body["blocks"] = loaded(body["blocks"])
        if set(body) - {"text", "blocks"} == {"delete_original"}:
            return
        if self.checks and (wrong := refusals(Kind.SLACK_MESSAGE, body)):
            self.invalid += wrong
            too_long = any("characters in all" in reason for reason in wrong)
            raise Refused("msg_blocks_too_long" if too_long else "invalid_blocks", *wrong)

    def check_view(self, view: Mapping[str, Any]) -> None:
        """Refuse a view that Slack would not show.

        Raises:
            Refused: `invalid_arguments`, which is Slack's word here.
        """
        kind = Kind.SLACK_HOME if view.get("type") == "home" else Kind.SLACK_MODAL
        if self.checks and (wrong := refusals(kind, view)):
            self.invalid += wrong
            raise Refused("invalid_arguments", *wrong)

    async def _look_up(
        self, request: web.Request, method: str, fields: Fields, raw: bytes
    ) -> Fields:
        """Return what the emulator says; ourselves, what it does not know."""
        if method in _VIEWS:
            return await self._view(method, fields)
        if method in _OWN or not self._emulator:
            return own_answer(self, method, fields)
        token = request.headers.get("Authorization", "")
        if request.method == "GET":
            return await self._ask(method, fields, token)
        return await self._pass_on(method, raw, request.headers["Content-Type"], token)

    async def _view(self, method: str, fields: Fields) -> Fields:
        """Show a view; the emulator has triggers of its own, which ours are changed for."""
        user, parent = str(fields.get("user_id") or ""), ""
        if method in _OPENING:
            user, parent = self.use_trigger(str(fields.get("trigger_id")))
        old = self.find_view(fields) if method == "views.update" else self.homes.get(user, {})
        if method == "views.push" and not (parent and self.modals.get(user)):
            raise Refused("view_not_found")
        body = {**fields, "view": loaded(fields["view"])}
        if not self._emulator:
            root = self.modals[user][0]["id"] if method == "views.push" else ""
            shown = old if method in {"views.update", "views.publish"} else {}
            answer: Fields = {"ok": True, "view": new_view(body["view"], shown, root)}
        else:
            token = f"Bearer {BOT_TOKEN}"
            if method in _OPENING:
                asked = {"user_id": user, "view_id": parent}
                found = await self._ask("views.generateTriggerId", asked, token)
                body["trigger_id"] = found["trigger_id"]
            answer = await self._ask(method, body, token)
        if answer["ok"]:
            self.show(method, answer["view"], user)
        return answer

    async def _took(self, method: str, fields: Fields, answer: Fields) -> None:
        if method == "oauth.v2.access":
            self.tokens[answer["access_token"]] = self.next_team
        if method == "chat.postMessage" and str(answer["channel"]).startswith("D"):
            fields = {**fields, "blocks": loaded(fields.get("blocks"))}
            await self.announce(posted_message(fields, answer["ts"], TEAM), answer["channel"])

    def _as_of(self, team: str, method: str, answer: Fields) -> Fields:
        """Return an answer of the emulator's, which knows one workspace, as that of `team`."""
        if method == "auth.test":
            return {**answer, "team_id": team}
        if method == "oauth.v2.access":
            return {**answer, "team": {**answer["team"], "id": team}}
        if method == "users.info":
            owner = answer["user"]["id"] in self.owners
            return {**answer, "user": {**answer["user"], "is_owner": owner}}
        return answer

    # The emulator -----------------------------------------------------------------------------

    async def _ask(self, method: str, fields: Fields, token: str) -> Fields:
        raw = json.dumps(fields).encode()
        return await self._pass_on(method, raw, "application/json", token)

    async def _pass_on(self, method: str, raw: bytes, kind: str, token: str) -> Fields:
        headers = {"Content-Type": kind, **({"Authorization": token} if token else {})}
        url = f"{self._emulator}/api/{method}"
        async with self._http.post(url, data=raw, headers=headers) as response:
            return dict(await response.json())

    async def meet_people(self) -> None:
        """Learn the ids of the members that the emulator knows."""
        if self._emulator:
            found = await self._ask("users.list", {}, f"Bearer {MEMBER_TOKEN}")
            self.people |= {p["name"]: p["id"] for p in found["members"] if not p["is_bot"]}

    async def open_direct(self, by: str = MEMBER) -> str:
        """Return the id of the conversation between a member and the bot."""
        if not self._emulator or by not in self.people.values():
            return direct_of(by)
        name = next(name for name, user in self.people.items() if user == by)
        token = MEMBER_TOKEN if by == MEMBER else f"xoxp-{name}"
        found = await self._ask("conversations.open", {"users": BOT}, f"Bearer {token}")
        return str(found["channel"]["id"])

    # Response addresses -----------------------------------------------------------------------

    def new_response_id(self) -> str:
        """Return the id of a new response address."""
        answers = secrets.token_hex(6)
        self.answers[answers] = []
        self._addresses[answers] = time.monotonic() + ANSWERS_FOR
        return answers

    async def _responded(self, request: web.Request) -> web.Response:
        when, answers = time.monotonic(), request.match_info["id"]
        fields = to_fields({}, await request.read())
        told = "ok"

        async def work() -> web.Response:
            nonlocal told
            try:
                self._take_answer(answers, fields)
            except Refused as error:
                told = str(error.args[0])
                status = {"internal_error": 500, "invalid_blocks": 400, "no_text": 400}
                return web.Response(status=status.get(told, 404), text=told)
            self.answered_at.setdefault(answers, when)
            return web.Response(text=told)

        response = await self._meet(request, RESPONSE, work)
        self.calls.append(Call(RESPONSE, fields, {"ok": told == "ok", "error": told}, when))
        return response

    def _take_answer(self, answers: str, fields: Fields) -> None:
        if self.broken_answers:
            raise Refused("internal_error")
        if self._addresses.get(answers, 0.0) < time.monotonic():
            raise Refused("expired_url")
        taken = self.answers.setdefault(answers, [])
        if len(taken) >= MOST_ANSWERS:
            raise Refused("used_url")
        self.check_message(fields)
        taken.append(fields)


def to_fields(query: Mapping[str, str], raw: bytes) -> Fields:
    """Return the arguments of a call, as JSON or as a form."""
    text = raw.decode()
    if text.startswith("{"):
        return {**query, **json.loads(text)}
    return {**query, **dict(urllib.parse.parse_qsl(text))}


def message_of(call: Call) -> Fields:
    """Return the message that a call posted, as Slack shows it in deliveries."""
    return with_block_ids(posted_message(call.fields, str(call.answer.get("ts", new_ts())), TEAM))


def loaded(value: Any) -> Any:
    """Return the list or object in a field; forms carry them as JSON."""
    return json.loads(value) if isinstance(value, str) and value else value


def _refusal(error: Refused) -> Fields:
    word, *wrong = error.args
    answer = refused("", str(word)).answer or {}
    more = {"errors": wrong, "response_metadata": {"messages": wrong}} if wrong else {}
    return {**answer, **more}
