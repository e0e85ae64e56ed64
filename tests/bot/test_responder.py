"""The one path from a Question to a Reply, with a fake triage and a fake matcher."""

import logging
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.compose import Composer
from bot.domain import (
    Alarm,
    Answer,
    Entry,
    Library,
    Match,
    Question,
    Reply,
    ReplyKind,
    Resource,
    Thing,
)
from bot.matching.model import SORTS
from bot.named_things import NamedThings
from bot.responder import Responder, Thresholds
from tests.fakes import FakeMatcher, FakeTriage, MemoryStore

MESSAGES = {
    "reply.fallback": "I don't have an answer.",
    "reply.nothing_asked": "I see no question.",
    "reply.gone": "That answer is gone.",
    "reply.trouble": "Something broke.",
    "reply.help_anywhere": "Help",
    "check.title": "Are you safe?",
    "check.text": "Are you safe? My answer follows.",
    "check.text_alone": "Are you safe?",
    "kinds.crisis": "Crisis line",
}


def make_entry(entry_id: str, group: str = "risks", about: tuple[str, ...] = ()) -> Entry:
    """Make an entry that says its own id and offers a crisis line."""
    answer = Answer(short=f"All about {entry_id}.", resources=("crisis",))
    return Entry(
        id=entry_id, group=group, title=entry_id, ask=(), answer=answer, about=frozenset(about)
    )


ENTRIES = [
    make_entry("driving"),
    make_entry("sleep"),
    make_entry("tolerance"),
    make_entry("no-dosing", "policy"),
    make_entry("lithium", "contraindications", ("lithium",)),
    make_entry("maoi", "contraindications", ("maoi",)),
    make_entry("medicine-not-listed", "contraindications"),
    make_entry("legal-uk", "legality", ("gb",)),
    make_entry("legal-usa", "legality", ("us",)),
    make_entry("legal-oregon", "legality", ("us-or",)),
    make_entry("legal-travel", "legality"),
    make_entry("legal-other-countries", "legality"),
    make_entry("condition-not-listed", "contraindications"),
    make_entry("suicide-crisis", "urgent"),
]
THINGS = [
    Thing("lithium", "medicine", "lithium", ("lithium",)),
    Thing("maoi", "medicine", "MAOIs", ("maoi",)),
    Thing("metformin", "medicine", "metformin", ("metformin",)),
    Thing("gout", "condition", "gout", ("gout",)),
    Thing("lsd", "substance", "LSD", ("lsd",), core=True),
    Thing("kratom", "substance", "kratom", ("kratom",)),
    Thing("gb", "place", "the UK", ("uk",)),
    Thing("us", "place", "the USA", ("usa",), unsure=("us",)),
    Thing("us-or", "place", "Oregon", ("oregon",), parents=("us",)),
    Thing("jp", "place", "Japan", ("japan",)),
]
LIBRARY = Library(
    root=Path(),
    entries={entry.id: entry for entry in ENTRIES},
    sources={},
    resources=(
        Resource("gb-line", "GB", "crisis", "UK line", "116"),
        Resource("int-line", "INT", "crisis", "World line", "222"),
    ),
    messages=MESSAGES,
    things={thing.id: thing for thing in THINGS},
)
THRESHOLDS = Thresholds(answer=dict.fromkeys(SORTS, 0.8), offer=dict.fromkeys(SORTS, 0.2))
URGENT = Alarm("suicide-crisis", "urgent", "plan", "end it")
CHECK = Alarm("suicide-crisis", "check", "low", "tired of everything")


def make_responder(
    *matches: Match,
    alarm: Alarm | None = None,
    store: MemoryStore | None = None,
    library: Library = LIBRARY,
) -> Responder:
    """Wire a Responder over the small library, answering from 0.8 and offering from 0.2."""
    return Responder(
        library=library,
        triage=FakeTriage(alarm),
        things=NamedThings(library),
        matcher=FakeMatcher(*matches),
        repair=list,
        composer=Composer(library, lambda: date(2026, 11, 22)),
        thresholds=THRESHOLDS,
        now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
        store=store,
    )


async def ask(text: str, *matches: Match, alarm: Alarm | None = None) -> Reply:
    """Return the Reply to `text` when the matcher ranks `matches`."""
    return await make_responder(*matches, alarm=alarm).respond(Question(text))


async def test_urgent_alarm_never_reaches_the_matcher() -> None:
    """A question with an urgent sign is answered with the card; nothing else is consulted."""
    matcher = FakeMatcher(Match("driving", 0.99))
    responder = Responder(
        library=LIBRARY,
        triage=FakeTriage(URGENT),
        things=NamedThings(LIBRARY),
        matcher=matcher,
        repair=list,
        composer=Composer(LIBRARY, lambda: date(2026, 11, 22)),
        thresholds=THRESHOLDS,
        now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
    )

    reply = await responder.respond(Question("can i drive, i want to end it"))

    assert (reply.kind, reply.entry) == (ReplyKind.URGENT, "suicide-crisis")
    assert [line.id for line in reply.help] == ["int-line"]
    assert matcher.asked == []


async def test_soft_check_is_followed_by_the_ordinary_answer() -> None:
    """The doubtful get the check first and their answer after it."""
    reply = await ask("tired of everything, can i drive", Match("driving", 0.9), alarm=CHECK)

    assert reply.kind is ReplyKind.CHECK
    assert reply.follow is not None
    assert reply.entry == reply.follow.entry == "driving"


async def test_soft_check_stands_alone_when_nothing_fits() -> None:
    """With no answer to follow, the check does not promise one."""
    reply = await ask("tired of everything", alarm=CHECK)

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
async def test_chooses_by_probability(
    matches: list[Match], kind: ReplyKind, entry: str | None
) -> None:
    """Sure enough is answered, half sure is offered, anything less falls back."""
    reply = await ask("words", *matches)

    assert (reply.kind, reply.entry) == (kind, entry)


async def test_offers_at_most_three_and_no_hopeless_ones() -> None:
    """The choices are the few that are worth a look."""
    matches = [
        Match("driving", 0.5),
        Match("sleep", 0.3),
        Match("tolerance", 0.1),
        Match("lithium", 0.09),
    ]

    reply = await ask("words", *matches)

    assert [choice.entry for choice in reply.choices] == ["driving", "sleep", "tolerance"]
    assert [c.entry for c in (await ask("words", matches[0], Match("sleep", 0.01))).choices] == [
        "driving"
    ]


async def test_a_word_that_says_nothing_is_not_met_with_a_list() -> None:
    """A "no" or "is it?" resembles some phrasing a little; it is no question by itself."""
    near = Match("driving", 0.5)

    assert (await ask("no", near)).kind is ReplyKind.FALLBACK
    assert (await ask("is it?", near)).kind is ReplyKind.FALLBACK
    assert (await ask("driving?", near)).kind is ReplyKind.CHOICES


async def test_safety_entries_are_offered_together_when_close() -> None:
    """For medicines, a rival at a quarter of the probability turns an answer into choices."""
    reply = await ask("words", Match("lithium", 0.9), Match("maoi", 0.3))

    assert reply.kind is ReplyKind.CHOICES


async def test_an_entry_about_another_drug_is_not_answered_straight() -> None:
    """A question that names kratom never gets an answer that is not about kratom."""
    assert (await ask("is kratom addictive", Match("tolerance", 0.95))).kind is ReplyKind.CHOICES


async def test_two_named_medicines_are_both_offered() -> None:
    """Two subjects in one message give a choice of both, never one of them alone."""
    reply = await ask("lithium and maoi", Match("lithium", 0.95), Match("maoi", 0.1))

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
async def test_the_law_of_two_places_is_offered_for_both(
    text: str, best: str, offered: list[str]
) -> None:
    """A question on the law here and there never gets one country's answer alone."""
    ids = ("legal-uk", "legal-usa", "legal-oregon", "legal-other-countries")
    others = [Match(entry, 0.01) for entry in ids if entry != best]

    reply = await ask(text, Match(best, 0.95), *others)

    assert [choice.entry for choice in reply.choices] == offered
    assert reply.entry == (None if offered else best)


async def test_a_medicine_that_no_entry_covers_says_so() -> None:
    """Named but not listed gets the entry that says: not listed does not mean safe."""
    reply = await ask("metformin and lsd", Match("driving", 0.9))

    assert reply.entry == "medicine-not-listed"


async def test_a_listed_medicine_is_not_hidden_by_one_that_is_not() -> None:
    """Lithium with something unlisted offers lithium's warning and "not listed" together."""
    reply = await ask("lithium and metformin with lsd", Match("lithium", 0.9))

    assert [choice.entry for choice in reply.choices] == ["lithium", "medicine-not-listed"]


async def test_a_condition_without_an_entry_never_hides_a_medicine() -> None:
    """Lithium for an unlisted condition is a question about lithium."""
    reply = await ask("lithium for my gout and lsd", Match("lithium", 0.9))

    assert reply.entry == "lithium"


async def test_a_sure_answer_is_not_hidden_by_an_illness_without_one() -> None:
    """What somebody with gout asks about driving is answered like anybody's question."""
    sure, unsure = Match("driving", 0.9), Match("driving", 0.5)

    assert (await ask("lsd with gout, and driving", sure)).entry == "driving"
    assert (await ask("lsd with gout, and driving", unsure)).entry == "condition-not-listed"


async def test_two_subjects_in_a_message_that_is_no_question_are_left_alone() -> None:
    """A list of laws is no reply to somebody's travel plans."""
    hopeless = [Match("legal-uk", 0.03), Match("legal-oregon", 0.02)]

    assert (await ask("from the uk to oregon by ship", *hopeless)).kind is ReplyKind.FALLBACK


async def test_the_name_of_a_place_alone_is_no_question_about_its_law() -> None:
    """Chat about a town shares its name with the law there, and nothing else."""
    law = Match("legal-uk", 0.9)
    asks = replace(LIBRARY.entries["legal-uk"], ask=("is it illegal in the uk",))
    library = replace(LIBRARY, entries={**LIBRARY.entries, "legal-uk": asks})

    async def ask(text: str, match: Match) -> Reply:
        return await make_responder(match, library=library).respond(Question(text))

    assert (await ask("nice weather in the uk", law)).kind is ReplyKind.CHOICES
    assert (await ask("illegal in the uk?", law)).entry == "legal-uk"
    assert (await ask("lsd in the uk", law)).entry == "legal-uk"


async def test_the_answer_for_unlisted_medicines_can_be_switched_off() -> None:
    """Once it is off, nothing brings it back."""
    off = replace(LIBRARY.entries["medicine-not-listed"], enabled=False)
    library = replace(LIBRARY, entries={**LIBRARY.entries, off.id: off})

    reply = await make_responder(library=library).respond(Question("metformin and lsd"))

    assert reply.kind is ReplyKind.FALLBACK


async def test_says_that_it_sees_no_question_when_there_are_no_words() -> None:
    """Emoji, control characters and zero-width signs are no question."""
    assert (await ask("\u200b\x00 👀")).text == MESSAGES["reply.nothing_asked"]


async def test_help_lines_follow_the_place_that_was_named() -> None:
    """A member who says they are in the UK sees the UK's line, whatever the locale says."""
    responder = make_responder(Match("driving", 0.9))

    reply = await responder.respond(Question("driving in the uk", region="US"))

    assert [line.id for line in reply.help] == ["gb-line"]


@pytest.mark.parametrize("region", ["GB", "gb", "UK", "GB-SCT"])
async def test_help_lines_follow_the_region_of_the_question(region: str) -> None:
    """Without a named place the locale's country counts, however it is written."""
    reply = await make_responder(Match("driving", 0.9)).respond(Question("driving", region))

    assert [line.id for line in reply.help] == ["gb-line"]


@pytest.mark.parametrize("entry", ["suicide-crisis", "no-such-entry", ""])
def test_a_choice_that_cannot_be_shown_says_so(entry: str) -> None:
    """A button of an older version, or a forged one, gets a kind sentence and help."""
    reply = make_responder().show(entry)

    assert reply.text == MESSAGES["reply.gone"]
    assert reply.help


def test_declining_and_trouble_bring_the_resources() -> None:
    """Declining and a breakdown both end with people who can help."""
    responder = make_responder()

    assert responder.decline().help
    assert responder.in_trouble().help


async def test_unanswered_questions_are_kept_scrubbed_with_the_nearest_entry() -> None:
    """Only what fell back is kept, and without what could name a person."""
    store = MemoryStore()
    responder = make_responder(Match("driving", 0.1), store=store)

    await responder.respond(Question("mail me at jo@example.org about trams"))

    [(text, nearest, _)] = store.unanswered
    assert "example.org" not in text
    assert nearest == "driving"


async def test_answered_urgent_and_wordless_questions_are_never_kept() -> None:
    """An emergency, an answered question or a lone picture leaves nothing behind."""
    store = MemoryStore()

    await make_responder(Match("driving", 0.9), store=store).respond(Question("driving"))
    await make_responder(alarm=URGENT, store=store).respond(Question("end it"))
    await make_responder(alarm=CHECK, store=store).respond(Question("tired"))
    await make_responder(store=store).respond(Question("👀 https://example.org"))

    assert store.unanswered == []


async def test_a_dead_store_never_costs_a_reply(caplog: pytest.LogCaptureFixture) -> None:
    """The member gets the fallback with its resources although nothing can be kept."""
    caplog.set_level(logging.DEBUG)
    responder = make_responder(store=MemoryStore(broken=True))

    reply = await responder.respond(Question("zebra crossing"))

    assert reply.help
    assert "zebra" not in caplog.text


async def test_a_store_that_does_not_answer_never_costs_a_reply(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The member gets the fallback although the database hangs."""
    monkeypatch.setattr("bot.responder._STORE_S", 0.01)
    store = MemoryStore(hangs=True)

    reply = await make_responder(store=store).respond(Question("zebra crossing"))

    assert reply.help
    assert store.unanswered == []
