"""Checks of the program on the wire: calls that fail, and connections that break."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from tests.rigs.discord_checks_asking import (
    ENTRY,
    MENTION,
    QUESTION,
    answers_a_direct_message,
)
from tests.rigs.discord_faults import Fault, banned, broken, late, limited, refused, reset
from tests.rigs.discord_gateway import FakeDiscord
from tests.rigs.discord_interactions import Interaction
from tests.rigs.discord_payloads import ALICE, CHANNEL, DM_CHANNEL, GUILD, words_in
from tests.rigs.discord_stage import Check, Stage, named, sentence, shows, title_of

IN_CHANNEL = ("POST", f"/channels/{CHANNEL}/messages")
CALLBACK, FOLLOW_UP = ("POST", "/callback"), ("POST", "/webhooks/")
UNEASY = "i dont want to be here anymore can microdosing help depression"
UNEASY_ENTRY = "evidence-depression"
NEW_SESSION, BACKOFF = 20.0, 40.0
AT_ONCE = 20


async def _answered_once(stage: Stage, fault: Fault, seconds: float = 10.0) -> None:
    """Hold that a mention is answered in the channel once, whatever its answer meets."""
    before, alone = len(stage.fake.posted()), len(stage.fake.posted(DM_CHANNEL))
    stage.fake.fail(fault)
    await stage.fake.say(f"{MENTION} {QUESTION}", mention=True)
    await stage.until(lambda: len(stage.fake.posted()) > before, "the answer", seconds)
    assert not stage.fake.faults, "the fault was not met"
    await asyncio.sleep(0.3)
    assert len(stage.fake.posted()) == before + 1
    assert len(stage.fake.posted(DM_CHANNEL)) == alone


async def waits_out_a_rate_limit(stage: Stage) -> None:
    """The answer comes when Discord takes it."""
    await _answered_once(stage, limited(*IN_CHANNEL, 0.3))
    await _answered_once(stage, limited(*IN_CHANNEL, 0.3, everywhere=True))


async def tries_again_when_discord_is_at_fault(stage: Stage) -> None:
    """500 and 502 pass."""
    for status in (500, 502):
        await _answered_once(stage, broken(*IN_CHANNEL, status))


async def posts_once_when_the_receipt_is_late(stage: Stage) -> None:
    """What was posted is not posted again because Discord was slow to say so."""
    await _answered_once(stage, late(*IN_CHANNEL, 1.0))


async def keeps_to_the_limit_of_a_channel(stage: Stage) -> None:
    """By the headers; every question is answered in its turn."""
    stage.fake.posts_allowed = (2, 0.5)
    before, calls = len(stage.fake.posted()), len(stage.fake.called(*IN_CHANNEL))
    for _ in range(6):
        await stage.fake.say(f"{MENTION} {QUESTION}", mention=True)
    await stage.until(lambda: len(stage.fake.posted()) == before + 6, "six answers")
    assert len(stage.fake.called(*IN_CHANNEL)) - calls <= 8


async def gets_help_through_when_a_channel_fails(stage: Stage) -> None:
    """A ban, or a line that breaks: the member is answered there or alone, and no more than once.

    A line that breaks after the message was posted may cost a second one, alone; never in public.
    """
    for fault in (banned(*IN_CHANNEL), reset(*IN_CHANNEL), reset(*IN_CHANNEL, works=True)):
        before, alone = len(stage.fake.posted()), len(stage.fake.told(ALICE))
        stage.fake.fail(fault)
        await stage.fake.say(f"{MENTION} {QUESTION}", mention=True)

        def answers(before: int = before, alone: int = alone) -> list[str]:
            seen = [*stage.fake.posted()[before:], *stage.fake.told(ALICE)[alone:]]
            return [text for message in seen if title_of(ENTRY) in (text := words_in(message))]

        await stage.until(answers, f"an answer in spite of {fault}")
        await asyncio.sleep(0.3)
        assert len(stage.fake.posted()) <= before + 1


async def answers_a_command_in_spite_of(stage: Stage, fault: Fault) -> None:
    """Hold that a command is answered, whatever its first answer meets."""
    stage.fake.fail(fault)
    asked = await stage.fake.command("ask", question=QUESTION)
    if fault.cuts and fault.works:
        stage.excused.add(asked.id)
    await stage.until(lambda: asked.shown, "the answer")
    shows(asked, title_of(ENTRY))
    assert len([m for m in asked.shown if title_of(ENTRY) in words_in(m)]) == 1


async def answers_both_parts_in_spite_of(stage: Stage, fault: Fault) -> None:
    """Hold that "are you safe?" and the answer after it both arrive, whatever the second meets."""
    stage.fake.fail(fault)
    asked = await stage.fake.command("ask", question=UNEASY)
    shows(asked, sentence("check.title"))
    await stage.until(lambda: title_of(UNEASY_ENTRY) in seen(asked), "the second part")
    assert not stage.fake.faults, "the fault was not met"
    await asyncio.sleep(0.2)
    assert seen(asked).count(title_of(UNEASY_ENTRY)) == 1


def seen(asked: Interaction) -> str:
    """Return everything that a member was shown."""
    return "\n".join(map(words_in, asked.shown))


async def shows_the_numbers_when_an_answer_is_refused(stage: Stage) -> None:
    """Should Discord find fault with what it says, the member is not left alone."""
    for path in ("/callback", "/webhooks/"):
        for method in ("POST", "PATCH"):
            stage.fake.fail(refused(method, path, 50035))
    asked = await stage.fake.command("ask", question=QUESTION)
    await stage.until(lambda: asked.shown, "anything")
    shows(asked, sentence("reply.trouble_title"))


async def lets_go_of_what_discord_no_longer_knows(stage: Stage) -> None:
    """Too late is too late: it neither insists nor breaks."""
    stage.fake.answer_within = 0.0
    asked = await stage.fake.command("ask", question=QUESTION)
    assert not asked.shown
    assert asked.refused in ([10062], [10062, 10015])
    stage.fake.answer_within = 3.0
    await answers_a_direct_message(stage)


# Connections ----------------------------------------------------------------------------------

Breaks = Callable[[FakeDiscord], Awaitable[None] | None]


async def comes_back(
    stage: Stage, breaks: Breaks, *, anew: bool = False, seconds: float = 10.0
) -> None:
    """Hold that the program comes back, and that nothing asked meanwhile is lost if it resumes."""
    resumed, identified = stage.fake.resumed, stage.fake.identified
    before = len(stage.fake.posted(DM_CHANNEL))
    done = breaks(stage.fake)
    if done is not None:
        await done
    if not anew:
        await stage.fake.say(QUESTION, direct=True)
        await stage.said(DM_CHANNEL, title_of(ENTRY), before)
        assert (stage.fake.resumed, stage.fake.identified) == (resumed + 1, identified)
    await stage.until(lambda: stage.fake.live, "a new connection", seconds)
    await stage.until(stage.program.ready, "readiness", seconds)
    assert not anew or stage.fake.identified == identified + 1
    shows(await stage.fake.command("ask", question=QUESTION), title_of(ENTRY))


def _refuse(fake: FakeDiscord, times: int) -> None:
    fake.refuse_handshakes = times
    fake.cut()


async def says_so_while_nothing_reaches_it(stage: Stage) -> None:
    """Whoever asks for its health learns that members cannot reach it, until they can."""
    _refuse(stage.fake, 1)

    async def lost() -> bool:
        return not await stage.program.ready()

    await stage.until(lost, "unreadiness")
    await stage.until(stage.program.ready, "readiness", BACKOFF)


async def notices_a_dead_line(stage: Stage) -> None:
    """Nothing comes any more although the connection stands: discord.py waits a minute."""
    stage.fake.silence()
    resumed = stage.fake.resumed
    await stage.until(lambda: stage.fake.resumed > resumed, "a new connection", 150.0)
    shows(await stage.fake.command("ask", question=QUESTION), title_of(ENTRY))


async def answers_twenty_at_once(stage: Stage) -> None:
    """Every one in time."""
    asking = [stage.fake.command("ask", question=QUESTION) for _ in range(AT_ONCE)]
    for asked in await asyncio.gather(*asking):
        shows(asked, title_of(ENTRY))
        assert not asked.refused


async def loses_no_question_when_the_line_keeps_breaking(stage: Stage) -> None:
    """Cut at every fifth of forty questions, all are answered."""
    stage.fake.cut_every = 5
    lost = 0
    for _ in range(40):
        asked = await stage.fake.command("ask", question=QUESTION)
        lost += not asked.shown
    stage.fake.cut_every = None
    assert lost == 0


async def goes_on_when_servers_come_and_go(stage: Stage) -> None:
    """An outage, removal and invitation of one server leave the others alone."""
    place, failed = stage.fake.guilds[GUILD], stage.program.log.count('"level": "error"')
    for step in (stage.fake.lose, stage.fake.recover, stage.fake.remove, stage.fake.invite):
        await step(place)
        await answers_a_direct_message(stage)
    shows(await stage.fake.command("ask", question=QUESTION), title_of(ENTRY))
    assert stage.program.log.count('"level": "error"') == failed


def _callback(words: str, fault: Fault) -> Check:
    run = partial(answers_a_command_in_spite_of, fault=fault)
    return Check(f"answers a command {words}", run)


def _both(words: str, fault: Fault) -> Check:
    run = partial(answers_both_parts_in_spite_of, fault=fault)
    return Check(f"answers in two parts although the second {words}", run)


def _resumes(words: str, breaks: Breaks) -> Check:
    return Check(f"resumes after {words}", partial(comes_back, breaks=breaks))


def _starts_anew(words: str, breaks: Breaks, seconds: float = NEW_SESSION) -> Check:
    run = partial(comes_back, breaks=breaks, anew=True, seconds=seconds)
    return Check(f"starts a new session after {words}", run)


FAULTS = (
    *named(
        waits_out_a_rate_limit,
        tries_again_when_discord_is_at_fault,
        posts_once_when_the_receipt_is_late,
        keeps_to_the_limit_of_a_channel,
        gets_help_through_when_a_channel_fails,
        shows_the_numbers_when_an_answer_is_refused,
        lets_go_of_what_discord_no_longer_knows,
    ),
    _callback("in spite of a fault of Discord's", broken(*CALLBACK, 500)),
    _callback("in spite of a rate limit", limited(*CALLBACK, 0.2)),
    _callback("that was reset before it was heard", reset(*CALLBACK)),
    _callback("that was reset after it was heard", reset(*CALLBACK, works=True)),
    _callback("whose receipt is late", late(*CALLBACK, 1.5)),
    _both("meets a fault", broken(*FOLLOW_UP)),
    _both("meets a rate limit", limited(*FOLLOW_UP, 0.2)),
    _both("is reset before it was heard", reset(*FOLLOW_UP)),
    _resumes("a broken line", FakeDiscord.cut),
    _resumes("a request to connect anew", FakeDiscord.reconnect),
    _resumes("a session that may be resumed", lambda fake: fake.invalidate(resumable=True)),
    *(_resumes(f"code {c}", partial(FakeDiscord.close, code=c)) for c in (1000, 4000, 4008, 4009)),
    _starts_anew("a session that is lost", lambda fake: fake.invalidate(resumable=False)),
    _starts_anew("a session that was forgotten", FakeDiscord.forget),
    Check(
        "resumes after refused handshakes",
        partial(comes_back, breaks=partial(_refuse, times=2), seconds=BACKOFF),
    ),
    *named(
        says_so_while_nothing_reaches_it,
        answers_twenty_at_once,
        loses_no_question_when_the_line_keeps_breaking,
        goes_on_when_servers_come_and_go,
    ),
    Check("notices a dead line", notices_a_dead_line, slow=True),
)
