"""What members do to an app while `benchmarks.slack` measures it."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from benchmarks.discord_figures import Answered
from benchmarks.slack_bots import Bot
from benchmarks.slack_figures import Fates, Told
from tests.rigs.slack_deliveries import SLACKS_WAITS
from tests.rigs.slack_front import CHANNEL, SlackFront, Untaken, new_ts

TWICE = "mention, also as a message"
WAYS = ("mention", TWICE, "direct message")
ENDS_EVERY, REPEATS_EVERY = 50, 3
_SPACING_S, _STEP_S, _SETTLES_S = 0.02, 0.002, 3.0
_ANSWERED_S, _COMES_BACK_S = 20.0, 60.0
_POST = "chat.postMessage"
Ask = Callable[[Bot, str], Awaitable[Told]]


async def command(bot: Bot, text: str) -> Told:
    """Use the command that answers a question; its answer goes to a response address."""
    front, began = bot.front, time.monotonic()
    _, answers = await front.command(text)
    acknowledged = time.monotonic() - began
    await _until(lambda: answers in front.answered_at)
    return _told(answers, began, front.answered_at.get(answers), acknowledged)


async def mention(bot: Bot, text: str) -> Told:
    """Call the app in a channel; its answer is posted in the thread."""
    front, ts = bot.front, new_ts()

    def answered() -> float | None:
        posts = (call for call in front.calls if call.method == _POST)
        return next((c.when for c in posts if c.fields.get("thread_ts") == ts), None)

    began = time.monotonic()
    await front.mention(text, ts=ts)
    acknowledged = time.monotonic() - began
    await _until(lambda: answered() is not None)
    return _told(ts, began, answered(), acknowledged)


async def take_times(
    bots: Sequence[Bot], ask: Ask, texts: Sequence[str], at_once: int = 1
) -> list[list[Told]]:
    """Ask every app the same, in turn, so that what else the machine does slows all of them.

    Returns:
        The answers of each app; what our own code took of them is not known yet.
    """
    found: list[list[Told]] = [[] for _ in bots]
    for start in range(0, len(texts), at_once):
        for number, bot in enumerate(bots):
            asked = [ask(bot, text) for text in texts[start : start + at_once]]
            found[number] += await asyncio.gather(*asked)
            bot.forget()
    return found


async def spent_on(bot: Bot, told: Sequence[Told]) -> dict[str, tuple[float, float]]:
    """Return the seconds in our own code and in the engine, by question.

    The app notes them when it has heard that the answer arrived, which is a little later.
    """
    await _until(lambda: bot.spent().keys() >= {t.answered.id for t in told})
    return bot.spent()


def _told(question: str, began: float, ended: float | None, acknowledged: float) -> Told:
    if ended is None:
        raise SystemExit("a question was not answered")
    return Told(Answered(question, began, ended - began), acknowledged)


# Answered twice, and lost ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question on its way.

    Attributes:
        place: The channel and thread that its answer belongs into.
    """

    way: str
    place: tuple[str, str | None]
    task: "asyncio.Task[object]"


async def count_repeats(bot: Bot, texts: Sequence[str]) -> list[Fates]:
    """Ask on and on while every third event is delivered again although it was taken."""
    # Some come while the answer is being worked out, some when it stands there already.
    bot.front.repeat_every, bot.front.repeat_after = REPEATS_EVERY, (0.0, 1.0)
    mode = "http" if bot.front.endpoint else "socket"
    return await _count(bot, texts, f"{mode}: every third event sent again")


async def count_breaks(bot: Bot, texts: Sequence[str]) -> list[Fates]:
    """Ask on and on while every 50th delivery meets a break.

    By socket: it is refreshed or cut, in turn, with that event on its way. Over HTTP: the
    acknowledgement of that event is lost on its way back. What is not acknowledged is delivered
    again at once, after a minute and after five, as Slack does.
    """
    front = bot.front
    front.retry_after = SLACKS_WAITS
    if front.endpoint is None:
        front.ends_every = ENDS_EVERY
        return await _count(bot, texts, f"socket: refreshed or cut every {ENDS_EVERY}")
    front.endpoint.loses_every = ENDS_EVERY
    return await _count(bot, texts, f"http: every {ENDS_EVERY}th acknowledgement lost")


async def _count(bot: Bot, texts: Sequence[str], run: str) -> list[Fates]:
    front = bot.front
    asked: list[_Asked] = []
    gaps: list[float] = []
    watching = asyncio.create_task(_watch(front, gaps))
    ways = take_in_turn(len(texts))
    for text, way in zip(texts, ways, strict=False):
        if len(asked) % (ENDS_EVERY // 2) == 0:
            await _until(lambda: front.endpoint or front.connected, _COMES_BACK_S)
        asked.append(_set_off(front, way, text))
        await asyncio.sleep(_SPACING_S)
    # What has waited six minutes is tried all at once: a break then would hit Slack's last try.
    front.ends_every = None
    await asyncio.gather(*(one.task for one in asked), return_exceptions=True)
    await _until(lambda: len(_answers(front)) >= len(asked), _ANSWERED_S)
    await asyncio.sleep(_SETTLES_S)  # a second answer would come late
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    events = sum(map(_events, ways))
    again = front.repeated + sum(tries - 1 for tries in front.tries)
    return _fates(front, asked, Fates(run, "", events, again, 0, 0, 0, max(gaps, default=0.0)))


def take_in_turn(events: int) -> list[str]:
    """Return the ways to ask, one after the other, until they make so many events."""
    found: list[str] = []
    while sum(map(_events, found)) < events:
        found.append(WAYS[len(found) % len(WAYS)])
    return found


def _events(way: str) -> int:
    return 2 if way == TWICE else 1


def _set_off(front: SlackFront, way: str, text: str) -> _Asked:
    """Ask by somebody who asks nothing else."""
    user, ts = f"U{new_ts().replace('.', '')}", new_ts()
    if way == "direct message":
        channel, thread = f"D{user[1:]}", None
        asking = front.direct(text, user=user, ts=ts)
    else:
        channel, thread = CHANNEL, ts
        asking = front.mention(text, user=user, ts=ts, also_as_message=way == TWICE)
    return _Asked(way, (channel, thread), asyncio.create_task(_undisturbed(asking)))


async def _undisturbed(asking: Awaitable[object]) -> None:
    """Ask; what cannot be delivered is counted by its missing answer."""
    with contextlib.suppress(Untaken):
        await asking


def _answers(front: SlackFront) -> dict[tuple[str, str | None], list[str]]:
    """Return what was posted in each thread, and in each conversation."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for call in front.taken():
        channel = str(call.answer["channel"])
        thread = None if channel.startswith("D") else call.fields.get("thread_ts")
        found.setdefault((channel, thread), []).append(str(call.fields["text"]))
    return found


def _fates(front: SlackFront, asked: Sequence[_Asked], whole: Fates) -> list[Fates]:
    """Return what became of the questions, a row for each way.

    An answer may have several parts, so only what was said twice counts as answered twice.
    """
    answers = _answers(front)
    counts = {way: Counter[str]() for way in WAYS}
    for one in asked:
        told = answers.get(one.place, [])
        twice = len(told) > len(set(told))
        counts[one.way].update(asked=1, twice=twice, lost=not told)
    return [
        Fates(whole.run, way, whole.events, whole.again, **count, longest=whole.longest)
        for way, count in counts.items()
    ]


async def _watch(front: SlackFront, gaps: list[float]) -> None:
    """Note how long the app was without a socket, each time."""
    while front.endpoint is None:
        await _until(lambda: not front.connected, float("inf"))
        began = time.monotonic()
        await _until(lambda: front.connected, float("inf"))
        gaps.append(time.monotonic() - began)


async def _until(condition: Callable[[], object], seconds: float = _ANSWERED_S) -> None:
    """Wait until `condition` holds, at most so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(None if seconds == float("inf") else seconds):
            while not condition():  # noqa: ASYNC110 - the rig has no event for it
                await asyncio.sleep(_STEP_S)
