"""Replies as text, and as the JSON that other tools read."""

import json
from dataclasses import replace

import pytest

from bot.compose import to_record, to_text
from bot.domain import Choice, Help, Match, Reply, ReplyKind, Section

WHOLE = Reply(
    kind=ReplyKind.ANSWER,
    entry="e",
    title="Title",
    text="Short.",
    details=(Section("One", "First."), Section("Two", "Second.")),
    notes=("Note.",),
    sources_heading="Sources",
    sources=("[1] A", "[2] B"),
    help_heading="Help",
    help=(Help("h", "Line: 1"),),
    choices_heading="Related",
    choices=(Choice("c", "C"),),
    score=0.75,
    ranked=(Match("e", 0.75), Match("f", 0.123456)),
)


def test_text_shows_the_parts_in_the_order_of_the_fields() -> None:
    """Words, details, notes, sources, help, related."""
    assert to_text(WHOLE) == (
        "**Title**\n\nShort.\n\n**One**\nFirst.\n\n**Two**\nSecond.\n\nNote.\n\n"
        "**Sources**\n[1] A\n[2] B\n\n**Help**\n- Line: 1\n\n**Related**\n- C"
    )


@pytest.mark.parametrize("kind", [ReplyKind.URGENT, ReplyKind.CHECK])
def test_text_of_a_card_shows_help_first(kind: ReplyKind) -> None:
    """The number to call stands above the steps."""
    assert to_text(replace(WHOLE, kind=kind)).startswith(
        "**Title**\n\nShort.\n\n**Help**\n- Line: 1\n\n**One**"
    )


def test_text_of_a_check_ends_with_what_follows() -> None:
    """Card and answer, one after the other, and the choices are those of the answer."""
    card = Reply(ReplyKind.CHECK, "Safe?", follow=WHOLE)
    assert to_text(card) == f"Safe?\n\n{to_text(WHOLE)}"
    assert to_text(card, ["1. C"]).endswith("**Related**\n1. C")


def test_text_of_little_has_no_gaps() -> None:
    """What is empty leaves no heading and no blank lines."""
    assert to_text(Reply(ReplyKind.FALLBACK, "Sorry.")) == "Sorry."


def test_record_is_what_other_tools_read() -> None:
    """The JSON contract: these keys, plain values, the ranking rounded."""
    record = to_record(WHOLE)
    assert json.loads(json.dumps(record)) == record
    assert record == {
        "kind": "answer",
        "entry": "e",
        "choices": [],
        "score": 0.75,
        "ranked": [["e", 0.75], ["f", 0.1235]],
        "resources": ["h"],
        "text": to_text(WHOLE),
    }


def test_record_lists_choices_only_where_one_must_be_made() -> None:
    """Related answers are no choices; choices behind a check are."""
    choices = replace(WHOLE, kind=ReplyKind.CHOICES, entry=None)
    assert to_record(choices)["choices"] == ["c"]
    check = to_record(Reply(ReplyKind.CHECK, "Safe?", follow=choices))
    assert (check["kind"], check["choices"]) == ("check", ["c"])
