"""The vote of all phrasings, learnt or pooled, and how it is kept."""

import os
from pathlib import Path

import numpy as np
import pytest

from bot.matching import votes
from bot.matching.kept import Floats, keep
from bot.matching.votes import Votes, fit

OWNERS = np.array([0, 0, 1, 1], dtype=np.intp)
KERNEL = (np.eye(4) + 0.1).astype(np.float32)


def similarities() -> Floats:
    """Give a kernel in which every phrasing resembles itself most."""
    return KERNEL


def never() -> Floats:
    """Fail the test if something is computed that should have been kept."""
    pytest.fail("computed again")


def test_fit_is_the_same_every_time() -> None:
    """There is no random part: two fits agree to the last bit."""
    assert np.array_equal(fit(KERNEL, OWNERS, 2), fit(KERNEL, OWNERS, 2))


@pytest.mark.parametrize("most", [4_000, 0], ids=["learnt", "pooled"])
def test_the_entry_with_the_nearest_phrasing_wins_the_vote(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Learnt or pooled, the entry whose phrasing is most similar gets the highest probability."""
    monkeypatch.setattr(votes, "MOST_PHRASINGS", most)

    spoken = Votes(OWNERS, similarities, "key", None).speak(np.array([0.1, 0, 0.9, 0.2], "f4"))

    assert spoken.argmax() == 1
    assert np.exp(spoken).sum() == pytest.approx(1, abs=0.01)


def test_what_was_computed_is_kept_for_the_next_start(tmp_path: Path) -> None:
    """The second start with the same phrasings reads the votes and computes nothing."""
    Votes(OWNERS, similarities, "key", tmp_path / "kept")

    again = Votes(OWNERS, never, "key", tmp_path / "kept")

    assert again.speak(KERNEL[2]).argmax() == 1


def test_other_phrasings_are_computed_anew(tmp_path: Path) -> None:
    """Kept votes are never used for content they were not computed from."""
    Votes(OWNERS, similarities, "key", tmp_path)

    with pytest.raises(pytest.fail.Exception, match="computed again"):
        Votes(OWNERS, never, "another key", tmp_path)


def test_a_broken_file_is_computed_over(tmp_path: Path) -> None:
    """Half a file, left by a program that was stopped, costs time and nothing else."""
    (tmp_path / "votes-x.npy").write_bytes(b"half")

    assert keep(tmp_path, "votes-x", similarities) is KERNEL
    assert np.array_equal(keep(tmp_path, "votes-x", never), KERNEL)


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """A read-only root keeps nothing and works."""
    (tmp_path / "file").write_text("not a folder")

    assert keep(tmp_path / "file", "x", similarities) is KERNEL


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    """Content that changes every day must not fill the disk."""
    for i in range(15):
        keep(tmp_path, f"votes-{i}", similarities)
        os.utime(tmp_path / f"votes-{i}.npy", (i, i))

    assert len(list(tmp_path.iterdir())) == 10
    assert np.array_equal(keep(tmp_path, "votes-14", never), KERNEL)
