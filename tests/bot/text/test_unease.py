"""Weighing the words of a message in which no sign of danger stands."""

import time

import pytest

from bot.text.unease import Weights, features, feel, load_weights, score, weigh

FEW = Weights({"drowning": 9.0, "tired": 1.0}, {"drowning": -2.0}, (-1.0, 0.0), 0.0)


def clauses(*sentences: str) -> list[list[str]]:
    """Return sentences as words."""
    return [sentence.split() for sentence in sentences]


def test_words_their_beginnings_and_close_pairs_are_weighed() -> None:
    """A long word also counts by how it begins; pairs count side by side or one apart."""
    found = features(clauses("he stopped breathing"))

    assert found == {"he", "stopped", "stopp-", "breathing", "breat-", "he stopped",
                     "stopped breathing", "he . breathing"}  # fmt: skip


def test_a_message_without_any_known_word_scores_the_bias() -> None:
    """What has never been seen says nothing."""
    assert score(frozenset({"zzz"}), FEW.danger, -1.0) == -1.0


def test_heavy_words_make_the_bot_ask_and_light_ones_do_not() -> None:
    """The score is a plain sum against a fixed least."""
    assert feel(clauses("i am drowning"), FEW) is not None
    assert feel(clauses("i am tired"), FEW) is None


def test_one_heavy_sentence_counts_however_much_stands_around_it() -> None:
    """Long harmless talk does not water a sentence down."""
    talk = ["we had a nice day by the sea"] * 50

    assert weigh(clauses(*talk, "i am drowning here"), FEW) >= FEW.least


def test_an_unease_names_the_words_and_the_side() -> None:
    """A moderator sees what weighed, and the help lines fit a body or a mind."""
    unease = feel(clauses("i am drowning"), FEW)

    assert unease is not None
    assert unease.words.split(", ")[0] == "drowning"
    assert not unease.mind


@pytest.mark.parametrize("text", ["what is a good day for a dose", "is it legal in oslo"])
def test_ordinary_questions_are_left_alone_by_the_shipped_weights(text: str) -> None:
    """The shipped weights do not ask about everyday questions."""
    assert feel(clauses(text), load_weights()) is None


def test_a_very_long_message_is_weighed_in_bounded_time() -> None:
    """Forty thousand characters take well under a second."""
    start = time.perf_counter()
    weigh(clauses(*["some words about nothing at all"] * 1_300), load_weights())

    assert time.perf_counter() - start < 1
