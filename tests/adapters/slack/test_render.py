"""A Reply laid out as Block Kit: what is said, in which order, and what stands in the fallback."""

from dataclasses import replace

import pytest

from adapters.slack.blocks import MAX_BLOCKS
from adapters.slack.mrkdwn import to_mrkdwn
from adapters.slack.render import Post
from bot.domain import Reply, ReplyKind, Section
from tests.adapters.replies import (
    ANSWER,
    CHECK,
    CHECK_ALONE,
    CHOICES,
    EVERY_REPLY,
    FALLBACK,
    GONE,
    OVERDUE,
    POLICY,
    URGENT,
)
from tests.adapters.slack.laid_out import (
    RENDERER,
    WORDS,
    actions_of,
    as_said,
    check_post,
    only,
    parts,
    posts_of,
    presses,
    said,
    texts,
)

EVERY_NAME = list(EVERY_REPLY)
SINGLE = [name for name in EVERY_NAME if name != "check"]


@pytest.mark.parametrize("whole", [False, True], ids=["brief", "whole"])
@pytest.mark.parametrize("name", EVERY_NAME)
def test_says_everything_within_the_limits(name: str, *, whole: bool) -> None:
    """Every part of every kind of Reply is said, at once or behind the button for details."""
    reply: Reply | None = EVERY_REPLY[name]
    posts = posts_of(EVERY_REPLY[name], whole=whole)
    for post in posts:
        check_post(post)
    while reply is not None:
        behind = () if whole else (RENDERER.details(reply),)
        words = said((*posts, *behind))
        assert [part for part in parts(reply) if as_said(part) not in words] == []
        reply = reply.follow


@pytest.mark.parametrize("name", SINGLE)
def test_needs_one_message(name: str) -> None:
    """Whatever passed the content checks fits into one message."""
    assert len(posts_of(EVERY_REPLY[name])) == 1


@pytest.mark.parametrize("name", SINGLE)
def test_fallback_says_what_the_blocks_say(name: str) -> None:
    """Notifications and screen readers get the words, the warning and the help, not a title."""
    reply, post = EVERY_REPLY[name], only(EVERY_REPLY[name])
    title = f"*{reply.title}*\n\n" if reply.title else ""
    first = reply.text.split("\n")[0]
    overdue = "⚠️ " in post.text
    assert overdue or post.text.startswith(title + to_mrkdwn(first))
    assert overdue == (name == "overdue")
    assert all(as_said(line.text) in post.text for line in reply.help)
    assert all(choice.title in post.text for choice in reply.choices)
    assert all(as_said(note) in post.text for note in reply.notes)


@pytest.mark.parametrize("reply", [URGENT, CHECK_ALONE], ids=lambda reply: reply.kind)
def test_gives_the_numbers_right_after_the_first_words(reply: Reply) -> None:
    """In danger nobody reads on to find whom to call; another country is one press away."""
    reply = replace(reply, text="Call now.\nThen stay.", details=(Section("Later", "More."),))
    post = only(reply)
    assert [block["type"] for block in post.blocks[:4]] == [
        "header",
        "section",
        "divider",
        "section",
    ]
    assert "accessory" in post.blocks[4]
    order = ["Call now.", "999 or 112", "Then stay.", "Later"]
    for words in (said([post]), post.text):
        places = [words.index(part) for part in order]
        assert places == sorted(places)


def test_warns_of_an_overdue_answer_before_it_is_read() -> None:
    """That it has not been checked in time stands above the words, at their size."""
    post = only(OVERDUE)
    assert post.blocks[1]["text"]["text"] == f"⚠️ {OVERDUE.notes[-1]}"
    assert said([post]).count(OVERDUE.notes[-1]) == 1


def test_shows_how_sure_it_is_in_small_print() -> None:
    """What is quieter than the answer stands below it."""
    small = [block for block in only(ANSWER).blocks if block["type"] == "context"]
    assert [block["elements"][0]["text"] for block in small] == [to_mrkdwn("\n".join(ANSWER.notes))]


@pytest.mark.parametrize("reply", [ANSWER, POLICY], ids=lambda reply: reply.kind)
def test_keeps_details_and_sources_behind_a_button(reply: Reply) -> None:
    """First the answer; who wants to know more presses, and gets sections, then sources."""
    post = only(reply)
    assert "details" in actions_of(post.blocks)
    behind = [as_said(section.text.split("\n")[0]) for section in reply.details]
    behind += [as_said(source) for source in reply.sources]
    assert not [part for part in behind if part in said([post])]
    words = said([RENDERER.details(reply)])
    places = [words.index(part) for part in (reply.title, *behind)]
    assert places == sorted(places)
    assert not RENDERER.details(reply).blocks[-1].get("accessory")


def test_offers_no_details_where_there_are_none() -> None:
    """A button that brings nothing is none."""
    assert "details" not in actions_of(only(replace(ANSWER, details=(), sources=())).blocks)


def test_says_what_there_is_when_an_old_button_asks_for_details_that_are_gone() -> None:
    """Instead of nothing, whoever pressed gets the whole reply."""
    assert RENDERER.details(GONE) == only(GONE)


def test_shows_all_at_once_where_no_button_can_bring_the_rest() -> None:
    """Without an Entry there is nothing to press for."""
    words = said(posts_of(replace(ANSWER, entry=None)))
    assert all(as_said(part) in words for part in parts(ANSWER))


def test_sends_the_answer_after_a_soft_check() -> None:
    """First "are you safe", then the ordinary answer, each with controls of its own."""
    card, answer = posts_of(CHECK)
    assert actions_of(card.blocks) == ["country"]
    assert "116 123" in card.text
    assert ANSWER.title in answer.text
    assert "details" in actions_of(answer.blocks)


def test_notes_above_the_first_message_why_it_is_there() -> None:
    """The note is small, also stands in the fallback, and changes nothing below it."""
    card, answer = posts_of(CHECK)
    noted, after = RENDERER.noted((card, answer), "Somebody asked **for** this.")
    check_post(noted)
    assert noted.blocks[0]["type"] == "context"
    assert noted.blocks[1:] == card.blocks
    assert noted.text == f"Somebody asked *for* this.\n\n{card.text}"
    assert after == answer


def test_note_has_a_message_of_its_own_where_there_is_no_room() -> None:
    """Slack refuses a message with one block too many."""
    full = Post("Words", only(GONE).blocks * MAX_BLOCKS)
    note, post = RENDERER.noted((full,), "Note")
    assert (note.text, post) == ("Note", full)


def test_note_above_words_alone_needs_no_blocks() -> None:
    """A message of words stays one."""
    assert RENDERER.noted((Post("Words"),), "Note") == (Post("Note\n\nWords"),)


def test_nothing_is_read_by_slack_as_more_than_words() -> None:
    """Every text object forbids Slack to make links and mentions of words by itself."""
    for name in EVERY_NAME:
        for post in posts_of(EVERY_REPLY[name]):
            marked = [text for text in texts(post.blocks) if text["type"] == "mrkdwn"]
            assert marked
            assert all(text["verbatim"] is True for text in marked)


def test_nothing_is_folded_away() -> None:
    """Slack hides long sections behind "see more" unless told otherwise."""
    sections = [b for b in only(URGENT).blocks if b["type"] == "section"]
    assert all(block["expand"] for block in sections)


@pytest.mark.parametrize("kind", list(ReplyKind))
def test_needs_no_title(kind: ReplyKind) -> None:
    """A Reply without one begins with its words."""
    post = only(Reply(kind, "Words."))
    assert post.blocks[0]["text"]["text"] == post.text == "Words."


def test_title_too_long_for_a_header_is_a_bold_line() -> None:
    """Slack takes 150 characters in a header."""
    title = "word " * 40
    post = only(replace(FALLBACK, title=title))
    assert post.blocks[0]["text"]["text"] == f"*{title.strip()}*"


def test_long_words_are_cut_between_lines() -> None:
    """A text over the limit of a section goes on in the next one, at a line's end."""
    text = "\n".join(f"- point {number} of a long list" for number in range(200))
    posts = posts_of(replace(FALLBACK, text=text))
    sections = [b["text"]["text"] for p in posts for b in p.blocks if b["type"] == "section"]
    points = [part for part in sections if "point" in part]
    assert "\n".join(points).count("• point") == 200
    assert all(part.startswith("• point") for part in points)


def test_every_control_is_understood() -> None:
    """Whatever can be pressed or chosen means something when Slack delivers it."""
    for name in EVERY_NAME:
        for post in posts_of(EVERY_REPLY[name]):
            assert None not in presses(post.blocks)


def test_topics_are_named_in_the_fallback() -> None:
    """Where the list does not show, topics and entries can be read, and asked for by name."""
    topics = WORDS.topics()
    assert all(f"• {topic.title}" in RENDERER.topics(topics).text for topic in topics)
    chosen = RENDERER.topics(topics, topics[0].id)
    assert all(f"• {choice.title}" in chosen.text for choice in topics[0].entries)
    assert CHOICES.choices[0].title in only(CHOICES).text
