"""What every renderer asks about the parts of a Reply."""

import pytest

from adapters.parts import can_be_judged, can_be_shared, help_card, is_overdue, listed, span
from bot.domain import Country
from tests.adapters.replies import EVERY_REPLY, OVERDUE
from tests.adapters.scripted import ScriptedResponder

WORDS = ScriptedResponder().message


@pytest.mark.parametrize("name", EVERY_REPLY)
def test_knows_what_others_may_see_and_judge(name: str) -> None:
    """Cards and answers can be shown to others; only answers are judged."""
    reply = EVERY_REPLY[name]
    assert can_be_judged(reply) == (name in {"answer", "overdue", "policy"})
    assert can_be_shared(reply) == (can_be_judged(reply) or name == "urgent")


@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("urgent", "emergency-medical"),
        ("check", "check"),
        ("fallback", "fallback"),
        ("info", "info"),
        ("answer", ""),
        ("choices", ""),
        ("gone", ""),
    ],
)
def test_names_the_card_whose_country_can_be_changed(name: str, card: str) -> None:
    """A card is named by its Entry, what has none by its kind, an answer not at all."""
    assert help_card(EVERY_REPLY[name]) == card


def test_tells_the_note_of_an_overdue_answer_from_the_others() -> None:
    """It is the only one that stands on top."""
    assert [is_overdue(note, WORDS) for note in OVERDUE.notes] == [False, False, False, True]


def test_no_note_is_overdue_where_that_sentence_is_missing() -> None:
    """An empty sentence would fit every note."""
    assert not is_overdue("Any note", "".format)


@pytest.mark.parametrize(
    ("name", "shown"), [("the Netherlands", "Netherlands"), ("Sweden", "Sweden"), ("", "")]
)
def test_lists_a_country_under_its_first_letter(name: str, shown: str) -> None:
    """Nobody looks for "the United Kingdom" under T."""
    assert listed(Country("XX", name)) == shown


@pytest.mark.parametrize(("first", "last", "reach"), [("apple", "zoo", "A–Z"), ("me", "My", "M")])
def test_says_which_letters_a_list_holds(first: str, last: str, reach: str) -> None:
    """As on the back of a lexicon."""
    assert span(first, last) == reach
