"""The console keeps what every adapter promises."""

import io
from collections.abc import Awaitable, Callable

import pytest

from adapters.console import ConsoleAdapter
from tests.adapters.contract import CONTRACT, Room
from tests.adapters.replies import CHOICES
from tests.adapters.scripted import ScriptedResponder, ScriptedService


class ConsoleRoom:
    """Somebody who types at the console."""

    def __init__(self) -> None:
        self.responder = ScriptedResponder()
        self._last = ""

    async def ask(self, text: str) -> str:
        """Type one line and return all that is printed."""
        self._last = text
        return await self._type(text)

    async def pick(self, entry: str | None) -> str:
        """Type the number of a choice after the same question."""
        entries = [choice.entry for choice in CHOICES.choices]
        number = entries.index(entry) + 1 if entry else len(entries) + 1
        return await self._type(self._last, str(number))

    async def _type(self, *lines: str) -> str:
        out = io.StringIO()
        typed = io.StringIO("".join(f"{line}\n" for line in lines))
        await ConsoleAdapter(ScriptedService(self.responder), typed, out).run()
        return out.getvalue()


@pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
async def test_keeps_the_contract(check: Callable[[Room], Awaitable[None]]) -> None:
    """Each promise of the contract holds at the console."""
    await check(ConsoleRoom())
