"""Whatever a Reply holds: Discord takes every message, and nothing is lost."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.render import Renderer, size, split
from bot.compose import Composer
from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.content.schema import KINDS
from bot.domain import Choice, Help, Reply, ReplyKind, Section
from tests.adapters.discord.laid_out import (
    RENDERER,
    Countries,
    check_limits,
    plain,
    posts_of,
    presses,
    selects,
    values,
    words,
)
from tests.adapters.replies import ANSWER

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
    responder = Countries(COMPOSER.countries())
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
    renderer = Renderer(Countries(COMPOSER.countries()))
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
