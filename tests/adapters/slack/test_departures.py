"""Leaving the one workspace that an operator serves with a token of their own."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from adapters.slack.adapter import SlackAdapter
from adapters.slack.connection import build_app
from bot.domain import CommunitySettings
from tests.adapters.scripted import ScriptedService
from tests.adapters.slack.conftest import running, until
from tests.fakes import MemoryStore
from tests.rigs.slack_front import APP_TOKEN, BOT_TOKEN, TEAM, SlackFront

pytestmark = pytest.mark.wire
HERE, ELSEWHERE = f"slack-{TEAM}", "slack-T000000009"


@pytest.fixture
async def store(front: SlackFront) -> AsyncIterator[MemoryStore]:
    """What is kept of two communities, while the adapter runs."""
    store = MemoryStore()
    service = ScriptedService(store=store)
    app = build_app(SecretStr(BOT_TOKEN), front.api_url)
    async with running(SlackAdapter(app, SecretStr(APP_TOKEN), service), front):
        for community in (HERE, ELSEWHERE):
            await service.change_settings(community, CommunitySettings(region="GB"))
        yield store


async def test_a_workspace_without_us_is_forgotten(front: SlackFront, store: MemoryStore) -> None:
    """What moderators chose there is deleted, and nothing else."""
    await front.event({"type": "app_uninstalled"})
    await until(lambda: HERE not in store.settings)
    assert ELSEWHERE in store.settings


async def test_a_new_token_costs_moderators_nothing(
    front: SlackFront, store: MemoryStore, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whoever revokes the token to put a new one keeps the settings, and reads what to do."""
    await front.revoke(BOT_TOKEN)
    told: list[str] = []

    def said() -> bool:
        told.extend(capfd.readouterr())
        return "put a new one into the environment" in "".join(told)

    await until(said)
    assert set(store.settings) == {HERE, ELSEWHERE}


async def test_a_store_that_fails_is_no_more_than_logged(
    front: SlackFront, store: MemoryStore, capfd: pytest.CaptureFixture[str]
) -> None:
    """The workspace is named, so that the operator can delete it by hand."""
    store.broken = True
    await front.event({"type": "app_uninstalled"})
    told: list[str] = []

    def said() -> bool:
        told.extend(capfd.readouterr())
        return "slack workspace not forgotten" in "".join(told)

    await until(said)
    assert HERE in "".join(told)
