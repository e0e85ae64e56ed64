"""Time per question, as a ratio to rapidfuzz's WRatio over the same phrasings in the same run.

Usage: python -m benchmarks.latency [--semantic] [--entries 150 1000 10000]

The first row is this FAQ by the whole path of a message (triage, matching, composing); the others
are generated FAQs of five phrasings an entry by the matcher alone. Seconds alone say more about
the machine than about the program: each question is asked of both, one after the other, so that
what else the machine does slows both.
"""

import argparse
import time
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process

from benchmarks.generated import generate
from benchmarks.timing import build_matcher, find_encoder, quantile
from bot.bootstrap import build_engine
from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.domain import Library, Question
from bot.evaluation import read_cases
from bot.matching.encoder import Encoder

SIZES = (150, 1_000, 10_000)
MOST_COMPARED = 3_000_000  # questions x phrasings: WRatio takes minutes otherwise
MOST_QUESTIONS = 400
FEWEST_QUESTIONS = 60
WARM = 10
HEAD = """\
| FAQ | phrasings | questions | ours p50 | p99 | WRatio p50 | p99 | ratio p50 | p99 |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""


def main() -> None:
    """Print the table, milliseconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--semantic", action="store_true", help="with the sentence encoder")
    parser.add_argument("--entries", type=int, nargs="*", default=SIZES, help="generated FAQs")
    arguments = parser.parse_args()
    encoder = find_encoder(semantic=arguments.semantic)
    library, _ = load_library(EMBEDDED_FAQ)
    print(HEAD)
    own(library, encoder)
    for entries in arguments.entries:
        made(library, entries, encoder)


def own(library: Library, encoder: Encoder | None) -> None:
    """Print the row of this FAQ."""
    cases = [c for path in sorted(EMBEDDED_FAQ.glob("eval/*.jsonl")) for c in read_cases(path)]
    texts = [case.text for case in cases][:: max(1, len(cases) // MOST_QUESTIONS)]
    phrasings = [ask for entry in library.entries.values() for ask in entry.ask]
    responder = build_engine(library, encoder=encoder).responder
    row("this one, whole path", texts, phrasings, lambda text: responder.trace(Question(text)))


def made(library: Library, entries: int, encoder: Encoder | None) -> None:
    """Print the row of a generated FAQ."""
    phrasings, texts = generate(library, entries, MOST_QUESTIONS)
    flat = [ask for asks in phrasings.values() for ask in asks]
    matcher = build_matcher(library, phrasings, encoder)
    asked = max(FEWEST_QUESTIONS, min(len(texts), MOST_COMPARED // len(flat)))
    row(f"{entries:,} entries, matcher", texts[:asked], flat, matcher.explain)


def row(
    name: str, texts: Sequence[str], phrasings: Sequence[str], ask: Callable[[str], object]
) -> None:
    """Time every text on both, and print one row."""
    for text in texts[:WARM]:
        ask(text)
    both = [
        (
            seconds(lambda: ask(text)),  # noqa: B023 - called at once
            seconds(lambda: process.extract(text, phrasings, scorer=fuzz.WRatio)),  # noqa: B023
        )
        for text in texts
    ]
    ours, theirs = ([1000 * pair[side] for pair in both] for side in (0, 1))
    times = [quantile(side, share) for side in (ours, theirs) for share in (0.5, 0.99)]
    cells = [f"{ms:.2f} ms" for ms in times]
    cells += [f"{one / other:.2f}" for one, other in zip(times[:2], times[2:], strict=True)]
    print(f"| {name} | {len(phrasings):,} | {len(texts)} | {' | '.join(cells)} |", flush=True)


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
