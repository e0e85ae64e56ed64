"""The one path from a Question to a Reply, with a fake triage and a fake matcher."""

from dataclasses import replace

import pytest

from bot.domain import Alarm, Match, Question, Reply, ReplyKind
from tests.bot.small import CHECK, LIBRARY, MESSAGES, URGENT, make_responder
from tests.fakes import FakeMatcher


def ask(text: str, *matches: Match, alarm: Alarm | None = None) -> Reply:
    """Return the Reply to `text` when the matcher ranks `matches`."""
    return make_responder(*matches, alarm=alarm).respond(Question(text))


def test_urgent_alarm_never_reaches_the_matcher() -> None:
    """A question with an urgent sign is answered with the card; nothing else is consulted."""
    matcher = FakeMatcher(Match("driving", 0.99))
    responder = make_responder(matcher=matcher, alarm=URGENT)

    reply = responder.respond(Question("can i drive, i want to end it"))

    assert (reply.kind, reply.entry) == (ReplyKind.URGENT, "suicide-crisis")
    assert [line.id for line in reply.help] == ["int-line"]
    assert matcher.asked == []


def test_soft_check_is_followed_by_the_ordinary_answer() -> None:
    """The doubtful get the check first and their answer after it."""
    reply = ask("tired of everything, can i drive", Match("driving", 0.9), alarm=CHECK)

    assert reply.kind is ReplyKind.CHECK
    assert reply.follow is not None
    assert reply.entry == reply.follow.entry == "driving"


def test_soft_check_stands_alone_when_nothing_fits() -> None:
    """With no answer to follow, the check does not promise one."""
    reply = ask("tired of everything", alarm=CHECK)

    assert reply.follow is None
    assert reply.text == MESSAGES["check.text_alone"]


@pytest.mark.parametrize(
    ("matches", "kind", "entry"),
    [
        ([Match("driving", 0.81)], ReplyKind.ANSWER, "driving"),
        ([Match("no-dosing", 0.9)], ReplyKind.POLICY, "no-dosing"),
        ([Match("driving", 0.79), Match("sleep", 0.3)], ReplyKind.CHOICES, None),
        ([Match("driving", 0.19)], ReplyKind.FALLBACK, None),
        ([], ReplyKind.FALLBACK, None),
    ],
    ids=["sure", "refusal", "not sure", "nothing near", "nothing"],
)
def test_chooses_by_probability(matches: list[Match], kind: ReplyKind, entry: str | None) -> None:
    """Sure enough is answered, half sure is offered, anything less falls back."""
    reply = ask("words", *matches)

    assert (reply.kind, reply.entry) == (kind, entry)


def test_offers_at_most_three_and_no_hopeless_ones() -> None:
    """The choices are the few that are worth a look."""
    matches = [
        Match("driving", 0.5),
        Match("sleep", 0.3),
        Match("tolerance", 0.1),
        Match("lithium", 0.09),
    ]

    reply = ask("words", *matches)

    assert [choice.entry for choice in reply.choices] == ["driving", "sleep", "tolerance"]
    assert [c.entry for c in (ask("words", matches[0], Match("sleep", 0.01))).choices] == [
        "driving"
    ]


def test_a_word_that_says_nothing_is_not_met_with_a_list() -> None:
    """A "no" or "is it?" resembles some phrasing a little; it is no question by itself."""
    near = Match("driving", 0.5)

    assert (ask("no", near)).kind is ReplyKind.FALLBACK
    assert (ask("is it?", near)).kind is ReplyKind.FALLBACK
    assert (ask("driving?", near)).kind is ReplyKind.CHOICES


def test_safety_entries_are_offered_together_when_close() -> None:
    """For medicines, a rival at a quarter of the probability turns an answer into choices."""
    reply = ask("words", Match("lithium", 0.9), Match("maoi", 0.3))

    assert reply.kind is ReplyKind.CHOICES


def test_an_entry_about_another_drug_is_not_answered_straight() -> None:
    """A question that names kratom never gets an answer that is not about kratom."""
    assert (ask("is kratom addictive", Match("tolerance", 0.95))).kind is ReplyKind.CHOICES


def test_two_named_medicines_are_both_offered() -> None:
    """Two subjects in one message give a choice of both, never one of them alone."""
    reply = ask("lithium and maoi", Match("lithium", 0.95), Match("maoi", 0.1))

    assert {choice.entry for choice in reply.choices} == {"lithium", "maoi"}


@pytest.mark.parametrize(
    ("text", "best", "offered"),
    [
        ("legal in the uk or the usa", "legal-uk", ["legal-uk", "legal-usa"]),
        ("is lsd legal in the uk or japan", "legal-uk", ["legal-uk", "legal-other-countries"]),
        ("legal in oregon, usa", "legal-oregon", []),
        ("is it legal for us in the uk", "legal-uk", []),
        ("is lsd legal for us in japan", "legal-other-countries", []),
        ("from the uk to the usa with it", "legal-travel", []),
        ("can i drive from the uk to the usa", "driving", []),
    ],
    ids=[
        "two",
        "one listed",
        "one within the other",
        "a pronoun",
        "a pronoun, not listed",
        "travel",
        "no law",
    ],
)
def test_the_law_of_two_places_is_offered_for_both(
    text: str, best: str, offered: list[str]
) -> None:
    """A question on the law here and there never gets one country's answer alone."""
    ids = ("legal-uk", "legal-usa", "legal-oregon", "legal-other-countries")
    others = [Match(entry, 0.01) for entry in ids if entry != best]

    reply = ask(text, Match(best, 0.95), *others)

    assert [choice.entry for choice in reply.choices] == offered
    assert reply.entry == (None if offered else best)


def test_a_medicine_that_no_entry_covers_says_so() -> None:
    """Named but not listed gets the entry that says: not listed does not mean safe."""
    reply = ask("metformin and lsd", Match("driving", 0.9))

    assert reply.entry == "medicine-not-listed"


def test_a_listed_medicine_is_not_hidden_by_one_that_is_not() -> None:
    """Lithium with something unlisted offers lithium's warning and "not listed" together."""
    reply = ask("lithium and metformin with lsd", Match("lithium", 0.9))

    assert [choice.entry for choice in reply.choices] == ["lithium", "medicine-not-listed"]


def test_a_condition_without_an_entry_never_hides_a_medicine() -> None:
    """Lithium for an unlisted condition is a question about lithium."""
    reply = ask("lithium for my gout and lsd", Match("lithium", 0.9))

    assert reply.entry == "lithium"


def test_a_sure_answer_is_not_hidden_by_an_illness_without_one() -> None:
    """What somebody with gout asks about driving is answered like anybody's question."""
    sure, unsure = Match("driving", 0.9), Match("driving", 0.5)

    assert (ask("lsd with gout, and driving", sure)).entry == "driving"
    assert (ask("lsd with gout, and driving", unsure)).entry == "condition-not-listed"


def test_two_subjects_in_a_message_that_is_no_question_are_left_alone() -> None:
    """A list of laws is no reply to somebody's travel plans."""
    hopeless = [Match("legal-uk", 0.03), Match("legal-oregon", 0.02)]

    assert (ask("from the uk to oregon by ship", *hopeless)).kind is ReplyKind.FALLBACK


def test_the_name_of_a_place_alone_is_no_question_about_its_law() -> None:
    """Chat about a town shares its name with the law there, and nothing else."""
    law = Match("legal-uk", 0.9)
    asks = replace(LIBRARY.entries["legal-uk"], ask=("is it illegal in the uk",))
    library = replace(LIBRARY, entries={**LIBRARY.entries, "legal-uk": asks})

    def ask(text: str, match: Match) -> Reply:
        return make_responder(match, library=library).respond(Question(text))

    assert (ask("nice weather in the uk", law)).kind is ReplyKind.CHOICES
    assert (ask("illegal in the uk?", law)).entry == "legal-uk"
    assert (ask("lsd in the uk", law)).entry == "legal-uk"


def test_the_answer_for_unlisted_medicines_can_be_switched_off() -> None:
    """Once it is off, nothing brings it back."""
    off = replace(LIBRARY.entries["medicine-not-listed"], enabled=False)
    library = replace(LIBRARY, entries={**LIBRARY.entries, off.id: off})

    reply = make_responder(library=library).respond(Question("metformin and lsd"))

    assert reply.kind is ReplyKind.FALLBACK


def test_says_that_it_sees_no_question_when_there_are_no_words() -> None:
    """Emoji, control characters and zero-width signs are no question."""
    assert (ask("\u200b\x00 👀")).text == MESSAGES["reply.nothing_asked"]


def test_help_lines_follow_the_place_that_was_named() -> None:
    """A member who says they are in the UK sees the UK's line, whatever the locale says."""
    responder = make_responder(Match("driving", 0.9))

    reply = responder.respond(Question("driving in the uk", region="US"))

    assert [line.id for line in reply.help] == ["gb-line"]


@pytest.mark.parametrize("region", ["GB", "gb", "UK", "GB-SCT"])
def test_help_lines_follow_the_region_of_the_question(region: str) -> None:
    """Without a named place the locale's country counts, however it is written."""
    reply = make_responder(Match("driving", 0.9)).respond(Question("driving", region))

    assert [line.id for line in reply.help] == ["gb-line"]
