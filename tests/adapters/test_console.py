"""The console as a member and as a script would use it."""

import asyncio
import io
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import pytest

from adapters.console import ConsoleAdapter
from bot.domain import Choice, Library, Question, Reply, ReplyKind
from bot.responder import Responder, Trace
from bot.service import Content, Service

WORDS = {
    "console.welcome": "Welcome.",
    "console.bye": "Bye.",
    "console.pick": "Type a number.",
    "console.no_such_choice": "No such number.",
    "console.prompt": "> ",
    "reply.none_of_these": "None of these",
}
CHOICES = Reply(
    ReplyKind.CHOICES,
    "Which one?",
    choices=(Choice("lithium", "Lithium"), Choice("maoi", "MAOIs")),
)


class ChoosingResponder(Responder):
    """Answers with choices, and says which one was picked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def trace(self, question: Question) -> Trace:
        """Offer the two choices, or break."""
        self.asked.append(question.text)
        if question.text == "break":
            raise LookupError(question.text)
        return Trace(CHOICES)

    def in_trouble(self, region: str | None = None) -> Reply:
        """Say that something broke."""
        del region
        return Reply(ReplyKind.FALLBACK, "trouble, and help")

    def show(self, entry: str, region: str | None = None) -> Reply:
        """Say which entry is shown."""
        del region
        return Reply(ReplyKind.ANSWER, f"shown: {entry}", entry=entry)

    def decline(self, region: str | None = None) -> Reply:
        """Say that none was meant."""
        del region
        return Reply(ReplyKind.FALLBACK, "declined")

    def message(self, key: str, **values: str) -> str:
        """Return a word of this test."""
        del values
        return WORDS[key]


def build_console(responder: Responder, lines: TextIO, out: TextIO) -> ConsoleAdapter:
    """Return a console in front of `responder`."""
    content = Content(responder, Library(Path(), {}, {}, (), {}))
    service = Service(lambda: content, content, now=lambda: datetime.now(UTC))
    return ConsoleAdapter(service, lines, out)


async def talk(*lines: str) -> tuple[str, list[str]]:
    """Type the lines, and return all that was printed and all that was asked."""
    responder, out = ChoosingResponder(), io.StringIO()
    typed = io.StringIO("".join(f"{line}\n" for line in lines))
    await build_console(responder, typed, out).run()
    return out.getvalue(), responder.asked


async def test_greets_answers_and_leaves_at_the_end_of_the_input() -> None:
    """A piped file is answered line by line, and its end is a goodbye."""
    printed, asked = await talk("lithium?", "", "maoi?")

    assert asked == ["lithium?", "maoi?"]
    assert printed.startswith("Welcome.")
    assert printed.rstrip().endswith("Bye.")


async def test_numbers_the_choices_and_none_of_these() -> None:
    """Choices are shown as numbers, with "none of these" as the last."""
    printed, _ = await talk("which")

    assert "1. Lithium\n2. MAOIs\n3. None of these" in printed


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("2", "shown: maoi"), ("3", "declined"), ("4", "No such number."), ("0", "No such number.")],
)
async def test_a_number_picks_a_choice(typed: str, expected: str) -> None:
    """A number is a choice as long as choices are on the screen."""
    printed, asked = await talk("which", typed)

    assert expected in printed
    assert asked == ["which"]


async def test_a_number_is_a_question_when_there_is_nothing_to_choose() -> None:
    """Without choices on the screen a number is passed on like any words."""
    _, asked = await talk("911")

    assert asked == ["911"]


@pytest.mark.parametrize("word", ["/quit", "exit", " QUIT "])
async def test_leaves_when_told_to(word: str) -> None:
    """Leaving words end the conversation before anything after them is read."""
    _, asked = await talk(word, "never asked")

    assert asked == []


async def test_can_be_cancelled_while_nobody_types() -> None:
    """Ctrl-C and SIGTERM end it at once, although the input thread still waits for a line."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as lines, os.fdopen(writing, "w"):
        task = asyncio.create_task(build_console(ChoosingResponder(), lines, io.StringIO()).run())
        await asyncio.sleep(0.05)
        task.cancel()
        done: Sequence[asyncio.Task[None]] = list((await asyncio.wait([task], timeout=1))[0])

        assert [t.cancelled() for t in done] == [True]


async def test_whatever_breaks_ends_with_help_and_the_talk_goes_on() -> None:
    """A fault in the engine costs one answer, never the resources or the conversation."""
    printed, asked = await talk("break", "lithium?")

    assert "trouble, and help" in printed
    assert asked == ["break", "lithium?"]
    assert "1. Lithium" in printed
