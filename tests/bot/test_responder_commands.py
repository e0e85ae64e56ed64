"""What commands and buttons ask of the Responder: cards, topics, countries, help lines, words."""

from dataclasses import replace

import pytest

from bot.bootstrap import Engine
from bot.domain import Choice, Country, Library, Match, ReplyKind
from bot.help_lines import KINDS
from bot.responder import Responder
from tests.bot.small import LIBRARY, MESSAGES, make_entry, make_responder

CARDS = {
    "suicide-crisis": ReplyKind.URGENT,
    "check": ReplyKind.CHECK,
    "info": ReplyKind.INFO,
    "fallback": ReplyKind.FALLBACK,
    "no-such-card": ReplyKind.FALLBACK,
    "driving": ReplyKind.ANSWER,
    "": ReplyKind.FALLBACK,
}


def with_entries(**changes: object) -> Library:
    """Return the small library with the driving entry changed."""
    driving = replace(LIBRARY.entries["driving"], **changes)  # type: ignore[arg-type]
    return replace(LIBRARY, entries={**LIBRARY.entries, "driving": driving})


def with_words(**words: str) -> Library:
    """Return the small library with further sentences; `a__b` is the sentence a.b."""
    more = {key.replace("__", "."): sentence for key, sentence in words.items()}
    return replace(LIBRARY, messages={**MESSAGES, **more})


# A choice that was picked


def test_a_pick_shows_the_whole_answer() -> None:
    """The answer is the same as to a question, with the related entries to go on."""
    library = with_entries(see_also=("sleep", "suicide-crisis", "gone"))
    reply = make_responder(library=library).show("driving", "GB")

    assert (reply.kind, reply.entry) == (ReplyKind.ANSWER, "driving")
    assert [line.id for line in reply.help] == ["gb-line"]
    assert reply.choices == (Choice("sleep", "sleep"),)


def test_an_emergency_card_can_be_picked() -> None:
    """Whoever picks a suggested card sees it as if danger had been read in a question."""
    reply = make_responder().show("suicide-crisis", "GB")

    assert (reply.kind, reply.entry) == (ReplyKind.URGENT, "suicide-crisis")
    assert [line.id for line in reply.help] == ["gb-line"]


@pytest.mark.parametrize("entry", ["no-such-entry", "", "driving"])
def test_a_choice_that_cannot_be_shown_says_so(entry: str) -> None:
    """A button of an older version, a forged or a switched-off one gets words and help."""
    responder = make_responder(library=with_entries(enabled=False))
    reply = responder.show(entry)

    assert (reply.kind, reply.text) == (ReplyKind.FALLBACK, MESSAGES["reply.gone"])
    assert reply.help
    assert responder.choice(entry) is None


def test_a_choice_knows_its_title(tiny_engine: Engine) -> None:
    """Picked from half a title, an entry is known by its whole one."""
    assert tiny_engine.responder.choice("lithium") == Choice("lithium", "Lithium and psychedelics")


@pytest.mark.parametrize("region", [None, "GB", "JP"])
def test_declining_and_trouble_bring_the_resources(region: str | None) -> None:
    """Declining and a breakdown both end with people who can help."""
    responder = make_responder()

    assert responder.decline(region).help
    assert responder.in_trouble(region).help


# The same card with another country's help lines


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize(
    ("region", "line"),
    [("GB", "gb-line"), ("gb", "gb-line"), ("JP", "int-line"), (None, "int-line")],
)
@pytest.mark.parametrize("kinds", [["crisis"], [], ["no such kind"], ["crisis", "x", "crisis"]])
def test_a_card_is_shown_again_with_another_countrys_lines(
    card: str, region: str | None, line: str, kinds: list[str]
) -> None:
    """Whatever a button says, the card is of its kind and never without help."""
    reply = make_responder().help_again(card, kinds, region)

    assert reply.kind is CARDS[card]
    assert [shown.id for shown in reply.help] == [line]


def test_an_answer_is_shown_again_as_it_was() -> None:
    """Whoever shares an answer shares that answer, with the help lines that stood below it."""
    responder = make_responder()

    assert responder.help_again("driving", (), "GB") == responder.show("driving", "GB")


def test_an_answer_that_was_switched_off_is_not_shown_again() -> None:
    """Between an answer and the button below it, moderators may have switched it off."""
    responder = make_responder(library=with_entries(enabled=False))

    assert responder.help_again("driving", (), "GB").text == MESSAGES["reply.gone"]


def test_a_card_keeps_the_kinds_of_help_it_was_shown_with(tiny_engine: Engine) -> None:
    """What a second danger had added stands there in the other country too."""
    again = tiny_engine.responder.help_again
    both = ["emergency", "poison", "crisis"]

    assert [line.id for line in again("emergency-medical", both, "GB").help] == [
        "gb-emergency",
        "gb-poison",
        "gb-crisis-1",
        "gb-crisis-2",
    ]
    assert again("emergency-medical", ["no such kind"], "GB").help[1].id == "gb-poison"
    assert again("check", ["crisis"], "GB").help_kinds == ("crisis",)
    assert again("check", ["no such kind"], "GB").help_kinds


# Topics


def test_topics_come_in_the_order_of_their_headings() -> None:
    """Moderators order the topics in messages.yaml; what has no heading there comes last."""
    library = with_words(groups__policy="No", groups__empty="None", groups__risks="Risks")
    topics = make_responder(library=library).topics()

    assert [topic.id for topic in topics] == ["policy", "risks", "contraindications", "legality"]
    assert [topic.title for topic in topics][:3] == ["No", "Risks", "contraindications"]


def test_a_topic_lists_its_entries_by_title() -> None:
    """Every entry of the group with its title, and what the group is about."""
    library = replace(
        with_words(groups_about__risks="What can go wrong."),
        entries={
            i: replace(make_entry(i), title=t) for i, t in [("a", "z"), ("b", "Y"), ("c", "x")]
        },
    )
    [topic] = make_responder(library=library).topics()

    assert topic.about == "What can go wrong."
    assert topic.entries == (Choice("c", "x"), Choice("b", "Y"), Choice("a", "z"))


def test_no_topic_lists_cards_or_what_is_switched_off() -> None:
    """A card comes by itself; an entry that is off is nowhere."""
    topics = make_responder(library=with_entries(enabled=False)).topics()
    listed = {choice.entry for topic in topics for choice in topic.entries}

    assert listed == LIBRARY.entries.keys() - {"driving", "suicide-crisis"}


def test_entries_without_a_group_are_a_topic_too() -> None:
    """A bare folder of answers can be browsed as well."""
    library = replace(
        with_words(browse__title="All answers"), entries={"a": make_entry("a", group="")}
    )
    [topic] = make_responder(library=library).topics()

    assert (topic.title, bool(topic.id)) == ("All answers", True)


# Countries and help lines


def test_countries_are_those_with_lines_of_their_own() -> None:
    """Everywhere is no country, and a country is called by its name."""
    assert make_responder().countries() == (Country("GB", "the UK"),)


@pytest.fixture
def commands(tiny_library: Library, tiny_engine: Engine) -> Responder:
    """Return a Responder over the tiny content with the words of two commands."""
    words = {
        "info.resources_title": "Who can help in {country}",
        "info.resources_text": "Call first.",
        "info.resources_unknown": "Wherever you are.",
        "info.help_title": "How to use me",
        "info.help_text": "Type {ask}.",
    }
    messages = {**tiny_library.messages, **words}
    return tiny_engine.responder.over(replace(tiny_library, messages=messages))


def test_every_help_line_of_a_country_can_be_asked_for(commands: Responder) -> None:
    """More than an answer shows: the third crisis line stands there too."""
    reply = commands.resources("GB")

    assert (reply.kind, reply.region) == (ReplyKind.INFO, "GB")
    assert (reply.title, reply.text) == ("Who can help in the United Kingdom", "Call first.")
    assert [line.id for line in reply.help][:4] == [
        "gb-emergency",
        "gb-crisis-1",
        "gb-crisis-2",
        "gb-crisis-3",
    ]
    assert reply.help_kinds == KINDS


@pytest.mark.parametrize("region", ["JP", "XX", "", None])
def test_an_unknown_country_gets_what_holds_everywhere(
    commands: Responder, region: str | None
) -> None:
    """It says that it knows no country, and shows the international lines."""
    reply = commands.resources(region)

    assert (reply.title, reply.text) == ("", "Wherever you are.")
    assert [line.id for line in reply.help] == ["int-emergency", "int-crisis", "int-peer"]


def test_help_says_how_to_ask_and_whom_to_call(commands: Responder) -> None:
    """The words name the commands as they are called there; an emergency comes first."""
    reply = commands.introduce("GB", ask="/ask")

    assert (reply.kind, reply.text) == (ReplyKind.INFO, "Type /ask.")
    assert reply.help[0].id == "gb-emergency"


def test_what_is_said_once_cannot_be_turned_to_another_country(commands: Responder) -> None:
    """A breakdown and the help text would come back as another text, so they ask for no kinds."""
    assert commands.in_trouble("GB").help_kinds == ()
    assert commands.introduce("GB").help_kinds == ()
    assert commands.decline("GB").help_kinds


# Words of commands in other languages


@pytest.mark.parametrize(
    ("locale", "key", "words"),
    [("de", "ask", "fragen"), ("de", "help", None), ("ja", "ask", None), ("", "", None)],
)
def test_a_command_is_named_in_the_members_language(
    locale: str, key: str, words: str | None
) -> None:
    """Where a word has no translation, English stands."""
    library = replace(LIBRARY, translations={"de": {"ask": "fragen"}})

    assert make_responder(library=library).translation(locale, key) == words


# A community's content over the same engine


def test_another_content_leaves_the_first_as_it_is() -> None:
    """What one community switches off is still answered everywhere else."""
    base = make_responder(Match("driving", 0.9))
    here = base.over(with_entries(enabled=False), "GB")

    assert here.show("driving").text == MESSAGES["reply.gone"]
    assert base.show("driving").entry == "driving"
    assert [line.id for line in here.decline().help] == ["gb-line"]
    assert [line.id for line in base.decline().help] == ["int-line"]
