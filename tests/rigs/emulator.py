"""Starts the third-party Slack Web API for tests, and says what to do when it is not installed."""

import contextlib
import os
import select
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

RIGS = Path(__file__).parent
STARTING = 15.0
ENDING = 5.0


def missing() -> str:
    """Return what keeps the emulator from starting, or nothing."""
    if shutil.which("node") is None:
        return "node is not installed; install Node.js 20 or newer, then run `make rigs`"
    if not (RIGS / "node_modules" / "emulate").is_dir():
        return "tests/rigs/node_modules is missing; run `make rigs`"
    return ""


def must_run() -> bool:
    """Whether tests on the rigs may not be skipped: in CI a missing rig is a failure."""
    return bool(os.environ.get("CI"))


@contextlib.contextmanager
def slack_emulator(scopes: Iterable[str]) -> Iterator[str]:
    """Run the emulator on a free loopback port and yield its address.

    Args:
        scopes: What the bot token may do; the emulator refuses everything else.

    Raises:
        RuntimeError: It did not start; the message holds what it wrote.
    """
    command = ["node", "emulate_slack.mjs", ",".join(scopes)]
    with subprocess.Popen(
        command, cwd=RIGS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        try:
            yield _address(running)
        finally:
            running.terminate()
            try:
                running.wait(ENDING)
            except subprocess.TimeoutExpired:
                running.kill()


def _address(running: "subprocess.Popen[str]") -> str:
    assert running.stdout is not None
    ready, _, _ = select.select([running.stdout], [], [], STARTING)
    line = running.stdout.readline().strip() if ready else ""
    if not line.startswith("http://"):
        running.kill()
        raise RuntimeError(f"the Slack emulator did not start: {line}{running.stdout.read()}")
    return line
