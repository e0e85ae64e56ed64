"""What Handrail does when a member asks on Slack: by command, shortcut, mention or message."""

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from adapters.alerts import Alerts
from adapters.parts import HELP_FIRST
from adapters.slack.convert import (
    Seen,
    delivery_keys,
    is_aside,
    is_call,
    is_typed,
    thread_of,
    to_community,
    to_question,
    to_words,
)
from adapters.slack.delivery import Delivery
from adapters.slack.places import (
    UNDELIVERED,
    Send,
    first_that_works,
    for_one,
    in_answer,
    in_channel,
    reason,
    then_once,
)
from adapters.unasked import HelpChannels
from bot.config import Place
from bot.domain import Question, Reply, ReplyKind

COMMAND = "/ask"
MENTION = "app_mention"
MESSAGE = "message"
SHORTCUT = "handrail:answer"
NAMES = {"ask": "ask", "faq": "ask faq", "resources": "ask resources", "privacy": "ask privacy"}
_WITHOUT_WORDS = {False: "slack.nothing_asked", True: "slack.thread_no_slash"}
log = structlog.get_logger()


class Listeners:
    """Answers commands, shortcuts, mentions, direct messages and help channels.

    It keeps nothing about anybody.

    Args:
        delivery: Gets replies to members.
        alerts: Words what moderators are told of emergency cards.
        answer_mentions_in: `channel` to answer a mention in its thread, `dm` to answer privately.
        pause_s: Seconds between two answers in the same help channel.
    """

    def __init__(
        self,
        delivery: Delivery,
        alerts: Alerts,
        *,
        answer_mentions_in: Place = "channel",
        pause_s: float = 60.0,
    ) -> None:
        self._delivery = delivery
        self._service = delivery.service
        self._alerts = alerts
        self._mentions_in_thread = answer_mentions_in == "channel"
        self._help_channels = HelpChannels(pause_s)
        self._seen = Seen()

    def attach(self, app: AsyncApp) -> None:
        """Register every listener on `app`."""
        app.command(COMMAND)(self._on_command)
        app.shortcut(SHORTCUT)(self._on_shortcut)
        app.event(MENTION)(self._on_message)
        app.event(MESSAGE)(self._on_message)

    # Commands and shortcuts ---------------------------------------------------------------

    async def _on_command(self, args: AsyncArgs) -> None:
        await args.ack()
        community = to_community(args.body)
        user = in_channel(args.client, args.body["user_id"])
        send = first_that_works(in_answer(args.respond), user)
        text = to_words(args.body.get("text") or "")
        word, _, rest = text.partition(" ")
        uses = {"help": self._help, "privacy": self._privacy, "resources": self._resources}
        lookup = uses.get(word.casefold())

        async def work() -> None:
            if not text:
                await send(self._delivery.post("slack.nothing_asked"))
            elif text.casefold() == "faq":
                topics = self._delivery.responder(community).topics()
                await send(self._delivery.renderer(community).topics(topics))
            elif lookup and (not rest or self._is_place(community, word, rest)):
                await self._delivery.send(lookup(community, rest), send, community)
            else:
                await self._answer(args, text, send, keep=user)

        await self._delivery.guarded("command", community, send, work)

    async def _on_shortcut(self, args: AsyncArgs) -> None:
        """Answer, for one reader, the question in a message that they picked."""
        await args.ack()
        community = to_community(args.body)
        user = in_channel(args.client, args.body["user"]["id"])
        message = args.body.get("message") or {}
        # Whoever reads a thread does not see what comes beside it.
        send = first_that_works(in_answer(args.respond, thread=thread_of(message)), user)
        text = to_words(message.get("text") or "")

        async def work() -> None:
            if text:
                # Other people's words are never kept, and our own raise no alarm.
                await self._answer(
                    args, text, send, keep=user, own=False, alerts=not message.get("bot_id")
                )
            else:
                await send(self._delivery.post("discord.no_text"))

        await self._delivery.guarded("shortcut", community, send, work)

    async def _answer(  # noqa: PLR0913 - what differs between a command and a shortcut, by name
        self,
        args: AsyncArgs,
        text: str,
        send: Send,
        *,
        keep: Send,
        own: bool = True,
        alerts: bool = True,
    ) -> None:
        community = to_community(args.body)
        channel = args.body.get("channel_id") or (args.body.get("channel") or {}).get("id", "")
        alone = channel.startswith("D")
        question = Question(text, self._delivery.region(community))
        if own:
            reply = await self._service.respond(question, community, alone=alone)
        else:
            reply = self._delivery.responder(community).respond(question)
        try:
            await self._delivery.send(reply, send, community, shareable=not alone)
        finally:
            # What Slack shows to one person alone is gone when they reload.
            if reply.kind is ReplyKind.URGENT:
                await self._delivery.keep(reply, keep, community)
        if alerts and not alone:
            await self._alert(args, reply)

    def _help(self, community: str | None, _rest: str) -> Reply:
        region = self._delivery.region(community)
        return self._delivery.responder(community).introduce(region, **NAMES)

    def _privacy(self, _community: str | None, _rest: str) -> Reply:
        return self._service.privacy()

    def _resources(self, community: str | None, rest: str) -> Reply:
        region = self._country(community, rest) or rest.strip()
        responder = self._delivery.responder(community)
        return responder.resources(region or self._delivery.region(community))

    def _is_place(self, community: str | None, word: str, rest: str) -> bool:
        """Return whether a place may follow the word, and nobody tells of danger there instead."""
        if word.casefold() != "resources":
            return False
        if self._country(community, rest):
            return True
        told = self._delivery.responder(community).respond(Question(f"{word} {rest}"))
        return told.kind not in HELP_FIRST

    def _country(self, community: str | None, typed: str) -> str:
        """Return the code of the country that is typed, or nothing."""
        countries = self._delivery.responder(community).countries()
        names = {c.code: {c.code.casefold(), c.name.casefold()} for c in countries}
        return next((code for code in names if typed.strip().casefold() in names[code]), "")

    # Messages -----------------------------------------------------------------------------

    async def _on_message(self, args: AsyncArgs) -> None:
        event, bot_user = args.event or {}, args.context.bot_user_id or ""
        if not is_typed(event, bot_user):
            return
        called = is_call(event)
        if not called and (is_aside(event) or not self._is_help_channel(args)):
            return
        # Only now: a mention also comes as a plain message, which must not use up its turn.
        if not self._seen.first(*delivery_keys(args.body)):
            return
        community = to_community(args.body)
        question = to_question(event, bot_user=bot_user, region=self._delivery.region(community))
        if event.get("channel_type") == "im":
            await self._on_direct(args, question)
        elif called:
            await self._on_mention(args, question)
        elif question.text:
            await self._on_help_channel(args, question)

    async def _on_mention(self, args: AsyncArgs, question: Question) -> None:
        event, community = args.event or {}, to_community(args.body)
        channel, asker, thread = event["channel"], event["user"], event.get("thread_ts")
        user = in_channel(args.client, asker)
        if self._mentions_in_thread:
            keep = user
            send = first_that_works(in_channel(args.client, channel, thread or event["ts"]), user)
        else:
            keep = None
            there = for_one(args.client, channel, asker, thread)
            note = self._delivery.post("slack.answered_privately")
            send = first_that_works(then_once(user, there, note), there)

        async def work() -> None:
            in_thread = bool(thread)
            reply = await self._respond(question, send, community, in_thread=in_thread)
            if reply is not None and keep is not None and reply.kind is ReplyKind.URGENT:
                await self._delivery.keep(reply, keep, community)
            if reply is not None:
                await self._alert(args, reply, channel)

        await self._delivery.guarded("mention", community, send, work)

    async def _on_direct(self, args: AsyncArgs, question: Question) -> None:
        event, community = args.event or {}, to_community(args.body)
        send = in_channel(args.client, event["channel"], event.get("thread_ts"))

        async def work() -> None:
            await self._respond(question, send, community, alone=True)

        await self._delivery.guarded("direct", community, send, work)

    async def _on_help_channel(self, args: AsyncArgs, question: Question) -> None:
        """Answer without having been called: only what is sure, and danger always."""
        event, community = args.event or {}, to_community(args.body)
        here = in_channel(args.client, event["channel"], event["ts"])
        user = in_channel(args.client, event["user"])
        # Somebody of another workspace takes no direct message of ours.
        alone = first_that_works(user, for_one(args.client, event["channel"], event["user"]))

        async def work() -> None:
            reply = self._delivery.responder(community).respond(question)
            said = self._help_channels.decide(reply, (community, event["channel"]))
            if said.openly:
                await self._answer_openly(reply, here, user, community)
            if said.alone and reply.kind is ReplyKind.URGENT:
                await self._delivery.keep(reply, user, community)
                await self._alert(args, reply, event["channel"])
            elif said.alone:
                await self._delivery.send(reply, alone, community)

        await self._delivery.guarded("help channel", community, alone, work)

    async def _answer_openly(
        self, reply: Reply, here: Send, user: Send, community: str | None
    ) -> None:
        if reply.kind is ReplyKind.URGENT:
            await self._delivery.send(reply, first_that_works(here, user), community)
            return
        renderer = self._delivery.renderer(community)
        note = self._delivery.responder(community).message("discord.help_channel_note")
        try:
            for post in renderer.noted(renderer.to_posts(reply), note):
                await here(post)
        except UNDELIVERED as error:
            # Who did not ask us is not told about what did not work.
            log.warning("slack answer not delivered unasked", reason=reason(error))

    async def _respond(
        self,
        question: Question,
        send: Send,
        community: str | None,
        *,
        alone: bool = False,
        in_thread: bool = False,
    ) -> Reply | None:
        if not question.text:
            # Commands fail silently in threads, so whoever calls us there may have tried one.
            await send(self._delivery.post(_WITHOUT_WORDS[in_thread]))
            return None
        reply = await self._service.respond(question, community, alone=alone)
        await self._delivery.send(reply, send, community)
        return reply

    async def _alert(self, args: AsyncArgs, reply: Reply, channel: str | None = None) -> None:
        """Tell the moderators of a card that was shown; an open question's channel is named."""
        asked_in = f"<#{channel}>" if channel else None
        if alert := self._alerts.word(reply, to_community(args.body), asked_in):
            where, text = alert
            try:
                await in_channel(args.client, where)(self._delivery.words(text))
            except UNDELIVERED as error:
                log.warning("slack alert not delivered", reason=reason(error))

    def _is_help_channel(self, args: AsyncArgs) -> bool:
        chosen = self._service.settings(to_community(args.body)).help_channels
        return (args.event or {}).get("channel") in chosen
