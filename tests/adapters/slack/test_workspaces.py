"""One app in many workspaces: whose token answers where, and who is forgotten."""

import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.slack.oauth import INSTALL
from bot.domain import CommunitySettings
from tests.adapters.scripted import ScriptedResponder
from tests.adapters.slack.conftest import accepted, one_answer, until
from tests.adapters.slack.shop import KEY, NEW_KEY, OLD_SIGN_IN, OTHER, Open, Shop, install
from tests.bot.store.files import on_disk, raw
from tests.rigs.slack_front import BOT, TEAM
from tests.rigs.slack_oauth import OUTSIDE, SharedFront

pytestmark = [pytest.mark.wire, OLD_SIGN_IN]
EMERGENCY = "999 or 112"


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    """Whatever holds here, holds in both modes."""
    return str(request.param)


@pytest.fixture
def front(shared: SharedFront) -> SharedFront:
    """Slack, with two workspaces."""
    return shared


# Answering ----------------------------------------------------------------------------------


async def test_each_workspace_is_answered_with_its_own_token(
    front: SharedFront, open_shop: Open
) -> None:
    """Also after a new start; no message goes out with another workspace's token."""
    async with open_shop() as shop:
        for team in (TEAM, OTHER):
            await install(front, shop, team)
        await ask_both(front)
        assert sorted(front.writers()) == [TEAM, TEAM, OTHER, OTHER]
    front.used.clear()
    async with open_shop() as shop:
        await ask_both(front)
    assert sorted(front.writers()) == [TEAM, TEAM, OTHER, OTHER]


async def ask_both(front: SharedFront) -> None:
    """Call the bot twice in both workspaces, and wait for the answers."""
    before = len(accepted(front))
    mention = {"type": "app_mention", "user": "U1", "text": f"<@{BOT}> answer"}
    for number, team in enumerate((TEAM, OTHER, OTHER, TEAM)):
        event = {**mention, "channel": "C000000001", "ts": f"{time.time():.0f}.{number}"}
        await front.event(event, team=team)
    await until(lambda: len(accepted(front)) == before + 4)


async def test_no_token_can_be_read_in_the_database(
    front: SharedFront, shop: Shop, file: Path
) -> None:
    """Whoever gets hold of a copy can do nothing in a workspace."""
    tokens = [await install(front, shop, team) for team in (TEAM, OTHER)]
    there = on_disk(file)
    assert TEAM.encode() in there
    assert not any(token.encode() in there or token[5:].encode() in there for token in tokens)
    assert b"xoxb-" not in there


async def test_a_new_key_changes_nothing_for_members(
    front: SharedFront, open_shop: Open, file: Path
) -> None:
    """New and old together for one start; after that the new one alone."""
    async with open_shop() as shop:
        await install(front, shop)
    before = raw(file, "SELECT sealed FROM installations")
    both = SecretStr(f"{NEW_KEY.get_secret_value()},{KEY.get_secret_value()}")
    for key in (both, NEW_KEY):
        async with open_shop(key=key):
            _, answers = await front.command("answer")
            await one_answer(front, answers)
    assert raw(file, "SELECT sealed FROM installations") != before


@pytest.mark.usefixtures("shop")
async def test_where_it_is_not_installed_members_still_get_the_help(
    front: SharedFront, responder: ScriptedResponder, capfd: pytest.CaptureFixture[str]
) -> None:
    """The refusal is logged by workspace; a command is told why, with numbers to call."""
    _, answers = await front.command("canary in a command")
    told = (await one_answer(front, answers))["text"]
    assert f"{OUTSIDE}{INSTALL}" in told
    assert EMERGENCY in told
    await front.mention("canary in a mention")
    logged = "".join(capfd.readouterr())
    assert "not installed" in logged
    assert f"slack-{TEAM}" in logged
    assert "canary" not in logged
    assert not responder.asked
    assert not front.sent()


async def test_a_broken_store_costs_the_answer_and_not_the_help(
    front: SharedFront, shop: Shop, file: Path, mode: str
) -> None:
    """Slack sends events again later; a command is told at once."""
    await install(front, shop)
    raw(file, "ALTER TABLE installations RENAME TO elsewhere")
    _, answers = await front.command("answer")
    assert EMERGENCY in (await one_answer(front, answers))["text"]
    front.ack_timeout = 0.3
    with pytest.raises(TimeoutError):
        await front.mention("answer")
    raw(file, "ALTER TABLE elsewhere RENAME TO installations")
    del mode
    await front.mention("answer", ts="9.9")
    await until(lambda: accepted(front))


# Leaving ------------------------------------------------------------------------------------


@pytest.mark.parametrize("leave", ["uninstall", "revoke"])
async def test_whoever_sends_us_away_is_forgotten(
    front: SharedFront, shop: Shop, file: Path, leave: str
) -> None:
    """Its token and what its moderators chose are deleted; the other workspace keeps its own."""
    tokens = {team: await install(front, shop, team) for team in (TEAM, OTHER)}
    for team in tokens:
        chosen = CommunitySettings(region="GB")
        await shop.service.change_settings(f"slack-{team}", chosen)
    await getattr(front, leave)(tokens[TEAM], TEAM)
    await until(lambda: f"slack-{TEAM}" not in shop.store.settings)
    assert raw(file, "SELECT id FROM installations") == [(f"slack-{OTHER}",)]
    assert set(shop.store.settings) == {f"slack-{OTHER}"}
    _, answers = await front.command("answer")
    assert OUTSIDE in (await one_answer(front, answers))["text"]
    _, answers = await front.command("answer", team=OTHER)
    assert "Please avoid this mix" in (await one_answer(front, answers))["text"]


async def test_a_members_own_token_is_none_of_ours(
    front: SharedFront, shop: Shop, file: Path
) -> None:
    """Somebody who withdraws theirs takes the bot from nobody."""
    await install(front, shop)
    await front.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}})
    await front.mention("answer")
    await until(lambda: accepted(front))
    assert len(raw(file, "SELECT id FROM installations")) == 1


async def test_a_late_farewell_does_not_undo_a_new_start(
    front: SharedFront, shop: Shop, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack may tell of the end when the app has long been installed anew."""
    await install(front, shop)
    an_hour_ago = time.time() - 3600
    with monkeypatch.context() as patched:
        patched.setattr("tests.rigs.slack_payloads.time.time", lambda: an_hour_ago)
        from tests.rigs.slack_payloads import event_delivery  # noqa: PLC0415

        late = event_delivery({"type": "app_uninstalled"}, TEAM, "EvLATE")
    await front.deliver(late)
    await front.mention("answer")
    await until(lambda: accepted(front))
    assert len(raw(file, "SELECT id FROM installations")) == 1


async def test_a_farewell_that_cannot_be_noted_is_logged(
    front: SharedFront, shop: Shop, capfd: pytest.CaptureFixture[str]
) -> None:
    """The operator reads which workspace still stands in the database."""
    token = await install(front, shop)
    shop.store.broken = True
    await front.uninstall(token)
    told: list[str] = []

    def logged() -> bool:
        told.extend(capfd.readouterr())
        return "slack workspace not forgotten" in "".join(told)

    await until(logged)
    assert f"slack-{TEAM}" in "".join(told)
