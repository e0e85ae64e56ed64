"""The shipped emergency cards: what must set them off, what must not, and how triage reads."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.bootstrap import build_engine, load_content
from bot.config import EMBEDDED_FAQ
from bot.domain import Question, ReplyKind
from bot.triage import SignTriage

LABELLED = EMBEDDED_FAQ / "eval" / "urgent.jsonl"
CARDS = {path.stem for path in Path(EMBEDDED_FAQ, "urgent").glob("*.yaml")} - {"signs"}
HARMLESS = "we had pizza in the park and talked about music. nobody was in a hurry today. "


def labelled(kind: str) -> Iterator[str]:
    """Yield the pinned messages of one kind."""
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["kind"] == kind:
            yield record["text"]


@pytest.fixture(scope="module")
def triage() -> SignTriage:
    """Triage over the shipped cards."""
    return build_engine(load_content(EMBEDDED_FAQ)).triage


def level(triage: SignTriage, text: str) -> str:
    """Return urgent, check or nothing."""
    alarm = triage.assess(text)
    return alarm.level if alarm else ""


def test_every_pinned_emergency_sets_off_a_card(triage: SignTriage) -> None:
    """None of the pinned triggers is missed."""
    missed = [text for text in labelled("urgent") if level(triage, text) != "urgent"]

    assert missed == []


def test_no_pinned_near_miss_sets_off_a_card(triage: SignTriage) -> None:
    """None of the pinned near misses brings an emergency card."""
    false = [text for text in labelled("nearmiss") if level(triage, text) == "urgent"]

    assert false == []


def test_every_doubtful_message_is_asked_about(triage: SignTriage) -> None:
    """The doubtful get at least the soft check."""
    passed_over = [text for text in labelled("check") if not level(triage, text)]

    assert passed_over == []


def test_no_phrasing_of_an_answer_sets_off_a_card(triage: SignTriage) -> None:
    """What members ask about in general is answered, not alarmed at."""
    library = load_content(EMBEDDED_FAQ)
    asks = [ask for entry in library.entries.values() for ask in entry.ask]

    false = [ask for ask in asks if level(triage, ask) == "urgent"]

    assert len(false) / len(asks) < 0.005, false


def test_there_are_nine_cards_and_all_have_an_order() -> None:
    """Every card has its place in the order in which one is chosen when several fit."""
    library = load_content(EMBEDDED_FAQ)

    assert len(CARDS) == 9
    assert set(library.signs.precedence) == CARDS
    assert {sign.entry for sign in library.signs.signs} == CARDS


@pytest.mark.parametrize(
    "text",
    [
        "my friend isn't breathing",
        "MY FRIEND ISNT BREATHING!!!",
        "my freind isnt breatihng",
        "ｍｙ ｆｒｉｅｎｄ isnt breathing",
        "hi all, two questions. how long does it last? and my friend isnt breathing",
        "```\nmy friend isnt breathing\n```",
    ],
    ids=["apostrophe", "shouting", "typos", "full width", "second question", "code block"],
)
def test_an_emergency_is_seen_however_it_is_typed(triage: SignTriage, text: str) -> None:
    """Spelling, case, letter tricks, place and markup hide nothing."""
    assert level(triage, text) == "urgent"


def test_a_negation_followed_by_but_is_no_negation(triage: SignTriage) -> None:
    """A denial with a "but" behind it still gets at least the soft check."""
    assert level(triage, "i am not suicidal but i keep thinking about dying")


def test_what_is_past_does_not_lift_what_is_now(triage: SignTriage) -> None:
    """An old story before a present danger switches nothing off."""
    text = "last year my friend had a seizure and got over it. now she is not breathing"

    assert level(triage, text) == "urgent"


@settings(max_examples=30, deadline=None)
@given(before=st.integers(0, 300), after=st.integers(0, 300))
def test_an_emergency_is_seen_anywhere_in_a_long_message(
    triage: SignTriage, before: int, after: int
) -> None:
    """However much harmless talk stands around it, the one sentence counts."""
    text = HARMLESS * before + "i want to kill myself. " + HARMLESS * after

    assert level(triage, text) == "urgent"


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=400))
def test_triage_never_raises(triage: SignTriage, text: str) -> None:
    """Any string whatever gets an Alarm or none."""
    triage.assess(text)


def test_danger_told_as_nobody_has_told_it_is_asked_about(triage: SignTriage) -> None:
    """Where no sign stands but the words weigh heavily, the bot asks, and shows no card."""
    alarm = triage.assess("cant stop pulling out my nails")

    assert alarm is not None
    assert (alarm.level, alarm.sign) == ("check", "unease")
    assert any(f.sign == "unease" for f in triage.explain("cant stop pulling out my nails"))


def test_an_explanation_names_the_sign_and_the_words(triage: SignTriage) -> None:
    """A moderator sees which sign fired and on which words."""
    first = triage.explain("my friend isnt breathing")[0]

    assert (first.entry, first.outcome) == ("emergency-medical", "alarm")
    assert "breathing" in first.words


def test_no_card_says_more_than_help() -> None:
    """Every card shows help lines, in every country and in none."""
    engine = build_engine(load_content(EMBEDDED_FAQ))
    text = "my friend isnt breathing"

    for region in (None, "US", "GB", "DE", "JP", "XX"):
        reply = engine.responder.trace(Question(text, region)).reply
        assert reply.kind is ReplyKind.URGENT
        assert reply.help
