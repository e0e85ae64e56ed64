"""The Slack room on the wire: real slack-bolt, Socket Mode, and a Web API nobody here wrote."""

import time

import pytest

from tests.adapters.replies import ANSWER, CHOICES, FALLBACK, TROUBLE, URGENT
from tests.adapters.scripted import SECRET, ScriptedResponder
from tests.adapters.slack.conftest import Start, accepted, buttons, one_answer, until
from tests.rigs.slack_front import CHANNEL, MEMBER, SlackFront

pytestmark = pytest.mark.wire

EMERGENCY = "999 or 112"


@pytest.mark.usefixtures("adapter")
async def test_answers_a_slash_command_privately(front: SlackFront) -> None:
    """`/ask` is acknowledged without words, and answered so that only the asker sees it."""
    acknowledgement, answers = await front.command("answer")
    reply = await one_answer(front, answers)
    assert acknowledgement is None
    assert reply["response_type"] == "ephemeral"
    assert reply["replace_original"] is False
    assert "Please avoid this mix" in reply["text"]
    assert reply["blocks"][0]["text"]["text"] == ANSWER.title
    assert not front.sent()


@pytest.mark.usefixtures("adapter")
async def test_acknowledges_a_slow_slash_command_in_time(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """The acknowledgement does not wait for the answer."""
    responder.delay = 1.0
    began = time.monotonic()
    _, answers = await front.command("answer")
    acknowledged = time.monotonic() - began
    await one_answer(front, answers)
    assert acknowledged < 0.5


@pytest.mark.usefixtures("adapter")
@pytest.mark.parametrize("text", ["", "   "])
async def test_prompts_kindly_when_nothing_was_asked(
    front: SlackFront, responder: ScriptedResponder, text: str
) -> None:
    """An empty command gets a prompt with an example, without asking the engine."""
    _, answers = await front.command(text)
    reply = await one_answer(front, answers)
    assert "*/ask can I microdose" in reply["text"]
    assert not responder.asked


@pytest.mark.usefixtures("adapter")
async def test_answers_a_mention_in_its_thread(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """A mention is answered below itself, with the operator's region and without our name."""
    ts = await front.mention("answer")
    await until(lambda: accepted(front))
    fields = accepted(front)[0].fields
    assert (fields["channel"], fields["thread_ts"]) == (CHANNEL, ts)
    assert fields["unfurl_links"] is False
    assert [(q.text, q.region) for q in responder.asked] == [("answer", "GB")]


@pytest.mark.usefixtures("adapter")
async def test_answers_a_mention_inside_a_thread_there(front: SlackFront) -> None:
    """A mention in a thread is answered in that thread, not below the single message."""
    await front.mention("answer", thread_ts="1.5")
    await until(lambda: accepted(front))
    assert accepted(front)[0].fields["thread_ts"] == "1.5"


@pytest.mark.usefixtures("adapter")
async def test_answers_a_direct_message(front: SlackFront) -> None:
    """A direct message needs no name and no command."""
    channel = await front.direct("answer")
    await until(lambda: accepted(front))
    assert accepted(front)[0].fields["channel"] == channel
    assert "thread_ts" not in accepted(front)[0].fields


@pytest.mark.usefixtures("adapter")
async def test_answers_one_message_once_however_it_arrives(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """A repeated event, and a mention that is also delivered as a message, are answered once."""
    channel = await front.direct("answer")
    event = {"type": "message", "channel_type": "im", "user": MEMBER, "text": "policy"}
    event |= {"channel": channel, "ts": "7.2"}
    await front.event(event, event_id="EvSAME")
    await front.event(event, event_id="EvSAME", retry=1)
    await front.event({**event, "type": "app_mention"}, event_id="EvOTHER")
    await front.direct("choices")
    await until(lambda: len(accepted(front)) == 3)
    assert [question.text for question in responder.asked] == ["answer", "policy", "choices"]


@pytest.mark.usefixtures("adapter")
@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B1"},
        {"user": "U0HANDRAIL"},
        {"subtype": "message_changed"},
        {"channel_type": "channel"},
    ],
    ids=["bot", "own", "edited", "not to us"],
)
async def test_leaves_alone_what_is_not_for_us(
    front: SlackFront, responder: ScriptedResponder, more: dict[str, str]
) -> None:
    """Bots, ourselves, edits and other people's conversations get no answer."""
    await front.direct("answer", **more)
    await front.direct("policy")
    await until(lambda: accepted(front))
    assert [question.text for question in responder.asked] == ["policy"]


@pytest.mark.usefixtures("adapter")
async def test_answer_takes_the_place_of_the_choices_in_private(front: SlackFront) -> None:
    """Whoever picks a choice in a private message gets its answer instead of the choices."""
    _, answers = await front.command("choices")
    offered = buttons(await one_answer(front, answers))
    assert list(offered) == [
        *(f"handrail:show:{choice.entry}" for choice in CHOICES.choices),
        "handrail:decline",
    ]
    pressed = await front.press(offered["handrail:show:lithium"], ephemeral=True)
    reply = await one_answer(front, pressed)
    assert reply["replace_original"] is True
    assert reply["blocks"][0]["text"]["text"] == ANSWER.title


@pytest.mark.usefixtures("adapter")
async def test_offers_people_when_none_of_the_choices_fits(front: SlackFront) -> None:
    """'None of these' gives the resources."""
    _, answers = await front.command("choices")
    offered = buttons(await one_answer(front, answers))
    pressed = await front.press(offered["handrail:decline"], ephemeral=True)
    reply = await one_answer(front, pressed)
    assert reply["replace_original"] is True
    assert FALLBACK.title in reply["text"]
    assert EMERGENCY in reply["text"]


@pytest.mark.usefixtures("adapter")
async def test_press_in_the_open_changes_nothing_for_others(front: SlackFront) -> None:
    """In a thread the answer to a press comes beside the choices, for the presser alone."""
    ts = await front.mention("choices")
    await until(lambda: accepted(front))
    offered = buttons(accepted(front)[0].fields)
    pressed = await front.press(offered["handrail:show:lithium"], thread=ts)
    reply = await one_answer(front, pressed)
    assert reply["replace_original"] is False
    assert reply["response_type"] == "ephemeral"
    assert reply["thread_ts"] == ts


@pytest.mark.usefixtures("adapter")
async def test_button_of_an_entry_that_is_gone_says_so(front: SlackFront) -> None:
    """Buttons need no memory, so an old one still gets an answer, if only that it is gone."""
    text = {"type": "plain_text", "text": "x"}
    old = {"type": "button", "action_id": "handrail:show:gone", "value": "choice", "text": text}
    reply = await one_answer(front, await front.press(old, ephemeral=True))
    assert "no longer here" in reply["text"]


@pytest.mark.usefixtures("adapter")
async def test_urgent_card_also_goes_by_direct_message(front: SlackFront) -> None:
    """An urgent card stands in the thread, and once more where the person finds it later."""
    await front.mention("urgent")
    await until(lambda: len(accepted(front)) == 3)
    there, lead, again = (call.fields for call in accepted(front))
    assert [there["channel"], lead["channel"], again["channel"]] == [CHANNEL, MEMBER, MEMBER]
    assert "again" in lead["text"]
    assert there["blocks"] == again["blocks"]
    assert all(EMERGENCY in fields["text"] for fields in (there, again))


@pytest.mark.usefixtures("adapter")
async def test_urgent_card_to_a_command_is_kept_too(front: SlackFront) -> None:
    """A private answer is gone after a reload, so an urgent one is also sent directly."""
    _, answers = await front.command("urgent")
    await until(lambda: len(accepted(front)) == 2)
    assert URGENT.title in (await one_answer(front, answers))["text"]


@pytest.mark.usefixtures("adapter")
async def test_urgent_card_stands_even_when_direct_messages_are_shut(front: SlackFront) -> None:
    """A refused copy costs nobody the card, and nobody is told of a fault."""
    front.fault("chat.postMessage", "channel_not_found")
    _, answers = await front.command("urgent")
    await until(front.sent)
    await front.direct("fallback")
    await until(lambda: accepted(front))
    assert [URGENT.title in answer["text"] for answer in front.answers[answers]] == [True]


async def test_answers_mentions_privately_when_the_operator_wants_it(
    front: SlackFront, start: Start
) -> None:
    """With `answer_mentions_in: dm` only the asker sees anything, and is told where."""
    async with start(answer_mentions_in="dm"):
        await front.mention("urgent")
        await until(lambda: accepted(front, "chat.postEphemeral"))
    assert [call.fields["channel"] for call in accepted(front)] == [MEMBER]
    note = accepted(front, "chat.postEphemeral")[0].fields
    assert (note["channel"], note["user"]) == (CHANNEL, MEMBER)
    assert "direct message" in note["text"]


async def test_answers_in_the_channel_for_one_when_direct_messages_are_shut(
    front: SlackFront, start: Start
) -> None:
    """An answer that cannot go by direct message is shown to the asker alone where they asked."""
    async with start(answer_mentions_in="dm"):
        front.fault("chat.postMessage", "messages_tab_disabled")
        await front.mention("answer")
        await until(lambda: accepted(front, "chat.postEphemeral"))
    assert ANSWER.title in accepted(front, "chat.postEphemeral")[0].fields["text"]


@pytest.mark.usefixtures("adapter")
async def test_gives_the_resources_when_the_engine_breaks(
    front: SlackFront, responder: ScriptedResponder, capfd: pytest.CaptureFixture[str]
) -> None:
    """A fault in the engine costs the answer, never the help; buttons included."""
    _, answers = await front.command("choices")
    choice = buttons(await one_answer(front, answers))["handrail:show:lithium"]
    responder.broken = True
    _, asked = await front.command("answer")
    pressed = await front.press(choice, ephemeral=True)
    await front.mention("answer")
    await front.direct("answer")
    await until(lambda: len(accepted(front)) == 2)
    replies = [await one_answer(front, asked), await one_answer(front, pressed)]
    replies += [call.fields for call in accepted(front)]
    assert all(TROUBLE.title in reply["text"] for reply in replies)
    assert all(EMERGENCY in reply["text"] for reply in replies)
    logged = capfd.readouterr()
    assert "slack listener failed" in logged.out + logged.err
    assert SECRET not in logged.out + logged.err


@pytest.mark.usefixtures("adapter")
async def test_answers_by_direct_message_when_the_first_way_fails(front: SlackFront) -> None:
    """An answer whose place is shut goes to the asker directly: command, button and mention."""
    _, answers = await front.command("choices")
    choice = buttons(await one_answer(front, answers))["handrail:show:lithium"]
    front.broken_answers = True
    await front.command("answer")
    await front.press(choice, ephemeral=True)
    await until(lambda: len(accepted(front)) == 2)
    front.fault("chat.postMessage", "not_in_channel")
    await front.mention("answer")
    await until(lambda: len(accepted(front)) == 3)
    assert [call.fields["channel"] for call in accepted(front)] == [MEMBER] * 3


@pytest.mark.usefixtures("adapter")
async def test_sends_bare_words_when_slack_refuses_the_blocks(front: SlackFront) -> None:
    """Should Slack change its mind about blocks, the words and the help still arrive."""
    front.fault("chat.postMessage", "invalid_blocks")
    await front.direct("fallback")
    await until(lambda: accepted(front))
    fields = accepted(front)[0].fields
    assert not fields.get("blocks")
    assert EMERGENCY in fields["text"]


@pytest.mark.usefixtures("adapter")
async def test_waits_when_slack_says_slow_down(front: SlackFront) -> None:
    """A rate limit delays an answer by what Slack asks for and no more."""
    front.fault("chat.postMessage", "ratelimited", status=429, headers={"Retry-After": "0"})
    await front.direct("answer")
    await until(lambda: accepted(front))
    assert len(front.sent()) == 2


@pytest.mark.usefixtures("adapter")
async def test_says_that_commands_do_not_work_in_threads(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """Slack passes no command on from a thread; a mention there is answered, typed either way."""
    await front.mention("", thread_ts="1.5")
    await until(lambda: accepted(front))
    assert "don't work inside threads" in accepted(front)[0].fields["text"]
    await front.mention("/ask answer", thread_ts="1.5")
    await until(lambda: responder.asked)
    assert [question.text for question in responder.asked] == ["answer"]
