"""What members do to a bot while `benchmarks.discord` measures it."""

import asyncio
import contextlib
import itertools
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.discord_bots import STEP, Bot
from benchmarks.discord_figures import Answered, Fates
from tests.rigs.discord_gateway import FakeDiscord
from tests.rigs.discord_interactions import ANSWERED, SUGGESTED, Interaction
from tests.rigs.discord_payloads import BOT, Person, components_in

DROP_EVERY = 50
SPACING_S = 0.02
# Every fourth time Discord cannot be reached for longer than it waits for an answer.
SHUT_EVERY, SHUT_S = 4, 4.0
COMES_BACK_S, _ANSWERED_S, _SETTLES_S = 1200.0, 20.0, 0.5
_NEVER = 10**9
OUT_OF_REACH = f"Discord out of reach for {SHUT_S:.0f} s"
_MIX = ("command", "command", "command", "mention", "direct message")
# What one of every ten members does, in turn, besides using the command.
_BURST, _MENTIONS, _WRITES, _PRESSES = 10, 3, 6, 9
_KEPT = 500
Ask = Callable[[Bot, str], Awaitable[Interaction]]


async def ask(bot: Bot, text: str) -> Interaction:
    """Use the command that answers a question."""
    return await bot.fake.command("ask", question=text)


async def suggest(bot: Bot, text: str) -> Interaction:
    """Type a question into that command, and see what is suggested."""
    return await bot.fake.complete("ask", "question", text)


def half_typed(texts: Iterable[str]) -> list[str]:
    """Return the texts cut off after a quarter, a half, three quarters, and not at all, in turn."""
    parts = zip(texts, itertools.cycle((1, 2, 3, 4)))
    return [text[: max(1, len(text) * part // 4)].rstrip() for text, part in parts]


async def take_times(
    bots: Sequence[Bot], ask: Ask, texts: Sequence[str], at_once: int = 1
) -> list[list[Answered]]:
    """Ask every bot the same, in turn, so that what else the machine does slows all of them.

    Returns:
        The answers of each bot; what our own code took of them is not known yet.
    """
    found: list[list[Answered]] = [[] for _ in bots]
    for start in range(0, len(texts), at_once):
        for number, bot in enumerate(bots):
            asked = [ask(bot, text) for text in texts[start : start + at_once]]
            found[number] += map(_timed, await asyncio.gather(*asked))
            bot.forget()
    return found


def _timed(interaction: Interaction) -> Answered:
    if interaction.told_in is None or interaction.kind not in {ANSWERED, SUGGESTED}:
        raise SystemExit(f"a question was not answered: {interaction.refused}")
    return Answered(interaction.id, interaction.born, interaction.told_in)


async def spent_on(bot: Bot, answers: Sequence[Answered]) -> dict[str, tuple[float, float]]:
    """Return the seconds in our own code and in the engine, by interaction.

    The bot notes them when it has heard that the answer arrived, which is a little later.
    """
    await _until(lambda: bot.spent().keys() >= {answer.id for answer in answers}, _ANSWERED_S)
    return bot.spent()


def with_own(
    answers: Iterable[Answered], spent: Mapping[str, tuple[float, float]]
) -> list[Answered]:
    """Return the answers with what our own code and the engine took of each."""
    times = ((answer, spent[answer.id]) for answer in answers)
    return [replace(answer, ours=ours, engine=engine) for answer, (ours, engine) in times]


# Answers lost ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question on its way, by somebody who asks nothing else.

    Attributes:
        way: How it is asked.
        kind: That, and whether Discord could be reached then.
    """

    way: str
    kind: str
    by: Person
    task: "asyncio.Task[Any]"


async def count_answers(bot: Bot, texts: Sequence[str]) -> list[Fates]:
    """Ask on and on while the connection is dropped after every 50th question.

    Args:
        bot: Who is asked.
        texts: The questions; by command, mention and direct message in turn.
    """
    asked: list[_Asked] = []
    outages: list[asyncio.Task[float]] = []
    shut, spacing = False, SPACING_S
    for number, (text, way) in enumerate(zip(texts, itertools.cycle(_MIX)), start=1):
        if number % DROP_EVERY == 0:
            await _until(lambda: bot.fake.live, COMES_BACK_S)
        asked.append(_set_off(bot, way, f"{way}, {OUT_OF_REACH}" if shut else way, text))
        await asyncio.sleep(0)
        if number % DROP_EVERY == 0:  # while that question is on its way
            shut = len(outages) % SHUT_EVERY == SHUT_EVERY - 1
            spacing = SHUT_S / DROP_EVERY if shut else SPACING_S
            outages.append(asyncio.create_task(_drop(bot, shut=shut)))
        await asyncio.sleep(spacing)
    gone = await asyncio.gather(*outages)
    await asyncio.gather(*(one.task for one in asked))
    await _until(lambda: not any(f.lost for f in _fates(bot, asked, gone)), _ANSWERED_S)
    return _fates(bot, asked, gone)


def _set_off(bot: Bot, way: str, kind: str, text: str) -> _Asked:
    fake, by = bot.fake, bot.newcomer()
    task: asyncio.Task[Any]
    if way == "command":
        task = asyncio.create_task(fake.command("ask", question=text, by=by))
    elif way == "mention":
        task = asyncio.create_task(fake.say(f"<@{BOT}> {text}", mention=True, by=by))
    else:
        task = asyncio.create_task(fake.say(text, direct=True, by=by))
    return _Asked(way, kind, by, task)


async def _drop(bot: Bot, *, shut: bool) -> float:
    """Drop the connection, and return how many seconds later there was one again."""
    fake, began = bot.fake, time.monotonic()
    fake.cut()
    if shut:
        fake.refuse_handshakes = _NEVER
        await asyncio.sleep(SHUT_S)
        fake.refuse_handshakes = 0
    await _until(lambda: fake.live, COMES_BACK_S)
    return time.monotonic() - began


def _fates(bot: Bot, asked: Iterable[_Asked], gone: Sequence[float]) -> list[Fates]:
    fake = bot.fake
    told = [m for m in fake.messages.values() if m["author"]["id"] == BOT]
    replied = {(m.get("message_reference") or {}).get("message_id") for m in told}
    written = {m["channel_id"] for m in told}
    counts: dict[str, Counter[str]] = {}
    for one in asked:
        there = fake.direct_with(one.by) in written
        found = one.task.result()
        if one.way == "command":
            in_place = found.kind == ANSWERED
        else:
            in_place = found["id"] in replied if one.way == "mention" else there
        late = "by_direct_message" if there else "lost"
        count = counts.setdefault(one.kind, Counter())
        count.update(["asked", "in_place" if in_place else late])
    longest = max(gone, default=0.0)
    return [
        Fates(
            name=kind,
            asked=count["asked"],
            in_place=count["in_place"],
            by_direct_message=count["by_direct_message"],
            drops=len(gone),
            longest=longest,
        )
        for kind, count in sorted(counts.items())
    ]


# Memory ---------------------------------------------------------------------------------------


async def watch_memory(
    bot: Bot, texts: Sequence[str], looks: Sequence[int], *, mixed: bool
) -> dict[int, float]:
    """Return what the bot holds after so many questions, each by somebody new.

    Args:
        bot: Who is asked.
        texts: What is asked, again and again.
        looks: After how many questions to look; full tens.
        mixed: Also by mention and direct message, and with a control used after every tenth.
    """
    held = {}
    for start in range(0, max(looks), _BURST):
        numbers = range(start, start + _BURST)
        members = [_member(bot, n, texts[n % len(texts)], mixed=mixed) for n in numbers]
        await asyncio.gather(*members)
        bot.forget(keep=_KEPT)
        if start + _BURST in looks:
            await asyncio.sleep(_SETTLES_S)
            held[start + _BURST] = bot.memory()
    return held


async def _member(bot: Bot, number: int, text: str, *, mixed: bool) -> None:
    """Let somebody new ask, in one of the servers or alone with the bot."""
    fake, by = bot.fake, bot.newcomer()
    at = bot.channels[number % len(bot.channels)]
    turn = number % _BURST if mixed else None
    if turn in {_MENTIONS, _WRITES}:
        words = f"<@{BOT}> {text}" if turn == _MENTIONS else text
        alone = turn == _WRITES
        said = await fake.say(words, mention=not alone, direct=alone, by=by, at=at)
        channel = said["channel_id"]
        await _until(lambda: fake.posted(channel), _ANSWERED_S)
        return
    answer = await fake.command("ask", question=text, by=by, at=at)
    if answer.kind != ANSWERED:
        raise SystemExit(f"a question was not answered: {answer.refused}")
    if turn == _PRESSES:
        await _use_control(fake, answer, by, number // _BURST)


async def _use_control(fake: FakeDiscord, answer: Interaction, by: Person, number: int) -> None:
    """Use one of the controls below an answer, every time another one."""
    found = [
        (message, part)
        for message in answer.shown
        for part in components_in(message["components"])
        if "custom_id" in part
    ]
    if not found:
        return
    message, part = found[number % len(found)]
    if part.get("options"):
        option = part["options"][number % len(part["options"])]
        used = await fake.choose(message, part["custom_id"], option["value"], by=by)
    else:
        used = await fake.press(message, part["custom_id"], by=by)
    if used.modal:
        used = await fake.submit(used, {"reason": "it has changed since"}, by=by)
    if used.kind is None:
        raise SystemExit(f"{part['custom_id']} was not answered: {used.refused}")


async def _until(condition: Callable[[], object], seconds: float) -> None:
    """Wait until `condition` holds, at most so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - the rig has no event for it
                await asyncio.sleep(STEP)
