"""The sentence encoder: its pieces, its files, and what happens when there is none."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.bootstrap import ENCODER
from bot.matching.encoder import WIDTH, Encoder, EncoderAbsent, open_encoder

PIECES = {p: i for i, p in enumerate(["[CLS]", "[SEP]", "[UNK]", "micro", "##dos", "##ing", "lsd"])}


class FakeSession:
    """Stands in for onnxruntime: remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def run(self, names: object, feeds: dict[str, Any]) -> list[Any]:
        """Return a vector of length 1."""
        assert names is None
        self.asked.append(feeds["ids"].tolist())
        return [np.eye(1, WIDTH, dtype=np.float32)[0]]


def asked(*words: str) -> list[str]:
    """Return the pieces that the graph is asked about."""
    session = FakeSession()
    Encoder(session, PIECES, "1").encode(words)
    return [list(PIECES)[i] for i in session.asked[0]]


def test_words_are_cut_into_the_longest_known_pieces() -> None:
    """An unknown word is made of known pieces, as the network learnt it."""
    assert asked("microdosing", "lsd") == ["[CLS]", "micro", "##dos", "##ing", "lsd", "[SEP]"]


def test_a_word_without_known_pieces_is_one_unknown_piece() -> None:
    """Half of a strange word must not be taken for a word of its own."""
    assert asked("microxyz") == ["[CLS]", "[UNK]", "[SEP]"]


def test_a_very_long_question_is_cut_to_what_the_graph_takes() -> None:
    """The graph has places for 64 pieces, its own two included."""
    assert len(asked(*["lsd"] * 500)) == 64


def test_no_words_are_no_error() -> None:
    """A message of signs alone has a vector like any other."""
    assert asked() == ["[CLS]", "[SEP]"]


def test_an_encoder_that_was_never_built_says_how_to_build_it(tmp_path: Path) -> None:
    """Without one the program goes on from words alone."""
    with pytest.raises(EncoderAbsent, match="`make model` builds it"):
        open_encoder(tmp_path)


@pytest.mark.parametrize("changed", ["encoder.onnx", "pieces.txt"])
def test_a_changed_file_is_never_run(tmp_path: Path, changed: str) -> None:
    """Checksums are compared before anything is loaded, so that half a file is never run."""
    pytest.importorskip("onnxruntime")
    for name in ("encoder.onnx", "pieces.txt"):
        (tmp_path / name).write_bytes(b"whole")
    sums = [f"{hashlib.sha256(b'whole').hexdigest()}  {n}" for n in ("encoder.onnx", "pieces.txt")]
    (tmp_path / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    (tmp_path / changed).write_bytes(b"half")

    with pytest.raises(EncoderAbsent, match=f"{changed} is not the file that was built"):
        open_encoder(tmp_path)


@pytest.mark.parametrize("sums", ["\n", "lonely\n", "\xff", "a  b  c\n"])
def test_a_damaged_list_of_checksums_leaves_words_alone(tmp_path: Path, sums: str) -> None:
    """Whatever is wrong with the encoder, the program goes on without it."""
    pytest.importorskip("onnxruntime")
    (tmp_path / "SHA256SUMS").write_bytes(sums.encode("latin-1"))

    with pytest.raises(EncoderAbsent, match="make model"):
        open_encoder(tmp_path)


def test_a_graph_that_cannot_be_run_leaves_words_alone(tmp_path: Path) -> None:
    """Another version of onnxruntime may refuse what an older one took."""
    pytest.importorskip("onnxruntime")
    for name in ("encoder.onnx", "pieces.txt"):
        (tmp_path / name).write_bytes(b"no graph")
    digest = hashlib.sha256(b"no graph").hexdigest()
    sums = f"{digest}  encoder.onnx\n{digest}  pieces.txt\n"
    (tmp_path / "SHA256SUMS").write_text(sums, encoding="utf-8")

    with pytest.raises(EncoderAbsent, match="cannot be used"):
        open_encoder(tmp_path)


def test_one_endless_word_is_one_unknown_piece() -> None:
    """Cutting a word takes time that grows with its length, and nobody means such a word."""
    assert asked("micro" * 8_000) == ["[CLS]", "[UNK]", "[SEP]"]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """Return the built encoder; `make model` builds it."""
    try:
        return open_encoder(ENCODER)
    except EncoderAbsent as absent:
        pytest.skip(str(absent))


def test_like_meaning_is_near_without_a_word_in_common(encoder: Encoder) -> None:
    """This is what the encoder is for."""
    question = encoder.encode(["is", "it", "against", "the", "law"])

    near = encoder.encode(["can", "i", "get", "arrested", "for", "having", "some"])
    far = encoder.encode(["my", "laptop", "is", "slow", "today"])

    assert question @ near > question @ far + 0.1


def test_vectors_have_length_one_and_are_the_same_every_time(encoder: Encoder) -> None:
    """Cosines are products, and a reply does not depend on chance."""
    first, second = (encoder.encode(["lithium"]) for _ in range(2))

    assert first.shape == (WIDTH,)
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-4)
    assert np.array_equal(first, second)


def test_the_runtime_leaves_nothing_behind_and_calls_nobody(
    encoder: Encoder, tmp_path: Path
) -> None:
    """Some versions of onnxruntime keep an id of the machine and send it to their maker."""
    del encoder  # only there to skip when none is built
    script = (
        "from bot.bootstrap import ENCODER\n"
        "from bot.matching.encoder import open_encoder\n"
        "open_encoder(ENCODER).encode(['lithium'])\n"
    )
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    kept = {key: value for key, value in os.environ.items() if key not in {"CI", *home}}

    done = subprocess.run(
        [sys.executable, "-c", script], env={**kept, **home}, capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert list(tmp_path.rglob("*")) == []
