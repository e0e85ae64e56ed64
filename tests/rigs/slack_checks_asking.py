"""Checks of the program on the wire: every way to ask on Slack, and what members see."""

import asyncio
import time

from tests.rigs.checks import sentence, title_of
from tests.rigs.slack_front import CHANNEL, MEMBER, SECOND_CHANNEL, Fields, message_of
from tests.rigs.slack_stage import Stage, control_in, shows

QUESTION, ENTRY = "can i microdose on lithium", "lithium"
TWO_THINGS = "shrooms with zoloft and lithium, ok?"
URGENT, CARD = "my friend wont wake up, we took acid", "emergency-medical"
# Nobody would say it, so wherever it turns up somebody's words got out.
MARK = "zebrafinchquux"
ACKNOWLEDGED_WITHIN = 1.0
ODD_TEXTS = {
    "mrkdwn": f"*{MARK}* ~{MARK}~ ```{MARK}``` _{MARK} unclosed `",
    "mentions": f"<!channel> <!here> <@{MEMBER}> <#{CHANNEL}|general> {MARK}",
    "a link": f"<https://{MARK}.example|{MARK}>",
    "entities": f"&lt;!everyone&gt; &amp; {MARK}",
    "zero width": "\u200b\u200d\u2060" + "\u200b".join(MARK),
    "right to left": f"\u202e{MARK}\u202c \u05e9\u05dc\u05d5\u05dd",
    "nothing to see": "\u200b",
    "emoji": "\U0001f344" * 40,
    "very long": f"{MARK} " * 2600,
}


async def answers_a_command(stage: Stage) -> None:
    """Acknowledged at once and without words, answered for one reader only."""
    began = time.monotonic()
    acknowledged, answers = await stage.front.command(QUESTION)
    assert time.monotonic() - began < ACKNOWLEDGED_WITHIN
    assert not acknowledged
    answer = await stage.told(answers)
    shows(answer, title_of(ENTRY))
    assert answer["response_type"] == "ephemeral"
    assert answer["blocks"]


async def answers_every_word_that_the_command_knows(stage: Stage) -> None:
    """Help, topics, help lines and privacy; and who asks nothing is shown how."""
    for words in ("help", "faq", "resources", "resources germany", "privacy", ""):
        _, answer = await stage.asked(words)
        assert answer["text"].strip(), f"/ask {words} says nothing"


async def answers_a_mention_once(stage: Stage) -> None:
    """In its thread, although it is delivered twice, and again; also in another channel."""
    for channel in (CHANNEL, SECOND_CHANNEL):
        before = stage.posts(channel)
        ts = await stage.front.mention(QUESTION, also_as_message=True, channel=channel)
        event = {"type": "app_mention", "user": MEMBER, "channel": channel, "ts": ts}
        await stage.front.event({**event, "text": QUESTION}, retry=1)
        answer = await stage.said(channel, title_of(ENTRY), before)
        assert answer.fields["thread_ts"] == ts
        await asyncio.sleep(0.3)
        assert stage.posts(channel) == before + 1


async def answers_a_mention_inside_a_thread(stage: Stage) -> None:
    """There, and not below the single message."""
    before = stage.posts()
    await stage.front.mention(QUESTION, thread_ts="1700000000.000100")
    answer = await stage.said(CHANNEL, title_of(ENTRY), before)
    assert answer.fields["thread_ts"] == "1700000000.000100"


async def answers_a_direct_message(stage: Stage) -> None:
    """Without a name or a command; its own answers are no questions."""
    channel = await stage.front.open_direct(stage.front.people["bob"])
    before = stage.posts(channel)
    await stage.front.direct(QUESTION, user=stage.front.people["bob"])
    await stage.said(channel, title_of(ENTRY), before)
    await asyncio.sleep(0.3)
    assert stage.posts(channel) == before + 1


async def answers_from_a_message(stage: Stage) -> None:
    """For whoever picked it, wherever it stands."""
    bob = stage.front.people["bob"]
    answers = await stage.front.shortcut(QUESTION, author=bob, channel="C0ELSEWHERE")
    answer = await stage.told(answers)
    shows(answer, title_of(ENTRY))
    assert answer["response_type"] == "ephemeral"
    assert (await stage.told(await stage.front.shortcut("")))["text"]


async def leaves_talk_alone(stage: Stage) -> None:
    """Nobody is answered who did not ask it: other bots, edits, joins, talk."""
    before = stage.posts()
    await stage.front.say(QUESTION)
    await stage.front.say(URGENT, user=stage.front.people["bob"])
    await stage.front.by_other_bot(QUESTION)
    await stage.front.by_other_bot(QUESTION, kind="message")
    await stage.front.say("joined", subtype="channel_join")
    await stage.front.direct(QUESTION, subtype="message_changed")
    await answers_a_direct_message(stage)
    assert stage.posts() == before


async def offers_choices_and_takes_one(stage: Stage) -> None:
    """What is picked takes their place, and "none of these" as well."""
    answers, _ = await stage.asked(TWO_THINGS)
    for action, words in ((f"handrail:show:{ENTRY}", title_of(ENTRY)), ("handrail:decline", "")):
        reply = await stage.told(await stage.use(answers, action))
        shows(reply, words or sentence("reply.fallback_title"))
        assert reply["replace_original"] is True


async def says_when_a_control_is_of_an_older_version(stage: Stage) -> None:
    """A button of an entry that is gone, and one that no version knows, are answered."""
    for action in ("handrail:show:gone-long-ago", "handrail:unheard-of"):
        text = {"type": "plain_text", "text": "Old"}
        old = {"type": "button", "action_id": action, "value": "choice", "text": text}
        reply = await stage.told(await stage.front.press(old, ephemeral=True))
        shows(reply, sentence("reply.gone"))


async def shows_details_in_a_window(stage: Stage) -> None:
    """Sources are one press away."""
    answers, _ = await stage.asked(QUESTION)
    await stage.use(answers, "handrail:details:")
    await stage.until(lambda: stage.front.modals.get(MEMBER), "the window")
    assert "[1]" in str(stage.front.view()["blocks"])


async def shares_an_answer_in_the_channel(stage: Stage) -> None:
    """Only who asked can do it, and then everybody reads it."""
    before = stage.posts()
    answers, _ = await stage.asked(QUESTION)
    await stage.use(answers, "handrail:share:")
    shared = await stage.said(CHANNEL, title_of(ENTRY), before)
    assert MEMBER not in str(shared.fields["blocks"])


async def takes_a_verdict_and_a_reason(stage: Stage) -> None:
    """As often as it is pressed; why is asked once it is not a good one."""
    answers, _ = await stage.asked(QUESTION)
    for _ in range(2):
        await stage.told(await stage.use(answers, "handrail:feedback", "positive"))
    await stage.use(answers, "handrail:feedback", "negative")
    await stage.until(lambda: stage.front.modals.get(MEMBER), "the window")
    before = len(stage.front.taken("chat.postEphemeral"))
    assert await stage.front.submit({"reason": f"{MARK} is wrong"}) is None
    await stage.until(lambda: len(stage.front.taken("chat.postEphemeral")) > before, "thanks")


async def changes_the_country_of_a_card(stage: Stage) -> None:
    """An emergency card asked for Germany says Germany's numbers."""
    answers, _ = await stage.asked(URGENT)
    number = len(stage.front.answers[answers]) - 1
    reply = await stage.told(await stage.use(answers, "handrail:country:", "DE", number=number))
    shows(reply, "Germany")
    assert reply["replace_original"] is True


async def shows_an_urgent_card_by_direct_message_too(stage: Stage) -> None:
    """Where it was asked, and where the person finds it later."""
    alone = await stage.front.open_direct()
    here, there = stage.posts(), stage.posts(alone)
    await stage.front.mention(URGENT)
    await stage.said(CHANNEL, title_of(CARD), here)
    await stage.said(alone, title_of(CARD), there)
    there = stage.posts(alone)
    await stage.asked(URGENT)
    await stage.said(alone, title_of(CARD), there)


async def shows_its_home_page(stage: Stage) -> None:
    """Topics and a search that is answered in a window; questions to begin with beside it."""
    mo = stage.front.people["mo"]
    await stage.front.open_home(by=mo)
    await stage.until(lambda: mo in stage.front.homes, "the home page")
    topics = control_in(stage.front.homes[mo], "handrail:topic")
    old = stage.front.homes[mo]["hash"]
    await stage.front.press_in_view(topics, topics["options"][0]["value"], by=mo)
    await stage.until(lambda: stage.front.homes[mo]["hash"] != old, "the topic")
    await stage.front.press_in_view("handrail:search", QUESTION, by=mo)
    await stage.until(lambda: stage.front.modals.get(mo), "the window")
    await stage.until(lambda: title_of(ENTRY) in str(stage.front.view(mo)), "the answer")
    await stage.front.open_home("messages", by=mo)
    prompts = "assistant.threads.setSuggestedPrompts"
    await stage.until(lambda: stage.front.taken(prompts), "questions to begin with")


async def lets_moderators_in_and_nobody_else(stage: Stage) -> None:
    """Members learn nothing by the moderators' page, and admins see it."""
    pages = {name: await _page_of(stage, stage.front.people[name]) for name in ("bob", "admin")}
    assert sentence("slack.not_moderator")[:40] in str(pages["bob"])
    assert "action_id" not in str(pages["bob"]["blocks"])
    assert "action_id" in str(pages["admin"]["blocks"])


async def _page_of(stage: Stage, user: str) -> Fields:
    """Return the moderators' page as somebody sees it, once it has been looked up."""
    await stage.front.global_shortcut("handrail:moderate", by=user)
    waiting = sentence("slack.wait")

    def shown() -> bool:
        return bool(stage.front.modals.get(user)) and waiting not in str(stage.front.view(user))

    await stage.until(shown, "the page")
    return stage.front.view(user)


async def answers_odd_texts_without_repeating_them(stage: Stage) -> None:
    """Whatever is typed, something helpful comes, and not a word of it comes back."""
    alone = await stage.front.open_direct()
    for name, text in ODD_TEXTS.items():
        _, answer = await stage.asked(text)
        before = stage.posts(alone)
        await stage.front.direct(text)
        said = await stage.said(alone, "", before)
        for fields in (answer, said.fields):
            assert MARK not in str(fields), f"{name} was repeated"


async def answers_alone_where_it_may_not_write(stage: Stage) -> None:
    """It was never invited, or the channel was archived; the member still gets the help."""
    alone = await stage.front.open_direct(stage.front.people["bob"])
    for error in ("not_in_channel", "is_archived", "channel_not_found"):
        stage.front.barred[CHANNEL] = error
        before = stage.posts(alone)
        await stage.front.mention(QUESTION, user=stage.front.people["bob"])
        await stage.said(alone, title_of(ENTRY), before)


async def keeps_a_card_standing_when_direct_messages_are_shut(stage: Stage) -> None:
    """The card stands in the thread, and a later question is answered as usual."""
    stage.front.barred[MEMBER] = "messages_tab_disabled"
    before = stage.posts()
    await stage.front.mention(URGENT)
    await stage.said(CHANNEL, title_of(CARD), before)
    await answers_a_direct_message(stage)


async def keeps_its_buttons_over_a_restart(stage: Stage) -> None:
    """Nothing is remembered, so nothing is forgotten."""
    before = stage.posts()
    await stage.front.mention(TWO_THINGS)
    call = await stage.said(CHANNEL, "", before)
    await stage.restart()
    shown = message_of(call)
    pressed = await stage.front.press(
        control_in(shown, f"handrail:show:{ENTRY}"), message=shown, by=stage.front.people["bob"]
    )
    reply = await stage.told(pressed)
    shows(reply, title_of(ENTRY))
    assert reply["replace_original"] is False


# Held over everything that was called and logged meanwhile, so they come last.
async def never_calls_everybody(stage: Stage) -> None:
    """Nothing that was sent notifies a channel or anybody who did not ask."""
    for call in stage.front.calls:
        text = str(call.fields.get("text", "")) + str(call.fields.get("blocks", ""))
        assert "<!" not in text, f"{call.method} calls everybody"
        assert f"<@{stage.front.people['mo']}" not in text


async def sends_nothing_that_slack_would_not_show(stage: Stage) -> None:
    """By Slack's own published types and its known limits."""
    if not stage.front.checks:
        return
    assert stage.front.invalid == []


async def writes_no_word_of_a_member(stage: Stage) -> None:
    """Nor who they are, even at its most talkative."""
    log = stage.program.log
    assert "slack" in log
    people = stage.front.people.values()
    for secret in (MARK, "sertraline", "wake up", "shrooms with", *people):
        assert secret not in log, f"{secret} was logged"


EVERY_MODE = (
    answers_a_command,
    answers_every_word_that_the_command_knows,
    answers_a_mention_once,
    answers_a_mention_inside_a_thread,
    answers_a_direct_message,
    answers_from_a_message,
    leaves_talk_alone,
    offers_choices_and_takes_one,
    says_when_a_control_is_of_an_older_version,
    shows_details_in_a_window,
    shares_an_answer_in_the_channel,
    takes_a_verdict_and_a_reason,
    changes_the_country_of_a_card,
    shows_an_urgent_card_by_direct_message_too,
    shows_its_home_page,
    lets_moderators_in_and_nobody_else,
    answers_odd_texts_without_repeating_them,
    answers_alone_where_it_may_not_write,
    keeps_a_card_standing_when_direct_messages_are_shut,
    keeps_its_buttons_over_a_restart,
)
LAST = (
    never_calls_everybody,
    sends_nothing_that_slack_would_not_show,
    writes_no_word_of_a_member,
)
