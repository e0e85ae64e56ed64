"""Runs every check of the program on the wire: `python -m tests.rigs.slack_shipped COMMAND...`.

COMMAND is what starts Handrail, up to its arguments. It must find slack.com and
wss-primary.slack.com on the loopback address, as tests/rigs/shipped.sh arranges it. One line
for each check: "ok N name", "NOT OK N name", or "skipped N name" where the program has no such
thing; the exit code is 1 if one is not ok.
"""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.rigs.checks import run_checks
from tests.rigs.emulator import missing, slack_emulator
from tests.rigs.program import ROOT
from tests.rigs.slack_checks_life import CHECKS
from tests.rigs.slack_front import SlackFront
from tests.rigs.slack_program import SOCKET, shipped
from tests.rigs.slack_stage import Check, Stage


@contextlib.contextmanager
def web_api(scopes: list[str]) -> Iterator[str]:
    """Run the third party's Web API and yield its address; nothing where it is not installed."""
    if reason := missing():
        sys.stdout.write(f"the front answers calls by itself: {reason}\n")
        yield ""
        return
    with slack_emulator(scopes) as address:
        yield address


def manifest_scopes() -> list[str]:
    """Return what the manifest asks for."""
    manifest = yaml.safe_load((ROOT / "slack-manifest.yaml").read_text(encoding="utf-8"))
    return list(manifest["oauth_config"]["scopes"]["bot"])


async def check_shipped(command: list[str], folder: Path, chosen: tuple[Check, ...]) -> int:
    """Serve Slack's names on this machine's loopback address, and run `chosen`."""
    scopes = manifest_scopes()
    with web_api(scopes) as emulator:
        async with SlackFront(emulator, scopes=scopes, secured=True, port=443) as front:
            program = shipped(front, folder, command)
            try:
                failed = await run_checks(Stage(front, program, SOCKET), chosen)
                memory = program.memory() // 1_000_000 if program.runs else 0
                sys.stdout.write(f"{len(front.calls)} calls, {memory} MB resident\n")
            finally:
                if program.runs:
                    with contextlib.suppress(TimeoutError):
                        await program.stop()
    return failed


def main() -> None:
    """Read the arguments, run the checks and end with their code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the program runs")
    parser.add_argument("--only", default="", help="run the checks whose name holds this")
    parser.add_argument("command", nargs="+", help="what starts the program")
    given = parser.parse_args()
    chosen = tuple(check for check in CHECKS if given.only in check.name)
    sys.exit(1 if asyncio.run(check_shipped(given.command, given.folder, chosen)) else 0)


if __name__ == "__main__":
    main()
