"""Checks of the program on the wire: calls that fail, sockets that end, forged deliveries, ends."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial

from tests.rigs.checks import named, title_of
from tests.rigs.slack_checks_asking import (
    ENTRY,
    EVERY_MODE,
    LAST,
    QUESTION,
    answers_a_command,
)
from tests.rigs.slack_faults import RESPONSE, Fault, broken, late, limited, refused, reset
from tests.rigs.slack_front import BOT_TOKEN, CHANNEL, MEMBER, TEAM, SlackFront
from tests.rigs.slack_payloads import Delivery, event_delivery, new_ts
from tests.rigs.slack_program import HTTP, SOCKET
from tests.rigs.slack_sockets import REFRESH, WARNING
from tests.rigs.slack_stage import Check, Stage, in_mode, shows

POST = "chat.postMessage"
STOPS_WITHIN, COMES_BACK = 2.0, 30.0
TOLD_TO_MEND = 3
AT_ONCE = 20
SETTLES = 1.5  # slack_sdk waits about a second before it tries again
Breaks = Callable[[SlackFront], Awaitable[None] | None]

# Calls that fail -------------------------------------------------------------------------------


async def gets_help_through(stage: Stage, *, fault: Fault, most: int = 1) -> None:
    """Hold that a mention is answered, in the thread or alone, whatever its answer meets."""
    alone = await stage.front.open_direct()
    before, apart = stage.posts(), stage.posts(alone)
    stage.front.fail(fault)
    await stage.front.mention(QUESTION)

    def answers() -> int:
        return stage.posts() - before + stage.posts(alone) - apart

    await stage.until(answers, "the answer")
    assert not stage.front.faults, "the fault was not met"
    await asyncio.sleep(SETTLES)
    assert answers() <= most


async def answers_a_command_in_spite_of(stage: Stage, *, fault: Fault) -> None:
    """Hold that a command is answered, to its response address or alone."""
    alone = await stage.front.open_direct()
    apart = stage.posts(alone)
    stage.front.fail(fault)
    _, answers = await stage.front.command(QUESTION)
    taken = stage.front.answers
    await stage.until(lambda: taken[answers] or stage.posts(alone) > apart, "the answer")
    assert not stage.front.faults, "the fault was not met"


async def says_it_plainly_when_slack_refuses_the_blocks(stage: Stage) -> None:
    """The words and the help arrive all the same."""
    stage.front.fail(refused(POST, "invalid_blocks"), 2)  # first with plainer ones, then without
    before = stage.posts()
    await stage.front.mention(QUESTION)
    answer = await stage.said(CHANNEL, title_of(ENTRY), before)
    assert not answer.fields.get("blocks")


async def keeps_to_the_pace_of_a_channel(stage: Stage) -> None:
    """Every question is answered in its turn."""
    stage.front.posts_allowed = (1, 1.0)
    before = stage.posts()
    for _ in range(3):
        await stage.front.mention(QUESTION)
    await stage.until(lambda: stage.posts() >= before + 3, "three answers")


async def answers_twenty_at_once(stage: Stage) -> None:
    """Every one acknowledged in time, and answered."""
    asking = [stage.front.command(QUESTION) for _ in range(AT_ONCE)]
    for _, answers in await asyncio.gather(*asking):
        shows(await stage.told(answers), title_of(ENTRY))


def _mention(words: str, fault: Fault, most: int = 1) -> Check:
    run = partial(gets_help_through, fault=fault, most=most)
    return Check(f"answers a mention {words}", run)


def _command(words: str, fault: Fault) -> Check:
    run = partial(answers_a_command_in_spite_of, fault=fault)
    return Check(f"answers a command {words}", run)


# Sockets ---------------------------------------------------------------------------------------


async def comes_back(stage: Stage, *, breaks: Breaks) -> None:
    """Hold that the program comes back, and that what was written meanwhile is answered."""
    opened = stage.front.opened
    alone = await stage.front.open_direct()
    before = stage.posts(alone)
    done = breaks(stage.front)
    if done is not None:
        await done
    writing = asyncio.create_task(stage.front.direct(QUESTION))
    await stage.until(lambda: stage.front.opened > opened, "a new socket", COMES_BACK)
    await stage.until(stage.program.ready, "readiness", COMES_BACK)
    await writing
    await stage.said(alone, title_of(ENTRY), before)
    assert stage.posts(alone) == before + 1
    await answers_a_command(stage)


async def _refuse_tickets(front: SlackFront) -> None:
    """Let the next tickets be worth nothing, as after a long pause."""
    front.ticket_life = -1.0
    opened = front.opened
    front.cut()
    while front.opened < opened + 2:  # noqa: ASYNC110 - the rig has no event for it
        await asyncio.sleep(0.05)
    front.ticket_life = 30.0


async def says_so_while_nothing_reaches_it(stage: Stage) -> None:
    """Whoever asks for its health learns that members cannot reach it, until they can."""
    stage.front.fail(broken("apps.connections.open"), 2)
    stage.front.cut()

    async def lost() -> bool:
        return not await stage.program.ready()

    await stage.until(lost, "unreadiness", COMES_BACK)
    stage.front.faults.clear()
    await stage.until(stage.program.ready, "readiness", COMES_BACK)


async def loses_no_question_when_sockets_keep_ending(stage: Stage) -> None:
    """A new one after every fifth of forty messages; each is answered once."""
    front = stage.front
    front.ends_every, front.ends_by = 5, (REFRESH, WARNING)
    before = stage.posts()
    asked = [await front.mention(QUESTION) for _ in range(40)]
    front.ends_every = None
    await stage.until(lambda: stage.posts() >= before + 40, "every answer", COMES_BACK)
    await asyncio.sleep(0.5)
    threads = [call.fields["thread_ts"] for call in front.taken(channel=CHANNEL)[before:]]
    assert sorted(threads) == sorted(asked)


def _returns(words: str, breaks: Breaks) -> Check:
    return Check(f"comes back after {words}", partial(comes_back, breaks=breaks))


# HTTP ------------------------------------------------------------------------------------------


async def takes_only_what_slack_signed(stage: Stage) -> None:
    """Not with another secret, not what is old, not what was sent before, not what is no JSON."""
    endpoint, before = stage.front.endpoint, stage.posts()
    assert endpoint is not None
    words = {"type": "app_mention", "user": MEMBER, "text": QUESTION, "channel": CHANNEL}
    event = event_delivery({**words, "ts": new_ts()}, TEAM, "EvFORGED")
    assert (await endpoint.verify("a-challenge")).text.count("a-challenge") == 1
    for forged in ({"secret": "wrong"}, {"when": time.time() - 600}):
        assert (await endpoint.send(event, **forged)).status == 401
    unsigned = Delivery("events_api", event.payload, headers={"X-Slack-Signature": ""})
    assert (await endpoint.send(unsigned)).status == 401
    taken = await endpoint.send(event)
    assert taken.status == 200
    await stage.said(CHANNEL, title_of(ENTRY), before)
    await asyncio.sleep(1.1)
    assert (await endpoint.post(taken.body, taken.sent)).status != 500
    assert (await endpoint.post(b"{", taken.sent)).status == 401
    await asyncio.sleep(0.3)
    assert stage.posts() == before + 1


async def answers_once_when_acknowledgements_get_lost(stage: Stage) -> None:
    """Slack then delivers again; nobody is answered twice."""
    endpoint, before = stage.front.endpoint, stage.posts()
    assert endpoint is not None
    endpoint.loses_every = 2
    asked = [await stage.front.mention(QUESTION) for _ in range(10)]
    endpoint.loses_every = None
    await stage.until(lambda: stage.posts() >= before + 10, "every answer")
    await asyncio.sleep(0.5)
    threads = [call.fields["thread_ts"] for call in stage.front.taken(channel=CHANNEL)[before:]]
    assert sorted(threads) == sorted(asked)


# Starts and ends -------------------------------------------------------------------------------


async def ends_when_a_token_is_wrong(stage: Stage) -> None:
    """With a code of its own, the variable to mend, and without the token."""
    await stage.program.stop()
    for name, wrong in (("SLACK_BOT_TOKEN", "xoxb-wrong"), ("SLACK_APP_TOKEN", "xapp-wrong")):
        await stage.program.begin(**{name: wrong})
        assert await stage.program.ended() == TOLD_TO_MEND
        assert name in stage.program.log.splitlines()[-1]
        assert wrong not in stage.program.log
    assert "Traceback" not in stage.program.log


async def tries_again_when_slack_is_away_at_the_start(stage: Stage) -> None:
    """A fault of Slack's own is waited for."""
    await stage.program.stop()
    stage.front.fail(broken("auth.test"), 3)
    stage.front.fail(broken("apps.connections.open"))
    await stage.start()
    await answers_a_command(stage)


async def stops_soon_with_a_reply_under_way(stage: Stage) -> None:
    """Within two seconds, with 0, and what it had begun to say still arrives."""
    before = stage.posts()
    stage.front.fail(late(POST, 0.4, works=False))
    await stage.front.mention(QUESTION)
    await stage.until(lambda: not stage.front.faults, "the reply")
    assert await stage.program.stop() == 0
    assert stage.program.stopped_in < STOPS_WITHIN
    assert stage.posts() == before + 1


async def stops_soon_when_slack_says_no_goodbye(stage: Stage) -> None:
    """Within two seconds, with 0."""
    stage.front.deaf_for = 5.0
    await stage.front.command(QUESTION)
    assert await stage.program.stop() == 0
    assert stage.program.stopped_in < STOPS_WITHIN
    stage.front.cut()


async def forgets_a_workspace_that_uninstalls_it(stage: Stage) -> None:
    """What is kept of it is deleted, the operator learns of the token, and nothing breaks."""

    def logged(words: str) -> int:
        return stage.program.log.count(words)

    forgotten, broke = logged("slack workspace forgotten"), logged("listener failed")
    await stage.front.uninstall(BOT_TOKEN)
    await stage.until(lambda: logged("slack workspace forgotten") > forgotten, "forgetting")
    assert logged("slack revoked the bot token")
    stage.front.tokens[BOT_TOKEN] = TEAM
    stage.front.revoked.clear()
    await stage.restart()
    await answers_a_command(stage)
    assert logged("listener failed") == broke


FAULTS = (
    _mention("that meets a rate limit", limited(POST)),
    _mention("that meets a fault of Slack's", broken(POST)),
    _mention("whose receipt is late", late(POST, 1.0)),
    _mention("that was reset before it was heard", reset(POST)),
    _mention("that was reset after it was heard", reset(POST, works=True), most=2),
    _command("that meets a fault", broken(RESPONSE)),
    _command("that meets a rate limit", limited(RESPONSE)),
    _command("that was reset", reset(RESPONSE)),
    *named(
        says_it_plainly_when_slack_refuses_the_blocks,
        keeps_to_the_pace_of_a_channel,
        answers_twenty_at_once,
    ),
)
SOCKETS = (
    _returns("a request to do so", lambda front: front.disconnect(REFRESH)),
    _returns("a warning", lambda front: front.disconnect(WARNING)),
    _returns("a goodbye", lambda front: front.close_socket()),
    _returns("a broken line", lambda front: front.cut()),
    _returns("refused tickets", _refuse_tickets),
    *named(says_so_while_nothing_reaches_it, loses_no_question_when_sockets_keep_ending),
)
LIFE = named(
    tries_again_when_slack_is_away_at_the_start,
    ends_when_a_token_is_wrong,
    forgets_a_workspace_that_uninstalls_it,
    stops_soon_with_a_reply_under_way,
    stops_soon_when_slack_says_no_goodbye,
)
OVER_HTTP = in_mode(HTTP, takes_only_what_slack_signed, answers_once_when_acknowledgements_get_lost)
CHECKS = (
    *in_mode(SOCKET, *EVERY_MODE),
    *FAULTS,
    *SOCKETS,
    *LIFE,
    *in_mode(HTTP, *EVERY_MODE),
    *OVER_HTTP,
    *named(*LAST),
)
