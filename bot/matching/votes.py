"""The vote: every phrasing speaks for its entry with its similarity to the question.

Up to a few thousand phrasings a logistic regression learns how much each one's word counts, which
takes seconds; the result is kept in a file under the hash of all it was computed from. Beyond
that the similarities themselves are pooled.
"""

import contextlib
import hashlib
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
MOST_PHRASINGS = 4_000
_RIDGE = 1 / 30
_STEPS = 150
_LEAST = np.float32(1e-4)
_SHARPNESS = 20
_MOST_KEPT = 10


class Votes:
    """Turns the similarity to every phrasing into a log-probability for every entry.

    Args:
        phrasings: Words of every phrasing.
        owners: Index of the entry each phrasing belongs to, ascending.
        similarities: Gives the similarity of every phrasing to every other, shape (phrasings,
            phrasings); called only if the result is not kept already.
        folder: Where results are kept, or None to keep none.
    """

    def __init__(
        self,
        phrasings: Sequence[Sequence[str]],
        owners: NDArray[np.intp],
        similarities: Callable[[], Floats],
        folder: Path | None,
    ) -> None:
        entries = int(owners[-1]) + 1
        self._starts = np.searchsorted(owners, np.arange(entries))
        self._weights: Floats | None = None
        if len(owners) <= MOST_PHRASINGS:
            key = _key(phrasings, owners)
            self._weights = keep(folder, key, lambda: fit(similarities(), owners, entries))

    def speak(self, similarity: Floats) -> Floats:
        """Return the log-probability of every entry, none far below the others."""
        if self._weights is not None:
            votes = similarity @ self._weights
        else:
            pooled = np.add.reduceat(np.exp(_SHARPNESS * similarity), self._starts)
            votes = np.log(pooled)
        return np.log(np.exp(_log_softmax(votes)) + _LEAST).astype(np.float32)


def keep(folder: Path | None, key: str, compute: Callable[[], Floats]) -> Floats:
    """Return the array kept as `key` in `folder`; compute it, and try to keep it, if it is not.

    A folder that cannot be read or written costs time and nothing else.
    """
    file = folder / f"votes-{key}.npy" if folder else None
    if file is not None:
        try:
            return np.asarray(np.load(file, allow_pickle=False), np.float32)
        except (OSError, ValueError, EOFError):
            pass  # not kept yet, or half written by a program that was stopped
    result = compute()
    if file is not None:
        with contextlib.suppress(OSError):  # a read-only root, say
            _save(file, result)
    return result


def _save(file: Path, result: Floats) -> None:
    """Write `result`, and delete what older content has left."""
    file.parent.mkdir(parents=True, exist_ok=True)
    np.save(file, result, allow_pickle=False)
    kept = sorted(file.parent.glob("votes-*.npy"), key=lambda path: path.stat().st_mtime)
    for old in kept[:-_MOST_KEPT]:
        old.unlink(missing_ok=True)


def _key(phrasings: Sequence[Sequence[str]], owners: NDArray[np.intp]) -> str:
    """Return a hash of the phrasings and of the code that turns them into votes."""
    digest = hashlib.sha256()
    for name in ("features.py", "signals.py", "votes.py"):
        digest.update(Path(__file__).with_name(name).read_bytes())
    digest.update(owners.tobytes())
    digest.update("\n".join(" ".join(words) for words in phrasings).encode())
    return digest.hexdigest()[:20]


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
