"""Memory of a fresh process, stage by stage: what it holds at the end of each, and held at most.

Usage: python -m benchmarks.memory [--semantic] [--entries 10000]
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.stages import Stage, run_stages

SIZES = (10_000,)
QUESTIONS = 1_000


def main() -> None:
    """Print one table: this FAQ on its first and on a later start, then generated ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--semantic", action="store_true", help="with the sentence encoder")
    parser.add_argument("--entries", type=int, nargs="*", default=SIZES, help="generated FAQs")
    arguments = parser.parse_args()
    print("| MB now (most until then) | imports | content | engine | 1,000 questions |")
    print("| --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        kept = Path(name)
        for start in ("first start", "later start"):
            stages = run_stages(kept, semantic=arguments.semantic, questions=QUESTIONS)
            print(row(f"this FAQ, {start}", stages), flush=True)
        for size in arguments.entries:
            stages = run_stages(
                kept, semantic=arguments.semantic, entries=size, questions=QUESTIONS
            )
            print(row(f"{size:,} generated entries", stages), flush=True)


def row(name: str, stages: list[Stage]) -> str:
    """Return one row of the table."""
    shown = [stage for stage in stages if stage.name != "Python alone"]
    cells = [f"{stage.resident:.0f} ({stage.peak:.0f})" for stage in shown]
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
