"""The vote: every phrasing speaks for its entry with its similarity to the question.

Up to a few thousand phrasings a logistic regression learns how much each one's word counts, which
takes seconds; the result is kept in a file under the hash of all it was computed from. Beyond
that the similarities themselves are pooled.
"""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.matching.kept import Floats, keep

MOST_PHRASINGS = 6_000
_RIDGE = 1 / 30
_STEPS = 100
_LEAST = np.float32(1e-4)
_SHARPNESS = 20


class Votes:
    """Turns the similarity to every phrasing into a log-probability for every entry.

    Args:
        owners: Index of the entry each phrasing belongs to, ascending.
        similarities: Gives the similarity of every phrasing to every other, shape (phrasings,
            phrasings); called only if the result is not kept already.
        key: Hash of all that the similarities come from.
        folder: Where results are kept, or None to keep none.
    """

    def __init__(
        self,
        owners: NDArray[np.intp],
        similarities: Callable[[], Floats],
        key: str,
        folder: Path | None,
    ) -> None:
        entries = int(owners[-1]) + 1
        self._starts = np.searchsorted(owners, np.arange(entries))
        self._weights: Floats | None = None
        if len(owners) <= MOST_PHRASINGS:
            name = f"votes-{key}"
            self._weights = keep(folder, name, lambda: fit(similarities(), owners, entries))

    def speak(self, similarity: Floats) -> Floats:
        """Return the log-probability of every entry, none far below the others."""
        if self._weights is not None:
            votes = similarity @ self._weights
        else:
            pooled = np.add.reduceat(np.exp(_SHARPNESS * similarity), self._starts)
            votes = np.log(pooled)
        return np.log(np.exp(_log_softmax(votes)) + _LEAST).astype(np.float32)


def fit(kernel: Floats, owners: NDArray[np.intp], entries: int) -> Floats:
    """Fit a multinomial logistic regression in the span of the phrasings.

    Nesterov's accelerated gradient with a fixed number of steps, so that the result is the same
    every time; P(entry | question) = softmax(similarities @ votes).

    Args:
        kernel: Similarity of every phrasing to every other, shape (phrasings, phrasings).
        owners: Index of each phrasing's entry, shape (phrasings,).
        entries: Number of entries.

    Returns:
        The votes, shape (phrasings, entries).
    """
    target = np.zeros((len(owners), entries), np.float32)
    target[np.arange(len(owners)), owners] = 1
    step = 1 / (0.5 * _largest_eigenvalue(kernel) + _RIDGE)
    votes: Floats = np.zeros_like(target)
    ahead, momentum = votes, 1.0
    for _ in range(_STEPS):
        moved = ahead - step * (np.exp(_log_softmax(kernel @ ahead)) - target + _RIDGE * ahead)
        faster = (1 + math.sqrt(1 + 4 * momentum * momentum)) / 2
        ahead = (moved + (momentum - 1) / faster * (moved - votes)).astype(np.float32)
        votes, momentum = moved.astype(np.float32), faster
    return votes


def _largest_eigenvalue(kernel: Floats) -> float:
    vector: Floats = np.ones(len(kernel), np.float32)
    for _ in range(20):
        product = kernel @ vector
        vector = (product / np.linalg.norm(product)).astype(np.float32)
    return float(vector @ (kernel @ vector))


def _log_softmax(values: Floats) -> Floats:
    shifted = values - values.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), np.float32)
