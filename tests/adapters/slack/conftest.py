"""Real slack-bolt against the front and the third-party Web API, on the loopback address."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from adapters.slack.adapter import SlackAdapter
from adapters.slack.connection import build_app
from bot.config import SlackConfig
from tests.adapters.scripted import ScriptedResponder, ScriptedService
from tests.rigs.emulator import missing, must_run, slack_emulator
from tests.rigs.slack_front import APP_TOKEN, BOT_TOKEN, Call, SlackFront

MANIFEST = Path(__file__).parents[3] / "slack-manifest.yaml"
PING = 0.2
SOON = 5.0
Start = Callable[..., contextlib.AbstractAsyncContextManager[SlackAdapter]]


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The address of a Web API that grants the manifest's scopes and no others."""
    if reason := missing():
        (pytest.fail if must_run() else pytest.skip)(reason)
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    with slack_emulator(manifest["oauth_config"]["scopes"]["bot"]) as address:
        yield address


@pytest.fixture
async def front(emulator: str) -> AsyncIterator[SlackFront]:
    """A Slack workspace for one test."""
    async with SlackFront(emulator) as front:
        yield front


@pytest.fixture
def responder() -> ScriptedResponder:
    """The stand-in for the engine."""
    return ScriptedResponder()


@pytest.fixture
def start(front: SlackFront, responder: ScriptedResponder) -> Start:
    """Build an adapter and run it, connected, for a while."""

    @contextlib.asynccontextmanager
    async def run(**settings: str) -> AsyncIterator[SlackAdapter]:
        adapter = build_adapter(front, responder, SlackConfig.model_validate(settings))
        running = asyncio.create_task(adapter.run())
        try:
            await until(lambda: adapter.ready and front.connected)
            yield adapter
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    return run


@pytest.fixture
async def adapter(start: Start) -> AsyncIterator[SlackAdapter]:
    """An adapter with the default settings, connected."""
    async with start() as adapter:
        yield adapter


def build_adapter(  # noqa: PLR0913 - what tests vary, by name
    front: SlackFront,
    responder: ScriptedResponder,
    settings: SlackConfig | None = None,
    *,
    bot_token: str = BOT_TOKEN,
    app_token: str = APP_TOKEN,
    patience: float = 60.0,
) -> SlackAdapter:
    """Return an adapter for `front` that notices a lost socket quickly."""
    return SlackAdapter(
        build_app(SecretStr(bot_token), front.api_url),
        SecretStr(app_token),
        ScriptedService(responder, region="GB"),
        settings=settings,
        patience=patience,
        ping_interval=PING,
    )


async def until(condition: Callable[[], object], seconds: float = SOON) -> None:
    """Wait until `condition` holds; fail the test when it does not within `seconds`."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the rig has no event for it
            await asyncio.sleep(0.01)


def buttons(message: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the buttons of a message by their action."""
    found = [block.get("accessory") for block in message["blocks"]]
    found += [element for block in message["blocks"] for element in block.get("elements", ())]
    return {b["action_id"]: b for b in found if b and b["type"] == "button"}


def accepted(front: SlackFront, method: str = "chat.postMessage") -> list[Call]:
    """Return the calls of `method` that the Web API took."""
    return [call for call in front.sent(method) if call.answer["ok"]]


async def one_answer(front: SlackFront, answers: str) -> dict[str, Any]:
    """Return the first message sent to a response address."""
    await until(lambda: front.answers[answers])
    return front.answers[answers][0]
