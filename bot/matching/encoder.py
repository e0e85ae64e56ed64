"""The sentence encoder of the semantic stage: words to a vector in which like means near.

A small int8 graph of all-MiniLM-L6-v2, built by `deploy/encoder/build.py`, run by onnxruntime on
one thread: the same words give the same vector every time on one machine. Nothing is downloaded.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.kept import Floats

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WIDTH = 384
_GRAPH, _PIECES, _SUMS = "encoder.onnx", "pieces.txt", "SHA256SUMS"
_MOST_PIECES = 62
_LONGEST_WORD = 100  # as in BERT: what is longer is no word
_START, _UNKNOWN, _END = "[CLS]", "[UNK]", "[SEP]"
_INNER = "##"


class EncoderAbsent(Exception):  # noqa: N818 - a state to go on from, not a fault
    """There is no encoder to use; the words say why, and what to do if something can be done."""


class Encoder:
    """Turns words into vectors.

    Args:
        session: The graph, ready to run.
        pieces: The number of every word piece.
        version: What the vectors depend on; the same version gives the same vectors.
    """

    def __init__(
        self, session: "InferenceSession", pieces: Mapping[str, int], version: str
    ) -> None:
        self.session = session
        self.pieces = pieces
        self.version = version

    def encode(self, words: Sequence[str]) -> Floats:
        """Return the vector of `words`, shape (384,), length 1; what is past 62 pieces is cut."""
        inner = [piece for word in words[:_MOST_PIECES] for piece in self._split(word)]
        inner = inner[:_MOST_PIECES]
        ids = [self.pieces[_START], *inner, self.pieces[_END]]
        (vector,) = self.session.run(None, {"ids": np.asarray(ids, np.int64)})
        return np.asarray(vector, np.float32)

    def _split(self, word: str) -> list[int]:
        """Return the longest known pieces of `word` from left to right (WordPiece)."""
        if len(word) > _LONGEST_WORD:
            return [self.pieces[_UNKNOWN]]
        found: list[int] = []
        at = 0
        while at < len(word):
            prefix = _INNER if at else ""
            ends = range(len(word), at, -1)
            end = next((e for e in ends if prefix + word[at:e] in self.pieces), None)
            if end is None:
                return [self.pieces[_UNKNOWN]]
            found.append(self.pieces[prefix + word[at:end]])
            at = end
        return found


def open_encoder(folder: Path) -> Encoder:
    """Return the encoder in `folder`, once its files are the ones that were written.

    Raises:
        EncoderAbsent: It was not built, its files were changed, or onnxruntime is missing.
    """
    if not (folder / _SUMS).is_file():
        raise EncoderAbsent("no sentence encoder is built; `make model` builds it")
    # From version 1.29 on, onnxruntime for Linux reports to its maker unless this is set before it
    # is loaded: it keeps an id of the machine and sends it. pyproject.toml asks for an older one.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime  # noqa: PLC0415 - an extra: the lexical engine is whole without it
    except ImportError:
        raise EncoderAbsent("onnxruntime is not installed; `make model` installs it") from None
    try:
        graph, listing, version = _read_checked(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except EncoderAbsent:
        raise
    except Exception as error:  # noqa: BLE001 - onnxruntime has its own; words alone still serve
        message = f"the encoder in {folder} cannot be used ({type(error).__name__}); `make model`"
        raise EncoderAbsent(f"{message} builds it anew") from None
    pieces = {piece: i for i, piece in enumerate(listing) if piece}
    return Encoder(session, pieces, f"{version} {onnxruntime.__version__}")


def _read_checked(folder: Path) -> tuple[bytes, list[str], str]:
    """Return the graph, the pieces and their version; their checksums hold."""
    rows = [line.split() for line in (folder / _SUMS).read_text(encoding="utf-8").splitlines()]
    sums = {name: digest for digest, name in rows}
    contents = {}
    for name in (_GRAPH, _PIECES):
        path = folder / name
        contents[name] = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(contents[name]).hexdigest() != sums.get(name):
            message = f"{path} is not the file that was built; run `make model` again"
            raise EncoderAbsent(message)
    listing = contents[_PIECES].decode("utf-8").split("\n")
    return contents[_GRAPH], listing, sums[_GRAPH][:16] + sums[_PIECES][:16]
