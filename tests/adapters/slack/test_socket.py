"""The Slack adapter's connection: coming back, giving up, ending, and what it logs."""

import asyncio
import contextlib
import logging
import time

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.errors import AdapterError
from tests.adapters.scripted import ScriptedResponder
from tests.adapters.slack.conftest import PING, Start, accepted, build_adapter, until
from tests.rigs.slack_front import MEMBER, SlackFront

pytestmark = pytest.mark.wire


@pytest.mark.parametrize("reason", ["refresh_requested", "warning", "link_disabled"])
async def test_comes_back_when_slack_asks_for_a_new_socket(
    front: SlackFront, adapter: SlackAdapter, reason: str
) -> None:
    """Whatever reason Slack gives leads to a new socket, and questions are answered on it."""
    opened = front.opened
    await front.disconnect(reason)
    await until(lambda: front.opened > opened and adapter.ready and front.connected)
    await front.direct("answer")
    await until(lambda: accepted(front))


async def test_comes_back_when_the_network_was_away(
    front: SlackFront, adapter: SlackAdapter
) -> None:
    """A socket that ends without a word is replaced."""
    front.cut()
    await until(lambda: front.connected and adapter.ready)
    await front.direct("answer")
    await until(lambda: accepted(front))


async def test_a_socket_that_stands_open_but_is_dead_is_replaced(
    front: SlackFront, adapter: SlackAdapter
) -> None:
    """Slack no longer returns our signs of life: not ready, and then a new socket."""
    await asyncio.sleep(3 * PING)
    opened, front.deaf_for = front.opened, 30.0
    await front.command("answer")
    await until(lambda: not adapter.ready)
    front.deaf_for = 0.0
    await until(lambda: front.opened > opened and adapter.ready)
    await front.direct("answer")
    await until(lambda: accepted(front))


async def test_tries_again_while_slack_gives_no_tickets(
    front: SlackFront, adapter: SlackAdapter
) -> None:
    """A rate limit or a fault of Slack's own while coming back costs time and nothing else."""
    front.fault("apps.connections.open", "ratelimited", status=429, headers={"Retry-After": "0"})
    front.fault("apps.connections.open", "internal_error", times=2)
    opened = front.opened
    front.cut()
    await until(lambda: front.opened > opened + 2 and front.connected and adapter.ready)


async def test_asks_for_a_new_ticket_after_a_refused_one(
    front: SlackFront, adapter: SlackAdapter
) -> None:
    """A ticket that Slack refuses is not tried for ever, as slack_sdk would."""
    front.ticket_life = -1.0
    opened = front.opened
    await front.disconnect("refresh_requested")
    await until(lambda: front.opened > opened + 1)
    front.ticket_life = 30.0
    await until(lambda: front.connected and adapter.ready)


async def test_gives_up_when_no_socket_opens_for_too_long(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """Without a socket for `patience` seconds the adapter ends, so that it can be restarted."""
    front.ticket_life = -1.0
    adapter = build_adapter(front, responder, patience=0.5)
    with pytest.raises(AdapterError, match=r"out of reach.*Socket Mode"):
        await asyncio.wait_for(adapter.run(), 5)
    assert not adapter.ready


async def test_gives_up_when_slack_cannot_be_reached_at_the_start(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """A Slack that answers nonsense is waited for, but not for ever."""
    front.fault("auth.test", "internal_error", times=9)
    adapter = build_adapter(front, responder, patience=0.5)
    with pytest.raises(AdapterError, match="out of reach"):
        await asyncio.wait_for(adapter.run(), 5)


@pytest.mark.parametrize(
    ("tokens", "variable"),
    [
        ({"bot_token": "xoxb-wrong"}, "SLACK_BOT_TOKEN"),
        ({"app_token": "xapp-wrong"}, "SLACK_APP_TOKEN"),
        ({"app_token": "xoxb-bot"}, "SLACK_APP_TOKEN"),
    ],
    ids=["bot token", "app token", "bot token as app token"],
)
async def test_refused_token_ends_the_adapter_with_advice(
    front: SlackFront, responder: ScriptedResponder, tokens: dict[str, str], variable: str
) -> None:
    """A wrong token is named by its variable, with where to get a right one; it is not shown."""
    adapter = build_adapter(front, responder, **tokens)  # type: ignore[arg-type]
    with pytest.raises(AdapterError) as refused:
        await asyncio.wait_for(adapter.run(), 5)
    assert variable in str(refused.value)
    assert "api.slack.com/apps" in str(refused.value)
    assert "wrong" not in str(refused.value)


@pytest.mark.parametrize(
    ("delay", "deaf_for"), [(0.0, 0.0), (60.0, 0.0), (0.0, 5.0)], ids=["idle", "answer", "socket"]
)
async def test_ends_within_two_seconds_of_being_cancelled(
    front: SlackFront, responder: ScriptedResponder, delay: float, deaf_for: float
) -> None:
    """Stopping is quick, even while an answer hangs or Slack does not return the goodbye."""
    adapter = build_adapter(front, responder)
    running = asyncio.create_task(adapter.run())
    await until(lambda: adapter.ready and front.connected)
    responder.delay, front.deaf_for = delay, deaf_for
    await front.command("answer")
    began = time.monotonic()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert time.monotonic() - began < 2.0
    assert not adapter.ready


async def test_replies_under_way_arrive_before_the_end(
    front: SlackFront, responder: ScriptedResponder, start: Start
) -> None:
    """Stopping waits a moment for an answer that is nearly there."""
    responder.delay = 0.3
    async with start():
        _, answers = await front.command("answer")
    assert len(front.answers[answers]) == 1


async def test_no_log_holds_what_members_wrote(
    front: SlackFront,
    start: Start,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At level DEBUG, at which both libraries log whole deliveries, nothing of a member's shows."""
    caplog.set_level(logging.DEBUG)
    async with start():
        await front.command("canary in a command")
        await front.mention("canary in a mention")
        await front.direct("canary in a direct message")
        await until(lambda: len(accepted(front)) == 2)
    printed = capsys.readouterr()
    for written in (caplog.text, printed.out, printed.err):
        assert "canary" not in written
        assert MEMBER not in written
