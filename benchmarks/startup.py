"""Time to start: the stages, and how long `handrail chat` takes for its first reply.

Usage: python -m benchmarks.startup [--semantic]

Every start is a fresh process with Python's bytecode in place. On a first start nothing of the
content is kept; on a later one the content is unchanged. Medians of five.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
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
Run = Callable[[Path], list[float]]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--semantic", action="store_true", help="with the sentence encoder")
    semantic = parser.parse_args().semantic
    find_encoder(semantic=semantic)  # says so if there is none
    print("| s, median of 5 | imports | content | engine | `chat` to its first reply and out |")
    print("| --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        first_reply(Path(name), semantic=semantic)  # compiles, and brings files into memory
        for start, runs in (("first", from_nothing), ("later", from_kept(Path(name)))):
            stages = runs(lambda kept: [s.seconds for s in run_stages(kept, semantic=semantic)])
            replies = runs(lambda kept: [first_reply(kept, semantic=semantic)])
            medians = [statistics.median(column) for column in zip(*stages, strict=True)]
            cells = [*medians[1:], statistics.median(reply for (reply,) in replies)]
            print(f"| {start} start | {' | '.join(f'{cell:.2f}' for cell in cells)} |", flush=True)


def from_nothing(run: Run) -> list[list[float]]:
    """Return what each run took, with an empty folder each."""
    found = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as name:
            found.append(run(Path(name)))
    return found


def from_kept(kept: Path) -> Callable[[Run], list[list[float]]]:
    """Return what runs with the same folder every time."""
    return lambda run: [run(kept) for _ in range(RUNS)]


def first_reply(kept: Path, *, semantic: bool) -> float:
    """Return the seconds from starting the console to its end, after one question."""
    settings = kept / "config.yaml"
    settings.write_text(f"semantic: {str(semantic).lower()}\n", encoding="utf-8")
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", CHAT, "chat", "--config", str(settings), str(kept)],
        env=usual_environment(),
        input=QUESTION,
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
