"""What the controls below a reply do on Slack, on the wire."""

import pytest
import structlog

from bot.service import Keeps
from tests.adapters.replies import ANSWER, SOURCES, URGENT
from tests.adapters.scripted import ScriptedResponder
from tests.adapters.slack.conftest import ask, control, one_answer, until, words
from tests.fakes import MemoryStore
from tests.rigs.slack_front import CHANNEL, MEMBER, SlackFront

pytestmark = [pytest.mark.wire, pytest.mark.usefixtures("keeping")]
TEAM = "slack-T000000001"


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
