"""What moderators meet on Slack: a window with all they can do, from the App Home or a shortcut."""

from collections.abc import AsyncIterator

import pytest

from adapters.slack import windows
from adapters.slack.views import MODERATE
from adapters.slack.windows import action_id
from bot.config import SlackConfig
from bot.domain import CommunitySettings, Match
from bot.errors import ContentError
from tests.adapters.slack.office import HERE, Office, open_office, said
from tests.bot.desk import Desk
from tests.rigs.slack_faults import late
from tests.rigs.slack_front import CHANNEL, GROUP, MEMBER, TEAM
from tests.rigs.slack_members import filled_in
from tests.rigs.slack_payloads import Value, controls_in, interaction

BOB = "U000000002"
LITHIUM = "Lithium and psychedelics"
NOT_FOR_YOU = "This page is for the people who look after this workspace"


@pytest.fixture
def settings() -> SlackConfig:
    """The operator's settings."""
    return SlackConfig()


@pytest.fixture
async def office(settings: SlackConfig) -> AsyncIterator[Office]:
    """An Office in which lithium answers every question."""
    async with open_office(Desk(matches=(Match("lithium", 0.95),)), settings) as office:
        yield office


# Who may ------------------------------------------------------------------------------------


async def test_admins_see_how_things_stand(office: Office) -> None:
    """All that tells whether things are well, and everything that can be done, in one window."""
    told = await office.open()
    assert "*Status*" in told
    assert "Content abc123abc123: 6 answers" in told
    assert "Connection: connected." in told
    assert "Help channels: none" in told
    office.connected = False
    assert "Connection: not connected." in await office.open()


async def test_everybody_else_is_told_kindly(office: Office) -> None:
    """The button is there for all, what stands behind it is not."""
    told = await office.open(BOB)
    assert told.startswith(NOT_FOR_YOU)
    assert controls_in(office.front.view(BOB)) == []


@pytest.mark.parametrize("settings", [SlackConfig(moderator_groups=("S000000404", GROUP))])
@pytest.mark.parametrize("member", [True, False])
async def test_members_of_a_named_group_may(office: Office, *, member: bool) -> None:
    """The operator's list counts; a group that is none of this workspace does not matter."""
    office.front.groups[GROUP] = [BOB] if member else []
    told = await office.open(BOB)
    assert ("*Status*" in told) is member
    assert told.startswith(NOT_FOR_YOU) is not member


async def test_owners_may(office: Office) -> None:
    """Whoever owns the workspace may do everything."""
    office.front.owners.add(BOB)
    assert "*Status*" in await office.open(BOB)


async def test_failed_look_up_is_a_no(office: Office) -> None:
    """Nobody comes in because Slack did not answer, and nothing breaks."""
    office.front.fault("users.info", "internal_error")
    assert "Slack did not tell me" in await office.open()
    assert "*Status*" in await office.open()


async def test_window_opens_before_slack_says_who_somebody_is(office: Office) -> None:
    """The right to open one ends after three seconds; a look-up may take longer."""
    office.front.fail(late("users.info", 0.3))
    await office.knock()
    assert said(office.front.view()) == "One moment, please."
    assert "*Status*" in await office.read()


@pytest.mark.parametrize(
    ("use", "value"),
    [
        (windows.RELOAD, ""),
        (windows.DISABLE, ""),
        (windows.COUNTRY, "NL"),
        (windows.ALERTS, CHANNEL),
        (windows.CHANNELS, [CHANNEL]),
        (windows.UNANSWERED, ""),
        (windows.PREVIEW, ""),
    ],
)
async def test_every_use_is_checked_again(office: Office, use: str, value: Value) -> None:
    """Somebody who came by the window of an admin can do nothing in it."""
    await office.open()
    await office.open(BOB)
    forged = {**office.front.view(), "id": office.front.view(BOB)["id"]}
    state = filled_in(forged, {action_id(windows.ENTRY): "lithium"})
    forged = {**forged, "state": {"values": state}}
    await office.front.press_in_view(action_id(use), value, view=forged, by=BOB)
    assert (await office.read(BOB)).startswith(NOT_FOR_YOU)
    assert office.chosen == CommunitySettings()
    assert office.desk.reads == 0
    assert office.front.sent() == []


async def test_nobody_else_is_offered_entries(office: Office) -> None:
    """What is switched off is the moderators' business; a slow look-up is a no in time."""
    await office.open()
    assert await office.offered("", by=BOB) == {}
    office.front.fail(late("users.info", 2.5))
    assert await office.offered("", by="U000000003") == {}


async def test_shortcut_opens_it_too(office: Office) -> None:
    """For a workspace that has switched the App Home off."""
    trigger = office.front.new_trigger(MEMBER)
    used = interaction("shortcut", MEMBER, TEAM, callback_id=MODERATE, trigger_id=trigger)
    await office.front.deliver(used)
    assert "*Status*" in await office.read()


# Content ------------------------------------------------------------------------------------


async def test_reload_says_that_it_takes_a_while(office: Office) -> None:
    """The window says so at once, and then what came of it."""
    await office.open()
    assert (await office.use(windows.RELOAD)).startswith("Nothing has changed")
    shown = [said(call.fields["view"]) for call in office.front.sent("views.update")]
    assert shown[-2].startswith("I'm reading the answers anew.")
    assert office.desk.reads == 1
    assert (await office.use(windows.RELOAD)).startswith("A reload has only just been done")


async def test_failed_reload_is_explained(office: Office) -> None:
    """Members keep the answers from before."""
    await office.open()
    office.desk.loads = ContentError(("basics/a.yaml:3: no such source",))
    told = await office.use(windows.RELOAD)
    assert "basics/a.yaml:3: no such source" in told
    assert "*Status*" in told


async def test_disabled_entry_is_no_longer_answered_from_the_next_question_on(
    office: Office,
) -> None:
    """No restart, no reload; and it can be taken back just as fast."""
    await office.open()
    assert await office.ask("lithium") == LITHIUM
    told = await office.use(windows.DISABLE, picked="lithium")
    assert told.startswith(f"Switched off here: *{LITHIUM}*")
    assert f"Switched off here: {LITHIUM}" in told
    assert await office.ask("lithium") == "I don't have an answer to that"
    assert (await office.use(windows.ENABLE)).startswith(f"Switched on again: *{LITHIUM}*")
    assert await office.ask("lithium") == LITHIUM


@pytest.mark.parametrize("use", [windows.PREVIEW, windows.DISABLE, windows.ENABLE])
async def test_an_entry_must_be_picked_first(office: Office, use: str) -> None:
    """A button alone does not say what for."""
    await office.open()
    assert (await office.use(use)).startswith("Pick an answer from the list first.")
    assert office.chosen == CommunitySettings()


@pytest.mark.parametrize("use", [windows.PREVIEW, windows.DISABLE, windows.ENABLE])
async def test_entry_that_is_gone_is_said_so(office: Office, use: str) -> None:
    """The content may have changed since the list was opened."""
    await office.open()
    assert (await office.use(use, picked="zebra")).startswith("I know no answer by that name.")


async def test_emergency_cards_stay_on(office: Office) -> None:
    """Nobody can switch help off."""
    await office.open()
    told = await office.use(windows.DISABLE, picked="suicide-crisis")
    assert told.startswith("This one stays on.")


async def test_picking_alone_does_nothing(office: Office) -> None:
    """Slack tells of it all the same."""
    await office.open()
    before = len(office.front.calls)
    await office.use(windows.ENTRY, "lithium")
    assert len(office.front.calls) == before


async def test_entries_are_offered_by_what_is_typed(office: Office) -> None:
    """What is switched off stands first, for it is sought most often."""
    await office.open()
    await office.use(windows.DISABLE, picked="sleep")
    found = await office.offered("")
    assert found["Switched off here"] == ["Sleep after a small dose"]
    assert found["Other answers"][:2] == ["An old answer", "Driving a car"]
    assert await office.offered("lith") == {"Other answers": [LITHIUM]}
    assert await office.offered("zebra") == {}


async def test_picked_entry_stays_picked(office: Office) -> None:
    """After a preview it can be switched off without picking it again."""
    await office.open()
    await office.use(windows.PREVIEW, picked="lithium")
    await office.use(windows.BACK)
    assert office.control(windows.ENTRY)["initial_option"]["value"] == "lithium"
    assert (await office.use(windows.DISABLE)).startswith("Switched off here:")


async def test_preview_is_what_members_get(office: Office) -> None:
    """The very words, and none of the buttons that judge them."""
    await office.open()
    told = await office.use(windows.PREVIEW, picked="lithium")
    _, answers = await office.front.command("lithium")
    await office.wiring.finish(5.0)
    assert told == said(office.front.answers[answers][0])
    ids = {control["action_id"] for control in controls_in(office.front.view())}
    assert not any("verdict" in i or "feedback" in i or "share" in i for i in ids)
    assert "*Status*" in await office.use(windows.BACK)
    await office.use(windows.DISABLE, picked="lithium")
    assert "members don't get it" in await office.use(windows.PREVIEW)


async def test_unanswered_questions_can_do_no_harm(office: Office) -> None:
    """What members typed pings nobody, links nowhere, and nothing of it is lost."""
    office.desk.keep_questions(
        ("<!channel> <#C000000001> <@U1> *bold* &lt;#C000000002&gt; `code`", "sleep"),
        *((f"{i} " + "word " * 600, None) for i in range(19)),
    )
    office.desk.store.questions = [(HERE, kept) for _, kept in office.desk.store.questions]
    await office.open()
    told = await office.use(windows.UNANSWERED)
    assert "18 word" in told
    assert "<" not in told
    assert len(office.front.view()["blocks"]) > 5


async def test_feedback_is_shown(office: Office) -> None:
    """Where to begin mending."""
    await office.open()
    assert "Nobody has marked an answer yet" in await office.use(windows.FEEDBACK)
    assert "*Status*" in await office.use(windows.BACK)
