"""The real content in faq/: the rules do the work, these tests hold what rules cannot see."""

import ast
import re

import pytest

from bot.bootstrap import build_engine, read_content
from bot.compose import REPLY_MAX, to_text
from bot.config import EMBEDDED_FAQ
from bot.domain import Library, Problem, Question, ReplyKind
from bot.help_lines import KINDS
from bot.responder import Responder
from bot.text.normalise import fold_words
from tests.conftest import NOW

ROOT = EMBEDDED_FAQ.parent
GROUPS = {
    "basics",
    "legality",
    "risks",
    "contraindications",
    "evidence",
    "help",
    "about",
    "policy",
    "urgent",
}
APART = {"vocabulary", "eval"}
AMOUNT = re.compile(r"\d\s?(?:mg|mcg|ug|µg|μg|grams?|g)\b", re.IGNORECASE)
MOST_MISSED = 0.01


@pytest.fixture(scope="module")
def content() -> tuple[Library, list[Problem]]:
    """Return the shipped content and every Problem in it."""
    return read_content(EMBEDDED_FAQ)


@pytest.fixture(scope="module")
def library(content: tuple[Library, list[Problem]]) -> Library:
    """Return the shipped content."""
    return content[0]


@pytest.fixture(scope="module")
def responder(library: Library) -> Responder:
    """Return what answers from the shipped content."""
    return build_engine(library, now=lambda: NOW).responder


@pytest.mark.parametrize("level", ["error", "warning"])
def test_has_no_problems(content: tuple[Library, list[Problem]], level: str) -> None:
    """Not even what a community's own folder is only warned of."""
    assert [str(problem) for problem in content[1] if problem.level == level] == []


def test_every_file_is_loaded(library: Library) -> None:
    """No entry is lost on the way, and none stands outside the known groups."""
    files = {
        path.stem: path.parent.name
        for path in EMBEDDED_FAQ.glob("*/*.yaml")
        if path.parent.name not in APART and path.name != "signs.yaml"
    }
    assert {entry.id: entry.group for entry in library.entries.values()} == files
    assert set(files.values()) == GROUPS


def test_no_review_is_claimed_that_nobody_made(library: Library) -> None:
    """`signed_by` names a person and a profession, or nothing."""
    signed = [entry.signed_by for entry in library.entries.values() if entry.signed_by]
    assert all(re.fullmatch(r"\S+ .+, .+", name) for name in signed)


def test_no_phrasing_stands_twice_in_an_entry(library: Library) -> None:
    """A repeated phrasing counts for nothing."""
    twice = [
        f"{entry.id}: {phrase}"
        for entry in library.entries.values()
        for i, phrase in enumerate(entry.ask)
        if fold_words(phrase) in [fold_words(other) for other in entry.ask[:i]]
    ]
    assert twice == []


def test_no_amounts_outside_the_entries(library: Library) -> None:
    """Sentences, help lines and remarks on sources name no amount either."""
    words = [
        *library.messages.values(),
        *(f"{r.name} {r.text} {r.hours} {r.note}" for r in library.resources),
        *(source.note for source in library.sources.values()),
    ]
    assert [line for line in words if AMOUNT.search(line)] == []


def test_every_phrasing_leads_to_its_entry(library: Library, responder: Responder) -> None:
    """Whoever types what a moderator wrote gets that answer, or is offered it."""
    missed, asked = [], 0
    for entry in library.entries.values():
        for phrase in entry.ask:
            asked += 1
            reply = responder.trace(Question(phrase)).reply
            inner = reply.follow or reply
            offered = {c.entry for c in inner.choices} if inner.kind is ReplyKind.CHOICES else set()
            if entry.id not in {inner.entry, *offered}:
                missed.append(f"{entry.id}: {phrase}")
    assert len(missed) <= asked * MOST_MISSED, missed


def test_every_emergency_card_can_be_set_off(library: Library) -> None:
    """Each card has signs, a place in the order of precedence, and help for whoever sees it."""
    cards = {entry.id for entry in library.entries.values() if entry.group == "urgent"}
    assert len(cards) >= 9
    assert {sign.entry for sign in library.signs.signs} == cards
    assert set(library.signs.precedence) == cards
    assert all(library.entries[card].answer.resources for card in cards)


def test_help_reaches_everybody(library: Library) -> None:
    """There is somebody to turn to wherever a member is."""
    anywhere = {r.kind for r in library.resources if r.country == "INT"}
    assert {"emergency", "crisis", "peer"} <= anywhere
    for country in {r.country for r in library.resources} - {"INT"}:
        kinds = {r.kind for r in library.resources if r.country == country}
        assert "emergency" in kinds, country


def test_the_help_lines_of_every_country_fit_and_begin_with_the_emergency_number(
    library: Library, responder: Responder
) -> None:
    """Whoever asks for all of them gets all of them in one reply, wherever they are."""
    kinds = {resource.id: resource.kind for resource in library.resources}
    for code in (*(country.code for country in responder.countries()), None):
        reply = responder.resources(code)
        assert kinds[reply.help[0].id] == "emergency", code
        assert {r.id for r in library.resources if r.country == (code or "INT")} <= {
            line.id for line in reply.help
        }, code
        assert reply.title or code is None
        assert len(to_text(reply)) <= REPLY_MAX, code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("uk", "GB"),
        ("Britain", "GB"),
        ("us", "US"),
        ("USA", "US"),
        ("the states", "US"),
        ("holl", "NL"),
        ("NZ", "NZ"),
        ("", "AU"),
    ],
)
def test_a_country_is_found_by_what_people_call_it(
    responder: Responder, typed: str, code: str
) -> None:
    """Nobody in a hurry types the United Kingdom."""
    assert responder.find_countries(typed)[0].code == code
    found = responder.find_country(typed)
    assert found is None or found.code == code


def test_every_card_can_be_shown_again_for_every_country(
    library: Library, responder: Responder
) -> None:
    """Another country's help lines never make a card too long, or leave it without any."""
    cards = [entry.id for entry in library.entries.values() if entry.group == "urgent"]
    for code in (*(country.code for country in responder.countries()), None):
        for card in (*cards, "check", "fallback"):
            reply = responder.help_again(card, KINDS, code)
            assert reply.help, (card, code)
            assert len(to_text(reply)) <= REPLY_MAX, (card, code)


def test_the_pinned_entries_come_before_a_word_is_typed(
    library: Library, responder: Responder
) -> None:
    """Emergency cards first, and every one of them can be picked."""
    suggested = [choice.entry for choice in responder.suggest("")]
    assert suggested == list(library.pinned)
    assert library.entries[suggested[0]].group == "urgent"
    assert all(responder.show(entry).entry == entry for entry in suggested)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("lith", "lithium"),
        ("is it legal in germ", "legal-germany"),
        ("zolof", "ssri-snri"),
        ("i want to kill mys", "suicide-crisis"),
        ("my friend took too much acid and wont wake", "emergency-medical"),
    ],
)
def test_half_a_question_leads_where_the_whole_one_would(
    responder: Responder, typed: str, first: str
) -> None:
    """Whoever is still typing sees the answer they are after, or the card they need."""
    assert responder.suggest(typed)[0].entry == first


def test_every_answer_stands_in_a_topic_with_words_of_its_own(
    library: Library, responder: Responder
) -> None:
    """What can be answered can be found by browsing, cards aside."""
    topics = responder.topics()
    listed = [choice.entry for topic in topics for choice in topic.entries]
    assert sorted(listed) == sorted(e.id for e in library.entries.values() if e.group != "urgent")
    assert {topic.id for topic in topics} == GROUPS - {"urgent"}
    assert all(topic.about and topic.title != topic.id for topic in topics)


def asked_for(sections: set[str]) -> set[str]:
    """Return every key of messages.yaml in the code; of one with a value in it, its beginning."""
    key = re.compile(rf"(?:{'|'.join(sorted(sections))})\.\w*")
    return {
        node.value
        for room in ("bot", "adapters")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and key.fullmatch(node.value)
    }


def test_every_sentence_the_program_asks_for_is_there(library: Library) -> None:
    """A slip in a key would show members an empty message."""
    wanted = asked_for({key.partition(".")[0] for key in library.messages})
    assert len(wanted) > 20
    assert {key for key in wanted if not key.endswith(".")} - set(library.messages) == set()


def test_every_sentence_is_asked_for(library: Library) -> None:
    """A moderator does not polish a sentence that nobody ever sees."""
    wanted = asked_for({key.partition(".")[0] for key in library.messages})
    families = tuple(key for key in wanted if key.endswith("."))
    dead = {k for k in library.messages if k not in wanted and not k.startswith(families)}
    assert dead == set()
