"""What moderators meet on Discord: `/faq-admin`, whose answers only they see."""

from dataclasses import dataclass
from typing import Any, cast

import discord
import pytest
import simcord
import structlog

from adapters.discord.admin import Admin
from adapters.discord.client import Room
from adapters.discord.delivery import Delivery
from bot.domain import CommunitySettings, Match
from bot.moderation import Moderation
from bot.service import Service
from tests.adapters.discord.conftest import Town, title, words
from tests.bot.desk import Desk

MAY_NOT_POST = 50013
LITHIUM = "Lithium and psychedelics"
RIGHTS = discord.Permissions(manage_guild=True)
EVERY_COMMAND = (
    "status",
    "reload",
    "unanswered",
    "feedback",
    "disable",
    "enable",
    "preview",
    "settings show",
    "settings help-channel",
    "settings region",
    "settings alerts",
)


@dataclass(frozen=True)
class Office:
    """A Town with a moderator, and what stands behind it."""

    town: Town
    desk: Desk
    mod: simcord.MemberActor

    async def run(self, command: str, **options: Any) -> str:
        """Let the moderator use a command; return all that only they see."""
        return await said(self.mod, self.town.channel, command, **options)

    async def offered(self, command: str, option: str, typed: str) -> list[str]:
        """Return the names that the moderator is offered."""
        name = f"faq-admin {command}"
        found = await self.mod.autocomplete(self.town.channel, name, option, typed)
        return [choice["name"] for choice in found]

    @property
    def settings(self) -> CommunitySettings:
        """What is chosen for the server."""
        return self.desk.service.settings(self.town.community)


async def said(
    who: simcord.MemberActor, where: simcord.ChannelHandle, command: str, **options: Any
) -> str:
    """Let somebody use a command; return all that only they see."""
    result = await who.slash(where, f"faq-admin {command}", **options)
    assert result.response is not None
    answers = [result.response, *result.followups]
    assert all(answer.ephemeral for answer in answers)
    return "\n".join(words(answer) for answer in answers)


@pytest.fixture
def desk() -> Desk:
    """The real Service over a small Library; lithium answers every question."""
    return Desk(matches=(Match("lithium", 0.95),))


@pytest.fixture
def service(desk: Desk) -> Service:
    """What the client answers from."""
    return desk.service


@pytest.fixture
def office(town: Town, desk: Desk) -> Office:
    """An Office in which nothing has happened yet."""
    guild = town.env.guild
    role = guild.create_role("moderators", permissions=RIGHTS)
    return Office(town, desk, guild.add_member(town.env.create_user("mod"), roles=[role]))


# Who may ------------------------------------------------------------------------------------


async def test_only_those_who_manage_the_server_are_offered_it(office: Office) -> None:
    """Members do not even see the command, nor does anybody in direct messages."""
    channel = office.town.channel
    expected = {f"faq-admin {name}" for name in EVERY_COMMAND}
    assert expected <= set(office.mod.available_commands(channel))
    assert not expected & set(office.town.alice.available_commands(channel))
    assert not expected & set(office.mod.user.available_commands())


async def test_server_that_opens_the_command_gives_no_power_away(office: Office) -> None:
    """Discord lets a server show a command to anybody; what it does stays with the moderators."""
    bot = office.town.env.bot
    assert isinstance(bot, Room)
    command = next(c for c in await bot.tree.fetch_commands() if c.name == "faq-admin")
    office.town.env.guild.set_command_permissions(command, {office.town.alice: True})
    channel, alice = office.town.channel, office.town.alice
    refusal = "Only people who manage this community can do that."
    assert refusal in await said(alice, channel, "disable", entry="lithium")
    assert refusal in await said(alice, channel, "reload")
    assert refusal in await said(alice, channel, "preview", entry="lithium")
    assert office.desk.reads == 0
    assert office.settings == CommunitySettings()
    assert await alice.autocomplete(channel, "faq-admin enable", "entry", "") == []
    name = "faq-admin settings region"
    assert await alice.autocomplete(channel, name, "country", "") == []


async def test_administrators_are_let_in(office: Office) -> None:
    """Whoever may do everything may do this."""
    guild = office.town.env.guild
    role = guild.create_role("admins", permissions=discord.Permissions(administrator=True))
    admin = guild.add_member(office.town.env.create_user("root"), roles=[role])
    assert "**Status**" in await said(admin, office.town.channel, "status")


@dataclass(frozen=True)
class Use:
    """A command as Discord might deliver it, although it should not."""

    guild_id: int | None
    guest: bool = False
    permissions: discord.Permissions = RIGHTS

    def is_user_integration(self) -> bool:
        """Tell whether somebody installed us for themselves."""
        return self.guest

    def is_guild_integration(self) -> bool:
        """Tell whether the server has taken us in."""
        return not self.guest


@pytest.mark.parametrize(
    ("use", "key"),
    [
        (Use(None), "admin.server_only"),
        (Use(1, guest=True), "admin.server_only"),
        (Use(1, permissions=discord.Permissions.none()), "admin.not_allowed"),
        (Use(1, permissions=discord.Permissions(administrator=True)), ""),
        (Use(1), ""),
    ],
)
async def test_command_that_should_not_have_come_is_refused(
    service: Service, use: Use, key: str
) -> None:
    """What Discord promises is checked all the same: direct messages, guests, rights."""
    admin = Admin(
        Delivery(service), Moderation(service), message_content=True, connection=lambda: ""
    )
    assert admin._refusal(cast("discord.Interaction", use)) == key


async def test_command_is_registered_for_servers_alone(office: Office) -> None:
    """Who installs us for themselves alone does not get it, nor do direct messages."""
    found = office.town.env.backend.visible_commands(
        user_id=office.mod.id, channel_id=office.town.channel.id
    )
    (command,) = (c for c in found if c["name"] == "faq-admin")
    assert command["contexts"] == [0]
    assert command["integration_types"] == [0]
    assert command["default_member_permissions"] == RIGHTS.value


# Content ------------------------------------------------------------------------------------


async def test_status_names_content_connection_and_settings(office: Office) -> None:
    """All that tells whether things are well, on one screen."""
    told = await office.run("status")
    assert "Content abc123abc123: 6 answers" in told
    assert "Connection: connected." in told
    assert "Help channels: none" in told


async def test_status_says_that_help_channels_are_not_read(office: Office) -> None:
    """An operator may take the right to read away again."""
    chosen = CommunitySettings(help_channels=frozenset({str(office.town.channel.id)}))
    await office.desk.service.change_settings(office.town.community, chosen)
    told = await office.run("status")
    assert "I answer in none of the help channels" in told
    assert f"Help channels: <#{office.town.channel.id}>" in told


async def test_reload_is_acknowledged_before_it_is_done(office: Office) -> None:
    """It takes longer than Discord waits."""
    assert "Nothing has changed" in await office.run("reload")
    acknowledgement = next(r for r in office.town.env.http_requests if r.path.endswith("/callback"))
    assert acknowledgement.json == {"type": 5, "data": {"flags": 64}}
    assert office.desk.reads == 1
    assert "Please wait" in await office.run("reload")


async def test_disabled_entry_is_no_longer_answered_from_the_next_question_on(
    office: Office,
) -> None:
    """No restart, no reload; and it can be taken back just as fast."""
    assert title(await office.town.ask("lithium")) == LITHIUM
    assert "Switched off here" in await office.run("disable", entry="#lithium")
    assert title(await office.town.ask("lithium")) == "I don't have an answer to that"
    assert LITHIUM in await office.run("settings show")
    assert "Switched on again" in await office.run("enable", entry="#lithium")
    assert title(await office.town.ask("lithium")) == LITHIUM


async def test_entries_are_offered_for_what_can_be_done_with_them(office: Office) -> None:
    """What is off can be switched on, what is on can be switched off, all can be looked at."""
    await office.run("disable", entry="#sleep")
    assert await office.offered("disable", "entry", "") == ["Driving a car", LITHIUM]
    assert await office.offered("enable", "entry", "") == ["Sleep after a small dose"]
    assert await office.offered("preview", "entry", "you are") == ["You are not alone"]


async def test_preview_is_what_members_get(office: Office) -> None:
    """The very message, and only the moderator sees it."""
    shown = await office.run("preview", entry="#lithium")
    assert shown == words(await office.town.ask("lithium"))
    await office.run("disable", entry="#lithium")
    assert "members don't get it" in await office.run("preview", entry="#lithium")
    assert "no answer by that name" in await office.run("preview", entry="zebra")
    assert not office.town.said()


async def test_long_answers_are_split(office: Office) -> None:
    """Discord takes 2,000 characters at a time."""
    office.desk.keep_questions(*((f"{i} " + "word " * 50, "sleep") for i in range(20)))
    office.desk.store.questions = [
        (office.town.community, kept) for _, kept in office.desk.store.questions
    ]
    told = await office.run("unanswered")
    assert len(told) > 2000
    assert "Sleep after a small dose" in told
    assert "19 word" in told


async def test_feedback_is_shown(office: Office) -> None:
    """Where to begin mending."""
    assert "Nobody has marked an answer yet" in await office.run("feedback")


# Settings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{"message_content": True}])
async def test_help_channel_is_switched_on_and_off(office: Office) -> None:
    """Text and forum channels alike."""
    forum = office.town.env.guild.create_forum_channel("questions")
    for channel in (office.town.channel, forum):
        told = await office.run("settings help-channel", channel=channel, on=True)
        assert f"I now answer questions in <#{channel.id}>" in told
    assert office.settings.help_channels == {str(office.town.channel.id), str(forum.id)}
    await office.run("settings help-channel", channel=forum, on=False)
    assert office.settings.help_channels == {str(office.town.channel.id)}


async def test_help_channel_needs_the_right_to_read_messages(office: Office) -> None:
    """Without it we would never answer there; to switch one off no right is needed."""
    channel = office.town.channel
    told = await office.run("settings help-channel", channel=channel, on=True)
    assert "Message Content Intent" in told
    assert office.settings == CommunitySettings()
    told = await office.run("settings help-channel", channel=channel, on=False)
    assert "no longer" in told


async def test_voice_channels_are_not_offered(office: Office) -> None:
    """Questions are typed where they can be found again."""
    voice = office.town.env.guild.create_voice_channel("talk")
    with pytest.raises(simcord.SetupError):
        await office.run("settings help-channel", channel=voice, on=True)


async def test_region_is_chosen_from_the_countries_with_help_lines(office: Office) -> None:
    """A name is offered, its code is kept; leaving it out clears it."""
    assert await office.offered("settings region", "country", "neth") == ["the Netherlands"]
    assert "the Netherlands" in await office.run("settings region", country="NL")
    assert office.settings.region == "NL"
    assert "I have no help lines for that" in await office.run("settings region", country="Mars")
    assert "no country of its own" in await office.run("settings region")
    assert office.settings.region is None


async def test_alerts_begin_with_a_message_that_shows_where_they_come(office: Office) -> None:
    """Moderators see it there and then; leaving the channel out ends it."""
    room = office.town.env.guild.create_text_channel("moderators")
    assert f"Alerts now go to <#{room.id}>" in await office.run("settings alerts", channel=room)
    (first,) = office.town.said(room)
    assert first.content.startswith("Alerts come here from now on.")
    assert office.settings.alerts_channel == str(room.id)
    assert "Alerts are off" in await office.run("settings alerts")
    assert office.settings.alerts_channel is None


async def test_alerts_are_refused_where_we_cannot_write(office: Office) -> None:
    """A channel that nothing can be written to would look like quiet."""
    room = office.town.env.guild.create_text_channel("moderators")
    office.town.refuse(room, MAY_NOT_POST)
    assert "I can't write in that channel" in await office.run("settings alerts", channel=room)
    assert office.settings == CommunitySettings()


async def test_first_alert_is_taken_back_when_the_choice_cannot_be_kept(office: Office) -> None:
    """It says that alerts come there, which moderators would rely on."""
    room = office.town.env.guild.create_text_channel("moderators")
    office.desk.store.broken = True
    told = await office.run("settings alerts", channel=room)
    assert "My database did not answer" in told
    assert not office.town.said(room)
    assert office.settings == CommunitySettings()


async def test_what_breaks_says_so_without_the_reason_in_the_log(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even then somebody who looks for help finds it."""

    def breaks(*arguments: object) -> str:
        raise RuntimeError(f"broken: {arguments}")

    monkeypatch.setattr(office.desk.service, "status", breaks)
    with structlog.testing.capture_logs() as logs:
        told = await office.run("status")
    assert "Something went wrong on my side" in told
    (line,) = (line for line in logs if line["log_level"] == "error")
    assert line["listener"] == "admin status"
    assert office.town.community not in str(line)
