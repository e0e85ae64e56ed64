"""Real slack-bolt against the front and the third-party Web API, on the loopback address."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import ClientSession
from pydantic import SecretStr

from adapters.slack.adapter import SlackAdapter
from adapters.slack.connection import build_app
from adapters.slack.gate import Gate
from adapters.slack.web import EVENTS, Door
from bot.config import SlackConfig
from bot.service import Keeps
from bot.store.vault import open_vault
from tests.adapters.scripted import ScriptedResponder, ScriptedService
from tests.adapters.slack.shop import KEY, SIGN_OF_LIFE_S, Open, Shop, build_shared_adapter
from tests.bot.store.files import url_of
from tests.fakes import MemoryStore
from tests.rigs.emulator import missing, must_run, slack_emulator
from tests.rigs.slack_front import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Call, SlackFront
from tests.rigs.slack_oauth import Browser, SharedFront

MANIFEST = Path(__file__).parents[3] / "slack-manifest.yaml"
PING = SIGN_OF_LIFE_S
SOON = 5.0
Start = Callable[..., contextlib.AbstractAsyncContextManager[SlackAdapter]]


@pytest.fixture(scope="session")
def scopes() -> list[str]:
    """What the manifest asks for."""
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return list(manifest["oauth_config"]["scopes"]["bot"])


@pytest.fixture(scope="session")
def emulator(scopes: list[str]) -> Iterator[str]:
    """The address of a Web API that grants the manifest's scopes and no others."""
    if reason := missing():
        (pytest.fail if must_run() else pytest.skip)(reason)
    with slack_emulator(scopes) as address:
        yield address


@pytest.fixture
async def front(emulator: str, scopes: list[str]) -> AsyncIterator[SlackFront]:
    """A Slack workspace for one test."""
    async with SlackFront(emulator, scopes=scopes) as front:
        yield front


@pytest.fixture
def responder() -> ScriptedResponder:
    """The stand-in for the engine."""
    return ScriptedResponder()


@pytest.fixture
def mode() -> str:
    """How deliveries come; tests that hold for both modes are parametrised with it."""
    return "socket"


@pytest.fixture
def start(front: SlackFront, responder: ScriptedResponder, mode: str) -> Start:
    """Build an adapter and run it, connected, for a while."""

    @contextlib.asynccontextmanager
    async def run(**settings: str) -> AsyncIterator[SlackAdapter]:
        chosen = SlackConfig.model_validate({"mode": mode, **settings})
        adapter = build_adapter(front, responder, chosen)
        async with running(adapter, front):
            yield adapter

    return run


@contextlib.asynccontextmanager
async def running(adapter: SlackAdapter, front: SlackFront) -> AsyncIterator[None]:
    """Run `adapter` until the end of the block, and let `front` deliver to it."""
    task = asyncio.create_task(adapter.run())
    try:
        await until(lambda: adapter.ready or task.done())
        if task.done():
            await task
        if adapter._line is None:
            front.deliver_to(f"{site_of(adapter)}{EVENTS}")
        else:
            await until(lambda: front.connected)
        yield
        assert front.invalid == [], "Slack would not have shown it"
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def adapter(start: Start) -> AsyncIterator[SlackAdapter]:
    """An adapter with the default settings, connected."""
    async with start() as adapter:
        yield adapter


@pytest.fixture
async def shared(emulator: str) -> AsyncIterator[SharedFront]:
    """A Slack with two workspaces, neither of which has installed the app."""
    async with SharedFront(emulator) as front:
        front.tokens.clear()
        yield front


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The database."""
    return tmp_path / "data" / "handrail.db"


@pytest.fixture
def open_shop(
    shared: SharedFront, emulator: str, responder: ScriptedResponder, mode: str, file: Path
) -> Open:
    """Build the app for many workspaces and run it, on the same database each time."""

    @contextlib.asynccontextmanager
    async def run(*, key: SecretStr = KEY, **more: Any) -> AsyncIterator[Shop]:
        store = MemoryStore()
        async with open_vault(url_of(file), key, "KEY") as vault, ClientSession() as http:
            service = ScriptedService(responder, store=store, region="GB")
            adapter = build_shared_adapter(shared, service, vault, mode, **more)
            async with running(adapter, shared):
                browser = Browser(http, site_of(adapter), emulator)
                yield Shop(adapter, browser, service, store)

    return run


@pytest.fixture
async def shop(open_shop: Open) -> AsyncIterator[Shop]:
    """A running app that nobody has installed yet."""
    async with open_shop() as shop:
        yield shop


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
    settings = settings or SlackConfig()
    signing, door = None, None
    if settings.mode == "http":
        signing = SecretStr(SIGNING_SECRET)
    app = build_app(SecretStr(bot_token), front.api_url, signing_secret=signing)
    if signing is not None:
        door = Door(app, "127.0.0.1", 0, Gate(signing))
    return SlackAdapter(
        app,
        None if door else SecretStr(app_token),
        ScriptedService(responder, region="GB"),
        settings=settings,
        door=door,
        patience=patience,
        ping_interval=PING,
    )


def site_of(adapter: SlackAdapter) -> str:
    """Return the address of an adapter's own web server."""
    assert adapter._door is not None
    return f"http://127.0.0.1:{adapter._door.port}"


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


@pytest.fixture
def store() -> MemoryStore:
    """What is kept."""
    return MemoryStore()


@pytest.fixture
def keeps() -> Keeps:
    """What the operator lets be kept; a test may parametrise it."""
    return Keeps(feedback=True)


@pytest.fixture
async def keeping(
    front: SlackFront, responder: ScriptedResponder, store: MemoryStore, keeps: Keeps
) -> AsyncIterator[None]:
    """An adapter that keeps verdicts, connected."""
    service = ScriptedService(responder, store=store, keeps=keeps, region="GB")
    app = build_app(SecretStr(BOT_TOKEN), front.api_url)
    adapter = SlackAdapter(app, SecretStr(APP_TOKEN), service, ping_interval=PING)
    async with running(adapter, front):
        yield


def control(message: dict[str, Any], start: str) -> dict[str, Any]:
    """Return a message's or view's one control whose id begins so."""
    parts = [b.get("accessory") or b.get("element") or {} for b in message["blocks"]]
    parts += [part for block in message["blocks"] for part in block.get("elements", ())]
    (found,) = [p for p in parts if p.get("action_id", "").startswith(f"handrail:{start}")]
    return dict(found)


def words(shown: dict[str, Any]) -> str:
    """Return all that a message or view holds."""
    return json.dumps(shown, ensure_ascii=False)


async def ask(front: SlackFront, text: str) -> dict[str, Any]:
    """Use the command and return the first message of the answer."""
    _, answers = await front.command(text)
    return await one_answer(front, answers)
