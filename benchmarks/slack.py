"""How long members wait on Slack, whether anything is answered twice, and whether anything is lost.

Usage: python -m benchmarks.slack [--semantic] [--json] [speed] [repeats] [breaks]

The real slack-bolt and the whole program, in a process of its own, against the fake Slack of
`tests/rigs` on the loopback address, by socket and over HTTP. Beside it in the same run an app that
always says the same: what it takes is slack-bolt's, the fake's and the machine's, so the ratio to
it says more than milliseconds do.
"""

import argparse
import asyncio
import gc
import json
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks.discord import questions
from benchmarks.slack_bots import MODES, Bot, run_bot
from benchmarks.slack_figures import Fates, Pace, loss_table, pace_tables, to_pace, with_own
from benchmarks.slack_runs import (
    Ask,
    command,
    count_breaks,
    count_repeats,
    mention,
    spent_on,
    take_times,
)
from benchmarks.timing import find_encoder

PARTS = ("speed", "repeats", "breaks")
WARM, ALONE, TOGETHER, AT_ONCE = 50, 300, 600, 20
EVENTS = 1_000


def main() -> None:
    """Print a table for each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--semantic", action="store_true", help="with the sentence encoder")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON instead")
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all by default")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(unknown)}")
    find_encoder(semantic=arguments.semantic)  # says so if there is none
    asyncio.run(measure(arguments))


async def measure(arguments: argparse.Namespace) -> None:
    """Measure and print, one part after the other."""
    semantic, parts = arguments.semantic, arguments.parts or PARTS
    found: dict[str, list[dict[str, object]]] = {}
    if "speed" in parts:
        paces = [pace for mode in MODES for pace in await measure_speed(mode, semantic=semantic)]
        found["speed"] = [asdict(pace) for pace in paces]
        show(pace_tables(paces), arguments)
    for part, count in (("repeats", count_repeats), ("breaks", count_breaks)):
        if part in parts:
            fates: list[Fates] = []
            for mode in MODES:
                async with run_bot("handrail", mode, semantic=semantic) as bot:
                    fates += await count(bot, questions(EVENTS))
            found[part] = [asdict(fate) for fate in fates]
            show(loss_table(fates), arguments)
    if arguments.json:
        print(json.dumps(found, indent=2))


def show(table: str, arguments: argparse.Namespace) -> None:
    """Print a table, unless the figures are printed as JSON at the end."""
    if not arguments.json:
        print(f"{table}\n", flush=True)


async def measure_speed(mode: str, *, semantic: bool) -> list[Pace]:
    """Return the figures of every way to ask, beside the constant app's."""
    async with (
        run_bot("handrail", mode, semantic=semantic, timed=True) as ours,
        run_bot("constant", mode, semantic=False) as other,
    ):
        # The fake's own garbage collection should not be counted as anybody's time.
        gc.collect()
        gc.freeze()
        bots = (ours, other)
        for ask in (command, mention):
            await take_times(bots, ask, questions(WARM))
        alone, together = questions(ALONE), questions(TOGETHER)
        return [
            await pace_of(f"{name}, {mode}, {how}", bots, ask, texts, at_once)
            for name, ask in (("/ask", command), ("mention", mention))
            for how, texts, at_once in (
                ("one by one", alone, 1),
                (f"{AT_ONCE} at once", together, AT_ONCE),
            )
        ]


async def pace_of(
    name: str, bots: tuple[Bot, Bot], ask: Ask, texts: Sequence[str], at_once: int = 1
) -> Pace:
    """Return the figures of one way to ask."""
    own, other = await take_times(bots, ask, texts, at_once)
    return to_pace(name, with_own(own, await spent_on(bots[0], own)), other)


if __name__ == "__main__":
    main()
