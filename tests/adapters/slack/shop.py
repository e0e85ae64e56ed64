"""A running app that workspaces can install, for the tests of it."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.slack.adapter import SlackAdapter
from adapters.slack.connection import build_shared_app
from adapters.slack.gate import Gate
from adapters.slack.installations import Installations
from adapters.slack.web import Door
from bot.config import SlackConfig
from bot.ports import Vault
from tests.adapters.scripted import ScriptedService
from tests.fakes import MemoryStore
from tests.rigs.slack_front import APP_TOKEN, SIGNING_SECRET, TEAM
from tests.rigs.slack_oauth import CLIENT_ID, CLIENT_SECRET, OUTSIDE, Browser, SharedFront

OTHER = "T000000002"
KEY, NEW_KEY = (SecretStr(letter * 43 + "=") for letter in "AE")
SIGN_OF_LIFE_S = 0.2
# slack_sdk 3.47 signs in with a class that aiohttp 3.14 would rather see replaced.
OLD_SIGN_IN = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@dataclass(frozen=True, slots=True)
class Shop:
    """What runs, and what stands round it.

    Attributes:
        adapter: The adapter.
        browser: Of somebody who installs it.
        service: What answers.
        store: What is kept of communities.
    """

    adapter: SlackAdapter
    browser: Browser
    service: ScriptedService
    store: MemoryStore


Open = Callable[..., contextlib.AbstractAsyncContextManager[Shop]]


def build_shared_adapter(
    front: SharedFront, service: ScriptedService, vault: Vault, mode: str, **more: Any
) -> SlackAdapter:
    """Return an adapter for many workspaces."""
    shared = {"workspaces": "many", "public_url": OUTSIDE, "api_url": front.api_url}
    settings = SlackConfig.model_validate({"mode": mode, **shared, **more})
    signing = SecretStr(SIGNING_SECRET) if mode == "http" else None
    app = build_shared_app(
        settings,
        client_id=CLIENT_ID,
        client_secret=SecretStr(CLIENT_SECRET),
        installations=Installations(vault),
        service=service,
        signing_secret=signing,
    )
    return SlackAdapter(
        app,
        None if signing else SecretStr(APP_TOKEN),
        service,
        settings=settings,
        door=Door(app, "127.0.0.1", 0, Gate(signing) if signing else None),
        ping_interval=SIGN_OF_LIFE_S,
    )


async def install(front: SharedFront, shop: Shop, team: str = TEAM) -> str:
    """Install the app in a workspace and return the token that Slack gave."""
    front.next_team = team
    before = front.tokens_of(team)
    page = await shop.browser.install()
    assert page.status == 200, page.text
    (token,) = front.tokens_of(team) - before
    return token
