"""What moderators use on Slack: a window that opens from the App Home or from a shortcut."""

import contextlib
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import windows
from adapters.slack.convert import to_community
from adapters.slack.delivery import Delivery
from adapters.slack.moderators import Moderators
from adapters.slack.places import UNDELIVERED, Send, first_that_works, in_channel, in_window, reason
from adapters.slack.render import Post, Renderer
from adapters.slack.views import MODERATE, View
from adapters.slack.windows import Memo, action_id
from bot.config import SlackConfig
from bot.moderation import Moderation

USES = re.compile(rf"^{MODERATE}:.+$")
# Slack shows nothing for a list that it waited three seconds for.
_LIST_S = 2.0
_UNSHOWABLE = frozenset({"invalid_arguments", "invalid_blocks"})
_READING = frozenset({"channels:history", "groups:history"})
log = structlog.get_logger()


class Window:
    """The window in which moderators work, whether it is open already or not yet.

    Args:
        client: The Web API.
        body: The delivery of what was used.
        title: What stands above when something else than ours is shown in it.
    """

    def __init__(self, client: AsyncWebClient, body: Mapping[str, Any], title: str) -> None:
        self._client = client
        self._body = body
        self._title = title
        self._send: Send | None = None

    async def show(self, view: View) -> None:
        """Show `view`; a window that was closed meanwhile is not opened again."""
        opened = self._body.get("view") or {}
        if opened.get("type") != "modal":
            answer = await self._client.views_open(trigger_id=self._body["trigger_id"], view=view)
            self._body = {**self._body, "view": answer["view"]}
            return
        try:
            await self._client.views_update(view_id=opened["id"], view=view)
        except SlackApiError as error:
            if error.response.get("error") != "not_found":
                raise
            log.info("slack window closed meanwhile")

    async def send(self, post: Post) -> None:
        """Show a message instead."""
        self._send = self._send or in_window(self._client, self._body, self._title)
        await self._send(post)


@dataclass(frozen=True, slots=True)
class Use:
    """One control that a moderator used.

    Attributes:
        community: Whose settings are meant.
        action: What was chosen in it.
        memo: What the window carried.
        window: Where it stood.
    """

    client: AsyncWebClient
    community: str
    action: Mapping[str, Any]
    memo: Memo
    window: Window


# What is said above the page, or a view that takes its place.
Outcome = str | View
Do = Callable[[Use], Awaitable[Outcome]]


class Admin:
    """Checks who asks, lets Moderation do it, and shows what came of it in the same window.

    Nothing is remembered between two uses but, for a minute, who may moderate.

    Args:
        delivery: Catches what breaks.
        moderation: What moderators can see and change.
        settings: The operator's settings for Slack.
        connection: Says how the connection to Slack stands.
    """

    def __init__(
        self,
        delivery: Delivery,
        moderation: Moderation,
        settings: SlackConfig,
        connection: Callable[[], str],
    ) -> None:
        self._delivery = delivery
        self._service = delivery.service
        self._moderation = moderation
        self._moderators = Moderators(settings.moderator_groups)
        self._connection = connection
        self._uses: Mapping[str, Do] = {
            windows.RELOAD: self._reload,
            windows.UNANSWERED: self._unanswered,
            windows.FEEDBACK: self._feedback,
            windows.PREVIEW: self._preview,
            windows.DISABLE: self._disable,
            windows.ENABLE: self._enable,
            windows.CHANNELS: self._set_channels,
            windows.NO_CHANNELS: self._clear_channels,
            windows.ALERTS: self._set_alerts,
            windows.NO_ALERTS: self._clear_alerts,
            windows.COUNTRY: self._set_country,
        }

    def attach(self, app: AsyncApp) -> None:
        """Register every listener on `app`."""
        app.action(MODERATE)(self._on_open)
        app.shortcut(MODERATE)(self._on_open)
        app.action(USES)(self._on_use)
        app.options(action_id(windows.ENTRY))(self._on_typed)

    # Listeners ----------------------------------------------------------------------------

    async def _on_open(self, args: AsyncArgs) -> None:
        await args.ack()
        community, window = to_community(args.body) or "", self._window(args)
        user = in_channel(args.client, args.body["user"]["id"])

        async def work() -> None:
            # The right to open a window ends sooner than Slack may tell who somebody is.
            await window.show(self._note("slack.wait"))
            refusal = await self._moderators.refusal(args.client, args.body)
            if refusal:
                await window.show(self._note(refusal))
            else:
                await self._show(Use(args.client, community, {}, Memo(), window), "")

        send = first_that_works(window.send, user)
        await self._delivery.guarded("admin open", community or None, send, work)

    async def _on_use(self, args: AsyncArgs) -> None:
        await args.ack()
        community, window = to_community(args.body) or "", self._window(args)
        action: Mapping[str, Any] = args.action or {}
        name = str(action.get("action_id")).removeprefix(action_id(""))
        memo = windows.read_memo(args.body.get("view") or {})

        async def work() -> None:
            refusal = await self._moderators.refusal(args.client, args.body)
            if refusal:
                await window.show(self._note(refusal))
            elif name != windows.ENTRY:  # what is picked stays in the list until it is needed
                use = Use(args.client, community, action, memo, window)
                await self._show(use, await self._uses.get(name, _nothing)(use))

        known = name if name in self._uses else "other"
        await self._delivery.guarded(f"admin {known}", community or None, window.send, work)

    async def _on_typed(self, args: AsyncArgs) -> None:
        """Offer the Entries that fit what is typed so far."""
        if await self._moderators.refusal(args.client, args.body, _LIST_S):
            await args.ack(options=[])
            return
        community, typed = to_community(args.body) or "", str(args.body.get("value") or "")
        off = self._moderation.entries(community, typed, enabled=False)
        every = self._moderation.entries(community, typed)
        on = [choice for choice in every if choice.entry not in {c.entry for c in off}]
        if groups := windows.groups(off, on, self._words):
            await args.ack(option_groups=groups)
        else:
            await args.ack(options=[])

    # What they see ------------------------------------------------------------------------

    async def _show(self, use: Use, outcome: Outcome) -> None:
        if not isinstance(outcome, str):
            await use.window.show(outcome)
            return
        status = await self._status(use)
        settings = self._service.settings(use.community)
        countries = self._service.responder(use.community).countries()
        page = windows.Page(status, settings, countries, outcome, use.memo.picked)
        try:
            await use.window.show(windows.page(page, self._words))
        except SlackApiError as error:
            if error.response.get("error") not in _UNSHOWABLE:
                raise
            # A chosen channel that is gone must not shut moderators out.
            log.warning("slack window refused, its lists left empty", reason=reason(error))
            await use.window.show(windows.page(replace(page, filled=False), self._words))

    async def _status(self, use: Use) -> str:
        more = [self._words("admin.status_connection", state=self._connection())]
        helped = self._service.settings(use.community).help_channels
        if helped and await _reads_channels(use.client) is False:
            more.append(self._words("admin.status_unread"))
        return self._moderation.status(use.community, _written, more)

    async def _reload(self, use: Use) -> Outcome:
        await use.window.show(self._note("slack.reloading"))
        return await self._moderation.reload(use.community)

    async def _unanswered(self, use: Use) -> Outcome:
        found = await self._moderation.unanswered(use.community)
        return windows.report(found, use.memo, self._words)

    async def _feedback(self, use: Use) -> Outcome:
        found = await self._moderation.feedback(use.community)
        return windows.report(found, use.memo, self._words)

    async def _preview(self, use: Use) -> Outcome:
        if use.memo.picked is None:
            return self._words("slack.pick_first")
        entry, region = use.memo.picked.entry, self._delivery.region(use.community)
        reply = self._moderation.preview(use.community, entry, region)
        if reply is None:
            return self._moderation.unknown(use.community, entry)
        # Without the buttons that judge it: a moderator's look is no member's verdict.
        posts = Renderer(self._service.responder(use.community)).to_posts(reply)
        return windows.preview(posts, use.memo, self._words)

    # What they change ---------------------------------------------------------------------

    async def _disable(self, use: Use) -> Outcome:
        if use.memo.picked is None:
            return self._words("slack.pick_first")
        return await self._moderation.disable(use.community, use.memo.picked.entry)

    async def _enable(self, use: Use) -> Outcome:
        if use.memo.picked is None:
            return self._words("slack.pick_first")
        return await self._moderation.enable(use.community, use.memo.picked.entry)

    async def _set_channels(self, use: Use) -> Outcome:
        """Change what differs from what was shown; another moderator may have changed the rest."""
        wanted, shown = set(use.action.get("selected_conversations") or ()), set(use.memo.channels)
        said = await self._switch_channels(use, shown - wanted, on=False)
        if new := wanted - shown:
            if await _reads_channels(use.client) is False:
                said.append(self._words("slack.help_channel_needs_scope"))
            else:
                said += await self._switch_channels(use, new, on=True)
                if new & self._service.settings(use.community).help_channels:
                    said.append(self._words("slack.help_channel_invite"))
        return _joined(said)

    async def _clear_channels(self, use: Use) -> Outcome:
        chosen = self._service.settings(use.community).help_channels
        return _joined(await self._switch_channels(use, chosen, on=False))

    async def _switch_channels(self, use: Use, channels: Collection[str], *, on: bool) -> list[str]:
        said: list[str] = []
        for channel in sorted(channels):
            change = self._moderation.set_help_channel
            said.append(await change(use.community, channel, _written, on=on))
            if (channel in self._service.settings(use.community).help_channels) is not on:
                break  # it could not be kept; nor could the next one
        return said

    async def _set_alerts(self, use: Use) -> Outcome:
        """Write to the channel first: whether we may write there shows in no other way."""
        channel = str(use.action.get("selected_conversation") or "")
        if not channel:
            return await self._clear_alerts(use)
        test = self._delivery.words(self._words("alerts.test"))
        try:
            told = await use.client.chat_postMessage(channel=channel, text=test.text)
        except SlackApiError as error:
            log.info("slack alerts refused", reason=reason(error))
            return self._words("slack.alerts_refused")
        said = await self._moderation.set_alerts(use.community, channel, _written)
        if self._service.settings(use.community).alerts_channel != channel:
            # It says that alerts come there now, which is not so.
            with contextlib.suppress(*UNDELIVERED):
                await use.client.chat_delete(channel=told["channel"], ts=told["ts"])
        return said

    async def _clear_alerts(self, use: Use) -> Outcome:
        return await self._moderation.set_alerts(use.community, None, _written)

    async def _set_country(self, use: Use) -> Outcome:
        chosen = (use.action.get("selected_option") or {}).get("value")
        country = None if chosen == windows.NO_COUNTRY else chosen
        return await self._moderation.set_region(use.community, country)

    # --------------------------------------------------------------------------------------

    def _window(self, args: AsyncArgs) -> Window:
        return Window(args.client, args.body, self._words("slack.moderate"))

    def _note(self, key: str) -> View:
        return windows.note(self._words(key), self._words)

    def _words(self, key: str, **values: str) -> str:
        return self._service.responder().message(key, **values)


async def _nothing(_use: Use) -> Outcome:
    """Show the page as it is now: for the way back, and for controls of older versions."""
    return ""


async def _reads_channels(client: AsyncWebClient) -> bool | None:
    """Return whether Slack lets us read messages that do not call us; None if it does not say."""
    try:
        answer = await client.auth_test()
    except UNDELIVERED as error:
        log.info("slack scopes not looked up", reason=reason(error))
        return None
    headers = {name.lower(): value for name, value in answer.headers.items()}
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    return not granted.isdisjoint(_READING) if granted != {""} else None


def _written(channel: str) -> str:
    """Return how Slack writes the channel with this id."""
    return f"<#{channel}>"


def _joined(said: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(said))
