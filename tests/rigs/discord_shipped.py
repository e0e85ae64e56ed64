"""Runs every check of the program on the wire: `python -m tests.rigs.discord_shipped COMMAND...`.

COMMAND is what starts Handrail, up to its arguments. It must find discord.com and
gateway.discord.gg on the loopback address, as tests/rigs/discord_shipped.sh arranges it. One
line for each check: "ok N name", "NOT OK N name", or "skipped N name" where the program has no
such thing; the exit code is 1 if one is not ok.
"""

import argparse
import asyncio
import contextlib
import sys
import time
import traceback
from pathlib import Path

from tests.rigs.discord_checks_asking import ALWAYS, ASKING
from tests.rigs.discord_checks_faults import FAULTS
from tests.rigs.discord_checks_life import LIFE
from tests.rigs.discord_checks_moderators import MODERATORS
from tests.rigs.discord_gateway import FakeDiscord
from tests.rigs.discord_program import shipped
from tests.rigs.discord_stage import Absent, Check, Stage

CHECKS = (*ASKING, *MODERATORS, *FAULTS, *LIFE, *ALWAYS)
LONGEST = 300.0


async def run_checks(stage: Stage, checks: tuple[Check, ...]) -> int:
    """Run `checks` in order, print how each went, and return how many did not hold."""
    failed = 0
    for number, check in enumerate(checks, start=1):
        began, why = time.monotonic(), ""
        try:
            async with asyncio.timeout(LONGEST):
                await stage.begin()
                await check.run(stage)
            verdict = "ok"
        except Absent as absent:
            verdict, why = "skipped", f": {absent}"
        except Exception as error:  # noqa: BLE001 - whatever breaks, the others are run
            verdict, why = "NOT OK", "".join(traceback.format_exception(error, limit=-2))
            why = "\n    | " + why.strip().replace("\n", "\n    | ")
            failed += 1
        took = f"({time.monotonic() - began:.1f} s)"
        sys.stdout.write(f"{verdict} {number} {check.name} {took}{why}\n")
        sys.stdout.flush()
    return failed


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
