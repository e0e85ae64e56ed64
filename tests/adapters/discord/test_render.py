"""A Reply laid out for Discord: everything said, within every limit, help above all."""

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.render import COLOURS, Post, size, split, to_posts
from bot.domain import Choice, Help, Reply, ReplyKind, Section
from tests.adapters.replies import (
    ANSWER,
    CHECK,
    CHECK_ALONE,
    CHOICES,
    EVERY_REPLY,
    FALLBACK,
    GONE,
    POLICY,
    URGENT,
)

NONE_OF_THESE = "None of these"
EVERY_NAME = list(EVERY_REPLY)


def posts_of(reply: Reply) -> tuple[Post, ...]:
    """Return the messages for `reply`."""
    return to_posts(reply, NONE_OF_THESE)


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


def labels(post: Post) -> list[str | None]:
    """Return the words on the buttons."""
    return [button.label for button in post.buttons]


def check_limits(post: Post) -> None:
    """Hold `post` against everything that Discord refuses."""
    assert size(post.content) <= 2000
    assert post.content.strip() or post.embed or post.buttons
    if post.embed is not None:
        assert size(post.embed.title or "") <= 256
        assert size(post.embed.description or "") <= 4096
        assert len(post.embed) <= 6000
        assert (post.embed.title or post.embed.description or "").strip()
    assert len(post.buttons) <= 25
    ids = [button.custom_id for button in post.buttons]
    assert len(ids) == len(set(ids))
    for button in post.buttons:
        assert len((button.custom_id or "").encode()) <= 100
        assert 1 <= size((button.label or "").strip()) <= 80


@pytest.mark.parametrize("name", EVERY_NAME)
def test_says_everything_within_the_limits(name: str) -> None:
    """Every part of every kind of Reply is said, in messages that Discord accepts."""
    reply: Reply | None = EVERY_REPLY[name]
    posts = posts_of(EVERY_REPLY[name])
    for post in posts:
        check_limits(post)
    said = plain(words(posts))
    while reply is not None:
        sections = [part for s in reply.details for part in (s.heading, s.text)]
        lines = [line.text for line in reply.help]
        parts = [reply.title, reply.text, *sections, *reply.notes, *reply.sources, *lines]
        for part in [*parts, reply.help_heading, reply.sources_heading, reply.choices_heading]:
            assert plain(part) in said
        reply = reply.follow


@pytest.mark.parametrize(
    "name", ["answer", "policy", "choices", "fallback", "trouble", "gone", "urgent", "check-alone"]
)
def test_needs_one_message(name: str) -> None:
    """Whatever passed the content checks fits into one message."""
    assert len(posts_of(EVERY_REPLY[name])) == 1


def test_puts_an_answer_into_an_embed() -> None:
    """Title, words, details, sources in small print and help make one card in its colour."""
    (post,) = posts_of(ANSWER)
    assert post.content == ""
    assert post.embed is not None
    assert post.embed.title == ANSWER.title
    assert post.embed.colour == discord.Colour(COLOURS[ReplyKind.ANSWER])
    body = post.embed.description or ""
    assert body.startswith("Please avoid this mix.")
    assert "\n\n**What nobody knows**\nPeople chose" in body
    assert "\n-# [1] Nayak" in body
    assert "\n- Emergency: Emergency services **999 or 112**" in body
    assert body.endswith("**Related answers**")


@pytest.mark.parametrize("reply", [ANSWER, POLICY, FALLBACK], ids=lambda reply: reply.kind)
def test_shows_parts_in_the_order_of_a_reply(reply: Reply) -> None:
    """Words, details, notes, sources, help: in that order."""
    body = words(posts_of(reply))
    parts = [reply.text, *(s.heading for s in reply.details), *reply.notes]
    parts += [*reply.sources, *(line.text for line in reply.help), reply.choices_heading]
    places = [body.index(part) for part in parts if part]
    assert places == sorted(places)


@pytest.mark.parametrize("reply", [URGENT, CHECK_ALONE], ids=lambda reply: reply.kind)
def test_says_what_is_urgent_in_plain_text(reply: Reply) -> None:
    """Embeds can be switched off and notifications hide them: first words and numbers cannot."""
    (post,) = posts_of(reply)
    content = plain(post.content)
    assert content.startswith(f"## {reply.title} {plain(reply.text)} **{reply.help_heading}**")
    for line in reply.help:
        assert plain(line.text) in content


def test_puts_help_before_the_rest_of_an_urgent_card() -> None:
    """The numbers come right after the first words, before details and notes."""
    card = Reply(
        ReplyKind.URGENT,
        "Call now.",
        details=(Section("While you wait", "Stay with them."),),
        help=URGENT.help,
    )
    (post,) = posts_of(card)
    assert "999 or 112" in post.content
    assert post.embed is not None
    assert post.embed.description == "**While you wait**\nStay with them."
    assert post.embed.colour == discord.Colour(COLOURS[ReplyKind.URGENT])


def test_unfolds_no_pictures_of_pages_below_a_card() -> None:
    """Links in plain text stand in angle brackets, which keeps Discord from unfolding them."""
    (post,) = posts_of(URGENT)
    assert "[NHS 111](<https://111.nhs.uk/>)" in post.content
    assert "](http" not in post.content


def test_sends_the_answer_after_a_soft_check() -> None:
    """First "are you safe", then the ordinary answer with its buttons, as a second message."""
    card, answer = posts_of(CHECK)
    assert CHECK.title in card.content
    assert not card.buttons
    assert answer.embed is not None
    assert answer.embed.title == ANSWER.title
    assert len(answer.buttons) == len(ANSWER.choices)


def test_offers_choices_and_none_of_these() -> None:
    """Each choice is a button that carries its Entry's id; the last one, apart, declines."""
    (post,) = posts_of(CHOICES)
    assert labels(post) == [*(choice.title for choice in CHOICES.choices), NONE_OF_THESE]
    ids = [button.custom_id for button in post.buttons]
    assert ids[0] == "handrail:show:lithium"
    assert ids[-1] == "handrail:decline"
    assert post.buttons[-1].row == 4


def test_offers_related_answers_without_none_of_these() -> None:
    """Below an answer nobody has to choose."""
    (post,) = posts_of(ANSWER)
    assert labels(post) == [choice.title for choice in ANSWER.choices]


def test_needs_no_title() -> None:
    """A Reply without one is an embed without one."""
    (post,) = posts_of(GONE)
    assert post.embed is not None
    assert post.embed.title is None


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        (Choice("a", "T" * 300), ["T" * 79 + "…"]),
        (Choice("a", "  "), ["a"]),
        (Choice("x" * 101, "Too long an id"), []),
    ],
    ids=["long title", "blank title", "long id"],
)
def test_offers_only_buttons_that_discord_takes(choice: Choice, shown: list[str]) -> None:
    """One choice that Discord would refuse must not cost the whole message."""
    (post,) = posts_of(Reply(ReplyKind.ANSWER, "Words.", choices=(choice,)))
    check_limits(post)
    assert labels(post) == shown


async def test_keeps_no_view_in_memory() -> None:
    """A view is made for sending only; presses are told by their id."""
    (post,) = posts_of(CHOICES)
    view = post.arguments()["view"]
    assert view.is_finished()
    assert len(view.children) == len(CHOICES.choices) + 1


async def test_sends_nothing_that_is_not_there() -> None:
    """A message without buttons or plain text leaves these out altogether."""
    (post,) = posts_of(GONE)
    assert set(post.arguments()) == {"embed"}


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


WORDS = st.sampled_from(["a", "help", "Grüße", "😀😀", "**bold**", "[page](https://a.org/b(c))"])
WORDS |= st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)


def lines_of(longest: int) -> st.SearchStrategy[str]:
    """Return a strategy for one line of at most `longest` words."""
    lengths = st.integers(min_value=1, max_value=longest)
    return st.builds(lambda first, word, n: " ".join([first] + [word] * n), WORDS, WORDS, lengths)


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
    choices_heading=st.just("Related"),
    choices=st.lists(CHOICE, max_size=30).map(tuple),
    follow=st.none() | st.just(ANSWER),
)


@settings(deadline=None, max_examples=100)
@given(LARGE_REPLIES)
def test_never_exceeds_a_limit_nor_loses_a_help_line(reply: Reply) -> None:
    """However large the content: Discord takes every message, and every help line is whole."""
    posts = posts_of(reply)
    for post in posts:
        check_limits(post)
    pages = [plain(words((post,))) for post in posts]
    for line in reply.help:
        assert any(plain(line.text) in page for page in pages)


@settings(deadline=None)
@given(st.text(), st.integers(min_value=2, max_value=50))
def test_splitting_loses_nothing_but_blanks(text: str, limit: int) -> None:
    """Put together again, the parts hold every visible character."""
    parts = split(text, limit)
    assert all(size(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
