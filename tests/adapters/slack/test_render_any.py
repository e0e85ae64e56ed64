"""Whatever a Reply holds: Slack takes every message, nothing is lost, nobody is pinged."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.mrkdwn import to_mrkdwn
from adapters.slack.render import Post, Renderer
from bot.compose import Composer
from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.content.schema import KINDS
from bot.domain import Choice, Country, Help, Reply, ReplyKind, Section, Topic
from tests.adapters.replies import ANSWER
from tests.adapters.scripted import ScriptedResponder
from tests.adapters.slack.laid_out import (
    RENDERER,
    actions_of,
    as_said,
    check_blocks,
    check_post,
    posts_of,
    presses,
    said,
    selects,
    texts,
    values,
)

LIBRARY, _ = load_library(EMBEDDED_FAQ)
LIBRARY_REGIONS = sorted({resource.country for resource in LIBRARY.resources} - {"INT"})
# Far in the future, so that every answer is overdue.
COMPOSER = Composer(LIBRARY, lambda: date(2199, 1, 1))

# Slack reads "<" as the beginning of a link, a mention or a command.
PINGS = re.compile(r"<(?!https?://|mailto:|tel:)|@(?:here|channel|everyone)>")
ODD = ["<!channel>", "<@U123|you>", "<#C1>", "&lt;!here&gt;", "*bold", "`code", "```", "~no~"]
ODD += ["> quote", "_x", "😀😀", "**bold**", "[page](https://a.org/b(c))", "[x](tel:112)", "\x00"]
WORD = st.sampled_from(["a", "help", "Grüße", *ODD])
WORD |= st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)


def lines_of(longest: int) -> st.SearchStrategy[str]:
    """Return a strategy for one line of at most `longest` words."""
    lengths = st.integers(min_value=1, max_value=longest)
    return st.builds(
        lambda first, word, n: " ".join(["x", first] + [word] * n), WORD, WORD, lengths
    )


LINES = st.lists(lines_of(60), max_size=20).map(tuple)
HELP = st.builds(Help, st.just("id"), lines_of(25))
SECTIONS = st.builds(Section, lines_of(20), lines_of(900))
CHOICE = st.builds(Choice, st.text(max_size=170), lines_of(30))
REPLIES = st.builds(
    Reply,
    kind=st.sampled_from(ReplyKind),
    text=lines_of(900),
    title=st.just("") | lines_of(60),
    details=st.lists(SECTIONS, max_size=5).map(tuple),
    notes=LINES,
    sources_heading=st.just("Sources"),
    sources=LINES,
    help_heading=st.just("Help") | st.just(""),
    help=st.lists(HELP, max_size=30).map(tuple),
    help_kinds=st.lists(st.sampled_from((*KINDS, "unheard-of"))).map(tuple),
    region=st.none() | st.sampled_from(["GB", "ZZ", "us-or"]),
    entry=st.none() | st.sampled_from(["lithium", "x" * 90, "x" * 300]),
    choices_heading=st.just("Related"),
    choices=st.lists(CHOICE, max_size=30).map(tuple),
    follow=st.none() | st.just(ANSWER),
)


class _Countries(ScriptedResponder):
    """Knows the real countries."""

    def countries(self) -> tuple[Country, ...]:
        """Return them."""
        return COMPOSER.countries()


def spoken(text: str) -> set[str]:
    """Return the words that would be read aloud, whatever a backtick has turned into."""
    return set(re.findall(r"[^\W_]+", text.replace("\x00", "").replace("ˋ", " ")))


def check(posts: tuple[Post, ...]) -> None:
    """Hold messages against all limits, and against what would ping somebody."""
    for post in posts:
        check_post(post)
        marked = [text["text"] for text in texts(post.blocks) if text["type"] == "mrkdwn"]
        assert not [text for text in (post.text, *marked) if PINGS.search(text)]


@settings(deadline=None, max_examples=100)
@given(REPLIES, st.booleans())
def test_never_exceeds_a_limit_nor_loses_a_help_line(reply: Reply, whole: bool) -> None:
    """However large and odd the content: Slack takes it, and every help line is said twice."""
    posts = posts_of(reply, whole=whole)
    check((*posts, RENDERER.details(reply), *RENDERER.noted(posts, reply.text[:200])))
    check_blocks(RENDERER.details_view(reply)["blocks"])
    shown, fallback = said(posts), "\n".join(post.text for post in posts)
    for line in reply.help:
        assert as_said(line.text) in shown
        assert as_said(line.text) in fallback


@settings(deadline=None, max_examples=100)
@given(REPLIES)
def test_never_loses_a_word_of_the_longer_answer(reply: Reply) -> None:
    """What is not said at once is behind a button that is there."""
    reply = replace(reply, follow=None)
    posts = posts_of(reply)
    shown = said(posts)
    if any("details" in actions_of(post.blocks) for post in posts):
        shown += "\n" + said([Post("", tuple(RENDERER.details_view(reply)["blocks"]))])
    wanted = [*reply.notes, *reply.sources, *(section.text for section in reply.details)]
    assert spoken(" ".join(wanted)) <= spoken(shown)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.builds(Topic, st.text(max_size=170), lines_of(20), lines_of(30), st.just(()))),
    st.lists(CHOICE, max_size=40).map(tuple),
)
def test_home_and_topics_take_whatever_they_are_given(
    topics: list[Topic], entries: tuple[Choice, ...]
) -> None:
    """Titles of any length, ids of any kind, the same id twice."""
    topics = [*topics, Topic("law", "The law", "Laws.", entries)]
    check((RENDERER.topics(topics), RENDERER.topics(topics, "law")))
    view = RENDERER.home(topics, chosen="law", status=[t.about for t in topics])
    check_blocks(view["blocks"])
    assert 1 <= len(view["blocks"]) <= 100


@pytest.mark.parametrize("region", [None, *LIBRARY_REGIONS])
def test_lays_out_the_whole_faq_in_one_message_each(region: str | None) -> None:
    """Every entry, in every country, even overdue: one message, in both forms."""
    renderer = Renderer(_Countries(), feedback=True)
    for entry in LIBRARY.entries.values():
        urgent = entry.group == "urgent"
        kinds = entry.answer.resources
        reply = COMPOSER.card(entry, kinds, region) if urgent else COMPOSER.answer(entry, region)
        (brief,) = renderer.to_posts(reply, shareable=True)
        (whole,) = renderer.to_posts(reply, whole=True)
        assert None not in presses(brief.blocks)
        check((brief, whole))
        assert all(to_mrkdwn(line.text) in brief.text for line in reply.help)


def test_lays_out_the_details_of_the_whole_faq() -> None:
    """Each fits into one message, and into a window."""
    for entry in LIBRARY.entries.values():
        reply = COMPOSER.answer(entry)
        details = RENDERER.details(reply)
        check((details,))
        assert details.blocks
        assert RENDERER.details_view(reply)["blocks"] == list(details.blocks)


@pytest.mark.parametrize("region", [None, *LIBRARY_REGIONS])
def test_lays_out_what_commands_say_in_one_message_each(region: str | None) -> None:
    """The help lines of a country, the introduction and a check all fit."""
    renderer = Renderer(_Countries())
    for reply, actions in (
        (COMPOSER.resources(region), ["country"]),
        (COMPOSER.introduce(region), []),
        (COMPOSER.trouble(region), []),
        (COMPOSER.fallback(region), ["country"]),
        (COMPOSER.check(KINDS, None, region), ["country"]),
    ):
        posts = renderer.to_posts(reply)
        check(posts)
        assert [actions_of(post.blocks) for post in posts] == [actions]


def test_lays_out_every_topic_of_the_faq() -> None:
    """Every topic and every entry can be chosen, and nothing of its words is cut off."""
    topics = COMPOSER.topics()
    for topic in topics:
        post = RENDERER.topics(topics, topic.id)
        check((post,))
        listed, entries = selects(post.blocks)
        assert values(listed) == [topic.id for topic in topics]
        assert values(entries) == [choice.entry for choice in topic.entries]
    shown = [text["text"] for text in texts(RENDERER.topics(topics).blocks)]
    assert {topic.about for topic in topics} <= set(shown)
    assert not [text for text in shown if text.endswith("…")]
