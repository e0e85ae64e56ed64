"""The engine beside other ways to rank, on this FAQ and on public question sets.

Usage: python -m benchmarks.matching [--data FOLDER] [--semantic] [--faq DIR] [--plot FILE]

Prints one table for each set, and with --plot draws the picture of docs/benchmarks.md. What the
columns mean stands there.
"""

import argparse
import time
from pathlib import Path

from benchmarks.picture import RATES, draw
from benchmarks.question_sets import RememberingEncoder
from benchmarks.rivals import bm25, minilm, tf_idf, token_set_ratio, wratio
from benchmarks.summary import Results, group, mean_curve, table
from benchmarks.trials import MOST, own_trials, public_trials
from benchmarks.trying import Rival, Tried, try_engine, try_rival
from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.matching.encoder import Encoder, EncoderAbsent
from bot.matching.signals import LEXICAL, SEMANTIC


def main() -> None:
    """Print every table, and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of public question sets")
    parser.add_argument("--semantic", action="store_true", help="with the sentence encoder too")
    parser.add_argument("--faq", type=Path, default=EMBEDDED_FAQ, help="content folder")
    parser.add_argument("--plot", type=Path, help="draw the picture into this file")
    arguments = parser.parse_args()
    started = time.perf_counter()
    try:
        encoder = RememberingEncoder() if arguments.semantic else None
    except EncoderAbsent as absent:
        raise SystemExit(f"--semantic: {absent}") from None
    results = compare(arguments.faq, arguments.data, encoder)
    groups = group(results)
    for shown in groups:
        head = f"{shown.title} ({shown.questions} questions, {shown.strays} out of scope)"
        print(f"\n### {head}\n\n{table(results, shown)}")
    if arguments.plot:
        panels = {
            shown.title: {name: mean_curve(r, shown, RATES) for name, r in results.items()}
            for shown in groups
            if shown.own or len(shown.sets) > 1
        }
        draw(arguments.plot, panels, list(results))
    print(
        f"\nAt most {MOST} questions and {MOST} out-of-scope messages of each set, evenly spread; "
        f"public sets with 5 phrasings an entry; {time.perf_counter() - started:.0f} s."
    )


def compare(faq: Path, data: Path | None, encoder: Encoder | None) -> Results:
    """Return what every method got on every Trial."""
    library, _ = load_library(faq)
    trials = [*own_trials(library, faq), *(public_trials(data) if data else ())]
    ours: dict[str, tuple[tuple[str, ...], Encoder | None]] = {}
    ours["Handrail, lexical"] = (LEXICAL, None)
    rivals: dict[str, Rival] = {"TF-IDF": tf_idf, "BM25": bm25}
    rivals |= {"token_set_ratio": token_set_ratio, "WRatio": wratio}
    if encoder:
        ours = {"Handrail, semantic": (SEMANTIC, encoder)} | ours
        rivals = {"MiniLM cosine": minilm(encoder)} | rivals
    results: dict[str, list[Tried]] = {}
    for name, (signals, own) in ours.items():
        results[name] = try_engine(trials, signals, own)
    for name, rival in rivals.items():
        results[name] = [try_rival(rival, trial) for trial in trials]
    return results


if __name__ == "__main__":
    main()
