"""What the controls below a reply, the windows and the App Home do on Slack, on the wire."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from adapters.slack.adapter import SlackAdapter
from adapters.slack.connection import build_app
from bot.domain import Reply
from bot.service import Keeps
from tests.adapters.replies import ANSWER, CHECK, EVERY_REPLY, FALLBACK, INFO, SOURCES, URGENT
from tests.adapters.scripted import SECRET, ScriptedResponder, ScriptedService
from tests.adapters.slack.conftest import PING, accepted, one_answer, running, until
from tests.fakes import MemoryStore
from tests.rigs.slack_front import APP_TOKEN, BOT_TOKEN, CHANNEL, MEMBER, SlackFront

pytestmark = pytest.mark.wire
TEAM = "slack-T000000001"


@pytest.fixture
def store() -> MemoryStore:
    """What is kept."""
    return MemoryStore()


@pytest.fixture
def keeps() -> Keeps:
    """What the operator lets be kept; a test may parametrise it."""
    return Keeps(feedback=True)


@pytest.fixture(autouse=True)
async def _adapter(
    front: SlackFront, responder: ScriptedResponder, store: MemoryStore, keeps: Keeps
) -> AsyncIterator[None]:
    """An adapter that keeps verdicts, connected."""
    service = ScriptedService(responder, store=store, keeps=keeps, region="GB")
    app = build_app(SecretStr(BOT_TOKEN), front.api_url)
    adapter = SlackAdapter(app, SecretStr(APP_TOKEN), service, ping_interval=PING)
    async with running(adapter, front):
        yield


def control(message: dict[str, Any], start: str) -> dict[str, Any]:
    """Return a message's or view's one control whose id begins so."""
    parts = [b.get("accessory") or b.get("element") or {} for b in message["blocks"]]
    parts += [part for block in message["blocks"] for part in block.get("elements", ())]
    (found,) = [p for p in parts if p.get("action_id", "").startswith(f"handrail:{start}")]
    return dict(found)


def words(shown: dict[str, Any]) -> str:
    """Return all that a message or view holds."""
    return json.dumps(shown, ensure_ascii=False)


async def ask(front: SlackFront, text: str) -> dict[str, Any]:
    """Use the command and return the first message of the answer."""
    _, answers = await front.command(text)
    return await one_answer(front, answers)


async def test_opens_details_and_sources_in_a_window(front: SlackFront) -> None:
    """The first answer is short; a press brings the rest, with every source."""
    answer = await ask(front, "answer")
    assert ANSWER.details[0].heading not in words(answer)
    await front.press(control(answer, "details"), ephemeral=True)
    await until(lambda: front.modals.get(MEMBER))
    shown = words(front.view())
    assert ANSWER.details[0].heading in shown
    assert all(f"[{i}]" in shown for i in range(1, len(SOURCES) + 1))


async def test_shows_details_beside_the_answer_when_no_window_opens(front: SlackFront) -> None:
    """A trigger that has run out costs the window, not the details."""
    front.fault("views.open", "expired_trigger_id")
    answer = await ask(front, "answer")
    pressed = await front.press(control(answer, "details"), ephemeral=True)
    shown = await one_answer(front, pressed)
    assert ANSWER.details[0].heading in words(shown)
    assert shown["response_type"] == "ephemeral"


async def test_shares_an_answer_and_names_nobody(front: SlackFront) -> None:
    """It is posted as a message of ours, and the member's own copy loses the button."""
    answer = await ask(front, "answer")
    pressed = await front.press(control(answer, "share"), ephemeral=True)
    await until(lambda: len(front.answers[pressed]) == 2)
    (shared,) = front.taken(channel=CHANNEL)
    assert ANSWER.title in words(shared.fields)
    assert MEMBER not in words(shared.fields)
    again, said = front.answers[pressed]
    assert again["replace_original"] is True
    assert "handrail:share" not in words(again)
    assert "Your name is not on it" in said["text"]


async def test_says_so_where_it_may_not_post(front: SlackFront) -> None:
    """A channel that we are not in is no reason for silence."""
    answer = await ask(front, "answer")
    front.fault("chat.postMessage", "not_in_channel", times=3)
    pressed = await front.press(control(answer, "share"), ephemeral=True)
    await until(lambda: len(front.answers[pressed]) == 2)
    assert "not allowed to write here" in front.answers[pressed][1]["text"]


async def test_shares_an_emergency_card_in_its_thread(front: SlackFront) -> None:
    """What others see is what the member saw, where the member saw it."""
    card = await ask(front, "urgent")
    await front.press(control(card, "share"), ephemeral=True, thread="1.5")
    await until(lambda: front.taken(channel=CHANNEL))
    (shared,) = front.taken(channel=CHANNEL)
    assert URGENT.title in words(shared.fields)
    assert shared.fields["thread_ts"] == "1.5"


async def test_shares_no_more_than_one_answer_in_half_a_minute(front: SlackFront) -> None:
    """It names nobody, so it must not become a way to flood a channel."""
    answer = await ask(front, "answer")
    first = await front.press(control(answer, "share"), ephemeral=True)
    await until(lambda: len(front.answers[first]) == 2)
    second = await front.press(control(answer, "share"), ephemeral=True)
    assert "a moment ago" in (await one_answer(front, second))["text"]
    assert len(front.taken(channel=CHANNEL)) == 1


async def test_changes_the_country_on_a_private_card_in_place(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """The member's own card is changed; no second one appears."""
    card = await ask(front, "urgent")
    select = control(card, "country")
    assert select["initial_option"]["value"] == "GB"
    assert len(select["options"]) == 41
    pressed = await front.press(select, "QA", ephemeral=True)
    changed = await one_answer(front, pressed)
    assert changed["replace_original"] is True
    assert responder.regions[-1] == "QA"
    assert control(changed, "country")["initial_option"]["value"] == "QA"


async def test_leaves_an_open_card_as_it_is(front: SlackFront) -> None:
    """One member's country must not change what another one reads."""
    await front.mention("urgent")
    await until(lambda: front.taken(channel=CHANNEL))
    card = front.taken(channel=CHANNEL)[0].fields
    pressed = await front.press(control(card, "country"), "QA")
    changed = await one_answer(front, pressed)
    assert changed["replace_original"] is False
    assert changed["response_type"] == "ephemeral"


async def test_leads_to_related_answers_and_keeps_the_first(front: SlackFront) -> None:
    """A list below the answer opens those that go with it, beside it."""
    answer = await ask(front, "answer")
    related = control(answer, "pick")
    assert [o["value"] for o in related["options"]] == [c.entry for c in ANSWER.choices]
    opened = await one_answer(front, await front.press(related, "bipolar", ephemeral=True))
    assert opened["replace_original"] is False
    assert "no longer here" in opened["text"]


async def test_counts_one_verdict_for_each_reply(front: SlackFront, store: MemoryStore) -> None:
    """Slack's own buttons can be pressed again and again; the last press counts."""
    answer = await ask(front, "answer")
    judge = control(answer, "feedback")
    for thumb in ("positive", "positive", "negative"):
        pressed = await front.press(judge, thumb, ephemeral=True)
        assert "Thank" in (await one_answer(front, pressed))["text"]
    (tally,) = await store.load_feedback(TEAM)
    assert (tally.helpful, tally.wrong, tally.outdated) == (0, 1, 0)


async def test_takes_that_an_answer_is_out_of_date(front: SlackFront, store: MemoryStore) -> None:
    """Slack has two thumbs; the third verdict has a button of its own."""
    answer = await ask(front, "answer")
    await one_answer(front, await front.press(control(answer, "verdict:outdated"), ephemeral=True))
    (tally,) = await store.load_feedback(TEAM)
    assert tally.outdated == 1


@pytest.mark.parametrize("keeps", [Keeps()])
async def test_asks_for_no_verdict_that_is_not_kept(front: SlackFront) -> None:
    """Without a place for them there are no buttons."""
    answer = await ask(front, "answer")
    assert "handrail:feedback" not in words(answer)
    assert "handrail:verdict" not in words(answer)


@pytest.mark.parametrize("keeps", [Keeps(feedback=True, reasons=True)])
async def test_asks_why_and_keeps_the_reason_scrubbed(
    front: SlackFront, store: MemoryStore
) -> None:
    """The verdict counts before the form is sent; the reason joins it, without addresses."""
    answer = await ask(front, "answer")
    await front.press(control(answer, "feedback"), "negative", ephemeral=True)
    await until(lambda: front.modals.get(MEMBER))
    assert MEMBER not in front.view()["private_metadata"]
    (tally,) = await store.load_feedback(TEAM)
    assert (tally.wrong, tally.reasons) == (1, ())
    with structlog.testing.capture_logs() as logs:
        await front.submit({"reason": "link is dead, mail jo@example.org"})
        await until(lambda: front.taken("chat.postEphemeral"))
    (tally,) = await store.load_feedback(TEAM)
    assert tally.wrong == 1
    assert tally.reasons == ("link is dead, mail [e-mail]",)
    assert "dead" not in str(logs)


@pytest.mark.parametrize("keeps", [Keeps(feedback=True, reasons=True)])
async def test_sees_danger_in_a_reason(front: SlackFront) -> None:
    """A form is the last place where somebody may write that they are in danger."""
    answer = await ask(front, "answer")
    await front.press(control(answer, "feedback"), "negative", ephemeral=True)
    await until(lambda: front.modals.get(MEMBER))
    await front.submit({"reason": "urgent"})
    await until(lambda: len(front.taken("chat.postEphemeral")) == 2)
    assert "999 or 112" in words(front.taken("chat.postEphemeral")[1].fields)


async def test_shares_nothing_that_was_never_offered(front: SlackFront) -> None:
    """A soft check or a country's help lines are for one person, whatever a button says."""
    text = {"type": "plain_text", "text": "x"}
    forged = {"type": "button", "action_id": "handrail:share:check:ec:GB", "text": text}
    said = await one_answer(front, await front.press({**forged, "value": "x"}, ephemeral=True))
    assert said["response_type"] == "ephemeral"
    assert not front.taken(channel=CHANNEL)


async def test_tells_kindly_of_a_control_it_does_not_know(front: SlackFront) -> None:
    """A control of a version that nobody remembers is logged without a word of the member's."""
    text = {"type": "plain_text", "text": "x"}
    old = {"type": "button", "action_id": "handrail:of:old", "value": "x", "text": text}
    with structlog.testing.capture_logs() as logs:
        said = await one_answer(front, await front.press(old, ephemeral=True))
    assert "no longer here" in said["text"]
    assert [log["event"] for log in logs] == ["slack action unknown"]
    assert MEMBER not in str(logs)


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
