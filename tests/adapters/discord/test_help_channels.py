"""Answers in help channels on Discord: only where moderators want them, and only when sure."""

import pytest

from bot.domain import CommunitySettings, Reply
from tests.adapters.discord.conftest import Town, title, words
from tests.adapters.replies import ANSWER, CHECK, URGENT
from tests.adapters.scripted import ScriptedResponder, ScriptedService

pytestmark = pytest.mark.parametrize(
    "settings", [{"message_content": True, "help_channel_pause_s": 60}]
)


@pytest.fixture(autouse=True)
async def _chosen(town: Town, service: ScriptedService) -> None:
    """Let the moderators choose the channel."""
    chosen = CommunitySettings(help_channels=frozenset({str(town.channel.id)}))
    await service.change_settings(town.community, chosen)


async def test_answers_what_it_is_sure_of(town: Town) -> None:
    """The answer is a reply to the question, and says why it came unasked."""
    asked = await town.alice.send(town.channel, "answer")
    (answer,) = town.said()
    assert title(answer) == ANSWER.title
    assert answer.reference is not None
    assert answer.reference.message_id == asked.id
    assert "because I was sure" in words(answer)


@pytest.mark.parametrize("asked", ["choices", "fallback", "policy", "gone", "what's for lunch"])
async def test_keeps_quiet_when_it_is_not_sure(town: Town, asked: str) -> None:
    """No choices, no refusals and no "I don't know" that nobody asked for."""
    await town.alice.send(town.channel, asked)
    assert not town.said()
    assert not town.said(town.alone)


async def test_shows_an_emergency_card_always(town: Town) -> None:
    """Danger does not wait for the pause, and the card also goes by direct message."""
    await town.alice.send(town.channel, "answer")
    await town.alice.send(town.channel, "urgent")
    assert [title(message) for message in town.said()] == [ANSWER.title, URGENT.title]
    assert [title(message) for message in town.said(town.alone)] == [URGENT.title]


async def test_asks_in_private_whether_somebody_is_safe(town: Town) -> None:
    """Others need not read a worry that nobody called for."""
    await town.alice.send(town.channel, "check")
    assert not town.said()
    assert CHECK.title in [title(message) for message in town.said(town.alone)]


async def test_pauses_between_two_answers(town: Town) -> None:
    """A lively channel is not flooded."""
    for _ in range(3):
        await town.alice.send(town.channel, "answer")
    assert len(town.said()) == 1


async def test_answers_a_mention_in_spite_of_the_pause(town: Town) -> None:
    """Whoever calls it gets an answer, and no note about it."""
    await town.alice.send(town.channel, "answer")
    await town.mention("answer")
    assert len(town.said()) == 2
    assert "because I was sure" not in words(town.said()[-1])


async def test_leaves_conversations_alone(town: Town, responder: ScriptedResponder) -> None:
    """What answers or mentions another member is said to them."""
    first = await town.alice.send(town.channel, "what's for lunch")
    bob = town.alice.guild.add_member(town.env.create_user("bob"))
    await bob.send(town.channel, "answer", reply_to=first)
    await bob.send(town.channel, f"{town.alice.mention} answer")
    assert not town.said()
    assert [question.text for question in responder.asked] == ["what's for lunch"]


async def test_reads_no_other_channel(town: Town, responder: ScriptedResponder) -> None:
    """Only the channels that moderators chose."""
    other = town.env.guild.create_text_channel("lounge")
    await town.alice.send(other, "urgent")
    assert not town.said(other)
    assert not responder.asked


async def test_bothers_nobody_when_it_may_not_post(town: Town) -> None:
    """Whoever wrote there did not ask us, and gets no message about our troubles."""
    town.refuse(town.channel, 50013)
    await town.alice.send(town.channel, "answer")
    assert not town.said()
    assert not town.said(town.alone)


async def test_passes_over_bots(town: Town, responder: ScriptedResponder) -> None:
    """Two bots must never talk to each other."""
    robot = town.alice.guild.add_member(town.env.create_user("robot", bot=True))
    await robot.send(town.channel, "answer")
    assert not responder.asked


async def test_keeps_nothing_of_what_it_read_unasked(
    town: Town, service: ScriptedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that was not meant for it is never kept as unanswered."""
    kept: list[str] = []

    async def respond(*_: object) -> Reply:
        kept.append("asked the Service, which keeps what is unanswered")
        return ANSWER

    monkeypatch.setattr(service, "respond", respond)
    await town.alice.send(town.channel, "fallback")
    assert not kept


async def test_shows_one_open_card_a_minute_and_each_by_direct_message(town: Town) -> None:
    """Somebody who goes on writing keeps getting help, without filling the channel."""
    for _ in range(3):
        await town.alice.send(town.channel, "urgent")
    assert [title(message) for message in town.said()] == [URGENT.title]
    assert len(town.said(town.alone)) == 3


async def test_asks_openly_where_direct_messages_are_closed(town: Town) -> None:
    """Somebody who may be in danger gets the help lines even where others can read them."""
    town.refuse(town.alone, 50007)
    await town.alice.send(town.channel, "check")
    assert [title(message) for message in town.said()] == [CHECK.title]
