"""Windows and the App Home on Slack: what they show, and what their ids say."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.ids import PICK, TOPIC, Press, read_press
from adapters.slack.mrkdwn import to_mrkdwn
from adapters.slack.render import Post
from adapters.slack.views import HELP, MODERATE, PRIVACY, RESOURCES, SEARCH
from bot.domain import Section, Topic
from tests.adapters.replies import ANSWER, GONE
from tests.adapters.slack.laid_out import (
    KEY,
    RENDERER,
    WORDS,
    check_blocks,
    controls,
    labels,
    said,
    selects,
    values,
)

PRESS = Press("verdict", entry="lithium", verdict="wrong", key=KEY)


def words(view: dict[str, Any]) -> str:
    """Return the words of a view."""
    return said([Post("", tuple(view["blocks"]))])


def check_view(view: dict[str, Any]) -> None:
    """Hold a view against what Slack refuses."""
    assert 1 <= len(view["blocks"]) <= 100
    check_blocks(view["blocks"])
    for key in ("title", "submit", "close"):
        assert 1 <= len(view.get(key, {"text": "-"})["text"]) <= 24
    assert len(view.get("private_metadata", "")) <= 3000
    assert len(view.get("callback_id", "")) <= 255


def home(**shown: Any) -> dict[str, Any]:
    """Return the App Home with the scripted topics."""
    view = RENDERER.home(WORDS.topics(), **shown)
    check_view(view)
    return view


def ids(view: dict[str, Any]) -> list[str]:
    """Return the ids of all controls, in order."""
    return [control["action_id"] for control in controls(view["blocks"])]


def test_details_open_in_a_window() -> None:
    """It says what the message with the details would say."""
    view = RENDERER.details_view(ANSWER)
    check_view(view)
    assert view["type"] == "modal"
    assert view["title"]["text"] == WORDS.message("info.details_title")
    assert words(view) == said([RENDERER.details(ANSWER)])


def test_window_for_details_that_are_gone_says_what_there_is() -> None:
    """An old button may ask for an entry without any."""
    assert words(RENDERER.details_view(GONE)) == GONE.text


def test_window_holds_what_one_message_cannot() -> None:
    """Nothing is left out, even with more parts than a window has blocks."""
    parts = tuple(Section(f"Part {n}.", f"Words of part {n}.") for n in range(150))
    view = RENDERER.details_view(replace(ANSWER, details=parts))
    check_view(view)
    assert all(f"Words of part {n}." in words(view) for n in range(150))
    assert to_mrkdwn(ANSWER.sources[-1]) in words(view)


def test_asks_what_is_wrong_in_one_paragraph() -> None:
    """The form says by its id what was judged, carries where to answer, and may be left empty."""
    view = RENDERER.reason_view(PRESS, "C1:1.2")
    check_view(view)
    assert read_press(view["callback_id"]) == replace(PRESS, action="reason")
    assert view["private_metadata"] == "C1:1.2"
    (field,) = view["blocks"]
    assert field["optional"]
    assert field["element"]["multiline"]
    assert field["element"]["max_length"] == 500
    assert view["submit"]["text"] == WORDS.message("slack.send")


def test_home_says_how_to_ask_before_all_else() -> None:
    """A heading, what this is, and at once the way to somebody who can help."""
    view = home()
    assert view["type"] == "home"
    assert view["blocks"][0]["text"]["text"] == WORDS.message("slack.home_title")
    assert view["blocks"][1]["text"]["text"] == WORDS.message("slack.home_text")
    assert ids(view) == [RESOURCES, SEARCH, TOPIC, HELP, PRIVACY]


def test_home_searches_when_enter_is_pressed() -> None:
    """Slack delivers the words without a form around them."""
    (field,) = (block for block in home()["blocks"] if block["type"] == "input")
    assert field["dispatch_action"]
    assert field["element"]["action_id"] == SEARCH
    assert field["element"]["dispatch_action_config"] == {
        "trigger_actions_on": ["on_enter_pressed"]
    }


def test_home_lists_the_entries_of_the_chosen_topic() -> None:
    """The topic stays chosen, and its answers are in a list below."""
    topic = WORDS.topics()[1]
    view = home(chosen=topic.id)
    topics, entries = selects(view["blocks"])
    assert topics["initial_option"]["value"] == topic.id
    assert entries["action_id"] == PICK
    assert values(entries) == [choice.entry for choice in topic.entries]
    assert topic.about in words(view)


def test_home_says_that_a_topic_is_empty() -> None:
    """All of its entries may have been switched off."""
    view = RENDERER.home((Topic("law", "The law", "Laws.", ()),), chosen="law")
    check_view(view)
    assert WORDS.message("browse.empty") in words(view)


def test_home_without_any_topic_still_shows_the_rest() -> None:
    """A community may have switched everything off."""
    view = RENDERER.home((), chosen="law")
    check_view(view)
    assert ids(view) == [RESOURCES, SEARCH, HELP, PRIVACY]


def test_home_shows_how_it_is_set_up() -> None:
    """Status lines stand last, in small print."""
    view = home(status=("Content: **new**.", "Connected."))
    assert view["blocks"][-1]["type"] == "context"
    assert words(view).endswith("Content: *new*.\nConnected.")
    assert WORDS.message("slack.home_status") not in words(home())


@pytest.mark.parametrize("moderator", [False, True])
def test_home_offers_moderators_their_window(*, moderator: bool) -> None:
    """Nobody else sees the button."""
    view = home(moderator=moderator)
    assert (MODERATE in ids(view)) is moderator
    assert (WORDS.message("slack.moderate") in labels(view["blocks"])) is moderator
