"""Keeps a Library that has passed every check, because to read and check it takes seconds.

The key is a hash of all it was made from: the files, and the code that read them. A kept Library
that is missing, damaged or cannot be written costs time and nothing else.
"""

import contextlib
import hashlib
import os
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from bot.config import EMBEDDED_FAQ
from bot.domain import Library

_CODE = Path(__file__).resolve().parent.parent
_MOST_KEPT = 4


def content_key(root: Path) -> str:
    """Return the key of the Library in `root`, or nothing when some file cannot be read."""
    digest = hashlib.sha256(os.fsencode(root))
    try:
        for folder in dict.fromkeys((root, EMBEDDED_FAQ, _CODE)):
            for path in sorted(folder.rglob("*")):
                if path.suffix.lower() in {".yaml", ".yml", ".py"}:
                    content = path.read_bytes()
                    digest.update(b"%b\0%d\0%b" % (os.fsencode(path), len(content), content))
    except OSError:
        return ""
    return digest.hexdigest()[:20]


def load_kept(folder: Path, key: str) -> Library | None:
    """Return the Library kept in `folder` as `key`, or None if there is none that is whole."""
    try:
        digest, _, words = _file(folder, key).read_bytes().partition(b"\n")
        return _form().validate_json(words) if digest == _digest(words) else None
    except (OSError, ValueError):
        return None


def keep_library(folder: Path, key: str, library: Library) -> None:
    """Try to keep `library` in `folder` as `key`, and delete what older content has left."""
    with contextlib.suppress(OSError, ValueError):  # a read-only root, say, or a strange file name
        words = _form().dump_json(library)
        file = _file(folder, key)
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}.json")
        unfinished.write_bytes(_digest(words) + b"\n" + words)
        unfinished.replace(file)
        kept = sorted(folder.glob("library-*.json"), key=lambda path: path.stat().st_mtime)
        for old in kept[:-_MOST_KEPT]:
            old.unlink(missing_ok=True)


def _file(folder: Path, key: str) -> Path:
    return folder / f"library-{key}.json"


def _digest(words: bytes) -> bytes:
    return hashlib.sha256(words).hexdigest().encode()


@cache
def _form() -> TypeAdapter[Library]:
    return TypeAdapter(Library)
