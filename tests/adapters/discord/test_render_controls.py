"""What can be pressed and chosen below a Reply on Discord, and what the ids say."""

from dataclasses import replace

import discord
import pytest

from adapters.discord.render import Renderer, size
from adapters.ids import PICK, TOPIC, Press, read_press
from bot.domain import Choice, Country, Reply, ReplyKind, Section, Topic
from tests.adapters.discord.laid_out import (
    EVERY_NAME,
    KEY,
    RENDERER,
    WORDS,
    Countries,
    check_limits,
    labels,
    posts_of,
    presses,
    selects,
    values,
)
from tests.adapters.replies import (
    ANSWER,
    CHECK_ALONE,
    CHOICES,
    EVERY_REPLY,
    FALLBACK,
    GONE,
    INFO,
    URGENT,
)

NONE_OF_THESE = "None of these"


def test_offers_choices_and_none_of_these() -> None:
    """Each choice is a button that carries its Entry's id; the last one, apart, declines."""
    (post,) = posts_of(CHOICES)
    assert labels(post) == [*(choice.title for choice in CHOICES.choices), NONE_OF_THESE]
    shown = [Press("show", entry=choice.entry) for choice in CHOICES.choices]
    assert presses(post) == [*shown, Press("decline")]
    assert [item.row for item in post.items] == [0, 0, 0, 1]


def test_offers_related_answers_in_a_select() -> None:
    """Below an answer nobody has to choose, and long titles need no row each."""
    (post,) = posts_of(ANSWER)
    (related,) = selects(post)
    assert related.custom_id == PICK
    assert values(related) == [choice.entry for choice in ANSWER.choices]
    assert related.placeholder == WORDS.message("buttons.related")


@pytest.mark.parametrize("name", EVERY_NAME)
def test_offers_to_share_only_what_was_asked_for(name: str) -> None:
    """Answers and emergency cards can be shown to others; a check and what has no entry cannot."""
    (post, *_) = posts_of(EVERY_REPLY[name])
    shared = [press.card for press in presses(post) if press and press.action == "share"]
    can_be = EVERY_REPLY[name].kind in {ReplyKind.ANSWER, ReplyKind.POLICY, ReplyKind.URGENT}
    assert shared == ([EVERY_REPLY[name].entry] if can_be else [])
    (unshared, *_) = RENDERER.to_posts(EVERY_REPLY[name])
    assert "share" not in [press.action for press in presses(unshared) if press]


def test_shares_an_emergency_card_with_the_help_lines_it_shows() -> None:
    """Who changed the country shares that country's lines."""
    (post,) = posts_of(URGENT)
    share = Press("share", card="emergency-medical", kinds=URGENT.help_kinds, region="GB")
    assert share in presses(post)


@pytest.mark.parametrize("name", EVERY_NAME)
def test_asks_for_a_verdict_on_answers_alone(name: str) -> None:
    """Nobody in danger is asked for feedback; each button carries the Reply's key."""
    (post, *_) = posts_of(EVERY_REPLY[name])
    found = [press for press in presses(post) if press and press.action == "verdict"]
    judged = EVERY_REPLY[name].kind in {ReplyKind.ANSWER, ReplyKind.POLICY}
    expected = ["helpful", "wrong", "outdated"] if judged else []
    assert [press.verdict for press in found] == expected
    assert all(press.key == KEY for press in found)


def test_asks_for_no_verdict_that_is_not_kept() -> None:
    """Where the operator keeps no feedback, there are no buttons for it."""
    (post,) = Renderer(WORDS).to_posts(ANSWER)
    assert "verdict" not in [press.action for press in presses(post) if press]


def test_gives_each_reply_a_key_of_its_own() -> None:
    """The key is 12 random hexadecimal digits, and says nothing about anybody."""
    renderer = Renderer(WORDS, feedback=True)
    keys = {
        press.key
        for _ in range(20)
        for press in presses(renderer.to_posts(ANSWER)[0])
        if press and press.action == "verdict"
    }
    assert len(keys) == 20


@pytest.mark.parametrize(
    ("reply", "card"),
    [
        (URGENT, "emergency-medical"),
        (CHECK_ALONE, "check"),
        (FALLBACK, "fallback"),
        (INFO, "info"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_lets_the_country_of_help_lines_be_changed(reply: Reply, card: str) -> None:
    """The country shown is chosen already and stands first; the select says what it is for."""
    (post,) = posts_of(reply)
    (select,) = selects(post)
    chosen = select.options[0]
    assert (chosen.value, chosen.label, chosen.default) == ("GB", reply.help_heading, True)
    press = read_press(select.custom_id, ["FR"])
    assert press == Press("country", card=card, kinds=reply.help_kinds, values=("FR",), region="GB")


@pytest.mark.parametrize("reply", [ANSWER, CHOICES, GONE], ids=lambda reply: reply.title)
def test_offers_no_countries_where_there_is_nothing_to_change(reply: Reply) -> None:
    """An answer has other controls; without help lines there is no country."""
    (post,) = posts_of(reply)
    assert "country" not in [press.action for press in presses(post) if press]


@pytest.mark.parametrize("region", [None, "GB", "XJ"])
def test_reaches_every_country_by_turning_pages(region: str | None) -> None:
    """Each country is on one page, and the pages lead to each other and back."""
    card, found, page = replace(URGENT, region=region), [], 0
    while True:
        post = RENDERER.country_page(card, page)
        check_limits(post)
        (select,) = selects(post)
        found += [value for value in values(select) if not value.startswith("page:")]
        assert ("page:" + str(page - 1) in values(select)) is (page > 0)
        if f"page:{page + 1}" not in values(select):
            break
        page += 1
    assert sorted(found) == sorted(country.code for country in WORDS.countries())
    assert region is None or found[0] == region


@pytest.mark.parametrize("page", [-1, 99])
def test_turns_to_a_page_that_exists(page: int) -> None:
    """The list may have become shorter since the select was sent."""
    (select,) = selects(RENDERER.country_page(URGENT, page))
    assert select.options


def test_turning_the_page_changes_nothing_but_the_select() -> None:
    """The words and the button for sharing stay."""
    (before,) = posts_of(URGENT)
    after = RENDERER.country_page(URGENT, 1, shareable=True)
    assert after.content == before.content
    assert labels(after) == labels(before)
    assert values(selects(after)[0]) != values(selects(before)[0])


def test_keeps_the_country_beside_the_numbers_of_a_card_too_long_for_one_message() -> None:
    """Changing the country changes the message with the help lines and no other."""
    card, more = posts_of(replace(URGENT, details=(Section("Meanwhile", "Wait. " * 300),)))
    assert "999 or 112" in card.content
    assert selects(card)
    assert not more.items
    assert RENDERER.country_page(URGENT, 0).content.startswith(f"## {URGENT.title}")


def test_lists_a_country_under_its_first_letter() -> None:
    """Nobody looks for "the United Kingdom" under T."""
    countries = (Country("GB", "the United Kingdom"), Country("SE", "Sweden"))
    post = Renderer(Countries(countries)).country_page(replace(URGENT, region=None), 0)
    assert [option.label for option in selects(post)[0].options] == ["Sweden", "United Kingdom"]


def test_shows_topics_to_choose_from() -> None:
    """`/faq` begins with the topics and what each is about."""
    post = RENDERER.topics(WORDS.topics())
    check_limits(post)
    (select,) = selects(post)
    assert select.custom_id == TOPIC
    assert values(select) == [topic.id for topic in WORDS.topics()]
    assert [option.description for option in select.options] == [
        topic.about for topic in WORDS.topics()
    ]


def test_shows_every_entry_of_the_chosen_topic() -> None:
    """A topic of more than 25 entries has several selects."""
    topic = WORDS.topics()[1]
    post = RENDERER.topics(WORDS.topics(), topic.id)
    check_limits(post)
    topics, *entries = selects(post)
    assert [option.value for option in topics.options if option.default] == [topic.id]
    assert [len(select.options) for select in entries] == [25, 5]
    shown = [value for select in entries for value in values(select)]
    assert shown == [choice.entry for choice in topic.entries]
    assert topic.title in post.content


def test_says_which_letters_a_select_of_many_entries_holds() -> None:
    """Nobody has to open one list after the other to find a title."""
    titles = sorted([f"Aspirin {i:02}" for i in range(24)] + ["Lithium", "Maoi", "Zinc"])
    entries = tuple(Choice(title.lower(), title) for title in titles)
    post = RENDERER.topics((Topic("all", "All", "All.", entries),), "all")
    placeholders = [select.placeholder for select in selects(post)[1:]]
    first, more = WORDS.message("buttons.entries"), WORDS.message("buttons.entries_more")
    assert placeholders == [f"{first} (A–L)", f"{more} (M–Z)"]


@pytest.mark.parametrize("chosen", [None, "gone"])
def test_shows_the_topics_when_none_is_chosen(chosen: str | None) -> None:
    """A topic that is gone since then is none."""
    assert len(selects(RENDERER.topics(WORDS.topics(), chosen))) == 1


def test_says_that_a_topic_is_empty() -> None:
    """All of its entries may have been switched off."""
    post = RENDERER.topics((Topic("law", "The law", "Laws.", ()),), "law")
    assert WORDS.message("browse.empty") in post.content
    assert len(selects(post)) == 1


def test_names_the_entries_that_the_selects_have_no_room_for() -> None:
    """Four selects take a hundred; the others can be asked for by their titles."""
    many = tuple(Choice(f"law-{i}", f"Law number {i}") for i in range(110))
    post = RENDERER.topics((Topic("law", "The law", "Laws.", many),), "law")
    check_limits(post)
    assert sum(len(select.options) for select in selects(post)) == 101
    assert post.embed is not None
    assert (post.embed.description or "").splitlines()[0] == "- Law number 100"


async def test_asks_what_is_wrong_in_one_paragraph() -> None:
    """The form says whose it is by its id, may be left empty and is not kept in memory."""
    press = Press("verdict", entry="lithium", verdict="wrong", key=KEY)
    modal = RENDERER.reason_modal(press)
    assert read_press(modal.custom_id) == replace(press, action="reason")
    assert modal.is_finished()
    assert size(modal.title) <= 45
    (label,) = modal.to_dict()["components"]
    assert size(label["label"]) <= 45
    assert label["component"]["style"] == discord.TextStyle.paragraph.value
    assert not label["component"]["required"]
    assert size(label["component"]["placeholder"]) <= 100


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        (Choice("a", "T" * 300), ["T" * 99 + "…"]),
        (Choice("a", "  "), ["a"]),
        (Choice("x" * 101, "Too long an id"), []),
    ],
    ids=["long title", "blank title", "long id"],
)
def test_offers_only_what_discord_takes(choice: Choice, shown: list[str]) -> None:
    """One choice that Discord would refuse must not cost the whole message."""
    (post,) = posts_of(Reply(ReplyKind.ANSWER, "Words.", choices=(choice,)))
    check_limits(post)
    assert [option.label for select in selects(post) for option in select.options] == shown


def test_offers_many_choices_in_selects() -> None:
    """Where buttons would not do, every choice still is there, and so is "none of these"."""
    many = tuple(Choice(f"entry-{i}", f"Entry {i}") for i in range(60))
    (post,) = posts_of(Reply(ReplyKind.CHOICES, "Which?", choices=many))
    check_limits(post)
    assert sum(len(select.options) for select in selects(post)) == 60
    assert labels(post) == [NONE_OF_THESE]


async def test_keeps_no_view_in_memory() -> None:
    """A view is made for sending only; presses are told by their id."""
    (post,) = posts_of(CHOICES)
    view = post.arguments()["view"]
    assert view.is_finished()
    assert len(view.children) == len(CHOICES.choices) + 1
