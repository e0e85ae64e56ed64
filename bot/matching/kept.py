"""Keeps arrays that take seconds to compute, in files named by a hash of all they come from."""

import contextlib
import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_HERE = Path(__file__).parent
_CODE = sorted([*_HERE.glob("*.py"), *_HERE.parent.joinpath("text").glob("*.py")])
_MOST_KEPT = 10


def keep(folder: Path | None, name: str, compute: Callable[[], Floats]) -> Floats:
    """Return the array kept as `name` in `folder`; compute it, and try to keep it, if it is not.

    A folder that cannot be read or written costs time and nothing else.

    Args:
        folder: The folder, or None to keep nothing.
        name: What it is and, after the last hyphen, the hash of what it comes from.
        compute: Computes it.
    """
    file = folder / f"{name}.npy" if folder else None
    if file is not None:
        try:
            return np.asarray(np.load(file, allow_pickle=False), np.float32)
        except (OSError, ValueError, EOFError, BadZipFile):
            pass  # not kept yet, or half written by a program that was stopped
    result = compute()
    if file is not None:
        with contextlib.suppress(OSError):  # a read-only root, say
            _save(file, result)
    return result


def hash_of(*parts: bytes) -> str:
    """Return a hash of `parts` and of the code that turns them into numbers."""
    digest = hashlib.sha256()
    for path in _CODE:
        digest.update(path.read_bytes())
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:20]


def words_of(phrasings: Sequence[Sequence[str]]) -> bytes:
    """Return all words of all phrasings as bytes, for `hash_of`."""
    return "\n".join(" ".join(words) for words in phrasings).encode()


def _save(file: Path, result: Floats) -> None:
    """Write `result`, and delete what older content has left."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}.npy")
    np.save(unfinished, result, allow_pickle=False)
    unfinished.replace(file)
    kind = file.name.partition("-")[0]
    kept = sorted(file.parent.glob(f"{kind}-*.npy"), key=lambda path: path.stat().st_mtime)
    for old in kept[:-_MOST_KEPT]:
        old.unlink(missing_ok=True)
