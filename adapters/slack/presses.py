"""What Handrail does when a member uses a control of a reply, a window or its App Home on Slack."""

import re
from collections.abc import Callable
from typing import Any, cast

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from adapters.ids import Press, read_press
from adapters.parts import can_be_shared, danger_in
from adapters.pauses import SHARE_S, Pauses
from adapters.slack.convert import Spot, to_community, to_press, to_spot, to_typed
from adapters.slack.delivery import Delivery
from adapters.slack.listeners import NAMES
from adapters.slack.places import (
    UNDELIVERED,
    Send,
    first_that_works,
    for_one,
    in_answer,
    in_channel,
    in_window,
    reason,
)
from adapters.slack.render import Renderer
from adapters.slack.views import HELP, PRIVACY, RESOURCES, SEARCH
from bot.domain import Feedback, Question, Reply, ReplyKind, Verdict
from bot.responder import Responder

HOME = "app_home_opened"
PROMPTS = ("slack.prompt_1", "slack.prompt_2", "slack.prompt_3", "slack.prompt_4")
_PAGE = (SEARCH, RESOURCES, PRIVACY, HELP)
_REASON = re.compile(r"^handrail:reason:.+$")
# Whatever else is ours, also what no version knows any more; the moderators' controls are theirs.
_CONTROL = re.compile(rf"^handrail:(?!(?:{'|'.join(i.split(':')[1] for i in _PAGE)}|moderate)).*$")
_DOUBTS = frozenset({"wrong", "outdated"})
log = structlog.get_logger()


class Presses:
    """Every control says in its id all there is to know, so nothing is remembered between uses.

    Args:
        delivery: Gets replies to members.
    """

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._service = delivery.service
        self._shared = Pauses(SHARE_S)

    def attach(self, app: AsyncApp) -> None:
        """Register every listener on `app`."""
        app.action(_CONTROL)(self._on_press)
        app.action(SEARCH)(self._on_search)
        for page in (RESOURCES, PRIVACY, HELP):
            app.action(page)(self._on_page)
        app.view(_REASON)(self._on_reason)
        app.event(HOME)(self._on_home)

    # Below a reply ------------------------------------------------------------------------

    async def _on_press(self, args: AsyncArgs) -> None:
        await args.ack()
        spot, community = to_spot(args.body), to_community(args.body)
        press = to_press(args.action or {})
        send = self._way(args, spot)
        if press is None:
            # Of a version that nobody remembers: its id is no word of a member's.
            log.warning("slack action unknown")
        listener = press.action if press else "unknown action"
        await self._delivery.guarded(
            listener, community, send, lambda: self._use(args, press, spot, send)
        )

    async def _use(self, args: AsyncArgs, press: Press | None, spot: Spot, send: Send) -> None:
        uses = {
            "show": self._show,
            "decline": self._decline,
            "details": self._details,
            "share": self._share,
            "verdict": self._judge,
            "country": self._change_country,
            "topic": self._open_topic,
        }
        use = uses.get(press.action) if press else None
        if press is None or use is None:
            responder, region = self._at(args)
            await self._delivery.send(responder.show("", region), send, to_community(args.body))
        else:
            await use(args, press, spot, send)

    async def _show(self, args: AsyncArgs, press: Press, spot: Spot, send: Send) -> None:
        responder, region = self._at(args)
        reply = responder.show(press.entry, region)
        if press.values:  # picked from the related answers, which stay
            await self._answer(args, reply, spot, send, shareable=True)
        else:
            await self._replace(args, reply, spot, send)

    async def _decline(self, args: AsyncArgs, press: Press, spot: Spot, send: Send) -> None:
        del press
        responder, region = self._at(args)
        await self._replace(args, responder.decline(region), spot, send)

    async def _details(self, args: AsyncArgs, press: Press, spot: Spot, send: Send) -> None:
        """Open a window; where Slack opens none, answer beside the message."""
        responder, region = self._at(args)
        reply, renderer = responder.show(press.entry, region), self._renderer(args)
        try:
            await self._open(args, renderer.details_view(reply), spot)
        except UNDELIVERED as error:
            log.info("slack window not opened", reason=reason(error))
            await send(renderer.details(reply))

    async def _share(self, args: AsyncArgs, press: Press, spot: Spot, send: Send) -> None:
        """Post the answer for everyone; the button goes first, so that it happens once."""
        responder, region = self._at(args)
        renderer = self._renderer(args)
        reply = responder.help_again(press.card, press.kinds, press.region or region)
        if not can_be_shared(reply):  # gone, switched off since, or never offered
            await self._answer(args, reply, spot, send)
            return
        # It names nobody, so nobody could be asked to stop.
        if not self._shared.over((to_community(args.body), spot.channel)):
            await send(self._delivery.post("share.wait"))
            return
        posts = renderer.to_posts(reply)
        if spot.place == "private":
            again = in_answer(args.respond, replace=True)
            for post in posts:
                await again(post)
        public = in_channel(args.client, spot.channel, spot.thread)
        note = responder.message("share.shared_note")
        try:
            for post in renderer.noted(posts, note):
                await public(post)
        except UNDELIVERED as error:
            log.info("slack answer not shared", reason=reason(error))
            await send(self._delivery.post("share.refused"))
        else:
            await send(self._delivery.post("share.done"))

    async def _judge(self, args: AsyncArgs, press: Press, spot: Spot, send: Send) -> None:
        doubted = press.verdict in _DOUBTS
        # Kept before it is asked why: many close the window.
        await self._service.give_feedback(_feedback(args, press))
        if doubted and self._service.keeps.reasons:
            place = f"{spot.channel}:{spot.thread or ''}"
            try:
                await self._open(args, self._renderer(args).reason_view(press, place), spot)
            except UNDELIVERED as error:
                log.info("slack window not opened", reason=reason(error))
            else:
                return
        await send(self._delivery.post(_thanks(doubted=doubted)))

    async def _change_country(self, args: AsyncArgs, press: Press, spot: Spot, send: Send) -> None:
        responder, region = self._at(args)
        region = press.country or press.region or region
        reply = responder.help_again(press.card, press.kinds, region)
        await self._replace(args, reply, spot, send)

    async def _open_topic(self, args: AsyncArgs, press: Press, spot: Spot, send: Send) -> None:
        responder, _ = self._at(args)
        chosen = press.values[0] if press.values else None
        if spot.place == "home":
            await self._publish(args, chosen)
            return
        post = self._renderer(args).topics(responder.topics(), chosen)
        if spot.place == "private":
            send = first_that_works(in_answer(args.respond, replace=True), send)
        await send(post)

    async def _answer(
        self, args: AsyncArgs, reply: Reply, spot: Spot, send: Send, *, shareable: bool = False
    ) -> None:
        shareable = shareable and spot.place in {"private", "open"}
        await self._delivery.send(reply, send, to_community(args.body), shareable=shareable)

    async def _replace(self, args: AsyncArgs, reply: Reply, spot: Spot, send: Send) -> None:
        """Put `reply` in place of the message that was used, unless others read that."""
        if spot.place in {"private", "direct"}:
            send = first_that_works(in_answer(args.respond, replace=True), send)
        await self._answer(args, reply, spot, send, shareable=True)

    # Windows and the App Home -------------------------------------------------------------

    async def _on_reason(self, args: AsyncArgs) -> None:
        await args.ack()
        view, community = args.view or {}, to_community(args.body)
        press = read_press(view.get("callback_id", ""))
        channel, _, thread = str(view.get("private_metadata") or "").partition(":")
        user = args.body["user"]["id"]
        send = in_channel(args.client, user)
        if channel and not channel.startswith("D"):
            send = first_that_works(for_one(args.client, channel, user, thread or None), send)

        async def work() -> None:
            typed, (responder, region) = to_typed(view), self._at(args)
            if press is not None:
                await self._service.give_feedback(_feedback(args, press, typed))
            await send(self._delivery.post(_thanks(doubted=True)))
            # A form is the last place where somebody may write that they are in danger.
            if card := danger_in(responder.respond(Question(typed, region))):
                await self._delivery.send(card, send, community)

        await self._delivery.guarded("reason", community, send, work)

    async def _on_home(self, args: AsyncArgs) -> None:
        tab = (args.event or {}).get("tab")
        try:
            if tab == "home":
                await self._publish(args, None)
            elif tab == "messages":
                await self._prompt(args)
        except UNDELIVERED as error:
            # Nobody asked anything: a page that could not be drawn needs no message.
            log.warning("slack home not shown", reason=reason(error))

    async def _on_search(self, args: AsyncArgs) -> None:
        await args.ack()
        community = to_community(args.body)
        text = str((args.action or {}).get("value") or "").strip()
        send = self._way(args, to_spot(args.body))

        async def work() -> None:
            question = Question(text, self._delivery.region(community))
            reply = await self._service.respond(question, community, alone=True)
            try:
                await self._delivery.send(reply, send, community)
            finally:
                # A window is gone when it is closed.
                if reply.kind is ReplyKind.URGENT:
                    user = in_channel(args.client, args.body["user"]["id"])
                    await self._delivery.keep(reply, user, community)

        if text:
            await self._delivery.guarded("search", community, send, work)

    async def _on_page(self, args: AsyncArgs) -> None:
        """Show what a button of the App Home is for, in a window."""
        await args.ack()
        community, wanted = to_community(args.body), (args.action or {})["action_id"]
        send = self._way(args, to_spot(args.body))

        async def work() -> None:
            responder, region = self._at(args)
            pages: dict[str, Callable[[], Reply]] = {
                RESOURCES: lambda: responder.resources(region),
                PRIVACY: self._service.privacy,
                HELP: lambda: responder.introduce(region, **NAMES),
            }
            await self._delivery.send(pages[wanted](), send, community)

        await self._delivery.guarded("home", community, send, work)

    async def _publish(self, args: AsyncArgs, chosen: str | None) -> None:
        community = to_community(args.body)
        user = (args.event or {}).get("user") or args.body["user"]["id"]
        responder, status = self._delivery.responder(community), self._service.status(community)
        lines = [
            responder.message(
                "admin.status_content",
                version=status.version,
                entries=str(status.entries),
                disabled=str(len(status.disabled)),
            )
        ]
        topics = responder.topics()
        view = self._renderer(args).home(topics, status=lines, chosen=chosen, moderator=True)
        await args.client.views_publish(user_id=user, view=view)

    async def _prompt(self, args: AsyncArgs) -> None:
        """Offer questions to begin with, above an empty conversation."""
        message = self._delivery.responder(to_community(args.body)).message
        asked = [message(key) for key in PROMPTS]
        await args.client.assistant_threads_setSuggestedPrompts(
            channel_id=(args.event or {})["channel"],
            title=message("slack.prompts_title"),
            prompts=[{"title": words, "message": words} for words in asked],
        )

    async def _open(self, args: AsyncArgs, view: dict[str, Any], spot: Spot) -> None:
        if spot.place == "modal":
            await args.client.views_push(trigger_id=args.body["trigger_id"], view=view)
        else:
            await args.client.views_open(trigger_id=args.body["trigger_id"], view=view)

    def _way(self, args: AsyncArgs, spot: Spot) -> Send:
        """Return where the answer to a control belongs: beside it, for who used it alone."""
        community, user = to_community(args.body), in_channel(args.client, args.body["user"]["id"])
        if spot.window:
            return first_that_works(in_window(args.client, args.body, self._title(community)), user)
        if spot.place == "direct":
            return in_channel(args.client, spot.channel, spot.thread)
        return first_that_works(in_answer(args.respond, thread=spot.thread), user)

    def _title(self, community: str | None) -> str:
        return self._delivery.responder(community).message("slack.window")

    def _at(self, args: AsyncArgs) -> tuple[Responder, str | None]:
        """Return what answers where a control was used, and the country for help lines."""
        community = to_community(args.body)
        return self._delivery.responder(community), self._delivery.region(community)

    def _renderer(self, args: AsyncArgs) -> Renderer:
        return self._delivery.renderer(to_community(args.body))


def _thanks(*, doubted: bool) -> str:
    return "feedback.thanks_wrong" if doubted else "feedback.thanks"


def _feedback(args: AsyncArgs, press: Press, why: str = "") -> Feedback:
    verdict = cast("Verdict", press.verdict)
    return Feedback(press.key, press.entry, verdict, why, to_community(args.body))
