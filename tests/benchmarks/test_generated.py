"""The generated FAQs of the benchmarks: any size, and the same every time."""

from pathlib import Path

import pytest

from benchmarks.generated import PHRASINGS, generate
from bot.domain import Answer, Entry, Library


@pytest.fixture
def library() -> Library:
    """A Library of two entries with two phrasings each."""
    asks = {"law": ("is it legal in canada", "canada law"), "drive": ("can i drive", "driving")}
    entries = {
        key: Entry(id=key, group="", title=key, ask=ask, answer=Answer(short=""))
        for key, ask in asks.items()
    }
    return Library(Path(), entries, {}, (), {})


def test_same_seed_gives_the_same_faq(library: Library) -> None:
    """Two runs of a benchmark measure the same."""
    assert generate(library, 20, 5) == generate(library, 20, 5)
    assert generate(library, 20, 5) != generate(library, 20, 5, seed=1)


def test_generated_phrasings_use_known_words_only(library: Library) -> None:
    """Their words are those of the real phrasings, and there are as many as were asked for."""
    phrasings, questions = generate(library, 20, 5)

    known = {
        word for entry in library.entries.values() for ask in entry.ask for word in ask.split()
    }
    assert {len(asks) for asks in phrasings.values()} == {PHRASINGS}
    assert (len(phrasings), len(questions)) == (20, 5)
    texts = [*questions, *(ask for asks in phrasings.values() for ask in asks)]
    assert all(text and set(text.split()) <= known for text in texts)
