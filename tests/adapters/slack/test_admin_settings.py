"""What moderators of Slack can set for their workspace, and what happens when that goes wrong."""

from collections.abc import AsyncIterator, Mapping

import pytest
import structlog

from adapters.slack import windows
from adapters.slack.views import MODERATE
from adapters.slack.windows import action_id
from bot.config import SlackConfig
from bot.domain import CommunitySettings, Match
from tests.adapters.slack.office import Office, open_office
from tests.bot.desk import Desk
from tests.rigs.slack_faults import Fault
from tests.rigs.slack_front import CHANNEL, MEMBER, SECOND_CHANNEL, TEAM
from tests.rigs.slack_payloads import Value, in_view, interaction

ELSEWHERE = "slack-T000000002"
LITHIUM = "Lithium and psychedelics"
SCOPES = {"X-OAuth-Scopes": "chat:write,im:history"}


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """An Office in which lithium answers every question."""
    async with open_office(Desk(matches=(Match("lithium", 0.95),)), SlackConfig()) as office:
        yield office


# Settings -----------------------------------------------------------------------------------


async def test_help_channels_are_switched_on_and_off(office: Office) -> None:
    """At once, and what is chosen stands in the list."""
    await office.open()
    told = await office.use(windows.CHANNELS, [CHANNEL])
    assert told.startswith(f"I now answer questions in <#{CHANNEL}>")
    assert "/invite @Handrail" in told
    assert f"Help channels: <#{CHANNEL}>" in told
    assert office.control(windows.CHANNELS)["initial_conversations"] == [CHANNEL]
    await office.use(windows.CHANNELS, [CHANNEL, SECOND_CHANNEL])
    assert office.chosen.help_channels == {CHANNEL, SECOND_CHANNEL}
    told = await office.use(windows.CHANNELS, [SECOND_CHANNEL])
    assert told.startswith("I no longer answer there")
    assert office.chosen.help_channels == {SECOND_CHANNEL}
    await office.use(windows.NO_CHANNELS)
    assert office.chosen.help_channels == frozenset()
    assert not office.has(windows.NO_CHANNELS)


async def test_only_what_somebody_changed_is_changed(office: Office) -> None:
    """Another moderator may have chosen a channel after this window was drawn."""
    await office.open()
    await office.choose(help_channels=frozenset({CHANNEL}))
    await office.use(windows.CHANNELS, [SECOND_CHANNEL])
    assert office.chosen.help_channels == {CHANNEL, SECOND_CHANNEL}


async def test_help_channel_needs_the_right_to_read_messages(office: Office) -> None:
    """Without it we would never answer there; to switch one off no right is needed."""
    await office.choose(help_channels=frozenset({CHANNEL}))
    await office.open()
    office.grant(SCOPES, times=2)
    told = await office.use(windows.CHANNELS, [SECOND_CHANNEL])
    assert "I no longer answer there" in told
    assert "channels:history" in told
    assert office.chosen.help_channels == frozenset()


@pytest.mark.parametrize(
    ("headers", "unread"),
    [
        (SCOPES, True),
        ({"x-oauth-scopes": "chat:write, channels:history"}, False),
        ({"x-oauth-scopes": "groups:history"}, False),
        ({}, False),
    ],
)
async def test_status_says_when_help_channels_are_not_read(
    office: Office, headers: Mapping[str, str], *, unread: bool
) -> None:
    """An operator may take the right away again; where Slack does not tell, we do not guess."""
    await office.open()
    await office.choose(help_channels=frozenset({CHANNEL}))
    office.grant(headers)
    assert ("I answer in none of the help channels" in await office.open()) is unread


async def test_region_is_chosen_from_the_countries_with_help_lines(office: Office) -> None:
    """It stands in the list, and can be taken back."""
    await office.open()
    options = office.control(windows.COUNTRY)["options"]
    assert [option["value"] for option in options] == [windows.NO_COUNTRY, "NL", "GB"]
    assert "help lines of the Netherlands" in await office.use(windows.COUNTRY, "NL")
    assert office.chosen.region == "NL"
    assert office.control(windows.COUNTRY)["initial_option"]["value"] == "NL"
    assert "no country of its own" in await office.use(windows.COUNTRY, windows.NO_COUNTRY)
    assert office.chosen.region is None


async def test_alerts_begin_with_a_message_that_shows_where_they_come(office: Office) -> None:
    """Moderators see it there and then; a button ends it."""
    await office.open()
    assert not office.has(windows.NO_ALERTS)
    told = await office.use(windows.ALERTS, SECOND_CHANNEL)
    assert told.startswith(f"Alerts now go to <#{SECOND_CHANNEL}>")
    (first,) = office.front.taken(channel=SECOND_CHANNEL)
    assert first.fields["text"].startswith("Alerts come here from now on.")
    assert office.chosen.alerts_channel == SECOND_CHANNEL
    assert office.control(windows.ALERTS)["initial_conversation"] == SECOND_CHANNEL
    assert (await office.use(windows.NO_ALERTS)).startswith("Alerts are off.")
    assert office.chosen.alerts_channel is None


@pytest.mark.parametrize("word", ["not_in_channel", "channel_not_found", "is_archived"])
async def test_alerts_are_refused_where_we_cannot_write(office: Office, word: str) -> None:
    """A channel that nothing can be written to would look like quiet."""
    office.front.barred[SECOND_CHANNEL] = word
    await office.open()
    told = await office.use(windows.ALERTS, SECOND_CHANNEL)
    assert told.startswith("I can't write in that channel, so nothing was changed.")
    assert "/invite @Handrail" in told
    assert office.chosen == CommunitySettings()
    assert "initial_conversation" not in office.control(windows.ALERTS)


async def test_first_alert_is_taken_back_when_the_choice_cannot_be_kept(office: Office) -> None:
    """It says that alerts come there, which moderators would rely on."""
    await office.open()
    office.desk.store.broken = True
    told = await office.use(windows.ALERTS, SECOND_CHANNEL)
    assert told.startswith("My database did not answer")
    (first,) = office.front.taken(channel=SECOND_CHANNEL)
    (deleted,) = office.front.sent("chat.delete")
    assert deleted.fields["ts"] == first.answer["ts"]
    assert office.chosen == CommunitySettings()


@pytest.mark.parametrize(
    ("use", "value"),
    [
        (windows.DISABLE, ""),
        (windows.COUNTRY, "NL"),
        (windows.CHANNELS, [CHANNEL, SECOND_CHANNEL]),
        (windows.UNANSWERED, ""),
        (windows.FEEDBACK, ""),
    ],
)
async def test_database_that_fails_changes_nothing(office: Office, use: str, value: Value) -> None:
    """Moderators are told, once, and the window still works."""
    await office.open()
    office.desk.store.broken = True
    told = await office.use(use, value, picked="lithium")
    assert told.count("My database did not answer") == 1
    assert "/invite" not in told
    assert office.chosen == CommunitySettings()


# What goes wrong ----------------------------------------------------------------------------


async def test_channel_that_is_gone_shuts_nobody_out(office: Office) -> None:
    """Slack may refuse a window that names it as chosen; it can still be taken out."""
    await office.choose(help_channels=frozenset({"C000000404"}), alerts_channel="C000000405")
    office.front.fail(Fault("views.update", {"ok": False, "error": "invalid_arguments"}))
    await office.open()
    assert "initial_conversations" not in office.control(windows.CHANNELS)
    await office.use(windows.CHANNELS, [CHANNEL])
    assert office.chosen.help_channels == {"C000000404", CHANNEL}
    await office.use(windows.NO_CHANNELS)
    await office.use(windows.NO_ALERTS)
    assert office.chosen == CommunitySettings()


async def test_window_closed_meanwhile_is_no_fault(office: Office) -> None:
    """What was done is done."""
    await office.open()
    office.front.fault("views.update", "not_found")
    with structlog.testing.capture_logs() as logs:
        await office.use(windows.COUNTRY, "NL")
    assert office.chosen.region == "NL"
    assert {line["log_level"] for line in logs} == {"info"}


async def test_control_of_an_older_version_shows_the_page_anew(office: Office) -> None:
    """Somebody may have had the window open for a day."""
    await office.open()
    control = {**office.control(windows.RELOAD), "action_id": f"{MODERATE}:gone"}
    await office.front.press_in_view(control)
    assert (await office.read()).startswith("*Status*")


@pytest.mark.parametrize(
    "carried", ["", "no json", "[]", "3", '{"channels": 5}', '{"channels": [], "picked": [1]}']
)
async def test_what_a_window_of_another_version_carries_is_passed_over(
    office: Office, carried: str
) -> None:
    """It is as if nothing were picked; what is pressed in it is still done."""
    await office.open()
    view = {**office.front.view(), "private_metadata": carried}
    await office.front.press_in_view(action_id(windows.COUNTRY), "NL", view=view)
    assert (await office.read()).count("*Status*") == 1
    assert office.chosen.region == "NL"


async def test_power_over_one_workspace_is_none_over_another(office: Office) -> None:
    """An admin here who uses the window there is nobody there, and nothing spills over."""
    await office.open()
    await office.use(windows.DISABLE, picked="lithium")
    await office.use(windows.COUNTRY, "NL")
    assert office.desk.settings(ELSEWHERE) == CommunitySettings()
    assert office.desk.shown("lithium", ELSEWHERE).title == LITHIUM
    there = ELSEWHERE.removeprefix("slack-")
    view = {**office.front.view(), "app_installed_team_id": there}
    action = office.control(windows.RELOAD)
    used = interaction("block_actions", MEMBER, there, actions=[action], **in_view(view))
    await office.front.deliver(used)
    assert "for the people who look after this workspace" in await office.read()
    assert office.desk.reads == 0


async def test_what_breaks_says_so_without_the_reason_in_the_log(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even then somebody who looks for help finds it."""

    def breaks(*arguments: object) -> str:
        raise RuntimeError(f"broken: {arguments}")

    await office.open()
    monkeypatch.setattr(office.desk.service, "status", breaks)
    with structlog.testing.capture_logs() as logs:
        told = await office.use(windows.COUNTRY, "NL")
    assert "Something went wrong on my side" in told
    (line,) = (line for line in logs if line["log_level"] == "error")
    assert line["listener"] == "admin country"
    assert MEMBER not in str(logs)
    assert TEAM not in str(logs)
