"""Runs every check of the program on the wire: `python -m tests.rigs.discord_shipped COMMAND...`.

COMMAND is what starts Handrail, up to its arguments. It must find discord.com and
gateway.discord.gg on the loopback address, as tests/rigs/shipped.sh arranges it. One
line for each check: "ok N name", "NOT OK N name", or "skipped N name" where the program has no
such thing; the exit code is 1 if one is not ok.
"""

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path

from tests.rigs.checks import run_checks
from tests.rigs.discord_checks_asking import ALWAYS, ASKING
from tests.rigs.discord_checks_faults import FAULTS
from tests.rigs.discord_checks_life import LIFE
from tests.rigs.discord_checks_moderators import MODERATORS
from tests.rigs.discord_gateway import FakeDiscord
from tests.rigs.discord_program import shipped
from tests.rigs.discord_stage import Check, Stage

CHECKS = (*ASKING, *MODERATORS, *FAULTS, *LIFE, *ALWAYS)


async def check_shipped(command: list[str], folder: Path, chosen: tuple[Check, ...]) -> int:
    """Serve Discord's names on this machine's loopback address, and run `chosen`."""
    async with FakeDiscord(secured=True, port=443) as fake:
        program = shipped(fake, folder, command)
        try:
            failed = await run_checks(Stage(fake, program), chosen)
            memory = program.memory() // 1_000_000 if program.runs else 0
            sys.stdout.write(f"{len(fake.interactions)} interactions, {memory} MB resident\n")
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
    parser.add_argument("--slow", action="store_true", help="also those of a minute or more")
    parser.add_argument("command", nargs="+", help="what starts the program")
    given = parser.parse_args()
    chosen = tuple(c for c in CHECKS if given.only in c.name and (given.slow or not c.slow))
    sys.exit(1 if asyncio.run(check_shipped(given.command, given.folder, chosen)) else 0)


if __name__ == "__main__":
    main()
