"""Curated words put together into Replies."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.compose import (
    MOST_CHOICES,
    REPLY_MAX,
    Composer,
    source_line,
    to_record,
    to_text,
)
from bot.domain import (
    Alarm,
    Choice,
    Library,
    Match,
    Reply,
    ReplyKind,
    Section,
    Source,
)

TODAY = date(2026, 2, 1)
CARD = Alarm("emergency-medical", "urgent", "collapsed", "is not breathing")


@pytest.fixture
def composer(tiny_library: Library) -> Composer:
    """Return a Composer on 1 February 2026, with no country of its own."""
    return Composer(tiny_library, lambda: TODAY)


@pytest.fixture
def reword(tiny_library: Library) -> Callable[..., Reply]:
    """Return a function that composes the lithium answer with some of it changed."""

    def compose(country: str | None = None, today: date = TODAY, **changes: Any) -> Reply:
        entry = tiny_library.entries["lithium"]
        changed = replace(entry, answer=replace(entry.answer, **changes))
        return Composer(tiny_library, lambda: today).answer(changed, country)

    return compose


def test_answer_holds_the_entrys_words_and_no_others(
    composer: Composer, tiny_library: Library
) -> None:
    """Title, words, sections and related answers are those of the file."""
    entry = tiny_library.entries["lithium"]
    reply = composer.answer(entry)
    assert (reply.kind, reply.entry) == (ReplyKind.ANSWER, "lithium")
    assert reply.title == entry.title
    assert reply.text == "Please avoid this mix. Reports tell of seizures [1]."
    assert [section.heading for section in reply.details] == ["What was found"]
    assert reply.choices == (
        Choice("lamotrigine", "Lamotrigine and psychedelics"),
        Choice("medicine-not-listed", "A medicine that is not listed here"),
    )
    assert (reply.score, reply.ranked, reply.follow) == (None, (), None)


def test_refusal_is_a_policy_reply(composer: Composer, tiny_library: Library) -> None:
    """The kind tells a kind refusal from an answer."""
    assert composer.answer(tiny_library.entries["no-dosing"]).kind is ReplyKind.POLICY


def test_answer_carries_how_it_was_ranked(composer: Composer, tiny_library: Library) -> None:
    """The score is the chosen entry's own, wherever it stood in the ranking."""
    ranked = (Match("lamotrigine", 0.7), Match("lithium", 0.2))
    reply = composer.answer(tiny_library.entries["lithium"], None, ranked)
    assert (reply.score, reply.ranked) == (0.2, ranked)


# Sources


def test_sources_are_numbered_in_the_order_of_the_words(reword: Callable[..., Reply]) -> None:
    """The first source cited is [1], wherever it stands in `sources`, and keeps its number."""
    reply = reword()
    assert reply.details[0].text.startswith(
        "Two sources say so [2, 1].\n\n- **Seizures** were comm"
    )
    assert "common [1].\n- Read" in reply.details[0].text
    assert [line[:3] for line in reply.sources] == ["[1]", "[2]"]
    assert "Jones B 2021" in reply.sources[0]
    assert "Smith A et al. 2020" in reply.sources[1]
    assert reply.sources_heading == "Sources"


def test_links_are_no_sources(reword: Callable[..., Reply]) -> None:
    """A link in the words stays a link, even if its label is a key."""
    link = "[smith2020](https://example.org/x)"
    reply = reword(short=f"See {link} [jones2021].", details=())
    assert reply.text == f"See {link} [1]."


def test_hidden_source_takes_its_number_with_it(composer: Composer, tiny_library: Library) -> None:
    """Members never see a source that is not to be shown, nor a gap in the numbers."""
    reply = composer.answer(tiny_library.entries["what-is-microdosing"])
    assert reply.details[0].text == (
        "A book made it known. Studies came later [2]. One page counts who does it [3]."
    )
    assert len(reply.sources) == 3
    assert "book" not in to_text(reply).replace("A book made it known", "")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Both [jones2021, hidden2011].", "Both [1]."),
        ("Both [hidden2011,jones2021].", "Both [1]."),
        ("Same [jones2021] and again [jones2021].", "Same [1] and again [1]."),
        ("One[jones2021].", "One [1]."),
        ("Unknown [nobody2020].", "Unknown [nobody2020]."),
        ("Half known [jones2021, nobody2020].", "Half known [jones2021, nobody2020]."),
        ("No key [Sic] or [a b].", "No key [Sic] or [a b]."),
        ("None at all.", "None at all."),
    ],
)
def test_markers_become_numbers(reword: Callable[..., Reply], words: str, shown: str) -> None:
    """Only what is a key of the bibliography is replaced."""
    assert reword(short=words, details=()).text == shown


def test_no_sources_no_heading(reword: Callable[..., Reply]) -> None:
    """An empty list has no heading above it."""
    reply = reword(short="Nothing cited.", details=(), sources=())
    assert (reply.sources, reply.sources_heading) == ((), "")
    assert "Sources" not in to_text(reply)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (Source("k", "Title.", "Lee A", 2020), "Lee A 2020"),
        (Source("k", "Title.", "Lee A, Kim B", 2020), "Lee A et al. 2020"),
        (Source("k", "Title.", "Lee A et al."), "Lee A et al"),
        (Source("k", "A page.", publisher="A board."), "A page. A board"),
        (Source("k", "A page", year=2020, note="small."), "A page 2020. Small"),
        (
            Source("k", "T", "Lee A", 2020, "Journal", "10.1/x", "https://example.org", note="n"),
            "[Lee A 2020](https://doi.org/10.1/x). Journal. N",
        ),
        (Source("k", "T", url="https://example.org"), "[T](https://example.org)"),
        (
            Source("k", "T", doi="10.1016/0166-4328(96)00102-7"),
            "[T](https://doi.org/10.1016/0166-4328%2896%2900102-7)",
        ),
    ],
)
def test_source_line_says_who_when_and_where(source: Source, line: str) -> None:
    """Short enough for a chat, with the address behind the name, whatever stands in it."""
    assert source_line(source) == line


# Notes


def test_notes_say_severity_grade_and_when_it_was_checked(reword: Callable[..., Reply]) -> None:
    """In the members' words, in this order."""
    assert reword().notes == (
        "**Avoid this combination.**",
        "**How sure is this?** Moderate certainty. Many reports say the same.",
        "Sources last checked on 2026-01-10.",
    )


def test_notes_leave_out_what_the_entry_lacks(composer: Composer, tiny_library: Library) -> None:
    """No sources, no "last checked"; no grade, no "how sure"."""
    assert composer.answer(tiny_library.entries["about-bot"]).notes == ()


def test_law_says_where_and_as_of_when(composer: Composer, tiny_library: Library) -> None:
    """With the place's name, not its code."""
    notes = composer.answer(tiny_library.entries["legal-uk"]).notes
    assert notes[0] == ("**Where this holds:** the United Kingdom, as the law stood on 2026-01-10.")


def test_law_of_several_places_names_them_all(reword: Callable[..., Reply]) -> None:
    """States by name, places outside the vocabulary by code."""
    notes = reword(region=("GB", "US-OR", "FR"), as_of=TODAY).notes
    assert "the United Kingdom, Oregon, FR, as the law stood on 2026-02-01" in notes[2]
    assert len(reword(region=("GB",), as_of=None).notes) == len(notes) - 1


@pytest.mark.parametrize(
    ("today", "overdue"),
    [(date(2026, 7, 9), False), (date(2026, 7, 10), False), (date(2026, 7, 11), True)],
)
def test_overdue_answer_says_so(reword: Callable[..., Reply], today: date, overdue: bool) -> None:
    """From the day after the one on which its check fell due."""
    notes = reword(today=today).notes
    assert any("due for a new check on 2026-07-10" in note for note in notes) is overdue


# Cards


def ids(reply: Reply) -> list[str]:
    """Return the ids of the help lines."""
    return [line.id for line in reply.help]


def test_card_shows_steps_and_help_of_everything_that_fits(composer: Composer) -> None:
    """The lines of the other cards come behind those of the most pressing one."""
    both = replace(CARD, also=("suicide-crisis",))
    reply = composer.urgent(both, "GB")
    assert (reply.kind, reply.entry, reply.title) == (
        ReplyKind.URGENT,
        "emergency-medical",
        "Call for help now",
    )
    assert ids(reply) == ["gb-emergency", "gb-poison", "gb-crisis-1", "gb-crisis-2"]
    assert (reply.score, reply.ranked, reply.sources, reply.choices) == (None, (), (), ())


def changed(library: Library, **changes: Any) -> Library:
    """Return `library` with the emergency card's answer changed."""
    entry = library.entries["emergency-medical"]
    answer = replace(entry.answer, **changes)
    return replace(library, entries={**library.entries, entry.id: replace(entry, answer=answer)})


def test_card_shows_no_numbers_that_lead_nowhere(tiny_library: Library) -> None:
    """A card lists no sources, so its markers vanish."""
    sections = (Section("Now", "Cool them [smith2020].\n- [x](https://example.org) [jones2021]"),)
    library = changed(tiny_library, short="Call now [jones2021, hidden2011].", details=sections)
    reply = Composer(library, lambda: TODAY).urgent(CARD)
    assert reply.text == "Call now."
    assert reply.details[0].text == "Cool them.\n- [x](https://example.org)"


@pytest.mark.parametrize("level", ["urgent", "check"])
def test_card_never_lacks_help(tiny_library: Library, level: str) -> None:
    """A card whose entry names no kinds of help shows the usual ones."""
    composer = Composer(changed(tiny_library, resources=()), lambda: TODAY)
    reply = composer.urgent(CARD) if level == "urgent" else composer.check(())
    assert ids(reply) == ["int-emergency", "int-crisis", "int-peer"]


def test_check_carries_the_ordinary_reply_behind_it(
    composer: Composer, tiny_library: Library
) -> None:
    """First "are you safe", then the answer; entry and score are the answer's."""
    ranked = (Match("lithium", 0.9),)
    follow = composer.answer(tiny_library.entries["lithium"], "GB", ranked)
    reply = composer.check(("crisis",), follow, "GB")
    assert (reply.kind, reply.follow) == (ReplyKind.CHECK, follow)
    assert (reply.entry, reply.score, reply.ranked) == ("lithium", 0.9, ranked)
    assert (reply.title, ids(reply)[0]) == ("Are you safe right now?", "gb-crisis-1")
    assert reply.text.endswith("My answer to what you wrote follows below.")


def test_check_alone_promises_no_answer(composer: Composer) -> None:
    """Where nothing follows, the card does not say that something does."""
    reply = composer.check(("crisis",))
    assert (reply.entry, reply.follow) == (None, None)
    assert "follows below" not in reply.text


# Choices, fallback, trouble


def test_offers_only_entries_that_can_be_shown(tiny_library: Library) -> None:
    """Unknown and switched-off entries and cards are left out; four is the most."""
    off = replace(tiny_library.entries["lithium"], enabled=False)
    library = replace(tiny_library, entries={**tiny_library.entries, "lithium": off})
    composer = Composer(library, lambda: TODAY)
    wanted = [
        "gone",
        "lithium",
        "suicide-crisis",
        "legal-uk",
        "lamotrigine",
        "about-bot",
        "no-dosing",
        "legal-uk",
    ]
    reply = composer.choices(wanted)
    offered = [choice.entry for choice in reply.choices]
    assert offered == ["legal-uk", "lamotrigine", "about-bot", "no-dosing"]
    assert len(offered) == MOST_CHOICES
    assert (reply.kind, reply.entry) == (ReplyKind.CHOICES, None)


@pytest.mark.parametrize(
    ("key", "title"), [("reply.fallback", "I don't have an answer to that"), ("reply.gone", "")]
)
def test_fallback_always_brings_help(composer: Composer, key: str, title: str) -> None:
    """Whoever gets no answer gets people to turn to."""
    reply = composer.fallback("GB", key=key)
    assert (reply.kind, reply.title) == (ReplyKind.FALLBACK, title)
    assert reply.text == composer.message(key)
    assert ids(reply) == ["gb-emergency", "gb-crisis-1", "gb-crisis-2", "int-peer"]


def test_trouble_brings_help(composer: Composer) -> None:
    """When something broke, the member still gets the resources."""
    reply = composer.trouble("US")
    assert reply.title == "Something went wrong on my side"
    assert ids(reply) == ["us-emergency", "int-crisis", "int-peer"]


# Messages


def test_unknown_message_is_empty(composer: Composer) -> None:
    """A slip in the program never reaches a member as a key."""
    assert composer.message("no.such.key") == ""


@pytest.mark.parametrize("region", [None, "GB", "US", "JP"])
def test_every_tiny_reply_fits(
    composer: Composer, tiny_library: Library, region: str | None
) -> None:
    """No reply over the limit, and every one makes a record."""
    for entry in tiny_library.entries.values():
        record = to_record(composer.answer(entry, region))
        assert 0 < len(str(record["text"])) <= REPLY_MAX
        assert record["kind"] in {"answer", "policy"}
