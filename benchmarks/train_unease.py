"""Fits the weights of `bot/text/unease.json`.

Usage: python -m benchmarks.train_unease --data FOLDER [--faq DIR] [--write]

Messages about danger are the signs' examples and the labelled ones of the content; ordinary ones
are the phrasings of every answer, the near misses, and the everyday messages of public question
sets. Logistic regression by stochastic gradient descent in a fixed order, so the same messages
always give the same weights. Before the final fit it is measured on folds it had no part in.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.question_sets import read_sets
from bot.bootstrap import known_words
from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.domain import Library
from bot.evaluation import read_cases
from bot.text.normalise import normalise
from bot.text.repair import Repairer
from bot.text.unease import LIGHT, Weights, features, weigh

OUT = Path(__file__).parent.parent / "bot" / "text" / "unease.json"
BODY = {"emergency-medical", "mushroom-poisoning", "child-pet-ingestion", "serotonin-syndrome",
        "drugged-without-consent"}  # fmt: skip
EVERYDAY = 9_000
FOLDS = 5
EPOCHS = 8
RATE = 0.5
SHRINK = 1e-5
# Shares of harmless messages that may be asked about: to ask costs two lines before the answer, not
# to ask may cost a life. Near misses are made to look like danger, hence the second share.
FALSE = 0.003
NEARLY = 0.02
LEAST_WEIGHT = 0.25
SEEN = 3
Message = tuple[tuple[str, ...], ...]
Array = NDArray[np.float64]


def main() -> None:
    """Fit, report and, with --write, store the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of question sets")
    parser.add_argument("--faq", type=Path, default=EMBEDDED_FAQ, help="content folder")
    parser.add_argument("--write", action="store_true", help="store the weights")
    arguments = parser.parse_args()
    library, _ = load_library(arguments.faq)
    repair = Repairer(known_words(library)).repair

    def read(texts: Sequence[str]) -> list[Message]:
        return [tuple(tuple(repair(c)) for c in normalise(text).clauses) for text in texts]

    danger, mind, ordinary = collect(library, arguments.faq)
    everyday = sorted({text for s in read_sets(arguments.data, twenty=False)
                       for text in (*(t for t, _ in s.test), *s.out_of_scope)})  # fmt: skip
    random.Random(1).shuffle(everyday)
    positive, harmless, strays = read(danger), read(ordinary), read(everyday[:EVERYDAY])
    least = measure(positive, harmless, strays)
    weights = fit(positive, [*harmless, *strays])
    minds = fit_mind(positive, mind)
    print(f"{len(weights.danger)} features, asks from {least:.2f}")
    if arguments.write:
        write(Weights(weights.danger, minds.danger, (weights.bias[0], minds.bias[0]), least))


def collect(library: Library, faq: Path) -> tuple[list[str], list[bool], list[str]]:
    """Return messages about danger, whether each is about a mind, and ordinary messages."""
    urgent = {e.id for e in library.entries.values() if e.group == "urgent"}
    danger = {text: s.entry for s in library.signs.signs for text in s.examples}
    ordinary = [a for e in library.entries.values() if e.id not in urgent for a in e.ask]
    ordinary += [text for e in library.entries.values() if e.id in urgent for text in e.near_misses]
    for case in read_cases(faq / "eval" / "urgent.jsonl"):
        if case.kind == "nearmiss":
            ordinary.append(case.text)
        elif case.kind == "urgent":
            danger.setdefault(case.text, min(case.labels))
        elif case.kind == "check":
            danger.setdefault(case.text, next(iter(case.labels), ""))
    kept = [text for text, entry in danger.items() if entry in urgent]
    doubtful = [text for text in danger if text not in set(kept)]
    minds = [danger[text] not in BODY for text in kept] + [True] * len(doubtful)
    return kept + doubtful, minds, ordinary


def measure(
    positive: Sequence[Message], harmless: Sequence[Message], strays: Sequence[Message]
) -> float:
    """Print what folds left out would get, and return the score from which to ask."""
    scores: list[list[float]] = [[], [], []]
    for part in range(FOLDS):
        kept = [[m for i, m in enumerate(group) if i % FOLDS != part]
                for group in (positive, harmless, strays)]  # fmt: skip
        weights = fit(kept[0], [*kept[1], *kept[2]])
        for group, found in zip((positive, harmless, strays), scores, strict=True):
            found += [weigh(m, weights) for m in group[part::FOLDS] if m]
    least = float(np.quantile(scores[2], 1 - FALSE))
    least = max(least, float(np.quantile(scores[1], 1 - NEARLY)))
    for name, found in zip(
        ("danger", "phrasings and near misses", "everyday"), scores, strict=True
    ):
        share = np.mean(np.array(found) >= least)
        print(f"{name:28} {len(found):6} messages, asked about {share:6.1%}")
    return round(least, 3)


def fit(positive: Sequence[Message], negative: Sequence[Message]) -> Weights:
    """Return the weights that tell the two apart."""
    found = [sorted(features(m)) for m in (*positive, *negative)]
    counts = Counter(name for names in found for name in names)
    index = {name: i for i, name in enumerate(n for n, c in sorted(counts.items()) if c >= SEEN)}
    rows = [np.array([index[n] for n in names if n in index], dtype=np.intp) for names in found]
    labels = [1.0] * len(positive) + [0.0] * len(negative)
    weight, bias = descend(rows, labels, len(index))
    return Weights({n: float(weight[i]) for n, i in index.items()}, {}, (bias, 0.0), 0.0)


def fit_mind(positive: Sequence[Message], mind: Sequence[bool]) -> Weights:
    """Return the weights that tell danger from a mind and to a body apart."""
    sides = [[m for m, is_mind in zip(positive, mind, strict=True) if is_mind is side]
             for side in (True, False)]  # fmt: skip
    return fit(sides[0], sides[1])


def descend(
    rows: Sequence[NDArray[np.intp]], labels: Sequence[float], size: int
) -> tuple[Array, float]:
    """Return the weights and the bias after some rounds over `rows`."""
    weight, slopes = np.zeros(size), np.full(size, 1e-6)
    bias, bias_slope = 0.0, 1e-6
    order = list(range(len(rows)))
    for epoch in range(EPOCHS):
        random.Random(epoch).shuffle(order)
        for i in order:
            row = rows[i]
            norm = 1 / np.sqrt(max(LIGHT, len(row)))
            chance = 1 / (1 + np.exp(-(bias + weight[row].sum() * norm)))
            error = (chance - labels[i]) * (3 if labels[i] else 1)
            slope = error * norm + SHRINK * weight[row]
            slopes[row] += slope * slope
            weight[row] -= RATE * slope / np.sqrt(slopes[row])
            bias_slope += error * error
            bias -= RATE * error / np.sqrt(bias_slope)
    return weight, float(bias)


def write(weights: Weights) -> None:
    """Store the weights that matter, one feature a line."""
    kept = {
        name: [round(value, 2), round(weights.mind.get(name, 0.0), 2)]
        for name, value in sorted(weights.danger.items())
        if abs(value) >= LEAST_WEIGHT
    }
    lines = ",\n".join(
        f"  {json.dumps(n, ensure_ascii=False)}: {json.dumps(v)}" for n, v in kept.items()
    )
    head = json.dumps({"least": weights.least, "bias": [round(b, 4) for b in weights.bias]})[:-1]
    OUT.write_text(f'{head}, "weights": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
