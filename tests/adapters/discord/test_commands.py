"""What members use on Discord besides asking: suggestions, browsing, help lines, other messages."""

import discord
import pytest
import simcord
from pydantic import SecretStr

from adapters.discord.adapter import DiscordAdapter
from bot.config import DiscordConfig
from bot.domain import Question
from bot.service import Keeps
from tests.adapters.discord.conftest import Town, control, controls, title, used, words
from tests.adapters.replies import ANSWER, INFO, TROUBLE, URGENT
from tests.adapters.scripted import SECRET, ScriptedResponder, ScriptedService

MENU = "Answer from the FAQ"


async def test_suggests_entries_while_a_question_is_typed(town: Town) -> None:
    """Discord shows the title, and sends back a mark that stands for exactly that entry."""
    offered = await town.alice.autocomplete(town.channel, "ask", "question", "lith")
    assert offered == [{"name": "Lithium and psychedelics", "value": "#lithium"}]


async def test_answers_the_suggestion_that_was_picked(
    town: Town, responder: ScriptedResponder
) -> None:
    """Whoever picks a suggestion gets that answer; nothing is matched again."""
    assert title(await town.ask("#lithium")) == ANSWER.title
    assert responder.asked == []


@pytest.mark.parametrize("typed", ["#no-such-entry", "#", "# lithium?"])
async def test_reads_a_mark_that_stands_for_nothing_as_a_question(
    town: Town, responder: ScriptedResponder, typed: str
) -> None:
    """Somebody may well begin a question with that sign."""
    await town.ask(typed)
    assert responder.asked == [Question(typed, "US")]


async def test_suggests_nothing_when_the_engine_breaks(
    town: Town, responder: ScriptedResponder
) -> None:
    """A suggestion that fails must not keep anybody from sending the question."""
    responder.broken = True
    assert await town.alice.autocomplete(town.channel, "ask", "question", SECRET) == []


async def test_answers_a_message_that_somebody_points_at(
    town: Town, responder: ScriptedResponder
) -> None:
    """The menu's command answers another's message for one reader, who may share it."""
    asked = await town.alice.send(town.channel, "answer")
    answer = used(await town.alice.context_menu(town.channel, MENU, asked))
    assert title(answer) == ANSWER.title
    assert answer.ephemeral
    assert control(answer, "share:lithium")
    assert responder.asked == [Question("answer", "US")]


async def test_says_so_when_the_message_holds_no_words(
    town: Town, responder: ScriptedResponder
) -> None:
    """A picture alone cannot be answered."""
    asked = await town.alice.send(town.channel, "", attachments=[("a.png", b"x")])
    answer = used(await town.alice.context_menu(town.channel, MENU, asked))
    assert "can't see any words" in words(answer)
    assert not responder.asked


@pytest.mark.parametrize(
    ("typed", "region"),
    [
        ("GB", "GB"),
        ("the united kingdom", "GB"),
        (" gb ", "GB"),
        ("Britain", "GB"),
        (None, "US"),
        ("Mars", "Mars"),
    ],
)
async def test_shows_the_help_lines_of_a_country(
    town: Town, responder: ScriptedResponder, typed: str | None, region: str
) -> None:
    """By its code, its name, or without either by the member's language."""
    options = {} if typed is None else {"country": typed}
    result = used(await town.alice.slash(town.channel, "resources", **options))
    assert result.ephemeral
    assert "999 or 112" in words(result)
    assert title(result) == INFO.title
    assert responder.regions == [region]


async def test_suggests_countries_by_name(town: Town) -> None:
    """What is typed may stand anywhere in a name, also in another one than is shown."""
    for typed in ("unit", "kingdom", "brit"):
        offered = await town.alice.autocomplete(town.channel, "resources", "country", typed)
        assert offered == [{"name": "the United Kingdom", "value": "GB"}]


async def test_introduces_itself_with_the_names_of_its_commands(town: Town) -> None:
    """`/help` names every command as the member sees it."""
    said = words(used(await town.alice.slash(town.channel, "help")))
    assert {"ask", "faq", "privacy", "resources"} <= set(said.split())


@pytest.mark.parametrize(
    ("keeps", "expected"),
    [
        (Keeps(), "are not kept"),
        (Keeps(unanswered=True), "could not answer may be kept"),
        (Keeps(feedback=True, reasons=True), "what is wrong with an answer"),
    ],
)
async def test_says_what_is_kept_as_it_is_set(town: Town, expected: str) -> None:
    """`/privacy` follows the operator's settings, so that it is always true."""
    said = words(used(await town.alice.slash(town.channel, "privacy")))
    assert "no record of who asked" in said
    assert expected in said


async def test_browses_topics_and_answers(town: Town) -> None:
    """`/faq` offers the topics; one choice shows its answers, the next the answer itself."""
    shown = used(await town.alice.slash(town.channel, "faq"))
    assert shown.ephemeral
    (topics,) = controls(shown).values()
    assert [option["value"] for option in topics["options"]] == ["medicines", "legality"]
    await town.alice.select(shown, ["legality"], custom_id="handrail:topic")
    selects = [c for c in controls(shown).values() if c["custom_id"] != "handrail:topic"]
    entries = [option["value"] for select in selects for option in select["options"]]
    assert entries == [f"law-{i}" for i in range(30)]
    assert all(len(select["options"]) <= 25 for select in selects)


async def test_opens_a_topic_at_once(town: Town) -> None:
    """`/faq topic` shows the answers of that topic, which Discord offers as a fixed list."""
    shown = used(await town.alice.slash(town.channel, "faq", topic="medicines"))
    answer = used(await town.alice.select(shown, ["lithium"], custom_id="handrail:pick"))
    assert title(answer) == ANSWER.title
    assert answer.ephemeral


@pytest.mark.parametrize("command", ["resources", "help"])
async def test_gives_the_resources_when_a_command_breaks(
    town: Town, responder: ScriptedResponder, command: str
) -> None:
    """Whatever fails behind a command, the member gets the help lines."""
    responder.broken = True
    answer = used(await town.alice.slash(town.channel, command))
    assert title(answer) == TROUBLE.title


async def test_names_commands_in_the_members_language(town: Town) -> None:
    """Discord gets the translations that there are, and English for everything else."""
    commands = town.env.backend.visible_commands(user_id=town.alice.id, channel_id=town.channel.id)
    ask = next(command for command in commands if command["name"] == "ask")
    assert ask["name_localizations"] == {"de": "fragen"}
    assert not ask.get("description_localizations")


@pytest.mark.parametrize("restricted", [True, False])
def test_keeps_to_channels_for_adults_if_the_operator_says_so(
    service: ScriptedService, *, restricted: bool
) -> None:
    """Every command for members carries Discord's mark for adults, or none does."""
    settings = DiscordConfig(age_restricted=restricted)
    client = DiscordAdapter(SecretStr("no-token"), service, settings=settings).open_client()
    for kind in discord.AppCommandType:
        for command in client.tree.get_commands(type=kind):
            if not isinstance(command, discord.app_commands.Group):
                assert command.nsfw is restricted


# Emergencies, told to moderators --------------------------------------------------------------


async def alerts(town: Town, service: ScriptedService) -> simcord.ChannelHandle:
    """Let the moderators choose a channel for alerts, and return it."""
    channel = town.env.guild.create_text_channel("moderators")
    settings = service.settings(town.community)
    await service.change_settings(town.community, type(settings)(alerts_channel=str(channel.id)))
    return channel


async def test_tells_moderators_of_a_card_without_a_name_or_a_word(
    town: Town, service: ScriptedService
) -> None:
    """The alert names the card; neither the asker, nor the words, nor a private place."""
    channel = await alerts(town, service)
    await town.ask("urgent")
    (alert,) = town.said(channel)
    assert URGENT.title in alert.content
    assert town.channel.mention not in alert.content
    assert str(town.alice.id) not in alert.content


async def test_names_the_channel_of_a_card_that_was_asked_for_openly(
    town: Town, service: ScriptedService
) -> None:
    """Everybody there can read it anyway, and moderators may look in."""
    channel = await alerts(town, service)
    await town.mention("urgent")
    (alert,) = town.said(channel)
    assert town.channel.mention in alert.content


async def test_does_not_repeat_an_alert_within_a_minute(
    town: Town, service: ScriptedService
) -> None:
    """Somebody in distress who asks three times must not flood the moderators."""
    channel = await alerts(town, service)
    for _ in range(3):
        await town.ask("urgent")
    assert len(town.said(channel)) == 1


async def test_tells_nobody_of_direct_messages(town: Town, service: ScriptedService) -> None:
    """What is asked alone with us belongs to no server."""
    channel = await alerts(town, service)
    await town.alice.send_dm("urgent")
    await town.alice.user.slash("ask", question="urgent")
    assert not town.said(channel)


async def test_shows_the_card_although_the_alert_cannot_be_written(
    town: Town, service: ScriptedService
) -> None:
    """A channel that is gone costs the alert and nothing else."""
    channel = await alerts(town, service)
    town.refuse(channel, 10003)
    assert title(await town.ask("urgent")) == URGENT.title


async def test_stops_trusting_a_channel_that_is_gone(town: Town, service: ScriptedService) -> None:
    """Moderators see in the settings that nobody is told any more."""
    channel = await alerts(town, service)
    path = f"/channels/{channel.id}/messages"
    town.env.inject_error("POST", path, status=404, code=10003)
    await town.ask("urgent")
    assert service.settings(town.community).alerts_channel is None


async def test_raises_no_alarm_over_our_own_words(town: Town, service: ScriptedService) -> None:
    """Whoever points at one of our cards gets it, and nobody is told of an emergency."""
    channel = await alerts(town, service)
    robot = town.alice.guild.add_member(town.env.create_user("robot", bot=True))
    said = await robot.send(town.channel, "urgent")
    answer = used(await town.alice.context_menu(town.channel, MENU, said))
    assert title(answer) == URGENT.title
    assert not town.said(channel)


async def test_forgets_a_server_that_sends_us_away(town: Town, service: ScriptedService) -> None:
    """Its settings go when it removes us."""
    await alerts(town, service)
    guild = town.env.bot.get_guild(town.env.guild.id)
    town.env.bot.dispatch("guild_remove", guild)
    await town.env.settle()
    assert service.settings(town.community).alerts_channel is None


async def test_forgets_a_channel_that_is_gone(town: Town, service: ScriptedService) -> None:
    """Nobody could take it out of the settings any more."""
    channel = await alerts(town, service)
    gone = town.env.bot.get_channel(channel.id)
    town.env.bot.dispatch("guild_channel_delete", gone)
    await town.env.settle()
    assert service.settings(town.community).alerts_channel is None
