"""A workspace to moderate in: the rig's Slack, the real bolt app, and a Desk behind it."""

import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import windows
from adapters.slack.views import MODERATE
from adapters.slack.windows import action_id
from adapters.slack.wiring import Wiring
from bot.config import SlackConfig
from bot.domain import CommunitySettings
from tests.adapters.slack.conftest import until
from tests.bot.desk import Desk
from tests.rigs import schemas
from tests.rigs.slack_faults import Fault
from tests.rigs.slack_front import (
    BOT_TOKEN,
    MEMBER,
    SIGNING_SECRET,
    TEAM,
    Fields,
    SlackFront,
    find_control,
)
from tests.rigs.slack_members import filled_in
from tests.rigs.slack_payloads import Value, controls_in

HERE = f"slack-{TEAM}"
PATH = "/slack/events"


@dataclass
class Office:
    """A workspace, what the bot answers from, and the bot.

    Attributes:
        connected: Whether Slack reaches the bot, as far as it knows.
    """

    front: SlackFront
    desk: Desk
    settings: SlackConfig
    connected: bool = True

    def __post_init__(self) -> None:
        self.wiring = Wiring(self.desk.service, self.settings, lambda: self.connected)

    @property
    def chosen(self) -> CommunitySettings:
        """What is chosen for the workspace."""
        return self.desk.settings(HERE)

    async def choose(self, **chosen: Any) -> None:
        """Have something chosen already."""
        await self.desk.service.change_settings(HERE, CommunitySettings(**chosen))

    async def open(self, by: str = MEMBER) -> str:
        """Press the button in the App Home; return what the window says."""
        await self.knock(by)
        return await self.read(by)

    async def knock(self, by: str = MEMBER) -> None:
        """Press the button in the App Home, without waiting for more than the acknowledgement."""
        await self.front.open_home(by=by)
        await until(lambda: by in self.front.homes)
        await self.front.press_in_view(MODERATE, view=self.front.homes[by], by=by)

    async def use(self, use: str, value: Value = "", *, picked: str = "") -> str:
        """Use a control of the window, an Entry being picked; return what it says then."""
        view = self.front.view()
        if picked:
            state = filled_in(view, {action_id(windows.ENTRY): picked})
            view = {**view, "state": {"values": state}}
        await self.front.press_in_view(action_id(use), value, view=view)
        return await self.read()

    async def read(self, by: str = MEMBER) -> str:
        """Wait until all is done; return what the window says."""
        await self.wiring.finish(5.0)
        return said(self.front.view(by))

    async def ask(self, text: str) -> str:
        """Ask by command; return the title of the answer."""
        _, answers = await self.front.command(text)
        await self.wiring.finish(5.0)
        return str(self.front.answers[answers][0]["blocks"][0]["text"]["text"])

    async def offered(self, typed: str, by: str = MEMBER) -> dict[str, list[str]]:
        """Return the titles that are offered, by the words above them."""
        control = find_control(self.front.view(), action_id(windows.ENTRY))
        found = await self.front.suggest(control, typed, view=self.front.view(), by=by)
        return {
            group["label"]["text"]: [option["text"]["text"] for option in group["options"]]
            for group in found.get("option_groups", ())
        }

    def control(self, use: str) -> Fields:
        """Return a control of the window."""
        return find_control(self.front.view(), action_id(use))

    def has(self, use: str) -> bool:
        """Return whether the window has a control."""
        return action_id(use) in {c["action_id"] for c in controls_in(self.front.view())}

    def grant(self, headers: Mapping[str, str], times: int = 1) -> None:
        """Let Slack tell the next so many times what the bot may do."""
        answer = {"ok": True, "team_id": TEAM, "user_id": "U0HANDRAIL"}
        self.front.fail(Fault("auth.test", answer, headers=headers), times)


def said(view: Fields) -> str:
    """Return all the words of a window outside its controls."""
    texts = [block.get("text") for block in view["blocks"]]
    return "\n".join(text["text"] for text in texts if text)


@contextlib.asynccontextmanager
async def open_office(desk: Desk, settings: SlackConfig) -> AsyncIterator[Office]:
    """Make an Office in which nothing has happened yet; at its end Slack has refused nothing."""
    schemas.require()
    async with SlackFront() as front, contextlib.AsyncExitStack() as ends:
        office = Office(front, desk, settings)
        logger = logging.getLogger("slack_bolt.office")
        client = AsyncWebClient(token=BOT_TOKEN, base_url=front.api_url, logger=logger)
        app = AsyncApp(client=client, signing_secret=SIGNING_SECRET, logger=logger)
        office.wiring.attach(app)
        runner = web.AppRunner(app.web_app(path=PATH), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        ends.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        front.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}")
        yield office
        await office.wiring.finish(5.0)
        assert front.invalid == []
