"""Time to start: the stages, and how long `handrail chat` takes for its first reply.

Usage: python -m benchmarks.startup [--semantic]

Every start is a fresh process with Python's bytecode in place. On a first start nothing of the
content is kept; on a later one the content is unchanged. Medians of five, by the clock and, in
brackets, of processor time, which other programs on the machine change little.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.stages import run_stages, usual_environment
from benchmarks.timing import find_encoder

RUNS = 5
QUESTION = "lithium and shrooms\n"
# The command as it is, but for the folder in which it keeps what takes seconds to compute.
CHAT = """
import pathlib, sys
from bot import bootstrap, cli
bootstrap.KEPT = pathlib.Path(sys.argv.pop())
cli.main()
"""
Times = tuple[float, float]  # seconds by the clock, seconds of the processor
Run = Callable[[Path], list[Times]]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--semantic", action="store_true", help="with the sentence encoder")
    semantic = parser.parse_args().semantic
    find_encoder(semantic=semantic)  # says so if there is none
    print("| s, median of 5 | imports | content | engine | `chat` to its first reply and out |")
    print("| --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        first_reply(Path(name), semantic)  # compiles, and brings files into memory
        for start, runs in (("first", from_nothing), ("later", from_kept(Path(name)))):
            stages = runs(lambda kept: stage_times(kept, semantic))
            replies = runs(lambda kept: [first_reply(kept, semantic)])
            columns = [*zip(*stages, strict=True), *zip(*replies, strict=True)]
            print(f"| {start} start | {' | '.join(map(median, columns))} |", flush=True)


def median(times: Sequence[Times]) -> str:
    """Return the median by the clock and, in brackets, of processor time."""
    clock, processor = (statistics.median(column) for column in zip(*times, strict=True))
    return f"{clock:.2f} ({processor:.2f})"


def from_nothing(run: Run) -> list[list[Times]]:
    """Return what each run took, with an empty folder each."""
    found = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as name:
            found.append(run(Path(name)))
    return found


def from_kept(kept: Path) -> Callable[[Run], list[list[Times]]]:
    """Return what runs with the same folder every time."""
    return lambda run: [run(kept) for _ in range(RUNS)]


def stage_times(kept: Path, semantic: bool) -> list[Times]:
    """Return what each stage of a fresh process takes."""
    stages = run_stages(kept, semantic=semantic)
    return [(stage.seconds, stage.processor) for stage in stages[1:]]


def first_reply(kept: Path, semantic: bool) -> Times:
    """Return what the console takes from its start to its end, after one question."""
    settings = kept / "config.yaml"
    settings.write_text(f"semantic: {str(semantic).lower()}\n", encoding="utf-8")
    command = [sys.executable, "-c", CHAT, "chat", "--config", str(settings), str(kept)]
    started, worked = time.perf_counter(), processor_time()
    subprocess.run(
        command,
        env=usual_environment(),
        input=QUESTION,
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - started, processor_time() - worked


def processor_time() -> float:
    """Return the seconds of processor time of all processes that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
