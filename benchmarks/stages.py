"""Starts a fresh process that walks through the stages of a start and reports each.

`benchmarks.memory` and `benchmarks.startup` call `run_stages`. The process itself is
`python -m benchmarks.stages FOLDER ...`; it imports nothing before the clock runs but what reports.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain import Library

_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage took.

    Attributes:
        seconds: How long it took by the clock.
        processor: How much processor time it took, in seconds.
        resident: Memory of the process at its end, in MB; 0 where /proc is missing.
        peak: The most that the process has held until then, in MB.
    """

    name: str
    seconds: float
    processor: float
    resident: float
    peak: float


def run_stages(
    folder: Path, *, semantic: bool, entries: int = 0, questions: int = 0
) -> list[Stage]:
    """Return the stages of a fresh process.

    Args:
        folder: Where it keeps what takes seconds to compute.
        semantic: With the sentence encoder.
        entries: Size of a generated FAQ; 0 is this FAQ.
        questions: How many questions it is asked at the end.
    """
    command = [sys.executable, "-m", "benchmarks.stages", str(folder)]
    command += [f"--entries={entries}", f"--questions={questions}", *["--semantic"] * semantic]
    found = subprocess.run(command, env=usual_environment(), stdout=subprocess.PIPE, check=True)
    return [Stage(**json.loads(line)) for line in found.stdout.splitlines()]


def usual_environment() -> dict[str, str]:
    """Return this environment with what a program usually runs under: bytecode is kept."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def main() -> None:
    """Walk through the stages, and report each as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--semantic", action="store_true")
    parser.add_argument("--entries", type=int, default=0)
    parser.add_argument("--questions", type=int, default=0)
    arguments = parser.parse_args()
    started, worked = time.perf_counter(), time.process_time()
    for name in _walk(arguments):
        took = time.perf_counter() - started, time.process_time() - worked
        print(json.dumps(asdict(Stage(name, *took, *_memory()))), flush=True)
        started, worked = time.perf_counter(), time.process_time()


def _walk(arguments: argparse.Namespace) -> Iterator[str]:
    """Yield the name of every stage when it is over."""
    yield "Python alone"
    from bot import bootstrap  # noqa: PLC0415 - importing is one of the stages
    from bot.config import EMBEDDED_FAQ  # noqa: PLC0415

    yield "imports"
    bootstrap.KEPT = arguments.folder
    library = bootstrap.load_content(EMBEDDED_FAQ)
    yield "content"
    if arguments.entries:
        ask, texts = _generated(library, arguments)
    else:
        ask, texts = _own(library, arguments)
    yield "engine"
    if arguments.questions:
        for text in itertools.islice(itertools.cycle(texts), arguments.questions):
            ask(text)
        yield f"{arguments.questions:,} questions"


def _own(
    library: "Library", arguments: argparse.Namespace
) -> tuple[Callable[[str], object], list[str]]:
    """Return the whole path of a message in this FAQ, and labelled questions."""
    from benchmarks.timing import find_encoder  # noqa: PLC0415
    from bot.bootstrap import build_engine  # noqa: PLC0415
    from bot.config import EMBEDDED_FAQ  # noqa: PLC0415
    from bot.domain import Question  # noqa: PLC0415
    from bot.evaluation import read_cases  # noqa: PLC0415

    encoder = find_encoder(semantic=arguments.semantic)
    responder = build_engine(library, encoder=encoder).responder
    paths = sorted(EMBEDDED_FAQ.glob("eval/*.jsonl"))
    texts = [case.text for path in paths for case in read_cases(path)]
    return lambda text: responder.trace(Question(text)), texts


def _generated(
    library: "Library", arguments: argparse.Namespace
) -> tuple[Callable[[str], object], list[str]]:
    """Return the matcher over a generated FAQ, and generated questions."""
    from benchmarks.generated import generate  # noqa: PLC0415
    from benchmarks.timing import build_matcher, find_encoder  # noqa: PLC0415

    phrasings, texts = generate(library, arguments.entries, max(1, arguments.questions))
    return build_matcher(
        library, phrasings, find_encoder(semantic=arguments.semantic)
    ).explain, texts


def _memory() -> tuple[float, float]:
    """Return the resident memory of this process in MB: now, and the most there was."""
    if not _STATUS.exists():
        return 0.0, 0.0
    rows = (line.split() for line in _STATUS.read_text(encoding="utf-8").splitlines())
    sizes = {row[0]: int(row[1]) / 1024 for row in rows if row[0] in {"VmRSS:", "VmHWM:"}}
    return sizes["VmRSS:"], sizes["VmHWM:"]


if __name__ == "__main__":
    main()
