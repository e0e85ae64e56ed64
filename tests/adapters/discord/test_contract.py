"""Discord keeps what every adapter promises."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
import simcord

from tests.adapters.contract import CONTRACT, Room
from tests.adapters.discord.conftest import Town, controls, words
from tests.adapters.scripted import ScriptedResponder


@dataclass
class DiscordRoom:
    """Alice, who uses `/ask` in a channel."""

    town: Town
    responder: ScriptedResponder
    last: simcord.ResponseMessage | None = None

    async def ask(self, text: str) -> str:
        """Use the command and return every message, with the words on its controls."""
        return self._shown(await self.town.alice.slash(self.town.channel, "ask", question=text))

    async def pick(self, entry: str | None) -> str:
        """Press a choice below the last reply."""
        assert self.last is not None
        custom_id = f"handrail:show:{entry}" if entry else "handrail:decline"
        return self._shown(await self.town.alice.click(self.last, custom_id=custom_id))

    def _shown(self, result: simcord.InteractionResult) -> str:
        self.last = result.response
        messages = [m for m in (result.response, *result.followups) if m is not None]
        labels = [c.get("label", "") for m in messages for c in controls(m).values()]
        options = [
            option["label"]
            for m in messages
            for c in controls(m).values()
            for option in c.get("options", ())
        ]
        return "\n".join([*(words(message) for message in messages), *labels, *options])


@pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
async def test_keeps_the_contract(
    town: Town, responder: ScriptedResponder, check: Callable[[Room], Awaitable[None]]
) -> None:
    """Each promise of the contract holds on Discord."""
    await check(DiscordRoom(town, responder))
