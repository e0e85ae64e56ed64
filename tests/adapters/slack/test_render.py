"""A Reply laid out as Block Kit: within Slack's limits, and never without its help."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from adapters.slack.mrkdwn import to_mrkdwn
from adapters.slack.render import MAX_BLOCKS, MAX_TEXT, Labels, Post, to_posts
from bot.compose import Composer
from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.domain import Choice, Help, Reply, ReplyKind, Section
from tests.adapters.replies import ANSWER, CHECK, CHOICES, EVERY_REPLY, FALLBACK, URGENT

LABELS = Labels(show="Show answer", none_of_these="None of these")
LIMITS = {"header": 150, "section": 3000, "context": 3000}

line = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=80).map(
    lambda text: f"x {text.strip()} x"
)
words = st.one_of(line, st.text(alphabet="*[]()<>&|~_`- \nab", min_size=1).map("x{}".format))
long_words = st.builds("".join, st.lists(words, min_size=1, max_size=120))
choices = st.lists(st.builds(Choice, st.from_regex(r"[a-z-]{1,40}", fullmatch=True), line),
                   max_size=5, unique_by=lambda choice: choice.entry)  # fmt: skip
replies = st.builds(
    Reply,
    kind=st.sampled_from(ReplyKind),
    title=st.one_of(st.just(""), line, long_words),
    text=long_words,
    details=st.lists(st.builds(Section, line, long_words), max_size=6).map(tuple),
    notes=st.lists(words, max_size=4).map(tuple),
    sources_heading=line,
    sources=st.lists(words, max_size=30).map(tuple),
    help_heading=st.one_of(st.just(""), line),
    help=st.lists(st.builds(Help, line, line), max_size=60).map(tuple),
    choices_heading=line,
    choices=choices.map(tuple),
)


def texts(post: Post) -> Iterator[dict[str, Any]]:
    """Return every text object of a message with the type of its block."""
    for block in post.blocks:
        parts = [block.get("text"), *block.get("elements", ()), block.get("accessory")]
        for part in (part for part in parts if part):
            button = part["type"] == "button"
            kind = "button" if button else block["type"]
            yield {"kind": kind, **(part["text"] if button else part)}


def shown(posts: tuple[Post, ...]) -> str:
    """Return the words of all blocks."""
    return "\n".join(text["text"] for post in posts for text in texts(post))


def check_limits(posts: tuple[Post, ...]) -> None:
    """Hold every limit that Slack documents or is known to have."""
    for post in posts:
        assert 0 < len(post.blocks) <= MAX_BLOCKS
        assert sum(len(text["text"]) for text in texts(post)) <= MAX_TEXT
        for text in texts(post):
            assert 0 < len(text["text"]) <= LIMITS.get(text["kind"], 75)
        blocks = Block.parse_all(list(post.blocks))
        assert [block.to_dict() for block in blocks] == list(post.blocks)


@pytest.mark.parametrize("name", EVERY_REPLY)
def test_every_kind_is_one_message_within_the_limits(name: str) -> None:
    """Each kind of Reply fits one message that Slack's own models accept unchanged."""
    posts = to_posts(EVERY_REPLY[name], LABELS)
    assert len(posts) == 1
    check_limits(posts)


@pytest.mark.parametrize("name", EVERY_REPLY)
def test_every_kind_says_everything_twice(name: str) -> None:
    """The blocks and the fallback for notifications both carry the words and the help."""
    reply = EVERY_REPLY[name]
    posts = to_posts(reply, LABELS)
    parts = [reply.title, reply.text, reply.help_heading, *reply.notes, *reply.sources]
    parts += [section.text for section in reply.details] + [one.text for one in reply.help]
    for part in filter(None, parts):
        words = to_mrkdwn(part).removeprefix("• ")
        assert words in shown(posts)
        assert words in posts[0].text


@pytest.mark.parametrize("reply", [URGENT, CHECK], ids=["urgent", "check"])
def test_help_comes_first_in_danger(reply: Reply) -> None:
    """The numbers stand right after the first words, before anything that explains."""
    reply = replace(reply, details=(Section("Later", "More words."),))
    kinds = [b["type"] for b in to_posts(reply, LABELS)[0].blocks]
    assert kinds[:4] == ["header", "section", "divider", "section"]
    text = to_posts(reply, LABELS)[0].text
    assert text.index("999 or 112") < text.index("Later")


def test_what_follows_a_check_comes_after_its_help() -> None:
    """The ordinary answer behind 'are you safe' is whole, and second."""
    text = to_posts(CHECK, LABELS)[0].text
    assert text.index("116 123") < text.index(ANSWER.title) < text.index("What was found")


def test_choices_show_whole_titles_with_a_button_each() -> None:
    """Slack shortens the words on buttons, so the title stands beside its button."""
    blocks = to_posts(CHOICES, LABELS)[0].blocks
    rows = [block for block in blocks if "accessory" in block]
    assert [row["text"]["text"] for row in rows] == [f"*{c.title}*" for c in CHOICES.choices]
    assert [row["accessory"]["action_id"] for row in rows] == [
        f"handrail:show:{choice.entry}" for choice in CHOICES.choices
    ]
    assert [row["accessory"]["accessibility_label"] for row in rows] == [
        choice.title for choice in CHOICES.choices
    ]
    assert blocks[-1]["elements"][0]["action_id"] == "handrail:decline"


def test_related_answers_are_buttons() -> None:
    """Related answers stand in one row, and have no 'none of these'."""
    last = to_posts(ANSWER, LABELS)[0].blocks[-1]
    assert [button["text"]["text"] for button in last["elements"]] == [
        choice.title for choice in ANSWER.choices
    ]


def test_nothing_is_read_by_slack_as_more_than_words() -> None:
    """Every text object forbids Slack to make links and mentions of words by itself."""
    for reply in EVERY_REPLY.values():
        for text in texts(to_posts(reply, LABELS)[0]):
            assert text["type"] == "plain_text" or text["verbatim"] is True


def test_long_button_is_shortened_and_keeps_its_whole_name() -> None:
    """A title over 75 characters is shortened on its button alone."""
    long = Choice("x", "word " * 30)
    blocks = to_posts(replace(CHOICES, choices=(long,)), LABELS)[0].blocks
    assert len(blocks[2]["accessory"]["accessibility_label"]) <= 75
    assert blocks[2]["text"]["text"] == f"*{long.title.strip()}*"


def test_long_words_are_cut_between_lines() -> None:
    """A text over the limit of a section goes on in the next one, at a line's end."""
    text = "\n".join(f"- point {number} of a long list" for number in range(200))
    posts = to_posts(replace(FALLBACK, text=text), LABELS)
    check_limits(posts)
    sections = [b["text"]["text"] for p in posts for b in p.blocks if b["type"] == "section"]
    assert "\n".join(sections).count("• point") == 200
    assert all(part.startswith(("•", "*")) for part in sections)


def test_every_entry_is_one_message_wherever_the_member_lives() -> None:
    """Checked content never needs a second message, whatever help lines a country adds."""
    library, _ = load_library(EMBEDDED_FAQ)
    composer = Composer(library, date.today)
    for entry in library.entries.values():
        for region in ("GB", "US", "NZ", None):
            posts = to_posts(composer.answer(entry, region), LABELS)
            check_limits(posts)
            assert len(posts) == 1, entry.id


def test_reply_beyond_all_limits_goes_on_in_further_messages() -> None:
    """What one message cannot hold follows in the next: nothing is dropped, help least of all."""
    lines = tuple(Help(str(n), f"- **Crisis line:** number {n}" + " long" * 40) for n in range(90))
    details = tuple(Section(f"Part {n}", "Words.") for n in range(60))
    posts = to_posts(replace(FALLBACK, help=lines, details=details), LABELS)
    check_limits(posts)
    assert len(posts) > 2
    assert all(to_mrkdwn(one.text) in shown(posts) for one in lines)
    assert all(f"Part {n}*" in shown(posts) for n in range(60))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(replies, st.one_of(st.none(), replies))
def test_no_reply_breaks_a_limit_or_loses_help(reply: Reply, follow: Reply | None) -> None:
    """However large a Reply is, every message keeps the limits and every help line is there."""
    posts = to_posts(replace(reply, follow=follow), LABELS)
    check_limits(posts)
    everything = shown(posts) + "".join(post.text for post in posts)
    for line in (*reply.help, *(follow.help if follow else ())):
        assert to_mrkdwn(line.text) in everything
