"""A tiny app of its own on the real slack-bolt, to show what the rig does to an app."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.rigs.slack_front import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Fields, SlackFront

PING = 0.2
PATH = "/slack/events"


def plain(text: str) -> Fields:
    """Return a text object."""
    return {"type": "plain_text", "text": text}


def button(action: str) -> Fields:
    """Return a button."""
    return {"type": "button", "action_id": action, "text": plain(action), "value": f"v-{action}"}


COUNTRIES = {
    "type": "static_select",
    "action_id": "country",
    "placeholder": plain("Country"),
    "options": [{"text": plain(code), "value": code} for code in ("GB", "DE")],
}
LOOKED_UP = {
    "type": "external_select",
    "action_id": "entry",
    "placeholder": plain("Entry"),
    "min_query_length": 1,
}
JUDGED = {
    "type": "feedback_buttons",
    "action_id": "judged",
    "positive_button": {"text": plain("Good"), "value": "helpful"},
    "negative_button": {"text": plain("Bad"), "value": "wrong"},
}
BOARD = [
    {"type": "actions", "elements": [button("open"), button("slow"), COUNTRIES]},
    {"type": "context_actions", "elements": [JUDGED]},
]
WHY = {
    "type": "input",
    "block_id": "why",
    "label": plain("Why?"),
    "element": {"type": "plain_text_input", "action_id": "why"},
}
SEARCH = {
    "type": "input",
    "dispatch_action": True,
    "label": plain("Search"),
    "element": {"type": "plain_text_input", "action_id": "search"},
}


def modal(title: str) -> Fields:
    """Return a modal that asks why, with a button to another one on top of it."""
    more = {"type": "actions", "elements": [button("more")]}
    words = {"title": plain(title), "submit": plain("Send")}
    return {"type": "modal", "callback_id": "why", "blocks": [WHY, more], **words}


class Echo:
    """Says back what reaches it, and notes everything.

    Attributes:
        heard: What was delivered: its kind, and what it said.
        event_ids: The id of every event that was delivered, in order.
        retries: How often each of them had been tried before, and why.
        refused: What its calls were told.
        quiet: Set it, and nothing is acknowledged any more.
    """

    def __init__(self, front: SlackFront) -> None:
        logger = logging.getLogger("slack_bolt.echo")
        logger.setLevel(logging.CRITICAL)
        client = AsyncWebClient(
            token=BOT_TOKEN,
            base_url=front.api_url,
            logger=logger,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)],
        )
        self.app = AsyncApp(
            client=client,
            signing_secret=SIGNING_SECRET,
            logger=logger,
            ignoring_self_events_enabled=False,
        )
        self.heard: list[tuple[str, Any]] = []
        self.event_ids: list[str] = []
        self.retries: list[tuple[str, str]] = []
        self.refused: list[str] = []
        self.quiet = False
        self._attach()

    def times(self, kind: str) -> int:
        """Return how often something of that kind was delivered."""
        return sum(found == kind for found, _ in self.heard)

    def last(self, kind: str) -> Any:
        """Return what the last delivery of that kind said."""
        return [said for found, said in self.heard if found == kind][-1]

    @contextlib.asynccontextmanager
    async def noted(self) -> AsyncIterator[None]:
        """Note what a call inside is told."""
        try:
            yield
        except SlackClientError as error:
            response = getattr(error, "response", {"error": type(error).__name__})
            self.refused.append(str(response["error"]))

    def _attach(self) -> None:
        app = self.app
        app.middleware(self._watch)
        for kind in ("app_mention", "message", "app_home_opened", "app_uninstalled"):
            app.event(kind)(self._on_event)
        app.event("tokens_revoked")(self._on_event)
        app.command("/ask")(self._on_command)
        app.shortcut("pick")(self._on_shortcut)
        for action in ("open", "more", "slow", "country", "judged", "search"):
            app.action(action)(self._on_action)
        app.view("why")(self._on_view)
        app.view_closed("why")(self._on_closed)
        app.options("entry")(self._on_options)

    async def _watch(self, body: Fields, req: Any, next: Any) -> None:  # noqa: A002 - bolt's name
        if self.quiet:
            await asyncio.sleep(60)
        if "event_id" in body:
            self.event_ids.append(body["event_id"])
            headers = req.headers
            number = headers.get("x-slack-retry-num", ["0"])[0]
            self.retries.append((str(number), headers.get("x-slack-retry-reason", [""])[0]))
        await next()

    async def _on_event(self, event: Fields, client: AsyncWebClient) -> None:
        self.heard.append((event["type"], event))
        if event["type"] == "app_home_opened" and event["tab"] == "home":
            home = {"type": "home", "blocks": [SEARCH]}
            async with self.noted():
                await client.views_publish(user_id=event["user"], view=home)
        if event["type"] not in {"app_mention", "message"} or event.get("bot_id"):
            return
        thread = event.get("thread_ts") or event["ts"]
        async with self.noted():
            await client.chat_postMessage(
                channel=event["channel"], thread_ts=thread, text=event["text"], blocks=BOARD
            )

    async def _on_command(self, ack: AsyncAck, body: Fields, respond: AsyncRespond) -> None:
        self.heard.append(("command", body["text"]))
        await ack(text=f"noted {body['text']}")
        for number in range(body["text"].count("again") + 1):
            told = await respond(text=f"{number} {body['text']}", blocks=BOARD)
            if told.status_code != 200:
                self.refused.append(f"{told.status_code} {told.body}")

    async def _on_shortcut(self, ack: AsyncAck, body: Fields, respond: AsyncRespond) -> None:
        self.heard.append(("shortcut", body))
        await ack()
        await respond(text=body["message"]["text"], response_type="ephemeral")

    async def _on_action(self, ack: AsyncAck, body: Fields, client: AsyncWebClient) -> None:
        action = body["actions"][0]
        self.heard.append((action["action_id"], body))
        await ack()
        trigger = body["trigger_id"]
        async with self.noted():
            if action["action_id"] == "slow":
                await asyncio.sleep(0.3)
            if action["action_id"] in {"open", "slow"}:
                await client.views_open(trigger_id=trigger, view=modal("Why"))
                await client.views_open(trigger_id=trigger, view=modal("Twice"))
            elif action["action_id"] == "more":
                await client.views_push(trigger_id=trigger, view=modal("More"))
            elif action["action_id"] == "search":
                await client.views_update(
                    view_id=body["view"]["id"], view={"type": "home", "blocks": BOARD[:1]}
                )

    async def _on_view(self, ack: AsyncAck, view: Fields) -> None:
        typed = view["state"]["values"]["why"]["why"]["value"]
        self.heard.append(("view", view))
        if typed == "short":
            await ack(response_action="errors", errors={"why": "too short"})
        elif typed == "elsewhere":
            await ack(response_action="errors", errors={"nowhere": "no such block"})
        elif typed == "update":
            await ack(response_action="update", view=modal("Changed"))
        elif typed == "all":
            await ack(response_action="clear")
        else:
            await ack()

    async def _on_closed(self, ack: AsyncAck, view: Fields) -> None:
        self.heard.append(("closed", view["callback_id"]))
        await ack()

    async def _on_options(self, ack: AsyncAck, payload: Fields) -> None:
        self.heard.append(("options", payload["value"]))
        await ack(options=[{"text": plain(payload["value"].upper()), "value": "1"}])


@contextlib.asynccontextmanager
async def listening(front: SlackFront) -> AsyncIterator[Echo]:
    """Run the app with a web server of its own, to which the front delivers."""
    echo = Echo(front)
    runner = web.AppRunner(echo.app.web_app(path=PATH), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    front.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}")
    try:
        yield echo
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def connected(front: SlackFront, sockets: int = 1) -> AsyncIterator[Echo]:
    """Run the app on so many sockets."""
    echo = Echo(front)
    openers = [
        AsyncSocketModeHandler(echo.app, APP_TOKEN, ping_interval=PING) for _ in range(sockets)
    ]
    for opener in openers:
        opener.client.logger.setLevel(logging.CRITICAL)
        await opener.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield echo
    finally:
        for opener in openers:
            await opener.close_async()  # type: ignore[no-untyped-call]
