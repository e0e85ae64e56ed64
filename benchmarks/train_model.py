"""Fits the coefficients of `bot/matching/lexical.json`, or of `semantic.json`.

Usage: python -m benchmarks.train_model --data FOLDER [--faq DIR] [--semantic] [--write]

Fitted on public question sets (twenty public ones count as much as the FAQ's own) and on the FAQ
asked by its own left-out phrasings, entries and strays, and by the everyday messages of the
public sets, which it should leave alone. Logistic regression with a small ridge, by Newton's
method (exact to rounding, no random start). Before the final fit each family of sets is
left out once and measured with coefficients it had no part in.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.question_sets import (
    QuestionSet,
    RememberingEncoder,
    SetMatcher,
    everyday_strays,
    leave_out,
    read_sets,
)
from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.domain import Library
from bot.matching.encoder import Encoder
from bot.matching.model import Model, blank_model
from bot.matching.signals import LEXICAL, SEMANTIC

OUT = Path(__file__).parent.parent / "bot" / "matching"
MOST_QUESTIONS = 600
RIDGE = 1e-2
SURE = 0.75
Array = NDArray[np.float64]


def main() -> None:
    """Fit, report and, with --write, store the coefficients."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of question sets")
    parser.add_argument("--faq", type=Path, default=EMBEDDED_FAQ, help="content folder")
    parser.add_argument("--semantic", action="store_true", help="with the sentence encoder")
    parser.add_argument("--write", action="store_true", help="store the coefficients")
    arguments = parser.parse_args()
    encoder = RememberingEncoder() if arguments.semantic else None
    blank = blank_model(SEMANTIC if encoder else LEXICAL)
    library, _ = load_library(arguments.faq)
    collected = [(s.name, collect(s, blank, None, encoder)) for s in read_sets(arguments.data)]
    everyday = [text for s in read_sets(arguments.data, twenty=False) for text, _ in s.test]
    own = [*leave_out(library), *everyday_strays(library, everyday)]
    collected += [(s.name, collect(s, blank, library, encoder)) for s in own]
    for family in sorted({name.split("-")[0].split(" ")[0] for name, _ in collected}):
        rest = fit([rows for name, rows in collected if not name.startswith(family)], blank.signals)
        for name, rows in collected:
            if name.startswith(family):
                print(f"{name:45} {measure(rest, rows)}")
    model = fit([rows for _, rows in collected], blank.signals)
    for name, weight in zip(model.inputs, model.weight, strict=True):
        print(f"{name:15} {weight:+.3f}")
    if arguments.write:
        record = {
            "mean": [round(float(x), 6) for x in model.mean],
            "scale": [round(float(x), 6) for x in model.scale],
            "weight": [round(float(x), 6) for x in model.weight],
            "bias": round(model.bias, 6),
        }  # fmt: skip
        out = OUT / ("semantic.json" if encoder else "lexical.json")
        shipped = json.loads(out.read_text(encoding="utf-8"))
        record = shipped | record  # the thresholds stay until somebody sets them anew
        out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


Rows = list[tuple[Array, Array, bool]]


def collect(
    questions: QuestionSet, blank: Model, library: Library | None, encoder: Encoder | None
) -> Rows:
    """Return, for every question, the candidates' inputs, which is right, and if in scope."""
    prepared = SetMatcher(questions, blank, library, encoder)
    labelled = [*thin(questions.test), *((text, "") for text in thin(questions.out_of_scope))]
    rows: Rows = []
    for text, label in labelled:
        reasons = prepared.explain(text, 99)
        if reasons:
            # A blank model has unit scale and no weight, so the inputs are read off as they are.
            found = np.array([reason.inputs for reason in reasons])
            right = np.array([float(reason.match.entry == label) for reason in reasons])
            rows.append((found, right, bool(label)))
    return rows


def thin(items: Sequence[tuple[str, str]] | Sequence[str]) -> list:  # type: ignore[type-arg]
    """Return at most 600 of `items`, evenly spread."""
    step = max(1, len(items) // MOST_QUESTIONS)
    return list(items[::step])


def fit(sets: Sequence[Rows], signals: tuple[str, ...]) -> Model:
    """Return the ridge logistic regression over all candidates, every set weighing the same."""
    inputs = np.concatenate([found for rows in sets for found, _, _ in rows])
    right = np.concatenate([right for rows in sets for _, right, _ in rows])
    weight = np.concatenate(
        [np.full(len(right), 1 / len(rows)) for rows in sets for _, right, _ in rows]
    )
    mean, scale = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9
    design = np.column_stack([(inputs - mean) / scale, np.ones(len(inputs))])
    beta = np.zeros(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ beta))
        slope = design.T @ (weight * (chance - right)) + RIDGE * beta
        curve = (design * (weight * chance * (1 - chance))[:, None]).T @ design
        beta -= np.linalg.solve(curve + RIDGE * np.eye(len(beta)), slope)
    return Model(signals, mean, scale, beta[:-1], float(beta[-1]))


def measure(model: Model, rows: Rows) -> str:
    """Return recall, and what answering at fixed thresholds would give, as one line."""
    first, third, answered, wrong, false, strays = 0, 0, 0, 0, 0, 0
    for found, right, in_scope in rows:
        chances = model.probability(found)
        order = np.argsort(-chances, kind="stable")
        sure = chances[order[0]] >= SURE
        if in_scope:
            first += int(right[order[0]])
            third += int(right[order[:3]].any())
            answered += int(sure and right[order[0]])
            wrong += int(sure and not right[order[0]])
        else:
            strays += 1
            false += int(sure)
    asked = max(1, len(rows) - strays)
    return (
        f"recall@1 {first / asked:.1%} @3 {third / asked:.1%} "
        f"answered right {answered / asked:.1%} wrong {wrong / asked:.1%} "
        f"out of scope answered {false / max(1, strays):.1%}"
    )


if __name__ == "__main__":
    main()
