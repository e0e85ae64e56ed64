"""Answers in help channels on Slack, and what moderators hear of emergency cards."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.slack.adapter import SlackAdapter
from adapters.slack.connection import build_app
from bot.domain import CommunitySettings
from tests.adapters.replies import ANSWER, CHECK, URGENT
from tests.adapters.scripted import ScriptedResponder, ScriptedService
from tests.adapters.slack.conftest import PING, accepted, running, until
from tests.fakes import MemoryStore
from tests.rigs.slack_front import APP_TOKEN, BOT_TOKEN, CHANNEL, MEMBER, SlackFront

pytestmark = pytest.mark.wire
TEAM = "slack-T000000001"
SETTLED = 0.3


@pytest.fixture
async def service(
    front: SlackFront, responder: ScriptedResponder
) -> AsyncIterator[ScriptedService]:
    """A Service whose moderators chose the channel, behind an adapter that is connected."""
    service = ScriptedService(responder, store=MemoryStore(), region="GB")
    await service.change_settings(TEAM, CommunitySettings(help_channels=frozenset({CHANNEL})))
    app = build_app(SecretStr(BOT_TOKEN), front.api_url)
    adapter = SlackAdapter(app, SecretStr(APP_TOKEN), service, ping_interval=PING)
    async with running(adapter, front):
        yield service


def posted(front: SlackFront, *, direct: bool = False) -> list[str]:
    """Return what was posted in the channel, or by direct message, with every block."""
    calls = [call.fields for call in front.taken()]
    return [json.dumps(f, ensure_ascii=False) for f in calls if (f["channel"] != CHANNEL) is direct]


@pytest.mark.usefixtures("service")
async def test_answers_what_it_is_sure_of_in_the_thread(front: SlackFront) -> None:
    """The answer stands below the question and says why it came unasked."""
    ts = await front.say("answer")
    await until(lambda: posted(front))
    (answer,) = posted(front)
    assert ANSWER.title in answer
    assert "because I was sure" in answer
    assert front.taken()[0].fields["thread_ts"] == ts


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("asked", ["choices", "fallback", "policy", "what's for lunch"])
async def test_keeps_quiet_when_it_is_not_sure(front: SlackFront, asked: str) -> None:
    """No choices, no refusals and no "I don't know" that nobody asked for."""
    await front.say(asked)
    await asyncio.sleep(SETTLED)
    assert not front.sent()


@pytest.mark.usefixtures("service")
async def test_pauses_between_answers_but_not_before_an_emergency_card(front: SlackFront) -> None:
    """A lively channel is not flooded; danger does not wait, and is kept by direct message."""
    await front.say("answer")
    await front.say("answer")
    await front.say("urgent")
    await until(lambda: len(posted(front, direct=True)) == 2)
    assert [ANSWER.title in p or URGENT.title in p for p in posted(front)] == [True, True]
    assert URGENT.title in posted(front)[1]
    assert URGENT.title in posted(front, direct=True)[1]


@pytest.mark.usefixtures("service")
async def test_tells_nobody_that_an_answer_unasked_for_did_not_arrive(front: SlackFront) -> None:
    """Who did not call us is not startled by a fault of ours, in public or in private."""
    front.fault("chat.postMessage", "restricted_action")
    await front.say("answer")
    await until(front.sent)
    await asyncio.sleep(SETTLED)
    assert not accepted(front)
    assert not front.sent("chat.postEphemeral")


@pytest.mark.usefixtures("service")
async def test_asks_in_private_whether_somebody_is_safe(front: SlackFront) -> None:
    """Others need not read a worry that nobody called for."""
    await front.say("check")
    await until(lambda: posted(front, direct=True))
    assert CHECK.title in posted(front, direct=True)[0]
    assert not posted(front)


@pytest.mark.usefixtures("service")
async def test_asks_them_alone_in_the_channel_when_direct_messages_are_shut(
    front: SlackFront,
) -> None:
    """Somebody of another workspace, in a channel that both share, takes none; help they get."""
    front.fault("chat.postMessage", "user_not_found")
    await front.say("check")
    await until(lambda: accepted(front, "chat.postEphemeral"))
    asked = accepted(front, "chat.postEphemeral")[0].fields
    assert (asked["channel"], asked["user"]) == (CHANNEL, MEMBER)
    assert CHECK.title in json.dumps(asked, ensure_ascii=False)
    assert not posted(front)


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    "more",
    [
        {"thread_ts": "1.5"},
        {"text": "<@U000000002> answer"},
        {"channel": "C000000009"},
        {"bot_id": "B0OTHER"},
        {"subtype": "message_changed"},
    ],
    ids=["in a thread", "to somebody", "elsewhere", "by a bot", "edited"],
)
async def test_leaves_other_talk_alone(
    front: SlackFront, responder: ScriptedResponder, more: dict[str, Any]
) -> None:
    """Only what is asked of everybody in a chosen channel is read."""
    await front.say(**{"text": "answer", **more})
    await asyncio.sleep(SETTLED)
    assert not responder.asked
    assert not front.sent()


@pytest.mark.usefixtures("service")
async def test_answers_a_mention_there_once(front: SlackFront) -> None:
    """A mention in a help channel is delivered twice and answered once."""
    await front.mention("answer", also_as_message=True)
    await until(lambda: posted(front))
    await asyncio.sleep(SETTLED)
    (answer,) = posted(front)
    assert "because I was sure" not in answer


# Alerts ---------------------------------------------------------------------------------------


async def choose_alerts(service: ScriptedService) -> None:
    """Let the moderators choose the second channel for alerts."""
    settings = replace(service.settings(TEAM), alerts_channel="C000000002")
    await service.change_settings(TEAM, settings)


def alerts(front: SlackFront) -> list[str]:
    """Return the text of every alert."""
    return [c.fields["text"] for c in front.sent() if c.fields["channel"] == "C000000002"]


async def test_tells_moderators_of_a_card_without_a_name_or_a_word(
    front: SlackFront, service: ScriptedService
) -> None:
    """The alert names the card; neither the asker, nor the words, nor a private place."""
    await choose_alerts(service)
    await front.command("urgent")
    await until(lambda: alerts(front))
    (alert,) = alerts(front)
    assert URGENT.title in alert
    assert CHANNEL not in alert
    assert MEMBER not in alert


async def test_names_the_channel_of_a_card_that_was_asked_for_openly(
    front: SlackFront, service: ScriptedService
) -> None:
    """Everybody there can read it anyway; the channel is a link, nobody is pinged."""
    await choose_alerts(service)
    await front.mention("urgent")
    await until(lambda: alerts(front))
    assert f"<#{CHANNEL}>" in alerts(front)[0]


async def test_tells_nobody_of_direct_messages(front: SlackFront, service: ScriptedService) -> None:
    """What is asked alone with us is nobody else's business."""
    await choose_alerts(service)
    channel = await front.direct("urgent")
    await until(lambda: [c for c in front.sent() if c.fields["channel"] == channel])
    await asyncio.sleep(SETTLED)
    assert not alerts(front)


@pytest.mark.usefixtures("service")
async def test_shows_one_open_card_a_minute_and_each_by_direct_message(front: SlackFront) -> None:
    """Somebody who goes on writing keeps getting help, without filling the channel."""
    for _ in range(2):
        await front.say("urgent")
    await until(lambda: len(posted(front, direct=True)) == 4)
    assert len(posted(front)) == 1


async def test_raises_no_alarm_over_our_own_words(
    front: SlackFront, service: ScriptedService
) -> None:
    """Whoever points at one of our cards gets it, and nobody is told of an emergency."""
    await choose_alerts(service)
    card = {"type": "message", "user": "U0HANDRAIL", "bot_id": "B0", "ts": "1.5", "text": "urgent"}
    answers = await front.shortcut(card)
    await until(lambda: front.answers[answers])
    await asyncio.sleep(SETTLED)
    assert not alerts(front)
