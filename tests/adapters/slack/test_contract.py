"""Slack keeps what every adapter promises."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.adapters.contract import CONTRACT, Room
from tests.adapters.scripted import ScriptedResponder
from tests.adapters.slack.conftest import buttons, until
from tests.rigs.slack_front import SlackFront

pytestmark = pytest.mark.wire


class SlackRoom:
    """A member who uses `/ask` in a channel."""

    def __init__(self, front: SlackFront, responder: ScriptedResponder) -> None:
        self.responder = responder
        self._front = front
        self._last: dict[str, Any] = {}

    async def ask(self, text: str) -> str:
        """Use the command and return every message, fallback and blocks."""
        _, answers = await self._front.command(text)
        return await self._shown(answers, 2 if text == "check" else 1)

    async def pick(self, entry: str | None) -> str:
        """Press a choice below the last reply."""
        action = f"handrail:show:{entry}" if entry else "handrail:decline"
        answers = await self._front.press(buttons(self._last)[action], ephemeral=True)
        return await self._shown(answers, 1)

    async def _shown(self, answers: str, count: int) -> str:
        await until(lambda: len(self._front.answers[answers]) >= count)
        messages = self._front.answers[answers]
        self._last = messages[0]
        blocks = json.dumps([m.get("blocks", []) for m in messages], ensure_ascii=False)
        text = "\n".join(message["text"] for message in messages)
        return f"{text}\n{blocks}".replace("\\n", " ")


@pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
@pytest.mark.usefixtures("adapter")
async def test_keeps_the_contract(
    front: SlackFront, responder: ScriptedResponder, check: Callable[[Room], Awaitable[None]]
) -> None:
    """Each promise of the contract holds on Slack."""
    await check(SlackRoom(front, responder))
