"""Starts an app in a process of its own and leads it to a fake Slack in this one."""

import asyncio
import contextlib
import json
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.discord_bots import ROOT, STARTS_WITHIN, STEP, stop
from benchmarks.stages import usual_environment
from tests.rigs.slack_front import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackFront

MODES = ("socket", "http")
PATH = "/slack/events"
_OK = 200
# Everything that can be kept is kept: what is written to the store counts as well.
SETTINGS = """\
slack: {{enabled: true, mode: {mode}, port: {port}, api_url: {api}}}
semantic: {semantic}
store: {{keep_feedback: true, keep_reasons: true, keep_unanswered: true}}
"""


@dataclass(slots=True)
class Bot:
    """An app that is connected to a fake Slack of its own.

    Attributes:
        front: What it takes for Slack.
        folder: Where it runs.
    """

    front: SlackFront
    folder: Path

    def spent(self) -> dict[str, tuple[float, float]]:
        """Return the seconds in our own code and in the engine, by question."""
        lines = (self.folder / "spent.jsonl").read_text(encoding="utf-8").splitlines()
        return {line["id"]: (line["ours"], line["engine"]) for line in map(json.loads, lines)}

    def forget(self) -> None:
        """Forget what was asked and answered, as nothing of it is needed any more."""
        for kept in (self.front.calls, self.front.answers, self.front.answered_at):
            kept.clear()


@contextlib.asynccontextmanager
async def run_bot(
    which: str, mode: str, *, semantic: bool, timed: bool = False
) -> AsyncIterator[Bot]:
    """Start an app, and yield when it is connected; it ends at the end of the block.

    Args:
        which: `handrail` or `constant`.
        mode: How deliveries reach it, of `MODES`.
        semantic: With the sentence encoder.
        timed: Note what our own code takes.
    """
    async with contextlib.AsyncExitStack() as stack:
        # Calls are answered here, and payloads are checked in tests: neither is anybody's time.
        front = await stack.enter_async_context(SlackFront())
        front.checks = False
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "data").mkdir()
        port = free_port()
        words = {"mode": mode, "port": port, "api": front.api_url}
        settings = SETTINGS.format(semantic=str(semantic).lower(), **words)
        (folder / "config.yaml").write_text(settings, encoding="utf-8")
        own = {"PYTHONPATH": str(ROOT), "SLACK_BOT_TOKEN": BOT_TOKEN, "BENCH_API": front.api_url}
        own |= {"SLACK_SIGNING_SECRET": SIGNING_SECRET, "SLACK_APP_TOKEN": APP_TOKEN}
        own |= {"BENCH_PORT": str(port)} if mode == "http" else {}
        own |= {"BENCH_SPENT": str(folder / "spent.jsonl")} if timed else {}
        log = stack.enter_context((folder / "log").open("wb"))
        running = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.slack_child", which),
            cwd=folder,
            env=usual_environment() | own,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        stack.push_async_callback(stop, running)
        bot = Bot(front, folder)
        if mode == "http":
            front.deliver_to(f"http://127.0.0.1:{port}{PATH}")
        await _connected(bot, running)
        yield bot


def free_port() -> int:
    """Return a port of the loopback address that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


async def _connected(bot: Bot, running: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(STARTS_WITHIN):
        while not await _hears(bot.front):
            if running.returncode is not None:
                log = (bot.folder / "log").read_text(encoding="utf-8", errors="replace")
                raise SystemExit(f"the app ended at its start:\n{log[-2000:]}")
            await asyncio.sleep(STEP)


async def _hears(front: SlackFront) -> bool:
    if front.endpoint is None:
        return front.connected
    try:
        return (await front.endpoint.verify()).status == _OK
    except (aiohttp.ClientError, OSError, TimeoutError):
        return False
