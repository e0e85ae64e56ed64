"""The shortcut, the words after the command and the App Home on Slack, on the wire."""

from typing import Any

import pytest
import structlog

from bot.domain import Reply
from tests.adapters.replies import ANSWER, CHECK, EVERY_REPLY, FALLBACK, INFO, URGENT
from tests.adapters.scripted import SECRET, ScriptedResponder
from tests.adapters.slack.conftest import accepted, ask, control, one_answer, until, words
from tests.rigs.slack_front import MEMBER, SlackFront

pytestmark = [pytest.mark.wire, pytest.mark.usefixtures("keeping")]


# The shortcut, and words after the command ----------------------------------------------------


async def test_answers_a_message_that_somebody_points_at(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """The shortcut answers another's message for one reader, who may share it."""
    answers = await front.shortcut("answer", author="U000000002")
    answer = await one_answer(front, answers)
    assert ANSWER.title in words(answer)
    assert control(answer, "share")
    assert [question.text for question in responder.asked] == ["answer"]


@pytest.mark.parametrize(("thread", "shown"), [("1.5", "1.5"), ("", None)])
async def test_answers_where_the_message_stands(
    front: SlackFront, thread: str, shown: str | None
) -> None:
    """In a thread the answer to the shortcut stands there too, where whoever asked is reading."""
    answers = await front.shortcut("answer", thread=thread)
    assert (await one_answer(front, answers)).get("thread_ts") == shown


async def test_says_so_when_the_message_holds_no_words(front: SlackFront) -> None:
    """A picture alone cannot be answered."""
    said = await one_answer(front, await front.shortcut(""))
    assert "can't see any words" in said["text"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("help", "What I am"),
        ("privacy", "no record of who asked"),
        ("resources", "999 or 112"),
        ("resources the united kingdom", "999 or 112"),
        ("faq", "Medicines and conditions"),
        ("", "can't see a question"),
    ],
)
async def test_knows_a_few_words_after_the_command(
    front: SlackFront, responder: ScriptedResponder, typed: str, shown: str
) -> None:
    """Slack has one command; what Discord has others for stands behind it."""
    answer = await ask(front, typed)
    assert shown in words(answer)
    assert not responder.asked


@pytest.mark.parametrize("danger", [URGENT, CHECK], ids=["urgent", "check"])
async def test_sees_danger_behind_a_word_after_the_command(
    front: SlackFront, monkeypatch: pytest.MonkeyPatch, danger: Reply
) -> None:
    """Who writes "resources" and then what happened gets what fits it, not a list of numbers."""
    monkeypatch.setitem(EVERY_REPLY, "resources he fell over", danger)
    assert danger.title in words(await ask(front, "resources he fell over"))


async def test_finds_what_helps_everywhere_when_the_place_is_unknown(front: SlackFront) -> None:
    """A place without help lines of its own is no question."""
    assert INFO.title in words(await ask(front, "resources atlantis"))


@pytest.mark.parametrize("typed", ["help my friend is not breathing", "privacy of my data?"])
async def test_takes_a_sentence_for_a_question(
    front: SlackFront, responder: ScriptedResponder, typed: str
) -> None:
    """Somebody who writes "help ..." may be in danger; only the bare word is a command."""
    await ask(front, typed)
    assert [question.text for question in responder.asked] == [typed]


# The App Home ---------------------------------------------------------------------------------


async def home(front: SlackFront) -> dict[str, Any]:
    """Open the App Home and return it."""
    await front.open_home()
    await until(lambda: front.homes.get(MEMBER))
    return dict(front.homes[MEMBER])


async def test_shows_topics_search_and_status_at_home(front: SlackFront) -> None:
    """The page offers what can be read and done, and how things are set up."""
    page = words(await home(front))
    for part in ("handrail:search", "handrail:topic", "handrail:resources", "handrail:privacy"):
        assert part in page
    assert "answers" in page


async def test_lists_the_answers_of_a_topic_at_home(front: SlackFront) -> None:
    """Choosing a topic draws the page anew with its answers; one of them opens a window."""
    await home(front)
    await front.press_in_view("handrail:topic", "medicines")
    await until(lambda: "lithium" in words(front.homes[MEMBER]))
    await front.press_in_view("handrail:pick", "lithium")
    await until(lambda: front.modals.get(MEMBER))
    assert ANSWER.title in words(front.view())


async def test_searches_at_home(front: SlackFront) -> None:
    """What is typed there is a question like any other, answered in a window."""
    await home(front)
    await front.press_in_view("handrail:search", "answer")
    await until(lambda: front.modals.get(MEMBER))
    assert ANSWER.title in words(front.view())
    assert not accepted(front)


async def test_urgent_card_to_a_search_is_kept_too(front: SlackFront) -> None:
    """A window is gone when it is closed, so the card also comes by direct message."""
    await home(front)
    await front.press_in_view("handrail:search", "urgent")
    await until(lambda: len(accepted(front)) == 2)
    assert "999 or 112" in words(front.view())
    note, card = (call.fields for call in accepted(front))
    assert (note["channel"], card["channel"]) == (MEMBER, MEMBER)
    assert URGENT.title in words(card)


async def test_gives_the_resources_when_the_search_breaks(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """Whatever breaks, the window shows help lines, and no log holds the question."""
    await home(front)
    responder.broken = True
    with structlog.testing.capture_logs() as logs:
        await front.press_in_view("handrail:search", SECRET)
        await until(lambda: front.modals.get(MEMBER))
    assert "999 or 112" in words(front.view())
    assert "sertraline" not in str(logs)


@pytest.mark.parametrize(
    ("button", "shown"), [("resources", INFO.title), ("privacy", "no record"), ("help", "What I")]
)
async def test_opens_windows_from_home(front: SlackFront, button: str, shown: str) -> None:
    """Help lines, privacy and the introduction are a press away."""
    await home(front)
    await front.press_in_view(f"handrail:{button}")
    await until(lambda: front.modals.get(MEMBER))
    assert shown in words(front.view())


async def test_reads_on_inside_a_window(front: SlackFront) -> None:
    """Details of an answer that was opened from home lie over it."""
    await home(front)
    await front.press_in_view("handrail:search", "answer")
    await until(lambda: front.modals.get(MEMBER))
    await front.press_in_view("handrail:details:lithium")
    await until(lambda: len(front.modals[MEMBER]) == 2)
    assert ANSWER.details[0].heading in words(front.view())


async def test_offers_questions_above_an_empty_conversation(front: SlackFront) -> None:
    """Whoever opens the conversation sees how to begin."""
    await front.open_home("messages")
    await until(lambda: front.sent("assistant.threads.setSuggestedPrompts"))
    (call,) = front.sent("assistant.threads.setSuggestedPrompts")
    assert len(call.fields["prompts"]) == 4


async def test_falls_back_to_a_message_when_no_window_opens(front: SlackFront) -> None:
    """A search whose window cannot be opened is answered in the conversation."""
    await home(front)
    front.fault("views.open", "expired_trigger_id", times=5)
    await front.press_in_view("handrail:search", "fallback")
    await until(lambda: accepted(front))
    assert FALLBACK.title in words(accepted(front)[-1].fields)
