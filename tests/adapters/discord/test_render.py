"""A Reply laid out for Discord: everything said, in its place, help above all."""

from dataclasses import replace

import discord
import pytest

from adapters.discord.render import COLOURS
from adapters.ids import Press
from bot.domain import Reply, ReplyKind
from tests.adapters.discord.laid_out import (
    EVERY_NAME,
    RENDERER,
    check_limits,
    parts,
    plain,
    posts_of,
    presses,
    words,
)
from tests.adapters.replies import (
    ANSWER,
    CHECK,
    CHECK_ALONE,
    EVERY_REPLY,
    GONE,
    OVERDUE,
    POLICY,
    URGENT,
)


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


def test_needs_no_title() -> None:
    """A Reply without one begins with its words."""
    (post,) = posts_of(GONE)
    assert post.content == GONE.text


async def test_sends_nothing_that_is_not_there() -> None:
    """A message without buttons or embed leaves these out altogether."""
    (post,) = posts_of(GONE)
    assert set(post.arguments()) == {"content"}
