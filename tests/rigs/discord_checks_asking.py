"""Checks of the program on the wire: every way to ask, and what members see."""

from tests.rigs.discord_faults import late
from tests.rigs.discord_interactions import Interaction
from tests.rigs.discord_payloads import (
    ALICE,
    BOB,
    BOT,
    CHANNEL,
    DM_CHANNEL,
    EPHEMERAL,
    GROUP_CHANNEL,
    GUILD,
    PRIVATE_CHANNEL,
    Payload,
    components_in,
    words_in,
)
from tests.rigs.discord_sessions import PRIVILEGED
from tests.rigs.discord_stage import Absent, Stage, control, named, sentence, shows, title_of
from tests.rigs.discord_world import NO_PERMISSION

QUESTION, ENTRY = "can i microdose on lithium", "lithium"
TWO_THINGS = "shrooms with zoloft and lithium, ok?"
URGENT, CARD = "my friend wont wake up, we took acid", "emergency-medical"
MENTION = f"<@{BOT}>"
# Nobody would say it, so wherever it turns up somebody's words got out.
MARK = "zebrafinchquux"
SOON = 1.0
ODD_TEXTS = {
    "markdown": f"**{MARK}** ||{MARK}|| ```{MARK}``` [{MARK}](https://{MARK}.example)",
    "mentions": f"@everyone @here <@{ALICE.id}> <@&5> <#{CHANNEL}> {MARK}",
    "an invite": f"https://discord.gg/{MARK}",
    "zero width": "\u200b\u200d\u2060" + "\u200b".join(MARK),
    "right to left": f"\u202e{MARK}\u202c \u05e9\u05dc\u05d5\u05dd",
    "nothing to see": "\u200b",
    "emoji": "\U0001f344" * 40,
    "very long": f"{MARK} " * 400,
}


async def makes_its_commands_known(stage: Stage) -> None:
    """It asks for no privileged intent, and offers its commands wherever people are."""
    ask = next(c for c in stage.fake.commands if c["name"] == "ask")
    assert set(ask["contexts"]) == {0, 1, 2}
    assert set(ask["integration_types"]) == {0, 1}
    assert stage.fake.live
    assert not any(session.intents & PRIVILEGED for session in stage.fake.live)


async def answers_a_command(stage: Stage) -> None:
    """In time, once, and for one reader only."""
    asked = await stage.fake.command("ask", question=QUESTION)
    shows(asked, title_of(ENTRY))
    assert asked.told_in is not None
    assert asked.told_in < SOON
    assert all(message["flags"] & EPHEMERAL for message in asked.shown)
    assert not asked.refused


async def answers_a_command_in_direct_messages(stage: Stage) -> None:
    """Where the answer is still there tomorrow."""
    asked = await stage.fake.command("ask", question=QUESTION, direct=True, by=BOB)
    shows(asked, title_of(ENTRY))
    assert not any(message["flags"] & EPHEMERAL for message in asked.shown)


async def answers_where_only_a_person_brought_it(stage: Stage) -> None:
    """Among others it answers one reader, in few messages, and posts nothing of its own."""
    strange = stage.fake.add_guild(joined=False).channels[0]
    for channel in (PRIVATE_CHANNEL, GROUP_CHANNEL, strange):
        for text, entry in ((QUESTION, ENTRY), (URGENT, CARD)):
            asked = await stage.fake.command("ask", question=text, at=channel)
            shows(asked, title_of(entry))
            assert not asked.refused
            assert all(message["flags"] & EPHEMERAL for message in asked.shown)
        assert not stage.fake.called("POST", f"/channels/{channel}/")


async def takes_the_help_lines_from_the_locale(stage: Stage) -> None:
    """Britain's for British English, Germany's for German."""
    shows(await stage.fake.command("ask", question=URGENT), "Kingdom")
    shows(await stage.fake.command("ask", question=URGENT, by=BOB), "Germany")


async def suggests_while_somebody_types(stage: Stage) -> None:
    """Soon, not too many, and what is picked is answered; before a word too."""
    options = next(c for c in stage.fake.commands if c["name"] == "ask")["options"]
    if not options[0].get("autocomplete"):
        raise Absent("/ask makes no suggestions")
    for typed in ("", "lithi", "l", URGENT, "x" * 6000, ODD_TEXTS["zero width"]):
        told = await stage.fake.complete("ask", options[0]["name"], typed)
        assert told.told_in is not None, f"nothing came for {typed[:20]!r}"
        assert told.told_in < SOON
        assert len(told.choices) <= 25
        assert not told.refused
    told = await stage.fake.complete("ask", options[0]["name"], "can i take lithium")
    picked = next(c for c in told.choices if c["name"] == title_of(ENTRY))
    shows(await stage.fake.command("ask", question=picked["value"]), title_of(ENTRY))


async def answers_from_a_message(stage: Stage) -> None:
    """Also what it may not read, for whoever picked it."""
    found = [c["name"] for c in stage.fake.commands if c.get("type") == 3]
    if not found:
        raise Absent("there is no message command")
    said = await stage.fake.say(QUESTION, by=BOB)
    asked = await stage.fake.use_on(found[0], said)
    shows(asked, title_of(ENTRY))
    assert all(message["flags"] & EPHEMERAL for message in asked.shown)
    empty = await stage.fake.say("")
    assert (await stage.fake.use_on(found[0], empty)).shown


async def answers_every_command_without_options(stage: Stage) -> None:
    """Whatever it offers, it does; subcommands need rights and are tried elsewhere."""
    for command in stage.fake.commands:
        options = command.get("options") or []
        if command.get("type", 1) == 1 and not any(
            o.get("required") or o["type"] < 3 for o in options
        ):
            told = await stage.fake.command(command["name"])
            assert told.shown, f"/{command['name']} was not answered ({told.refused})"


async def offers_choices_and_takes_one(stage: Stage) -> None:
    """What is picked is answered, and "none of these" as well."""
    asked = await stage.fake.command("ask", question=TWO_THINGS)
    message, name = control(asked, "handrail:show:")
    shows(await stage.fake.press(message, name), title_of(name.removeprefix("handrail:show:")))
    message, name = control(asked, "handrail:decline")
    shows(await stage.fake.press(message, name), sentence("reply.fallback_title"))


async def says_when_an_entry_is_gone(stage: Stage) -> None:
    """A button of an older version is answered all the same."""
    pressed = await stage.fake.press(old_button(stage, "handrail:show:gone-long-ago"), GONE)
    shows(pressed, sentence("reply.gone"))


async def takes_a_verdict_once_and_again(stage: Stage) -> None:
    """Whoever presses twice, or presses first this and then that, meets no error."""
    asked = await stage.fake.command("ask", question=QUESTION)
    for start in ("handrail:verdict:helpful", "handrail:verdict:outdated"):
        message, name = control(asked, start)
        twice = [{**message}, {**message}]
        for seen in twice:
            pressed = await stage.fake.press(seen, name)
            if pressed.modal is not None:
                pressed = await _give_reason(stage, pressed)
            assert not pressed.refused
            assert pressed.kind is not None


async def _give_reason(stage: Stage, opened: Interaction) -> Interaction:
    assert opened.modal is not None
    parts = [p.get("component") or p for p in opened.modal["components"]]
    (name,) = [p["custom_id"] for p in parts if "custom_id" in p]
    return await stage.fake.submit(opened, {name: f"{MARK} is wrong"})


async def shows_details_on_demand(stage: Stage) -> None:
    """Sources are one press away."""
    asked = await stage.fake.command("ask", question=QUESTION)
    message, name = control(asked, "handrail:details:")
    shows(await stage.fake.press(message, name), "[1]")


async def shares_an_answer_in_the_channel(stage: Stage) -> None:
    """Only who asked can do it, and then everybody reads it."""
    asked = await stage.fake.command("ask", question=QUESTION)
    message, name = control(asked, "handrail:share:")
    pressed = await stage.fake.press(message, name)

    def shared() -> list[Payload]:
        found = [m for m in pressed.followups if not m["flags"] & EPHEMERAL]
        return [m for m in [*found, *stage.fake.posted()] if title_of(ENTRY) in words_in(m)]

    await stage.until(shared, "the shared answer")


async def shares_nothing_where_only_a_person_brought_it(stage: Stage) -> None:
    """Discord would show everyone whose the button was."""
    asked = await stage.fake.command("ask", question=QUESTION, at=GROUP_CHANNEL)
    assert asked.message is not None
    ids = [p.get("custom_id", "") for p in components_in(asked.message["components"])]
    assert [i for i in ids if i.startswith("handrail:details:")]
    assert not [i for i in ids if i.startswith("handrail:share:")]


async def changes_the_country_of_a_card(stage: Stage) -> None:
    """The country of the locale is chosen already, and another is one choice away."""
    asked = await stage.fake.command("ask", question=URGENT)
    message, name = control(asked, "handrail:country:")
    (select,) = [p for p in components_in(message["components"]) if p.get("custom_id") == name]
    other = next(o for o in select["options"] if len(o["value"]) == 2 and not o.get("default"))
    chosen = await stage.fake.choose(message, name, other["value"])
    shows(chosen, title_of(CARD))
    shows(chosen, other["label"])


async def browses_the_topics(stage: Stage) -> None:
    """Topic, then entry, then answer."""
    if "faq" not in {command["name"] for command in stage.fake.commands}:
        raise Absent("there is no /faq")
    asked = await stage.fake.command("faq")
    message, name = control(asked, "handrail:topic")
    (select,) = [p for p in components_in(message["components"]) if p.get("custom_id") == name]
    opened = await stage.fake.choose(message, name, select["options"][-1]["value"])
    message, name = control(opened, "handrail:pick")
    (select,) = [p for p in components_in(message["components"]) if p.get("custom_id") == name]
    entry = select["options"][0]["value"]
    shows(await stage.fake.choose(message, name, entry), title_of(entry))


async def answers_a_mention(stage: Stage) -> None:
    """As a reply, once, for all to read."""
    before = len(stage.fake.posted())
    said = await stage.fake.say(f"{MENTION} {QUESTION}", mention=True)
    answer = await stage.said(CHANNEL, title_of(ENTRY), before)
    assert answer["message_reference"]["message_id"] == said["id"]
    again = len(stage.fake.posted())
    await stage.fake.say(QUESTION, reply_to=answer)
    await stage.said(CHANNEL, title_of(ENTRY), again)


async def answers_a_direct_message(stage: Stage) -> None:
    """As an ordinary message."""
    before = len(stage.fake.told(BOB))
    await stage.fake.say(QUESTION, direct=True, by=BOB)
    await stage.said(stage.fake.direct_with(BOB), title_of(ENTRY), before)


async def leaves_talk_alone(stage: Stage) -> None:
    """Nobody is answered who did not ask it."""
    before = len(stage.fake.posted())
    await stage.fake.say(QUESTION)
    await stage.fake.say(URGENT, by=BOB)
    await answers_a_direct_message(stage)
    assert len(stage.fake.posted()) == before


async def shows_an_urgent_card_in_plain_text(stage: Stage) -> None:
    """Where it was asked and by direct message, readable with embeds switched off."""
    before, alone = len(stage.fake.posted()), len(stage.fake.posted(DM_CHANNEL))
    await stage.fake.say(f"{MENTION} {URGENT}", mention=True)
    for place, seen in ((CHANNEL, before), (DM_CHANNEL, alone)):
        card = await stage.said(place, title_of(CARD), seen)
        assert title_of(CARD) in card["content"]


async def answers_odd_texts_without_repeating_them(stage: Stage) -> None:
    """Whatever is typed, something helpful comes, and not a word of it comes back."""
    for name, text in ODD_TEXTS.items():
        asked = await stage.fake.command("ask", question=text[:6000])
        assert asked.shown, f"{name} was not answered ({asked.refused})"
        before = len(stage.fake.posted(DM_CHANNEL))
        await stage.fake.say(text[:2000], direct=True)
        answer = await stage.said(DM_CHANNEL, "", before)
        for message in (*asked.shown, answer):
            assert MARK not in words_in(message), f"{name} was repeated"


async def answers_a_question_that_was_taken_back(stage: Stage) -> None:
    """In the channel, without the link to it."""
    before = len(stage.fake.posted())
    stage.fake.fail(late("POST", f"/channels/{CHANNEL}/messages", 0.3, works=False))
    said = await stage.fake.say(f"{MENTION} {QUESTION}", mention=True)
    await stage.fake.delete_message(said)
    await stage.said(CHANNEL, title_of(ENTRY), before)


async def answers_alone_when_the_channel_is_gone(stage: Stage) -> None:
    """The member gets the help although nobody can post there any more."""
    channel, before = await stage.fake.create_channel(GUILD), len(stage.fake.told(ALICE))
    stage.fake.fail(late("POST", f"/channels/{channel}/messages", 0.3, works=False))
    await stage.fake.say(f"{MENTION} {QUESTION}", mention=True, at=channel)
    await stage.until(lambda: stage.fake.called("POST", f"/channels/{channel}/messages"))
    await stage.fake.delete_channel(channel)
    await stage.said(DM_CHANNEL, title_of(ENTRY), before)


async def answers_alone_where_it_may_not_write(stage: Stage) -> None:
    """Moderators took the right away; the member still gets the help."""
    stage.fake.forbidden[CHANNEL] = NO_PERMISSION
    before = len(stage.fake.told(BOB))
    await stage.fake.say(f"{MENTION} {QUESTION}", mention=True, by=BOB)
    await stage.said(stage.fake.direct_with(BOB), title_of(ENTRY), before)


async def shows_the_card_to_who_takes_no_messages(stage: Stage) -> None:
    """The card stands in the channel, and a later question is answered as usual."""
    stage.fake.blocking.add(ALICE.id)
    before = len(stage.fake.posted())
    await stage.fake.say(f"{MENTION} {URGENT}", mention=True)
    await stage.said(CHANNEL, title_of(CARD), before)
    stage.fake.forbidden[CHANNEL] = NO_PERMISSION
    await stage.fake.say(f"{MENTION} {URGENT}", mention=True)
    await answers_a_direct_message(stage)


GONE = "handrail:show:gone-long-ago"


def old_button(stage: Stage, custom_id: str) -> Payload:
    """Return a message of ours from long ago, with a button."""
    button = {"type": 2, "style": 1, "label": "An older answer", "custom_id": custom_id}
    row = {"type": 1, "components": [button]}
    return stage.fake.add_message({"content": "Which one?", "components": [row]}, CHANNEL)


# Held over everything that was called and logged meanwhile, so they come last.
async def never_lets_an_answer_ping_anybody(stage: Stage) -> None:
    """Everything that was posted says that nobody is to be notified."""
    for call in stage.fake.calls:
        told = (call.body or {}) if isinstance(call.body, dict) else {}
        told = told.get("data") or told if "/callback" in call.path else told
        if call.method in {"POST", "PATCH"} and (told.get("content") or told.get("embeds")):
            allowed = told.get("allowed_mentions") or {}
            assert allowed.get("parse") == [], f"{call.method} {call.path}: {allowed}"
            assert not allowed.get("replied_user"), f"{call.path} notifies who asked"


async def never_acknowledges_twice(stage: Stage) -> None:
    """Nothing that was used was answered twice, and nothing that is gone was sought."""
    used = [i for i in stage.fake.interactions.values() if i.id not in stage.excused]
    wrong = [(i.type, i.kind, i.refused) for i in used if 40060 in i.refused]
    assert not wrong, wrong


async def writes_no_word_of_a_member(stage: Stage) -> None:
    """Nor who they are, even at its most talkative."""
    log = stage.program.log
    assert "discord" in log
    for secret in (MARK, "sertraline", "wake up", "shrooms with", ALICE.id, BOB.id, "alice"):
        assert secret not in log, f"{secret} was logged"


ALWAYS = named(
    never_lets_an_answer_ping_anybody, never_acknowledges_twice, writes_no_word_of_a_member
)
ASKING = named(
    makes_its_commands_known,
    answers_a_command,
    answers_a_command_in_direct_messages,
    answers_where_only_a_person_brought_it,
    takes_the_help_lines_from_the_locale,
    suggests_while_somebody_types,
    answers_from_a_message,
    answers_every_command_without_options,
    offers_choices_and_takes_one,
    says_when_an_entry_is_gone,
    takes_a_verdict_once_and_again,
    shows_details_on_demand,
    shares_an_answer_in_the_channel,
    shares_nothing_where_only_a_person_brought_it,
    changes_the_country_of_a_card,
    browses_the_topics,
    answers_a_mention,
    answers_a_direct_message,
    leaves_talk_alone,
    shows_an_urgent_card_in_plain_text,
    answers_odd_texts_without_repeating_them,
    answers_a_question_that_was_taken_back,
    answers_alone_when_the_channel_is_gone,
    answers_alone_where_it_may_not_write,
    shows_the_card_to_who_takes_no_messages,
)
