"""Start-up time, memory and time per question of the shipped program.

Usage: python -m benchmarks.running [QUESTIONS.jsonl]

Each figure comes from a fresh process on one core's worth of work. Times per question stand beside
rapidfuzz's WRatio over the same phrasings, measured in the same run, because seconds alone say more
about the machine than about the program.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.bootstrap import build_engine, load_content
from bot.config import EMBEDDED_FAQ
from bot.domain import Question

QUESTIONS = EMBEDDED_FAQ / "eval" / "dev.jsonl"
RUNS = 5


def main() -> None:
    """Print every figure."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    first = statistics.median(first_reply() for _ in range(RUNS))
    print(f"start to first reply        {first:6.2f} s   (chat, median of {RUNS})")
    started = time.perf_counter()
    library = load_content(EMBEDDED_FAQ)
    loaded = time.perf_counter()
    engine = build_engine(library)
    print(
        f"content loaded and checked  {loaded - started:6.2f} s   ({len(library.entries)} entries)"
    )
    print(f"engine built                {time.perf_counter() - loaded:6.2f} s")
    ours = timed(texts, lambda text: engine.responder.trace(Question(text)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    phrasings = [ask for entry in library.entries.values() for ask in entry.ask]
    theirs = timed(texts, lambda text: process.extract(text, phrasings, scorer=fuzz.WRatio))
    print(f"memory at its peak          {peak:6.0f} MB")
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        one, other = quantile(ours, share), quantile(theirs, share)
        print(
            f"question {name}                {one * 1000:6.2f} ms  "
            f"({one / other:.2f} of WRatio's {other * 1000:.2f} ms over {len(phrasings)} phrasings)"
        )


def first_reply() -> float:
    """Return the seconds from starting the console to its whole first reply."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        input="lithium and shrooms\n",
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - started


def timed(texts: list[str], ask: Callable[[str], object]) -> list[float]:
    """Return the seconds that each text took."""
    seconds = []
    for text in texts:
        started = time.perf_counter()
        ask(text)
        seconds.append(time.perf_counter() - started)
    return seconds


def quantile(values: list[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    main()
