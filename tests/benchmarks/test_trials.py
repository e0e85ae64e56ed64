"""What the benchmarks ask: evenly spread, and never what the ranking was told."""

from pathlib import Path

import pytest

from benchmarks.trials import PARTS, own_trials, spread
from bot.domain import Answer, Entry, Library


@pytest.fixture
def library() -> Library:
    """A Library of five entries with six phrasings each, and five strays."""
    entries = {
        key: Entry(
            id=key,
            group="",
            title=key,
            ask=tuple(f"{key} {i}" for i in range(6)),
            answer=Answer(short=""),
        )
        for key in ("law", "drive", "sleep", "mood", "work")
    }
    strays = tuple(f"stray {i}" for i in range(5))
    return Library(Path(), entries, {}, (), {}, strays=strays)


@pytest.mark.parametrize(
    ("items", "most", "expected"),
    [("abc", 5, "abc"), ("abcdef", 3, "ace"), ("abcdefg", 2, "ad"), ("", 3, "")],
)
def test_spread_is_even(items: str, most: int, expected: str) -> None:
    """What is left out is left out all over, not at the end."""
    assert "".join(spread(items, most)) == expected


def test_no_trial_asks_what_it_was_told(library: Library, tmp_path: Path) -> None:
    """Whatever is asked of a part was left out of that part."""
    for trial in own_trials(library, tmp_path):
        told = {ask for asks in trial.questions.phrasings.values() for ask in asks}
        asked = {text for text, _ in trial.inside} | set(trial.outside)
        assert not asked & (told | set(trial.questions.strays))


def test_everything_is_asked_once(library: Library, tmp_path: Path) -> None:
    """The parts together ask every phrasing as a question and as one left without its entry."""
    trials = list(own_trials(library, tmp_path))
    asks = sorted(ask for entry in library.entries.values() for ask in entry.ask)

    assert sorted(text for trial in trials for text, _ in trial.inside) == asks
    strays = [text for trial in trials for text in trial.outside]
    assert sorted(strays) == sorted([*asks, *library.strays])
    assert len(trials) == 2 * PARTS + 1


def test_right_entry_of_a_question_takes_part(library: Library, tmp_path: Path) -> None:
    """Recall of 100 % could be reached."""
    for trial in own_trials(library, tmp_path):
        assert all(right <= trial.questions.phrasings.keys() for _, right in trial.inside)
