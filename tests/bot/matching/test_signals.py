"""The four lexical signals, over phrasings small enough to follow by hand."""

import pytest

from bot.matching.features import content_stems, counted_features
from bot.matching.signals import LEXICAL, Signals

PHRASINGS = [
    ["is", "it", "legal", "in", "canada"],
    ["canada", "law"],
    ["can", "i", "drive", "afterwards"],
    ["driving", "on", "a", "microdose"],
]
OWNERS = [0, 0, 1, 1]


@pytest.fixture
def signals() -> Signals:
    """Signals over two entries: the law in Canada, and driving."""
    return Signals(PHRASINGS, OWNERS, [["canada"], ["driving"]])


@pytest.mark.parametrize(
    ("words", "entry"),
    [(["legal", "canada"], 0), (["drive"], 1), (["drives", "microdose"], 1), (["laws"], 0)],
    ids=["same words", "one word", "other forms of the words", "plural"],
)
def test_all_signals_prefer_the_entry_that_shares_telling_words(
    signals: Signals, words: list[str], entry: int
) -> None:
    """Each signal alone ranks the entry first whose words the question uses."""
    values = signals.score(words).values

    assert values.argmax(axis=1).tolist() == [entry] * len(LEXICAL)


def test_nearest_phrasing_is_the_one_with_the_shared_words(signals: Signals) -> None:
    """The phrasing named in an explanation is the entry's own nearest one."""
    nearest = signals.score(["law", "canada"]).nearest

    assert nearest[0] == 1
    assert nearest[1] in {2, 3}


def test_unknown_words_lower_the_share_of_known_ones(signals: Signals) -> None:
    """Half of the telling words unknown to the content gives a known share of one half."""
    assert signals.score(["canada", "zebra"]).known == pytest.approx(0.5)
    assert signals.score(["the", "of"]).known == 0.0


def test_a_question_of_strange_words_scores_nothing(signals: Signals) -> None:
    """Words that no phrasing uses give no overlap with any entry."""
    assert signals.score(["xyzzy"]).values[0].max() == 0.0


def test_named_things_count_as_words_but_not_as_letters() -> None:
    """An @token is one feature; it lends no character runs to look-alikes."""
    assert list(counted_features(["@ssri"])) == ["@ssri"]
    assert content_stems(["pills", "pill", "@ssri"]) == ["pill", "@ssri"]
