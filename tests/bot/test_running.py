"""What ends the program, and what does not."""

import asyncio

import pytest

from bot.config import Config
from bot.errors import AdapterError, ConfigError, HandrailError
from bot.running import run_all
from tests.fakes import ScriptedAdapter


class EndingAdapter(ScriptedAdapter):
    """An Adapter that soon ends, with an error or without one."""

    def __init__(self, name: str, error: BaseException | None = None) -> None:
        super().__init__(name)
        self._error = error

    async def run(self) -> None:
        """End as the test wants it."""
        await asyncio.sleep(0)
        if self._error is not None:
            raise self._error


ENDINGS = [AdapterError("refused"), ConfigError("no intent"), KeyError("a member's words"),
           asyncio.CancelledError(), None]  # fmt: skip
IDS = ["refused", "a setting", "a fault of ours", "cancelled", "just ended"]


@pytest.mark.parametrize("ending", ENDINGS, ids=IDS)
async def test_one_platform_that_ends_never_takes_the_other_down(
    ending: BaseException | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Slack goes on whatever became of Discord, and the log says what did, without words."""
    slack = ScriptedAdapter("slack")
    both = asyncio.create_task(run_all([EndingAdapter("discord", ending), slack], Config()))

    await asyncio.sleep(0.05)

    assert not both.done()
    printed = capsys.readouterr().out
    assert "adapter=discord" in printed
    assert "member's words" not in printed
    both.cancel()


@pytest.mark.parametrize(
    ("ending", "code"), list(zip(ENDINGS, [3, 2, 3, 3, 3], strict=True)), ids=IDS
)
async def test_nothing_left_to_serve_ends_the_program(
    ending: BaseException | None, code: int
) -> None:
    """The last platform's failure is the program's, with its exit code and no member's words."""
    with pytest.raises(HandrailError) as raised:
        await run_all([EndingAdapter("discord", ending)], Config())

    assert raised.value.exit_code == code
    assert "member's words" not in str(raised.value)


async def test_the_end_of_the_console_ends_the_program() -> None:
    """Whoever leaves the conversation has seen enough."""
    await run_all([EndingAdapter("console"), ScriptedAdapter("slack")], Config())
