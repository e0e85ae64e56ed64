"""How long members wait on Discord, whether every question is answered, and memory over time.

Usage: python -m benchmarks.discord [--semantic] [--json] [speed] [lost] [memory]

The real discord.py and the whole program, in a process of its own, against the fake Discord of
`tests/rigs` on the loopback address. Beside it in the same run a bot that always says the same:
what it takes is discord.py's, the fake's and the machine's, so the ratio to it says more than
milliseconds do.
"""

import argparse
import asyncio
import gc
import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks.discord_bots import Bot, run_bot
from benchmarks.discord_figures import (
    Fates,
    Memory,
    Speed,
    loss_table,
    memory_table,
    speed_table,
    to_speed,
)
from benchmarks.discord_runs import (
    Ask,
    ask,
    count_answers,
    half_typed,
    spent_on,
    suggest,
    take_times,
    watch_memory,
    with_own,
)
from benchmarks.timing import find_encoder
from bot.config import EMBEDDED_FAQ
from bot.evaluation import read_cases

PARTS = ("speed", "lost", "memory")
WARM, ALONE, TOGETHER, AT_ONCE = 50, 500, 1_000, 20
ASKED_WHILE_DROPPED = 1_000
LOOKS = (100, 1_000, 5_000, 10_000)


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
        speeds = await measure_speed(semantic=semantic)
        found["speed"] = [asdict(speed) for speed in speeds]
        show(speed_table(speeds), arguments)
    if "lost" in parts:
        fates = await measure_loss(semantic=semantic)
        found["lost"] = [{**asdict(fate), "lost": fate.lost} for fate in fates]
        show(f"{loss_table(fates)}\n\n{outages(fates)}", arguments)
    if "memory" in parts:
        held = await measure_memory(semantic=semantic)
        found["memory"] = [{**asdict(memory), "growth": memory.growth} for memory in held]
        show(memory_table(held), arguments)
    if arguments.json:
        print(json.dumps(found, indent=2))


def show(table: str, arguments: argparse.Namespace) -> None:
    """Print a table, unless the figures are printed as JSON at the end."""
    if not arguments.json:
        print(f"{table}\n", flush=True)


def outages(fates: Sequence[Fates]) -> str:
    """Return how often and how long the bot was without a connection."""
    return (
        f"Connection dropped {fates[0].drops} times; longest without one {fates[0].longest:.1f} s."
    )


async def measure_speed(*, semantic: bool) -> list[Speed]:
    """Return the figures of every way to ask, beside the constant bot's."""
    async with (
        run_bot("handrail", semantic=semantic, timed=True) as ours,
        run_bot("constant", semantic=False) as other,
    ):
        # The fake's own garbage collection should not be counted as anybody's time.
        gc.collect()
        gc.freeze()
        bots = (ours, other)
        texts = questions(WARM)
        await take_times(bots, ask, texts)
        await take_times(bots, suggest, half_typed(texts))
        alone, typed = questions(ALONE), half_typed(questions(ALONE))
        return [
            await speed_of("question, one by one", bots, ask, alone),
            await speed_of(f"question, {AT_ONCE} at once", bots, ask, questions(TOGETHER), AT_ONCE),
            await speed_of("suggestions, one by one", bots, suggest, typed),
        ]


async def speed_of(
    name: str, bots: tuple[Bot, Bot], ask: Ask, texts: Sequence[str], at_once: int = 1
) -> Speed:
    """Return the figures of one way to ask."""
    own, other = await take_times(bots, ask, texts, at_once)
    return to_speed(name, with_own(own, await spent_on(bots[0], own)), other)


async def measure_loss(*, semantic: bool) -> list[Fates]:
    """Return what became of questions while the connection was dropped again and again."""
    async with run_bot("handrail", semantic=semantic) as bot:
        return await count_answers(bot, questions(ASKED_WHILE_DROPPED))


async def measure_memory(*, semantic: bool) -> list[Memory]:
    """Return what this program and the constant bot hold after ever more questions."""
    found = []
    for name, which in (("Handrail", "handrail"), ("constant bot", "constant")):
        async with run_bot(which, semantic=semantic) as bot:
            mixed = which == "handrail"
            held = await watch_memory(bot, questions(), LOOKS, mixed=mixed)
            found.append(Memory(name, held))
    return found


def questions(count: int | None = None) -> list[str]:
    """Return so many of the labelled questions, again from the first when they run out."""
    texts = [case.text for case in read_cases(EMBEDDED_FAQ / "eval" / "dev.jsonl")]
    return texts if count is None else list(itertools.islice(itertools.cycle(texts), count))


if __name__ == "__main__":
    main()
