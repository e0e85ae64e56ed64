"""What the content amounts to: entries, sources, traceability, reading level, length, recall.

Usage: python -m benchmarks.content [--faq DIR]
"""

import argparse
import statistics
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.question_sets import SetMatcher, leave_out
from bot.bootstrap import read_content
from bot.compose import Composer, to_text
from bot.config import EMBEDDED_FAQ
from bot.content.wording import reading_grade
from bot.domain import Entry, Library
from bot.matching.model import load_model


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faq", type=Path, default=EMBEDDED_FAQ, help="content folder")
    library, problems = read_content(parser.parse_args().faq)
    entries = list(library.entries.values())
    groups = Counter(entry.group for entry in entries)
    print(f"entries                  {len(entries)} ({dict(sorted(groups.items()))})")
    print(f"problems                 {Counter(p.level for p in problems) or 'none'}")
    cited = [len(entry.answer.sources) for entry in entries if entry.answer.sources]
    print(f"sources per entry        median {statistics.median(cited)}, most {max(cited)}")
    asks = [len(entry.ask) for entry in entries if entry.ask]
    print(f"phrasings per entry      median {statistics.median(asks)}, fewest {min(asks)}")
    grades = sorted(reading_grade(words(entry)) for entry in entries)
    middle, upper = quantile(grades, 0.5), quantile(grades, 0.9)
    print(f"reading grade            median {middle:.1f}, p90 {upper:.1f}")
    lengths = sorted(longest(library))
    print(f"characters as shown      median {lengths[len(lengths) // 2]}, most {lengths[-1]}")
    first, third, asked = recall(library)
    print(
        f"own phrasings, left out by fifths: recall@1 {first / asked:.1%}, @3 {third / asked:.1%}"
    )


def words(entry: Entry) -> str:
    """Return the words of the answer."""
    return "\n".join([entry.answer.short, *(s.text for s in entry.answer.details)])


def longest(library: Library) -> list[int]:
    """Return every entry's length as shown, with the longest help lines of any country."""
    composer = Composer(library, lambda: date.max)
    countries = {resource.country for resource in library.resources}
    shown = [entry for entry in library.entries.values() if entry.group != "urgent"]
    return [
        max(len(to_text(composer.answer(e, c), choice_lines=[])) for c in countries) for e in shown
    ]


def recall(library: Library) -> tuple[int, int, int]:
    """Return how many left-out phrasings rank their entry first, in the first three, of all."""
    first = third = asked = 0
    for part in leave_out(library):
        matcher = SetMatcher(part, load_model(), library) if part.test else None
        for text, entry in part.test if matcher else ():
            ranked = [reason.match.entry for reason in matcher.explain(text, 3)] if matcher else []
            asked += 1
            first += int(ranked[:1] == [entry])
            third += int(entry in ranked)
    return first, third, asked


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the sorted values lie."""
    return values[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    main()
