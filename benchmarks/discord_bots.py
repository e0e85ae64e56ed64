"""Starts a bot in a process of its own and leads it to a fake Discord in this one."""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.stages import usual_environment
from tests.rigs.discord_gateway import FakeDiscord
from tests.rigs.discord_payloads import Person
from tests.rigs.discord_rest import TOKEN

ROOT = Path(__file__).parents[1]
SERVERS = 20
# A first start on new content computes for half a minute; a later one takes two seconds.
STARTS_WITHIN, STOPS_WITHIN, STEP = 180.0, 15.0, 0.02
# Everything that can be kept is kept: what is written to the store counts as well.
SETTINGS = """\
discord: {{enabled: true}}
semantic: {semantic}
store: {{keep_feedback: true, keep_reasons: true, keep_unanswered: true}}
"""


@dataclass(slots=True)
class Bot:
    """A bot that is connected to a fake Discord of its own.

    Attributes:
        fake: What it takes for Discord.
        pid: Its process.
        folder: Where it runs.
    """

    fake: FakeDiscord
    pid: int
    folder: Path

    @property
    def channels(self) -> list[str]:
        """A channel in each of the servers that the bot is in."""
        return [place.channels[0] for place in self.fake.guilds.values()]

    def newcomer(self) -> Person:
        """Return somebody who has never asked anything."""
        identity = self.fake.new_id()
        return Person(identity, f"member{identity}")

    def memory(self) -> float:
        """Return what the bot's process holds now, in MB; 0 where /proc is missing."""
        path = Path(f"/proc/{self.pid}/statm")
        if not path.exists():
            return 0.0
        return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def spent(self) -> dict[str, tuple[float, float]]:
        """Return the seconds in our own code and in the engine, by interaction."""
        lines = (self.folder / "spent.jsonl").read_text(encoding="utf-8").splitlines()
        return {line["id"]: (line["ours"], line["engine"]) for line in map(json.loads, lines)}

    def forget(self, keep: int = 0) -> None:
        """Forget what was asked and answered but the last `keep`, to which more may follow."""
        fake = self.fake
        kept: dict[str, Any]
        for kept in (fake.interactions, fake.messages):
            for identity in [*kept][: max(0, len(kept) - keep)]:
                del kept[identity]
        fake.calls.clear()
        for session in fake.sessions.values():
            session.log[:] = [{}] * len(session.log)


@contextlib.asynccontextmanager
async def run_bot(which: str, *, semantic: bool, timed: bool = False) -> AsyncIterator[Bot]:
    """Start a bot, and yield when it is connected; it ends at the end of the block.

    Args:
        which: `handrail` or `constant`.
        semantic: With the sentence encoder.
        timed: Note what our own code takes.
    """
    async with contextlib.AsyncExitStack() as stack:
        fake = await stack.enter_async_context(FakeDiscord())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for _ in range(SERVERS - 1):
            fake.add_guild()
        (folder / "data").mkdir()
        settings = SETTINGS.format(semantic=str(semantic).lower())
        (folder / "config.yaml").write_text(settings, encoding="utf-8")
        own = {"PYTHONPATH": str(ROOT), "DISCORD_TOKEN": TOKEN}
        own |= {"BENCH_REST": fake.rest, "BENCH_GATEWAY": fake.gateway}
        own |= {"BENCH_SPENT": str(folder / "spent.jsonl")} if timed else {}
        log = stack.enter_context((folder / "log").open("wb"))
        running = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.discord_child", which),
            cwd=folder,
            env=usual_environment() | own,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        stack.push_async_callback(stop, running)
        bot = Bot(fake, running.pid, folder)
        await _connected(bot, running)
        yield bot


async def _connected(bot: Bot, running: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(STARTS_WITHIN):
        while not (bot.fake.live and bot.fake.commands):
            if running.returncode is not None:
                log = (bot.folder / "log").read_text(encoding="utf-8", errors="replace")
                raise SystemExit(f"the bot ended at its start:\n{log[-2000:]}")
            await asyncio.sleep(STEP)


async def stop(running: asyncio.subprocess.Process) -> None:
    """End a process: kindly, and then not."""
    if running.returncode is not None:
        return
    running.terminate()
    try:
        async with asyncio.timeout(STOPS_WITHIN):
            await running.wait()
    except TimeoutError:
        running.kill()
        await running.wait()
