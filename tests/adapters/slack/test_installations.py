"""Whose token a delivery gets, what is kept of a workspace, and when its token is renewed."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from adapters.slack.installations import Authority, Installations, workspace_of
from bot.errors import StoreError
from bot.store.vault import open_vault
from tests.bot.store.files import on_disk, raw, url_of

KEY = SecretStr("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")
HOUR = 3600


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The database."""
    return tmp_path / "data" / "handrail.db"


@pytest.fixture
async def installations(file: Path) -> AsyncIterator[Installations]:
    """What is installed, in a real database."""
    async with open_vault(url_of(file), KEY, "THE_KEY") as vault:
        yield Installations(vault)


def installation(team: str | None = "T1", **more: Any) -> Installation:
    """Return what Slack gives for a workspace, with everything in it that could be a secret."""
    fields: dict[str, Any] = {
        "app_id": "A1",
        "team_id": team,
        "team_name": "A private name",
        "bot_token": f"xoxb-{team}-sesame",
        "bot_id": "B1",
        "bot_user_id": f"U-bot-{team}",
        "bot_scopes": ["chat:write", "commands"],
        "bot_refresh_token": "xoxe-sesame",
        "user_id": "U-installer",
        "user_token": "xoxp-sesame",
        "user_refresh_token": "xoxe-user-sesame",
        "incoming_webhook_url": "https://hooks.slack.example/sesame",
    }
    return Installation(**{**fields, **more})


class Rotator(AsyncTokenRotator):
    """Gives new tokens without Slack.

    Attributes:
        asked: How often.
        refuses: Whether Slack refuses.
    """

    def __init__(self) -> None:
        super().__init__(client_id="1.2", client_secret="x")
        self.asked = 0
        self.refuses = False

    async def perform_bot_token_rotation(
        self, *, bot: Bot, minutes_before_expiration: int = 120
    ) -> Bot | None:
        """Return the bot with a token that holds for twelve hours."""
        del minutes_before_expiration
        self.asked += 1
        await asyncio.sleep(0.01)
        if self.refuses:
            raise SlackTokenRotationError(ValueError("invalid_refresh_token"))  # type: ignore[arg-type]
        new = Bot(**bot.to_dict_for_copying())
        new.bot_token = f"{bot.bot_token}-renewed"
        new.bot_token_expires_at = int(time.time()) + 12 * HOUR
        return new


@pytest.fixture
def rotator() -> Rotator:
    """What renews tokens."""
    return Rotator()


@pytest.fixture
def authority(installations: Installations, rotator: Rotator) -> Authority:
    """What gives deliveries their token."""
    return Authority(installations, rotator)


async def token_for(
    authority: Authority, team: str | None, enterprise: str | None = None, *, whole: bool = False
) -> str | None:
    """Return the token that a delivery from there may use."""
    context = AsyncBoltContext({"is_enterprise_install": whole})
    found = await authority(
        context=context, enterprise_id=enterprise, team_id=team, user_id="U-somebody"
    )
    return found.bot_token if found else None


async def test_each_workspace_gets_its_own_token(
    installations: Installations, authority: Authority
) -> None:
    """Nobody is answered with another workspace's token, and a stranger with none."""
    for team in ("T1", "T2"):
        await installations.async_save(installation(team))
    assert await token_for(authority, "T1") == "xoxb-T1-sesame"
    assert await token_for(authority, "T2") == "xoxb-T2-sesame"
    assert await token_for(authority, "T3") is None
    assert await token_for(authority, None) is None


async def test_an_organisations_token_serves_its_workspaces_alone(
    installations: Installations, authority: Authority
) -> None:
    """Installed in the whole organisation, it counts for every workspace that Slack says is in."""
    await installations.async_save(
        installation(None, enterprise_id="E1", is_enterprise_install=True)
    )
    assert await token_for(authority, "T1", "E1", whole=True) == "xoxb-None-sesame"
    assert await token_for(authority, "T1", "E1") is None
    assert await token_for(authority, "T1", "E2", whole=True) is None


async def test_the_delivery_knows_the_bot_without_asking_slack(
    installations: Installations, authority: Authority
) -> None:
    """The bot's own ids are kept, so that its own words are known and no call is spent on it."""
    await installations.async_save(installation())
    found = await authority(
        context=AsyncBoltContext({}), enterprise_id=None, team_id="T1", user_id="U9"
    )
    assert found is not None
    assert (found.bot_id, found.bot_user_id, found.user_id) == ("B1", "U-bot-T1", "U9")
    assert found.bot_scopes == ["chat:write", "commands"]
    assert found.user_token is None


async def test_nothing_in_the_file_can_be_read_or_is_about_a_person(
    installations: Installations, file: Path
) -> None:
    """Tokens lie there sealed; who installed the app, and tokens of theirs, do not lie there."""
    await installations.async_save(installation())
    there = on_disk(file)
    assert b"slack-T1" in there
    for word in (b"sesame", b"xoxb-", b"installer", b"private", b"hooks", b"chat:write"):
        assert word not in there
    kept = await installations.async_find_bot(enterprise_id=None, team_id="T1")
    assert kept is not None
    assert kept.bot_refresh_token == "xoxe-sesame"
    assert not {"user_token", "user_id"} & set(kept.to_dict())


async def test_installing_again_takes_the_place_of_the_last(
    installations: Installations, authority: Authority, file: Path
) -> None:
    """A workspace has one token."""
    await installations.async_save(installation())
    await installations.async_save(installation(bot_token="xoxb-new"))
    assert await token_for(authority, "T1") == "xoxb-new"
    assert len(raw(file, "SELECT id FROM installations")) == 1


async def test_what_is_deleted_is_gone_at_once(
    installations: Installations, authority: Authority
) -> None:
    """No copy in memory outlives the installation, in this process or another."""
    await installations.async_save(installation())
    assert await token_for(authority, "T1")
    await installations.async_delete_all(enterprise_id=None, team_id="T1")
    assert await token_for(authority, "T1") is None


async def test_a_request_from_where_the_app_is_not_is_refused_and_logged(
    authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    """The workspace is named, the member is not."""
    assert await token_for(authority, "T9") is None
    told = capsys.readouterr().out
    assert "slack request refused" in told
    assert "slack-T9" in told
    assert "U-somebody" not in told


async def test_a_broken_store_refuses_nobody_for_good(
    installations: Installations, authority: Authority, file: Path
) -> None:
    """An event is to be sent again; who waits for an answer now is told, with the help."""
    await installations.async_save(installation())
    raw(file, "DROP TABLE installations")
    with pytest.raises(StoreError):
        await token_for(authority, "T1")
    waiting = AsyncBoltContext({"response_url": "https://hooks.slack.example/1"})
    assert await authority(context=waiting, enterprise_id=None, team_id="T1", user_id="U9") is None


@pytest.mark.parametrize(("ends_in", "asked"), [(None, 0), (12 * HOUR, 0), (HOUR, 1), (-HOUR, 1)])
async def test_a_token_that_ends_soon_is_renewed_and_kept(
    installations: Installations,
    authority: Authority,
    rotator: Rotator,
    ends_in: int | None,
    asked: int,
) -> None:
    """Only where the operator's app lets tokens expire; once, however many deliveries wait."""
    ends = None if ends_in is None else int(time.time()) + ends_in
    await installations.async_save(installation(bot_token_expires_at=ends))
    tokens = await asyncio.gather(*(token_for(authority, "T1") for _ in range(5)))
    assert set(tokens) == {"xoxb-T1-sesame" + "-renewed" * asked}
    assert rotator.asked == asked
    assert await token_for(authority, "T1") == tokens[0]
    assert rotator.asked == asked


async def test_a_token_that_slack_does_not_renew_is_used_while_it_holds(
    installations: Installations,
    authority: Authority,
    rotator: Rotator,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It ends in an hour; until then members are answered, and the log says what comes."""
    rotator.refuses = True
    await installations.async_save(installation(bot_token_expires_at=int(time.time()) + HOUR))
    assert await token_for(authority, "T1") == "xoxb-T1-sesame"
    assert "slack token not renewed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (SimpleNamespace(enterprise=None, team="T1", whole=False), "slack-T1"),
        (SimpleNamespace(enterprise="E1", team="T1", whole=False), "slack-T1"),
        (SimpleNamespace(enterprise="E1", team="T1", whole=True), "slack-E1"),
        (SimpleNamespace(enterprise="E1", team=None, whole=False), "slack-E1"),
    ],
)
def test_a_workspace_is_named_as_its_community(place: SimpleNamespace, name: str) -> None:
    """So that what is forgotten is what was kept."""
    assert workspace_of(place.enterprise, place.team, whole=place.whole) == name
