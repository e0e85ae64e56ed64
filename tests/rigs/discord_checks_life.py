"""Checks of the program on the wire: how it starts, how it stops, and how it is split."""

from tests.rigs.discord_checks_asking import (
    ENTRY,
    MENTION,
    QUESTION,
    TWO_THINGS,
    answers_a_direct_message,
)
from tests.rigs.discord_faults import broken, late
from tests.rigs.discord_payloads import BOB, CHANNEL, GUILD, words_in
from tests.rigs.discord_sessions import BETWEEN_STARTS
from tests.rigs.discord_stage import Absent, Stage, control, named, shows, title_of

WRONG = "wrong.wrong.wrong"
STOPS_WITHIN = 2.0
TOLD_TO_MEND, UNKNOWN_SETTING = 3, 2
READS = ", message_content: true"


async def keeps_its_buttons_over_a_restart(stage: Stage) -> None:
    """Nothing is remembered, so nothing is forgotten."""
    asked = await stage.fake.command("ask", question=TWO_THINGS)
    await stage.restart()
    message, name = control(asked, "handrail:show:")
    shows(await stage.fake.press(message, name), title_of(name.removeprefix("handrail:show:")))


async def passes_over_what_was_asked_before_it_started(stage: Stage) -> None:
    """A command whose answer nobody waits for any more does no harm."""
    stage.fake.answer_within = 0.2
    await stage.program.stop()
    asked = await stage.fake.command("ask", question=QUESTION)
    assert not asked.shown
    stage.fake.answer_within = 3.0
    await stage.program.start()
    await answers_a_direct_message(stage)


async def tries_again_when_the_first_connection_fails(stage: Stage) -> None:
    """discord.py alone would die of an AttributeError."""
    await stage.program.stop()
    stage.fake.refuse_handshakes = 2
    stage.fake.fail(broken("GET", "/users/@me", 503))
    await stage.program.start()
    shows(await stage.fake.command("ask", question=QUESTION), title_of(ENTRY))


async def ends_when_the_token_is_wrong(stage: Stage) -> None:
    """With a code of its own, the variable to mend, and without the token."""
    await stage.program.stop()
    await stage.program.begin(token=WRONG)
    assert await stage.program.ended() == TOLD_TO_MEND
    last = stage.program.log.splitlines()[-1]
    assert "DISCORD_TOKEN" in last
    assert WRONG not in stage.program.log
    assert "Traceback" not in stage.program.log


async def ends_when_its_intents_are_refused(stage: Stage) -> None:
    """With the place where the operator can change it."""
    await stage.program.stop()
    stage.fake.refuse_with = 4014
    await stage.program.begin()
    assert await stage.program.ended() == TOLD_TO_MEND
    assert "discord.com/developers/applications" in stage.program.log.splitlines()[-1]


async def serves_several_shards(stage: Stage) -> None:
    """Each server by its own connection, direct messages by the first."""
    places = [stage.fake.add_guild(shard=(number, 2)) for number in (0, 1)]
    await _restart_split(stage, ", shards: 2")
    served = {session.shard: session.born for session in stage.fake.live}
    assert sorted(served) == [(0, 2), (1, 2)], f"it said that it is ready with {served} only"
    assert served[1, 2] - served[0, 2] > BETWEEN_STARTS
    for place in places:
        asked = await stage.fake.command("ask", question=QUESTION, at=place.channels[0])
        shows(asked, title_of(ENTRY))
    await answers_a_direct_message(stage)
    stage.fake.cut(1)
    asked = await stage.fake.command("ask", question=QUESTION, at=places[1].channels[0])
    shows(asked, title_of(ENTRY))
    await stage.program.stop()


async def serves_a_range_of_shards(stage: Stage) -> None:
    """One of several processes: its servers, and no others."""
    place = stage.fake.add_guild(shard=(1, 2))
    await _restart_split(stage, ", shards: 2, shard_ids: [1]")
    assert [session.shard for session in stage.fake.live] == [(1, 2)]
    asked = await stage.fake.command("ask", question=QUESTION, at=place.channels[0])
    shows(asked, title_of(ENTRY))
    await stage.program.stop()


async def _restart_split(stage: Stage, settings: str) -> None:
    stage.fake.forget()
    try:
        await stage.restart(discord=settings)
    except AssertionError as error:
        if "no setting" in str(error):
            raise Absent("there is no setting for shards") from None
        raise


async def says_which_intent_is_missing(stage: Stage) -> None:
    """With the setting it asks for the one privileged intent, and says what to do without it."""
    await stage.program.stop()
    await stage.program.begin(discord=READS)
    if await stage.program.ended() == UNKNOWN_SETTING:
        raise Absent("there is no setting for the intent")
    assert "Message Content" in stage.program.log.splitlines()[-1]


async def answers_openly_only_where_moderators_chose(stage: Stage) -> None:
    """In a help channel what is sure is answered without a call, and everything else is not."""
    stage.fake.may_read = True
    try:
        await stage.restart(discord=READS)
    except AssertionError as error:
        raise Absent(str(error).splitlines()[-1]) from None
    chosen = await stage.fake.create_channel(GUILD)
    told = await stage.moderate("settings", "help_channel", channel=chosen, on=True)
    assert chosen in words_in(told.message)
    await stage.fake.say(QUESTION, by=BOB)
    await stage.fake.say("good morning everyone", by=BOB, at=chosen)
    await stage.fake.say(QUESTION, by=BOB, at=chosen)
    await stage.said(chosen, title_of(ENTRY))
    before = len(stage.fake.posted())
    await answers_a_direct_message(stage)
    assert (len(stage.fake.posted(chosen)), len(stage.fake.posted())) == (1, before)
    await stage.program.stop()


async def stops_soon_with_a_reply_under_way(stage: Stage) -> None:
    """Within two seconds, with 0, and what it had begun to say still arrives."""
    before = len(stage.fake.posted())
    stage.fake.fail(late("POST", f"/channels/{CHANNEL}/messages", 0.4, works=False))
    await stage.fake.say(f"{MENTION} {QUESTION}", mention=True)
    await stage.until(lambda: not stage.fake.faults, "the reply")
    assert await stage.program.stop() == 0
    assert stage.program.stopped_in < STOPS_WITHIN
    assert len(stage.fake.posted()) == before + 1


async def stops_soon_when_discord_says_no_goodbye(stage: Stage) -> None:
    """Within two seconds, with 0."""
    stage.fake.deaf = True
    stage.fake.cut()
    await stage.until(lambda: stage.fake.live, "a new connection")
    await stage.until(stage.program.ready, "readiness")
    assert await stage.program.stop() == 0
    assert stage.program.stopped_in < STOPS_WITHIN


LIFE = named(
    keeps_its_buttons_over_a_restart,
    passes_over_what_was_asked_before_it_started,
    tries_again_when_the_first_connection_fails,
    ends_when_the_token_is_wrong,
    ends_when_its_intents_are_refused,
    serves_several_shards,
    serves_a_range_of_shards,
    says_which_intent_is_missing,
    answers_openly_only_where_moderators_chose,
    stops_soon_with_a_reply_under_way,
    stops_soon_when_discord_says_no_goodbye,
)
