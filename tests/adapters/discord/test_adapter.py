"""What members meet on Discord: commands, mentions, direct messages, buttons."""

import discord
import pytest
import simcord
import structlog
from pydantic import SecretStr

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.client import Room
from adapters.discord.commands import MAX_QUESTION
from bot.config import Config
from bot.domain import CommunitySettings, Question
from bot.errors import AdapterError, ConfigError
from tests.adapters.discord.conftest import Town, title, words
from tests.adapters.replies import ANSWER, CHECK, CHOICES, FALLBACK, TROUBLE, URGENT
from tests.adapters.scripted import SECRET, ScriptedResponder, ScriptedService

CLOSED = "I could not send you a direct message. Type /ask"


DM_CLOSED = 50007
MAY_NOT_POST = 50013
NO_REPLY_HERE = 160002
LITHIUM = "handrail:show:lithium"
DECLINE = "handrail:decline"


async def test_answers_a_command_for_the_asker_alone(
    town: Town, responder: ScriptedResponder
) -> None:
    """`/ask` is answered at once, so that nobody else sees it."""
    answer = await town.ask("answer")
    assert title(answer) == ANSWER.title
    assert answer.ephemeral
    assert responder.asked == [Question("answer", "US")]
    (call,) = [r for r in town.env.http_requests if "/callback" in r.path]
    assert call.json is not None
    assert (call.json["type"], call.json["data"]["flags"]) == (4, 64)


async def test_answers_a_command_in_direct_messages_to_stay(town: Town) -> None:
    """Alone with us the answer is an ordinary message, which is still there tomorrow."""
    result = await town.alice.user.slash("ask", question="answer")
    assert title(result.response) == ANSWER.title
    assert not result.response.ephemeral


async def test_can_be_used_everywhere(town: Town) -> None:
    """The command works in servers, in direct messages and where only the member brought us."""
    commands = town.env.backend.visible_commands(user_id=town.alice.id, channel_id=town.channel.id)
    command = next(command for command in commands if command["name"] == "ask")
    assert command["contexts"] == [0, 1, 2]
    assert command["integration_types"] == [0, 1]
    assert command["options"][0]["max_length"] == MAX_QUESTION
    assert command["description"] == "Ask about microdosing. Only you see the answer."


async def test_answers_a_mention_where_it_was_made(
    town: Town, responder: ScriptedResponder
) -> None:
    """An open question gets an open answer, as a reply to it."""
    asked = await town.mention("answer")
    (answer,) = town.said()
    assert title(answer) == ANSWER.title
    assert answer.reference is not None
    assert answer.reference.message_id == asked.id
    assert responder.asked == [Question("answer")]
    assert not town.said(town.alone)


async def test_answers_a_direct_message(town: Town) -> None:
    """Alone with us, nobody needs to mention us, and the answer is no reply to anything."""
    await town.alice.send_dm("answer")
    (answer,) = town.said(town.alone)
    assert title(answer) == ANSWER.title
    assert answer.reference is None


async def test_sends_an_urgent_card_by_direct_message_too(town: Town) -> None:
    """The card stands where the question was asked, and where the member finds it again."""
    await town.mention("urgent")
    (card,) = town.said()
    (copy,) = town.said(town.alone)
    assert URGENT.title in card.content
    assert "999 or 112" in card.content
    assert copy.content == card.content


async def test_shows_an_urgent_card_although_direct_messages_are_closed(town: Town) -> None:
    """Many members block direct messages; the card in the channel does not depend on them."""
    town.refuse(town.alone, DM_CLOSED)
    await town.mention("urgent")
    (card,) = town.said()
    assert "999 or 112" in card.content


async def test_sends_the_answer_after_a_soft_check(town: Town) -> None:
    """Two messages: first the card, then the ordinary answer."""
    await town.mention("check")
    card, answer = town.said()
    assert CHECK.title in card.content
    assert title(answer) == ANSWER.title


async def test_keeps_both_parts_of_a_soft_check_private(town: Town) -> None:
    """The answer that follows the card after a command is for the asker alone, too."""
    result = await town.alice.slash(town.channel, "ask", question="check")
    assert result.response is not None
    assert CHECK.title in result.response.content
    (answer,) = result.followups
    assert title(answer) == ANSWER.title
    assert answer.ephemeral


@pytest.mark.parametrize("settings", [{"answer_mentions_in": "dm"}])
async def test_answers_mentions_by_direct_message_if_the_operator_wants(town: Town) -> None:
    """With `answer_mentions_in: dm` nothing is said in the channel."""
    await town.mention("answer")
    assert not town.said()
    assert [title(message) for message in town.said(town.alone)] == [ANSWER.title]


@pytest.mark.parametrize("settings", [{"answer_mentions_in": "dm"}])
@pytest.mark.parametrize(
    ("asked", "said"),
    [("answer", CLOSED), ("urgent", "999 or 112"), ("check-alone", "999 or 112")],
)
async def test_says_something_in_the_channel_when_direct_messages_are_closed(
    town: Town, asked: str, said: str
) -> None:
    """A private answer is not made public, a card that may save somebody is."""
    town.refuse(town.alone, DM_CLOSED)
    await town.mention(asked)
    (shown,) = town.said()
    assert said in shown.content


async def test_answers_by_direct_message_where_it_may_not_post(town: Town) -> None:
    """A channel that refuses us must not cost the answer."""
    town.refuse(town.channel, MAY_NOT_POST)
    await town.mention("answer")
    assert not town.said()
    assert [title(message) for message in town.said(town.alone)] == [ANSWER.title]


async def test_answers_plainly_where_it_may_not_reply(town: Town) -> None:
    """Without the right to read back Discord takes no reply, but it takes a message."""
    town.refuse(town.channel, NO_REPLY_HERE, times=1)
    await town.mention("answer")
    (answer,) = town.said()
    assert title(answer) == ANSWER.title
    assert answer.reference is None
    assert not town.said(town.alone)


async def test_shows_the_answer_behind_a_choice(town: Town) -> None:
    """Pressing a choice shows its answer to the one who pressed."""
    offered = await town.ask("choices")
    assert title(offered) == CHOICES.title
    answer = await town.press(offered, LITHIUM)
    assert title(answer) == ANSWER.title
    assert answer.ephemeral


async def test_says_so_when_the_answer_behind_a_choice_is_gone(town: Town) -> None:
    """Content may have changed since the choices were shown."""
    gone = await town.press(await town.ask("choices"), "handrail:show:bipolar")
    assert "no longer here" in words(gone)


async def test_offers_help_when_none_of_these_fits(town: Town) -> None:
    """The last button leads to the fallback with its help lines."""
    answer = await town.press(await town.ask("choices"), DECLINE)
    assert title(answer) == FALLBACK.title


async def test_shows_an_open_choice_to_the_presser_alone(town: Town) -> None:
    """Below an open answer, one member's press changes nothing for the others."""
    await town.mention("choices")
    (offered,) = town.said()
    answer = await town.press(offered, LITHIUM)
    assert answer.ephemeral
    (still,) = town.said()
    assert title(still) == CHOICES.title


async def test_answers_buttons_in_direct_messages_to_stay(town: Town) -> None:
    """Alone with us the answer to a press is an ordinary message."""
    await town.alice.send_dm("choices")
    (offered,) = town.said(town.alone)
    pressed = await town.alice.user.click(offered, custom_id=LITHIUM)
    assert not pressed.response.ephemeral


async def test_knows_its_buttons_after_a_restart(town: Town, service: ScriptedService) -> None:
    """A button pressed after a restart works: its id says everything."""
    await town.mention("choices")
    (offered,) = town.said()
    await town.env.restart_bot(DiscordAdapter(SecretStr("no-token"), service).open_client())
    assert title(await town.press(offered, LITHIUM)) == ANSWER.title


@pytest.mark.parametrize("way", ["command", "press", "mention", "direct"])
async def test_gives_the_resources_when_anything_breaks(
    town: Town, responder: ScriptedResponder, way: str
) -> None:
    """Whatever breaks, the member gets help, and the log holds no word of theirs."""
    offered = await town.ask("choices")
    responder.broken = True
    with structlog.testing.capture_logs() as logs:
        said = await _break(town, way, offered)
    assert title(said) == TROUBLE.title
    assert "999 or 112" in words(said)
    (entry,) = [log for log in logs if log["log_level"] == "error"]
    assert entry["reason"] == "RuntimeError"
    assert "sertraline" not in str(logs)
    assert str(town.alice.id) not in str(logs)


async def _break(
    town: Town, way: str, offered: simcord.ResponseMessage
) -> discord.Message | simcord.ResponseMessage:
    if way == "command":
        return await town.ask(SECRET)
    if way == "press":
        return await town.press(offered, DECLINE)
    if way == "mention":
        await town.mention(SECRET)
        return town.said()[-1]
    await town.alice.send_dm(SECRET)
    return town.said(town.alone)[-1]


@pytest.mark.parametrize(("code", "arrived"), [(10062, [ANSWER.title]), (40060, [])])
async def test_sends_what_came_too_late_by_direct_message(
    town: Town, code: int, arrived: list[str]
) -> None:
    """Too late: the answer goes by direct message. Answered already: there is nothing to say."""
    path = "/interactions/*/*/callback"
    town.env.inject_error("POST", path, status=404, code=code, times=None)
    with structlog.testing.capture_logs() as logs:
        result = await town.alice.slash(town.channel, "ask", question="answer")
    assert result.response is None
    assert [title(message) for message in town.said(town.alone)] == arrived
    assert [log["log_level"] for log in logs] == ["info"]


async def test_survives_when_not_even_the_resources_arrive(
    town: Town, responder: ScriptedResponder
) -> None:
    """Two places that both refuse us are logged, and the next question is answered."""
    responder.broken = True
    town.refuse(town.channel, MAY_NOT_POST, times=1)
    town.refuse(town.alone, DM_CLOSED, times=1)
    with structlog.testing.capture_logs() as logs:
        await town.mention("answer")
    assert logs[-1]["event"] == "discord resources not delivered"
    responder.broken = False
    await town.mention("answer")
    assert [title(message) for message in town.said()] == [ANSWER.title]


async def test_gives_the_resources_for_a_command_of_another_version(town: Town) -> None:
    """A command that Discord still shows but nobody here knows leads to help, not to silence."""
    client = town.env.bot
    assert isinstance(client, Room)
    client.tree.remove_command("ask")
    answer = await town.ask("answer")
    assert title(answer) == TROUBLE.title
    (error,) = town.env.errors
    assert isinstance(error, discord.app_commands.CommandNotFound)


async def test_passes_over_talk_and_bots(town: Town, responder: ScriptedResponder) -> None:
    """Neither talk among members nor another bot's mention nor an edit is a question."""
    robot = town.alice.guild.add_member(town.env.create_user("robot", bot=True))
    await robot.send(town.channel, f"{town.me.mention} answer")
    talk = await town.alice.send(town.channel, "answer")
    await town.alice.edit(talk, f"{town.me.mention} answer")
    assert not responder.asked
    assert not town.said()


async def test_pings_nobody(town: Town) -> None:
    """Every message that leaves us forbids all mentions, that of the asker included."""
    await town.mention("urgent")
    await town.mention("check")
    await town.alice.send_dm("answer")
    await town.alice.slash(town.channel, "ask", question="check")
    sent = [r.json for r in town.env.http_requests if isinstance(r.json, dict)]
    bodies = [body.get("data", body) for body in sent]
    posted = [body for body in bodies if "embeds" in body or "content" in body]
    assert len(posted) == 7
    for body in posted:
        assert body["allowed_mentions"]["parse"] == []
        assert not body["allowed_mentions"].get("replied_user")


@pytest.mark.parametrize(
    ("locale", "region", "expected"),
    [("de", None, "DE"), ("en-GB", "DE", "GB"), ("en-US", "DE", "DE"), ("en-US", None, None)],
)
async def test_takes_the_country_of_a_mention_from_the_server(
    town: Town, responder: ScriptedResponder, expected: str | None
) -> None:
    """The server's language says which country's help lines to show, else the operator does."""
    await town.mention("answer")
    assert responder.regions == [expected]


@pytest.mark.parametrize("locale", ["en-GB"])
async def test_believes_moderators_before_the_servers_language(
    town: Town, service: ScriptedService, responder: ScriptedResponder
) -> None:
    """They know where their members live."""
    await service.change_settings(town.community, CommunitySettings(region="DE"))
    await town.mention("answer")
    assert responder.regions == ["DE"]


@pytest.mark.parametrize("region", ["GB"])
async def test_lets_the_operator_name_the_country(town: Town, responder: ScriptedResponder) -> None:
    """Where a member has only Discord's default language, the operator's country holds."""
    await town.press(await town.ask("choices"), DECLINE)
    await town.alice.send_dm("answer")
    assert responder.regions == ["GB", "GB", "GB"]


async def test_asks_for_no_privileged_intent_and_remembers_nothing(town: Town) -> None:
    """Neither members nor messages nor direct messages are kept; nothing needs permission."""
    client = town.env.bot
    await town.mention("choices")
    await town.mention("urgent")
    assert town.said(town.alone)
    assert not client.intents.members
    assert not client.intents.presences
    assert not client.intents.message_content
    assert list(client.cached_messages) == []
    assert list(client.persistent_views) == []
    assert list(client.private_channels) == []


def test_names_the_variable_when_the_token_is_missing(service: ScriptedService) -> None:
    """The operator learns which variable to set and where the token is."""
    with pytest.raises(ConfigError, match=r"DISCORD_TOKEN is not set.*developers/applications"):
        DiscordAdapter.from_config(Config(), {}, service)


def test_is_not_ready_before_it_runs(service: ScriptedService) -> None:
    """Built from settings and environment, it waits for `run`."""
    adapter = DiscordAdapter.from_config(Config(), {"DISCORD_TOKEN": "abc"}, service)
    assert adapter.name == "discord"
    assert not adapter.ready


async def test_says_which_words_discord_cannot_take() -> None:
    """A name with a blank is refused with the file and the section to mend."""

    class Reworded(ScriptedResponder):
        """Somebody changed the command's name."""

        def message(self, key: str, **values: str) -> str:
            """Return a name that Discord does not allow."""
            return "Ask me" if key == "commands.ask" else super().message(key, **values)

    adapter = DiscordAdapter(SecretStr("no-token"), ScriptedService(Reworded()))
    with pytest.raises(AdapterError, match=r"messages.yaml, section commands"):
        await adapter.run()


@pytest.mark.parametrize(
    ("text", "answers"), [("thanks", 0), ("answer", 1), ("urgent", 1), ("choices", 1)]
)
async def test_keeps_quiet_when_a_reply_to_it_is_no_question(
    town: Town, text: str, answers: int
) -> None:
    """A reply pings us by itself: "thanks" is not met with "I don't have an answer"."""
    await town.mention("policy")
    (first,) = town.said()
    await town.alice.send(town.channel, text, reply_to=first)
    assert len(town.said()) == 1 + answers
