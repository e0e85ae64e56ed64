"""What moderators decide, over the real Service with a store in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import pytest
import structlog

from bot.domain import CommunitySettings
from bot.moderation import MOST_HELP_CHANNELS, Moderation
from tests.bot.desk import HERE, LIBRARY, THERE, Desk, entry, written

FAILED = "My database did not answer, so nothing was changed."


# Switching off and on -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["lithium", "#lithium", "Lithium and psychedelics", " lithium AND psychedelics "]
)
async def test_disabled_entry_is_gone_at_once_in_its_community_alone(typed: str) -> None:
    """An id, a picked suggestion and a title all name it; other communities keep it."""
    desk = Desk()
    said = await desk.moderation.disable(HERE, typed)
    assert said.startswith("Switched off here: **Lithium and psychedelics**.")
    assert desk.shown("lithium").entry is None
    assert desk.shown("lithium", THERE).entry == "lithium"
    assert desk.store.settings[HERE].disabled == {"lithium"}


async def test_enabled_entry_is_back_at_once() -> None:
    """What moderators switched off they switch on again."""
    desk = Desk()
    await desk.moderation.disable(HERE, "lithium")
    assert "on again: **Lithium" in await desk.moderation.enable(HERE, "#lithium")
    assert desk.shown("lithium").entry == "lithium"
    assert desk.store.settings[HERE].disabled == frozenset()


@pytest.mark.parametrize("typed", ["suicide-crisis", "no-dosing", "You are not alone"])
async def test_emergency_cards_and_refusals_stay_on(typed: str) -> None:
    """Nobody can take these from members."""
    desk = Desk()
    assert "This one stays on" in await desk.moderation.disable(HERE, typed)
    assert desk.store.settings == {}


@pytest.mark.parametrize(
    ("switch", "typed", "said"),
    [
        ("disable", "sleep", "switched off already"),
        ("disable", "old", "switched off already"),
        ("enable", "driving", "switched on already"),
        ("enable", "old", "switched off in the files"),
        ("disable", "nothing like it", "I know no answer by that name"),
        ("enable", "", "I know no answer by that name"),
        ("disable", "#", "I know no answer by that name"),
        ("disable", "driving car", "Did you mean Driving a car?"),
    ],
)
async def test_what_cannot_be_switched_is_explained(switch: str, typed: str, said: str) -> None:
    """Nothing is changed, and the moderator knows why."""
    desk = Desk()
    await desk.moderation.disable(HERE, "sleep")
    before = desk.settings()
    assert said in await getattr(desk.moderation, switch)(HERE, typed)
    assert desk.settings() == before


async def test_entry_that_is_gone_from_the_content_can_be_switched_on() -> None:
    """Else it would stay in the settings for ever, and be off when it comes back."""
    desk = Desk()
    await desk.service.change_settings(HERE, CommunitySettings(disabled=frozenset({"gone"})))
    assert "on again: **gone**" in await desk.moderation.enable(HERE, "#gone")
    assert desk.settings().disabled == frozenset()


async def test_two_changes_at_once_both_hold() -> None:
    """Two moderators at work do not undo each other."""
    desk = Desk()
    await asyncio.gather(
        desk.moderation.disable(HERE, "sleep"),
        desk.moderation.disable(HERE, "driving"),
        desk.moderation.set_region(HERE, "GB"),
    )
    assert desk.settings().disabled == {"sleep", "driving"}
    assert desk.settings().region == "GB"


# Preview and suggestions --------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["lithium", "#suicide-crisis", "why i name no amounts"])
def test_preview_is_what_members_get(typed: str) -> None:
    """Emergency cards included."""
    desk = Desk()
    reply = desk.moderation.preview(HERE, typed, "GB")
    assert reply is not None
    assert reply.entry is not None
    assert reply == desk.service.responder(HERE).show(reply.entry, "GB")


@pytest.mark.parametrize("typed", ["old", "sleep"])
async def test_preview_shows_what_is_switched_off_and_says_so(typed: str) -> None:
    """Whoever mends an answer looks at it before it is switched on again."""
    desk = Desk()
    await desk.moderation.disable(HERE, "sleep")
    reply = desk.moderation.preview(HERE, typed)
    assert reply is not None
    assert reply.entry == typed
    assert reply.text.startswith("**This answer is switched off: members don't get it.**\n\nAll")
    assert desk.shown(typed).entry is None


async def test_preview_of_nothing_is_nothing() -> None:
    """An unknown name, and an Entry that is gone but still switched off."""
    desk = Desk()
    await desk.service.change_settings(HERE, CommunitySettings(disabled=frozenset({"gone"})))
    assert desk.moderation.preview(HERE, "no such thing") is None
    assert desk.moderation.preview(HERE, "gone") is None


@pytest.mark.parametrize(
    ("typed", "enabled", "ids"),
    [
        ("", True, ["driving", "lithium"]),
        ("", False, ["sleep"]),
        ("a", None, ["old", "driving", "lithium", "sleep", "no-dosing", "suicide-crisis"]),
        ("SLEEP", None, ["sleep"]),
        ("small sleep", None, ["sleep"]),
        ("crisis", None, ["suicide-crisis"]),
        ("#lith", True, ["lithium"]),
        ("crisis", True, []),
        ("zebra", None, []),
    ],
)
async def test_entries_are_found_by_words_of_title_and_id(
    typed: str, enabled: bool | None, ids: list[str]
) -> None:
    """Only what the command can do something with is offered; titles that begin so come first."""
    desk = Desk()
    await desk.moderation.disable(HERE, "sleep")
    found = desk.moderation.entries(HERE, typed, enabled=enabled)
    assert [choice.entry for choice in found] == ids


def test_no_more_entries_are_offered_than_platforms_show() -> None:
    """Discord shows 25."""
    many = {f"e{i}": entry(f"e{i}", f"Entry {i}") for i in range(40)}
    desk = Desk(replace(LIBRARY, entries=many))
    assert len(desk.moderation.entries(HERE, "entry")) == 25


# Settings -----------------------------------------------------------------------------------


async def test_help_channel_is_switched_on_and_off() -> None:
    """Twice the same does no harm."""
    desk = Desk()
    for _ in range(2):
        said = await desk.moderation.set_help_channel(HERE, "5", written, on=True)
        assert "I now answer questions in <#5>" in said
        assert desk.settings().help_channels == {"5"}
    for _ in range(2):
        said = await desk.moderation.set_help_channel(HERE, "5", written, on=False)
        assert "no longer" in said
        assert desk.settings().help_channels == frozenset()


async def test_help_channels_have_a_limit() -> None:
    """One that is on already may be switched on again, a new one not."""
    desk = Desk()
    full = frozenset(str(i) for i in range(MOST_HELP_CHANNELS))
    await desk.service.change_settings(HERE, CommunitySettings(help_channels=full))
    said = await desk.moderation.set_help_channel(HERE, "99", written, on=True)
    assert "more than I can take" in said
    assert "I now answer" in await desk.moderation.set_help_channel(HERE, "1", written, on=True)
    assert desk.settings().help_channels == full


@pytest.mark.parametrize(
    "typed", ["NL", "nl", "the Netherlands", " netherlands ", "The Netherlands", "Holland"]
)
async def test_region_is_set_by_any_of_its_names(typed: str) -> None:
    """A code that was picked, or a name that was typed."""
    desk = Desk()
    assert "help lines of the Netherlands" in await desk.moderation.set_region(HERE, typed)
    assert desk.settings().region == "NL"
    assert desk.service.region(HERE) == "NL"


@pytest.mark.parametrize(
    ("typed", "advice"),
    [("Netherland", "Did you mean the Netherlands?"), ("Mars", ""), ("INT", "")],
)
async def test_country_without_help_lines_is_refused(typed: str, advice: str) -> None:
    """Members would get no help lines of it; a near name is offered."""
    desk = Desk()
    said = await desk.moderation.set_region(HERE, typed)
    assert said.startswith("I have no help lines for that country")
    assert said.endswith(advice or "from the list.")
    assert desk.store.settings == {}


@pytest.mark.parametrize("typed", [None, "", "  "])
async def test_region_is_cleared(typed: str | None) -> None:
    """The operator's country counts again."""
    desk = Desk(region="GB")
    await desk.moderation.set_region(HERE, "NL")
    assert "no country of its own" in await desk.moderation.set_region(HERE, typed)
    assert desk.service.region(HERE) == "GB"


async def test_alerts_are_sent_to_one_channel_or_none() -> None:
    """The last one chosen counts."""
    desk = Desk()
    assert "go to <#7>" in await desk.moderation.set_alerts(HERE, "7", written)
    assert desk.settings().alerts_channel == "7"
    assert "Alerts are off" in await desk.moderation.set_alerts(HERE, None, written)
    assert desk.settings().alerts_channel is None


async def test_channel_that_is_gone_leaves_the_settings() -> None:
    """Nobody can pick it any more; what else was chosen stays."""
    desk = Desk()
    chosen = CommunitySettings("GB", frozenset({"5", "7"}), "7", frozenset({"sleep"}))
    await desk.service.change_settings(HERE, chosen)
    await desk.moderation.forget_channel(HERE, "8")
    assert desk.settings() is chosen
    await desk.moderation.forget_channel(HERE, "7")
    assert desk.settings() == replace(chosen, help_channels=frozenset({"5"}), alerts_channel=None)


# A store that fails -------------------------------------------------------------------------

CHANGES: Mapping[str, Callable[[Moderation], Awaitable[str]]] = {
    "disable": lambda m: m.disable(HERE, "lithium"),
    "enable": lambda m: m.enable(HERE, "sleep"),
    "help channel": lambda m: m.set_help_channel(HERE, "5", written, on=True),
    "region": lambda m: m.set_region(HERE, "GB"),
    "no region": lambda m: m.set_region(HERE, None),
    "alerts": lambda m: m.set_alerts(HERE, "7", written),
    "unanswered": lambda m: m.unanswered(HERE),
    "feedback": lambda m: m.feedback(HERE),
}


@pytest.mark.parametrize("failing", ["broken", "hangs"])
@pytest.mark.parametrize("name", CHANGES)
async def test_failing_store_is_said_and_changes_nothing(
    name: str, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is broken or silent costs the change, in time to say so."""
    monkeypatch.setattr("bot.moderation._STORE_S", 0.01)
    desk = Desk()
    await desk.moderation.disable(HERE, "sleep")
    before = desk.settings()
    setattr(desk.store, failing, True)
    with structlog.testing.capture_logs() as logs:
        said = CHANGES[name](desk.moderation)
        assert (await said).startswith(FAILED)
    assert desk.settings() == before
    (line,) = logs
    assert line["log_level"] == "warning"
    assert not {"lithium", "sleep", HERE} & set(map(str, line.values()))
