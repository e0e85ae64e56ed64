"""What Handrail does when a member asks or presses a button on Slack."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.convert import (
    Press,
    Seen,
    delivery_keys,
    to_command_question,
    to_press,
    to_question,
)
from adapters.slack.mrkdwn import to_mrkdwn
from adapters.slack.places import (
    UNDELIVERED,
    Send,
    first_that_works,
    for_one,
    in_answer,
    in_channel,
    last_line,
    reason,
    then_once,
)
from adapters.slack.render import Labels, Post, to_posts
from bot.config import Place
from bot.domain import Question, Reply, ReplyKind
from bot.responder import Responder
from bot.service import Service

COMMAND = "/ask"
MENTION = "app_mention"
DIRECT = "message"
ACTION = re.compile(r"^handrail:(?:show:.+|decline)$")
Work = Callable[[], Awaitable[None]]
log = structlog.get_logger()


class Listeners:
    """Answers commands, mentions, direct messages and buttons; keeps nothing about anybody.

    Args:
        service: Answers.
        answer_mentions_in: `channel` to answer a mention in its thread, `dm` to answer privately.
    """

    def __init__(
        self,
        service: Service,
        *,
        answer_mentions_in: Place = "channel",
    ) -> None:
        self._service = service
        self._mentions_in_thread = answer_mentions_in == "channel"
        self._seen = Seen()
        self._working: set[asyncio.Task[None]] = set()

    @property
    def _responder(self) -> Responder:
        return self._service.responder()

    @property
    def _region(self) -> str | None:
        """The operator's country for help lines; Slack tells no member's without a scope."""
        return self._service.region()

    def attach(self, app: AsyncApp) -> None:
        """Register every listener on `app`."""
        app.command(COMMAND)(self._on_command)
        app.event(MENTION)(self._on_mention)
        app.event(DIRECT)(self._on_direct)
        app.action(ACTION)(self._on_press)

    async def finish(self, grace: float) -> None:
        """Wait at most `grace` seconds for replies under way, then give them up."""
        if not self._working:
            return
        _, late = await asyncio.wait(self._working, timeout=grace)
        for task in late:
            task.cancel()
        if late:
            log.warning("slack replies given up at the end", count=len(late))

    async def _on_command(self, args: AsyncArgs) -> None:
        await args.ack()
        user = in_channel(args.client, args.body["user_id"])
        send = first_that_works(in_answer(args.respond), user)
        question = to_command_question(args.body, self._region)
        await self._guarded("command", send, lambda: self._answer(question, send, user))

    async def _on_mention(self, args: AsyncArgs) -> None:
        question = self._question(args)
        if question is None:
            return
        event = args.event or {}
        channel, asker, thread = event["channel"], event["user"], event.get("thread_ts")
        user = in_channel(args.client, asker)
        if self._mentions_in_thread:
            keep = user
            send = first_that_works(in_channel(args.client, channel, thread or event["ts"]), user)
        else:
            keep = None
            there = for_one(args.client, channel, asker, thread)
            note = self._post("slack.answered_privately")
            send = first_that_works(then_once(user, there, note), there)
        await self._guarded("mention", send, lambda: self._answer(question, send, keep))

    async def _on_direct(self, args: AsyncArgs) -> None:
        question = self._question(args)
        if question is None:
            return
        event = args.event or {}
        send = in_channel(args.client, event["channel"], event.get("thread_ts"))
        await self._guarded("direct", send, lambda: self._answer(question, send))

    async def _on_press(self, args: AsyncArgs) -> None:
        await args.ack()
        press = to_press(args.body)
        user = in_channel(args.client, args.body["user"]["id"])
        send = first_that_works(_place_for(press, args.client, args.respond), user)
        await self._guarded("press", send, lambda: self._show(press, send))

    def _question(self, args: AsyncArgs) -> Question | None:
        """Return the Question of an event, or None when it is not for us or came before."""
        bot_user = args.context.bot_user_id or ""
        question = to_question(args.event or {}, bot_user=bot_user, region=self._region)
        if question is None or not self._seen.first(*delivery_keys(args.body)):
            return None
        return question

    async def _guarded(self, listener: str, send: Send, work: Work) -> None:
        """Do `work`; whatever breaks, the member still gets the resources."""
        task = asyncio.current_task()
        if task is not None:
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the one catch-all: errs towards help
            # No traceback: an error's own words could hold a member's.
            what, where = reason(error), last_line(error)
            log.error("slack listener failed", listener=listener, reason=what, at=where)  # noqa: TRY400
            try:
                await self._send(self._responder.in_trouble(self._region), send)
            except UNDELIVERED as refused:
                log.error("slack resources not delivered", reason=reason(refused))  # noqa: TRY400

    async def _answer(self, question: Question, send: Send, keep: Send | None = None) -> None:
        """Answer; an urgent card also goes to `keep`, where it can be found again."""
        if not question.text:
            await send(self._post("slack.nothing_asked"))
            return
        reply = await self._service.respond(question)
        try:
            await self._send(reply, send)
        finally:
            if keep is not None and reply.kind is ReplyKind.URGENT:
                await self._keep(reply, keep)

    async def _keep(self, reply: Reply, keep: Send) -> None:
        try:
            await keep(self._post("slack.urgent_again"))
            await self._send(reply, keep)
        except UNDELIVERED as error:
            log.warning("slack urgent card not kept by direct message", reason=reason(error))

    async def _show(self, press: Press, send: Send) -> None:
        if press.entry is None:
            reply = self._responder.decline(self._region)
        else:
            reply = self._responder.show(press.entry, self._region)
        await self._send(reply, send)

    async def _send(self, reply: Reply, send: Send) -> None:
        for post in to_posts(reply, self._labels()):
            await send(post)

    def _labels(self) -> Labels:
        message = self._responder.message
        return Labels(message("slack.show"), message("reply.none_of_these"))

    def _post(self, key: str) -> Post:
        return Post(to_mrkdwn(self._responder.message(key)))


def _place_for(press: Press, client: AsyncWebClient, respond: AsyncRespond) -> Send:
    """Return where the answer to a press belongs.

    A choice gives way to its answer, but not where others see it: there one member's press must
    not change what another one reads, so the answer comes beside it, for the presser alone.
    """
    if press.place == "open":
        return in_answer(respond, thread=press.thread)
    if press.choosing or press.place == "private":
        return in_answer(respond, replace=press.choosing, thread=press.thread)
    return in_channel(client, press.channel, press.thread)
