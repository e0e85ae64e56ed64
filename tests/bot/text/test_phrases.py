"""Known phrases in a row of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.phrases import Found, PhraseFinder

FINDER = PhraseFinder(
    [
        (("st", "johns", "wort"), "herb"),
        (("johns",), "name"),
        (("blood", "pressure"), "condition"),
        (("blood", "pressure", "pills"), "medicine"),
        (("blood",), "blood"),
        (("acid",), "first"),
        (("acid",), "second"),
        ((), "nothing"),
    ]
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", []),
        ("no such thing here", []),
        ("acid", [("first", 0, 1)]),
        ("my blood pressure", [("condition", 1, 3)]),
        ("my blood pressure pills", [("medicine", 1, 4)]),
        ("blood and pressure", [("blood", 0, 1)]),
        ("st johns wort", [("herb", 0, 3)]),
        ("st johns", [("name", 1, 2)]),
        ("blood blood pressure", [("blood", 0, 1), ("condition", 1, 3)]),
        ("acid acid", [("first", 0, 1), ("first", 1, 2)]),
        ("blood pressure pills acid", [("medicine", 0, 3), ("first", 3, 4)]),
    ],
)
def test_finds_the_longest_phrase_at_each_place(
    words: str, found: list[tuple[str, int, int]]
) -> None:
    """Longest first, left to right, the first of two equal phrases, never a part of a word."""
    assert list(FINDER.find(words.split())) == [Found(*one) for one in found]


@given(st.lists(st.sampled_from(["blood", "pressure", "pills", "st", "johns", "wort", "x"])))
def test_phrases_never_overlap(words: list[str]) -> None:
    """Every phrase begins behind the one before it, within the words."""
    end = 0
    for found in FINDER.find(words):
        assert end <= found.start < found.end <= len(words)
        end = found.end
