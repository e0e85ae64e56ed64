"""A Reply laid out for Discord: everything said, within every limit, help above all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.render import COLOURS, Post, Renderer, size, split
from adapters.ids import PICK, TOPIC, Press, read_press
from bot.compose import Composer
from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.content.schema import KINDS
from bot.domain import Choice, Country, Help, Reply, ReplyKind, Section, Topic
from tests.adapters.replies import (
    ANSWER,
    CHECK,
    CHECK_ALONE,
    CHOICES,
    EVERY_REPLY,
    FALLBACK,
    GONE,
    INFO,
    OVERDUE,
    POLICY,
    URGENT,
)
from tests.adapters.scripted import ScriptedResponder

NONE_OF_THESE = "None of these"
KEY = "0123456789ab"
EVERY_NAME = list(EVERY_REPLY)
WORDS = ScriptedResponder()
RENDERER = Renderer(WORDS, feedback=True, new_key=lambda: KEY)


def posts_of(reply: Reply, *, whole: bool = False) -> tuple[Post, ...]:
    """Return the messages for `reply`, with everything that can stand below them."""
    return RENDERER.to_posts(reply, whole=whole, shareable=True)


def words(posts: tuple[Post, ...]) -> str:
    """Return all the words of `posts` outside buttons, in the order they are read."""
    parts = []
    for post in posts:
        parts.append(post.content)
        if post.embed is not None:
            parts += [post.embed.title or "", post.embed.description or ""]
    return "\n".join(parts)


def plain(text: str) -> str:
    """Return `text` without what the renderer adds round links, and with single spaces."""
    return " ".join(text.replace("](<", "](").replace(">)", ")").split())


def buttons(post: Post) -> list[discord.ui.Button[discord.ui.View]]:
    """Return the buttons."""
    return [item for item in post.items if isinstance(item, discord.ui.Button)]


def labels(post: Post) -> list[str | None]:
    """Return the words on the buttons."""
    return [button.label for button in buttons(post)]


def selects(post: Post) -> list[discord.ui.Select[discord.ui.View]]:
    """Return the selects."""
    return [item for item in post.items if isinstance(item, discord.ui.Select)]


def values(select: discord.ui.Select[discord.ui.View]) -> list[str]:
    """Return what can be chosen."""
    return [option.value for option in select.options]


def presses(post: Post) -> list[Press | None]:
    """Return what each control means; the first choice of a select stands for all."""
    found = [read_press(button.custom_id or "") for button in buttons(post)]
    return found + [read_press(select.custom_id, values(select)[:1]) for select in selects(post)]


def check_limits(post: Post) -> None:
    """Hold `post` against everything that Discord refuses."""
    assert size(post.content) <= 2000
    assert post.content.strip() or post.embed
    if post.embed is not None:
        assert size(post.embed.title or "") <= 256
        assert size(post.embed.description or "") <= 4096
        assert len(post.embed) <= 6000
        assert (post.embed.title or post.embed.description or "").strip()
    ids = [item.custom_id or "" for item in post.items]
    assert len(ids) == len(set(ids))
    assert all(1 <= len(custom_id.encode()) <= 100 for custom_id in ids)
    check_rows(post)
    for button in buttons(post):
        assert 1 <= size((button.label or "").strip()) <= 80
    for select in selects(post):
        check_select(select)


def check_rows(post: Post) -> None:
    """At most five rows, each of at most five buttons or one select."""
    rows: dict[int | None, list[bool]] = {}
    for item in post.items:
        rows.setdefault(item.row, []).append(isinstance(item, discord.ui.Select))
    assert set(rows) <= {0, 1, 2, 3, 4}
    assert all(row == [True] or (len(row) <= 5 and not any(row)) for row in rows.values())


def check_select(select: discord.ui.Select[discord.ui.View]) -> None:
    """1 to 25 different options, of which one may be chosen, and words on each."""
    assert 1 <= len(select.options) <= 25
    assert len(set(values(select))) == len(select.options)
    assert sum(option.default for option in select.options) <= 1
    assert 1 <= size(select.placeholder or "") <= 150
    for option in select.options:
        assert 1 <= size(option.label.strip()) <= 100
        assert 1 <= size(option.value) <= 100
        assert option.description is None or 1 <= size(option.description) <= 100


def parts(reply: Reply) -> Iterator[str]:
    """Return every part of `reply` that has words, without what follows it."""
    yield from (reply.title, *reply.text.split("\n"), *reply.notes, *reply.sources)
    yield reply.help_heading
    yield from (line.text for line in reply.help)
    for section in reply.details:
        yield from (section.heading, section.text)


@pytest.mark.parametrize("whole", [False, True], ids=["brief", "whole"])
@pytest.mark.parametrize("name", EVERY_NAME)
def test_says_everything_within_the_limits(name: str, *, whole: bool) -> None:
    """Every part of every kind of Reply is said, at once or behind the button for details."""
    reply: Reply | None = EVERY_REPLY[name]
    posts = posts_of(EVERY_REPLY[name], whole=whole)
    for post in posts:
        check_limits(post)
    said = plain(words(posts))
    while reply is not None:
        if not whole:
            said += plain(words(RENDERER.details(reply)))
        assert all(plain(part) in said for part in parts(reply))
        reply = reply.follow


@pytest.mark.parametrize("name", [name for name in EVERY_NAME if name != "check"])
def test_needs_one_message(name: str) -> None:
    """Whatever passed the content checks fits into one message."""
    assert len(posts_of(EVERY_REPLY[name])) == 1


@pytest.mark.parametrize("name", [name for name in EVERY_NAME if name != "check"])
def test_says_in_plain_text_what_must_arrive(name: str) -> None:
    """Embeds can be switched off and notifications hide them: words and help lines cannot."""
    reply = EVERY_REPLY[name]
    (post,) = posts_of(reply)
    content = plain(post.content)
    title = f"## {reply.title} " if reply.title else ""
    first = reply.text.split("\n")[0] if reply.kind is ReplyKind.URGENT else reply.text
    assert content.startswith(f"{title}{plain(first)}")
    assert all(plain(line.text) in content for line in reply.help)


@pytest.mark.parametrize("reply", [URGENT, CHECK_ALONE], ids=lambda reply: reply.kind)
def test_gives_the_numbers_right_after_the_first_words(reply: Reply) -> None:
    """In danger nobody reads on to find whom to call."""
    (post,) = posts_of(reply)
    first = reply.text.split("\n")[0]
    opening = f"## {reply.title}\n{first}\n\n### {reply.help_heading}\n- Emergency"
    assert post.content.startswith(opening)


def test_leaves_nothing_of_an_emergency_card_to_an_embed() -> None:
    """What to do until help comes is plain text too, after the numbers and the other words."""
    (post,) = posts_of(replace(URGENT, text="Call now.\nThen stay."))
    assert post.embed is None
    parts = ["Call now.", "999 or 112", "Then stay.", "### While you wait", "### When the crew"]
    places = [post.content.index(part) for part in parts]
    assert places == sorted(places)


def test_puts_how_sure_it_is_into_an_embed() -> None:
    """What is quieter than the answer stands apart, in the colour of its kind."""
    (post,) = posts_of(ANSWER)
    assert post.embed is not None
    assert post.embed.description == "\n".join(ANSWER.notes)
    assert post.embed.colour == discord.Colour(COLOURS[ReplyKind.ANSWER])


def test_warns_of_an_overdue_answer_before_its_help() -> None:
    """That it has not been checked in time is plain text with a warning sign, not small print."""
    (post,) = posts_of(OVERDUE)
    warning = f"\n\n⚠️ {OVERDUE.notes[-1]}\n\n"
    assert warning in post.content
    assert post.content.index("⚠️") < post.content.index(OVERDUE.help_heading)
    assert post.embed is not None
    assert OVERDUE.notes[-1] not in (post.embed.description or "")


@pytest.mark.parametrize("reply", [ANSWER, POLICY], ids=lambda reply: reply.kind)
def test_keeps_details_and_sources_behind_a_button(reply: Reply) -> None:
    """First the answer; who wants to know more presses, and gets sections, then sources."""
    (post,) = posts_of(reply)
    for section in reply.details:
        assert section.text not in words((post,))
    assert Press("details", entry=reply.entry or "") in presses(post)
    (more,) = RENDERER.details(reply)
    assert more.content.startswith(f"## {reply.title}\n-# Details and sources\n\n### ")
    assert more.embed is not None
    assert (more.embed.description or "").startswith(f"### {reply.sources_heading}\n-# [1]")
    assert not more.items


def test_offers_no_details_where_there_are_none() -> None:
    """A button that brings nothing is none."""
    (post,) = posts_of(replace(ANSWER, details=(), sources=()))
    assert "details" not in [press.action for press in presses(post) if press]


def test_says_what_there_is_when_an_old_button_asks_for_details_that_are_gone() -> None:
    """Instead of nothing, whoever pressed gets the whole reply."""
    assert words(RENDERER.details(GONE)) == words(posts_of(GONE))


def test_shows_all_at_once_where_no_button_can_bring_the_rest() -> None:
    """Without an Entry there is nothing to press for."""
    posts = posts_of(replace(ANSWER, entry=None))
    assert all(plain(part) in plain(words(posts)) for part in parts(ANSWER))


def test_unfolds_no_pictures_of_pages_below_a_message() -> None:
    """Links in plain text stand in angle brackets, which keeps Discord from unfolding them."""
    (post,) = posts_of(URGENT)
    assert "[NHS 111](<https://111.nhs.uk/>)" in post.content
    assert "](http" not in post.content


def test_sends_the_answer_after_a_soft_check() -> None:
    """First "are you safe", then the ordinary answer with its buttons, as a second message."""
    card, answer = posts_of(CHECK)
    assert CHECK.title in card.content
    assert [press.action for press in presses(card) if press] == ["country"]
    assert ANSWER.title in answer.content
    assert Press("details", entry="lithium") in presses(answer)


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
    post = Renderer(_Countries(countries)).country_page(replace(URGENT, region=None), 0)
    assert [option.label for option in selects(post)[0].options] == ["Sweden", "United Kingdom"]


class _Countries(ScriptedResponder):
    """Knows the countries that it is given."""

    def __init__(self, countries: tuple[Country, ...]) -> None:
        super().__init__()
        self._countries = countries

    def countries(self) -> tuple[Country, ...]:
        """Return them."""
        return self._countries


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


def test_needs_no_title() -> None:
    """A Reply without one begins with its words."""
    (post,) = posts_of(GONE)
    assert post.content == GONE.text


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


async def test_sends_nothing_that_is_not_there() -> None:
    """A message without buttons or embed leaves these out altogether."""
    (post,) = posts_of(GONE)
    assert set(post.arguments()) == {"content"}


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, []),
        ("  \n ", 10, []),
        ("short", 10, ["short"]),
        ("one\n\ntwo", 5, ["one", "two"]),
        ("one\ntwo\n\nthree", 8, ["one\ntwo", "three"]),
        ("one\ntwo\nthree", 8, ["one\ntwo", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("abcdefghij", 4, ["ab", "cd", "ef", "gh", "ij"]),
        ("😀😀😀", 4, ["😀😀", "😀"]),
    ],
)
def test_splits_where_it_hurts_least(text: str, limit: int, parts: list[str]) -> None:
    """Between paragraphs, else between lines, else between words, else anywhere."""
    assert split(text, limit) == parts


LIBRARY, _ = load_library(EMBEDDED_FAQ)
LIBRARY_REGIONS = sorted({resource.country for resource in LIBRARY.resources} - {"INT"})
# Far in the future, so that every answer is overdue.
COMPOSER = Composer(LIBRARY, lambda: date(2199, 1, 1))

LINE = st.sampled_from(["a", "help", "Grüße", "😀😀", "**bold**", "[page](https://a.org/b(c))"])
LINE |= st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)


def lines_of(longest: int) -> st.SearchStrategy[str]:
    """Return a strategy for one line of at most `longest` words."""
    lengths = st.integers(min_value=1, max_value=longest)
    return st.builds(lambda first, word, n: " ".join([first] + [word] * n), LINE, LINE, lengths)


LINES = st.lists(lines_of(60), max_size=20).map(tuple)
HELP = st.builds(Help, st.just("id"), lines_of(25))
SECTIONS = st.builds(Section, lines_of(20), lines_of(900))
CHOICE = st.builds(Choice, st.text(max_size=120), lines_of(30))
LARGE_REPLIES = st.builds(
    Reply,
    kind=st.sampled_from(ReplyKind),
    text=lines_of(900),
    title=st.just("") | lines_of(60),
    details=st.lists(SECTIONS, max_size=5).map(tuple),
    notes=LINES,
    sources_heading=st.just("Sources"),
    sources=LINES,
    help_heading=st.just("Help"),
    help=st.lists(HELP, max_size=30).map(tuple),
    help_kinds=st.lists(st.sampled_from((*KINDS, "unheard-of"))).map(tuple),
    region=st.none() | st.sampled_from(["GB", "ZZ", "us-or"]),
    entry=st.none() | st.sampled_from(["lithium", "x" * 90]),
    choices_heading=st.just("Related"),
    choices=st.lists(CHOICE, max_size=30).map(tuple),
    follow=st.none() | st.just(ANSWER),
)


@settings(deadline=None, max_examples=100)
@given(LARGE_REPLIES, st.booleans())
def test_never_exceeds_a_limit_nor_loses_a_help_line(reply: Reply, whole: bool) -> None:
    """However large the content: Discord takes every message, and every help line is whole."""
    posts = posts_of(reply, whole=whole)
    for post in (*posts, *RENDERER.details(reply), RENDERER.country_page(reply, 1)):
        check_limits(post)
    pages = [plain(post.content) for post in posts]
    for line in reply.help:
        assert any(plain(line.text) in page for page in pages)


@settings(deadline=None, max_examples=100)
@given(LARGE_REPLIES)
def test_never_loses_a_word_of_the_longer_answer(reply: Reply) -> None:
    """What is not said at once is behind a button that is there."""
    posts = posts_of(replace(reply, follow=None))
    said = words(posts)
    if any(press and press.action == "details" for press in presses(posts[-1])):
        said += "\n" + words(RENDERER.details(reply))
    wanted = [*reply.notes, *reply.sources, *(section.text for section in reply.details)]
    assert set(plain(" ".join(wanted)).split()) <= set(plain(said).split())


@pytest.mark.parametrize("region", [None, *LIBRARY_REGIONS])
def test_lays_out_the_whole_faq_in_one_message_each(region: str | None) -> None:
    """Every entry, in every country, even overdue: one message, and one for its details."""
    responder = _Countries(COMPOSER.countries())
    renderer = Renderer(responder, feedback=True)
    for entry in LIBRARY.entries.values():
        urgent = entry.group == "urgent"
        kinds = entry.answer.resources
        reply = COMPOSER.card(entry, kinds, region) if urgent else COMPOSER.answer(entry, region)
        (post,) = renderer.to_posts(reply, shareable=True)
        assert None not in presses(post)
        posts = [post, *renderer.details(reply), renderer.country_page(reply, 1)]
        for found in (*posts, *renderer.to_posts(reply, whole=True)):
            check_limits(found)
        assert (len(posts) == 3) or urgent


@pytest.mark.parametrize("region", [None, *LIBRARY_REGIONS])
def test_lays_out_what_commands_say_in_one_message_each(region: str | None) -> None:
    """The help lines of a country, the introduction and a check all fit."""
    renderer = Renderer(_Countries(COMPOSER.countries()))
    for reply, actions in (
        (COMPOSER.resources(region), ["country"]),
        (COMPOSER.introduce(region), []),
        (COMPOSER.trouble(region), []),
        (COMPOSER.fallback(region), ["country"]),
        (COMPOSER.check(KINDS, None, region), ["country"]),
    ):
        (post,) = renderer.to_posts(reply)
        check_limits(post)
        assert [press.action for press in presses(post) if press] == actions


def test_lays_out_every_topic_of_the_faq() -> None:
    """Every topic and every entry can be chosen."""
    topics = COMPOSER.topics()
    for topic in topics:
        post = RENDERER.topics(topics, topic.id)
        check_limits(post)
        shown = {value for select in selects(post)[1:] for value in values(select)}
        assert shown == {choice.entry for choice in topic.entries}


@settings(deadline=None)
@given(st.text(), st.integers(min_value=2, max_value=50))
def test_splitting_loses_nothing_but_blanks(text: str, limit: int) -> None:
    """Put together again, the parts hold every visible character."""
    parts = split(text, limit)
    assert all(size(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
