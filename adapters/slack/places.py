"""The ways a reply can reach somebody on Slack, each as one function that sends one message."""

import contextlib
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.blocks import Post, plainer

Send = Callable[[Post], Awaitable[None]]
UNDELIVERED = (SlackClientError, ClientError, TimeoutError, OSError)
_HTTP_OK = 200
MAX_WORDS, MAX_VIEW_BLOCKS = 3000, 100
log = structlog.get_logger()


class ReplyRefusedError(SlackClientError):
    """Slack did not take an answer sent to a response address; `str()` is its reason."""


def in_channel(client: AsyncWebClient, channel: str, thread: str | None = None) -> Send:
    """Send where everybody in `channel` sees it, or by direct message when it is a user's id."""

    async def send(post: Post) -> None:
        await client.chat_postMessage(
            channel=channel,
            thread_ts=thread,
            text=post.text,
            blocks=post.blocks,
            unfurl_links=False,
            unfurl_media=False,
            parse="none",
            link_names=False,
        )

    return _plainly_if_refused(send)


def for_one(client: AsyncWebClient, channel: str, user: str, thread: str | None = None) -> Send:
    """Send into `channel` so that `user` alone sees it, until they reload."""

    async def send(post: Post) -> None:
        await client.chat_postEphemeral(
            channel=channel,
            user=user,
            thread_ts=thread,
            text=post.text,
            blocks=post.blocks,
            parse="none",
            link_names=False,
        )

    return _plainly_if_refused(send)


def in_answer(respond: AsyncRespond, *, replace: bool = False, thread: str | None = None) -> Send:
    """Send to the response address of a command or a button.

    Only the person sees it, unless it takes the place of a message that others see. Of several
    messages the first takes the place and the others follow it.
    """
    left_to_replace = replace

    async def send(post: Post) -> None:
        nonlocal left_to_replace
        response = await respond(
            text=post.text,
            blocks=post.blocks,
            response_type=None if left_to_replace else "ephemeral",
            replace_original=left_to_replace,
            thread_ts=None if left_to_replace else thread,
            unfurl_links=False,
            unfurl_media=False,
        )
        if response.status_code != _HTTP_OK:
            raise ReplyRefusedError(response.body)
        left_to_replace = False

    return _plainly_if_refused(send)


def in_window(client: AsyncWebClient, body: Mapping[str, Any], title: str) -> Send:
    """Show in a window of ours, which `body`'s trigger opens; a window that is open is reused.

    Args:
        client: The Web API.
        body: The delivery of the control that was used; its trigger is good for three seconds.
        title: What stands above, at most 24 characters.
    """
    shown: list[Mapping[str, Any]] = []
    opened = body.get("view") or {}
    window = opened.get("id", "") if opened.get("type") == "modal" else ""

    async def send(post: Post) -> None:
        nonlocal window
        words = {"type": "section", "text": {"type": "mrkdwn", "text": post.text[:MAX_WORDS]}}
        shown.extend(plainer(post.blocks or (words,)))
        heading = {"type": "plain_text", "text": title}
        view = {"type": "modal", "title": heading, "blocks": shown[:MAX_VIEW_BLOCKS]}
        if window:
            await client.views_update(view_id=window, view=view)
        else:
            answer = await client.views_open(trigger_id=body["trigger_id"], view=view)
            window = answer["view"]["id"]

    return send


def first_that_works(*ways: Send) -> Send:
    """Send by the first of `ways` that succeeds; the last one's error is raised."""

    async def send(post: Post) -> None:
        for way in ways[:-1]:
            try:
                await way(post)
            except UNDELIVERED as error:
                log.warning("slack delivery failed, trying another way", reason=reason(error))
            else:
                return
        await ways[-1](post)

    return send


def then_once(send: Send, after: Send, note: Post) -> Send:
    """Send by `send`; after the first message that arrived, also send `note` by `after`."""
    noted = False

    async def send_and_note(post: Post) -> None:
        nonlocal noted
        await send(post)
        if not noted:
            noted = True
            with contextlib.suppress(*UNDELIVERED):
                await after(note)

    return send_and_note


def reason(error: BaseException) -> str:
    """Return why something failed, in words that can hold nothing a member wrote."""
    code = _code(error)
    return f"{type(error).__name__}: {code}" if code else type(error).__name__


def last_line(error: BaseException) -> str:
    """Return the file and line where `error` was raised, or nothing."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def _code(error: BaseException) -> str:
    """Return Slack's own word for what is wrong, or nothing."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error") or "")
    return str(error) if isinstance(error, ReplyRefusedError) else ""


def _plainly_if_refused(send: Send) -> Send:
    """Send simpler when Slack does not like the blocks: ugly is better than silent.

    First with plain buttons for its newest blocks, which it may not take everywhere; then the
    bare text.
    """

    async def send_somehow(post: Post) -> None:
        simpler = Post(post.text, tuple(plainer(post.blocks)))
        ways = [post, *([simpler] if simpler != post else []), Post(post.text)]
        for way in ways:
            try:
                await send(way)
            except (SlackApiError, ReplyRefusedError) as error:
                if not way.blocks or "blocks" not in _code(error):
                    raise
                log.warning("slack refused the blocks of a reply", reason=reason(error))
            else:
                return

    return send_somehow
