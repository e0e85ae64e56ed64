"""The typos of the benchmarks: few, near, and the same every time."""

import pytest
from rapidfuzz.distance import OSA

from benchmarks.noise import mistype

QUESTIONS = [
    "can i microdose while on lithium",
    "Does microdosing help with depression?",
    "is it legal in the netherlands",
    "my doctor does not know, should i tell them",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_same_question_gets_the_same_typos(question: str) -> None:
    """Two runs of a benchmark ask the same, and another seed asks something else."""
    assert mistype(question) == mistype(question)
    assert len({mistype(question, seed=seed) for seed in range(20)}) > 1


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("words", [0, 1, 2])
def test_one_slip_in_each_of_so_many_words(question: str, words: int) -> None:
    """Every slip is one edit, so as many words as asked for differ by one each."""
    for seed in range(50):
        pairs = zip(question.split(), mistype(question, words, seed).split(), strict=True)
        edits = [OSA.distance(one, other) for one, other in pairs]
        assert sorted(edits, reverse=True)[:3] == [1] * words + [0] * (3 - words)


def test_short_words_are_left_alone() -> None:
    """A slip in "on" or "i" makes another word, which no repair can undo."""
    assert mistype("can i go on it") == "can i go on it"


def test_first_letters_stay() -> None:
    """People seldom miss the first letter."""
    for seed in range(100):
        typed = mistype("microdosing", 1, seed)
        assert typed != "microdosing"
        assert typed[0] == "m"
