"""Half words completed from the words of the content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.complete import MOST, Completer

WORDS = ["shroom", "shrooms", "shrooms", "shrooms", "lithium", "lithium", "lithuania", "lit"]
WORDS += ["seizure", "seizures", "seizing", "seize", "é", "été"]


@pytest.fixture
def completer() -> Completer:
    """Return a Completer that knows a few words."""
    return Completer(WORDS)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", []),
        ("sh", ["shrooms", "shroom"]),
        ("shroom", ["shroom", "shrooms"]),
        ("shrooms", ["shrooms"]),
        ("lithi", ["lithium"]),
        ("lit", ["lit", "lithium", "lithuania"]),
        ("can i lithu", ["can i lithuania"]),
        ("lith shr", ["lith shrooms", "lith shroom"]),
        ("seiz", ["seize", "seizing", "seizure"]),
        ("seizure", ["seizure", "seizures"]),
        ("s", ["s"]),
        ("é", ["é"]),
        ("ét", ["été"]),
        ("zebra", ["zebra"]),
        ("~~", ["~~"]),
    ],
)
def test_reads_the_last_word_as_what_it_may_become(
    completer: Completer, typed: str, read: list[str]
) -> None:
    """A known word as it stands, then the most frequent that go on; one letter says too little."""
    assert [" ".join(words) for words in completer.complete(typed.split())] == read


def test_knows_nothing_where_there_is_no_content() -> None:
    """Without words every question is read as it stands."""
    assert Completer([]).complete(["lith"]) == [("lith",)]


LETTERS = st.text("abc", min_size=1, max_size=4)


@given(st.lists(LETTERS, max_size=30), st.lists(LETTERS, max_size=4))
def test_what_is_read_begins_with_what_was_typed(known: list[str], typed: list[str]) -> None:
    """Few ways, each once, each a known word unless there is none, and never a word less."""
    ways = Completer(known).complete(typed)

    assert (len(ways) > 0) == (len(typed) > 0)
    assert len(set(ways)) == len(ways) <= MOST
    for *before, last in ways:
        assert before == typed[:-1]
        assert last.startswith(typed[-1])
        assert last in known or last == typed[-1]
