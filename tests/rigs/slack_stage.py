"""What a check of the program on the wire works with: the fake Slack and the running program."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.rigs import checks
from tests.rigs.slack_api import Call, loaded
from tests.rigs.slack_front import CHANNEL, MEMBER, Fields, SlackFront, find_control
from tests.rigs.slack_program import HTTP, Program

Run = Callable[["Stage"], Awaitable[None]]


@dataclass(slots=True)
class Stage:
    """The fake Slack and the program that is connected to it.

    Attributes:
        mode: How deliveries are to reach the program.
    """

    front: SlackFront
    program: Program
    mode: str

    async def begin(self) -> None:
        """Put everything in order for the next check: the program runs, and nothing is wrong."""
        front = self.front
        front.faults.clear()
        front.barred.clear()
        front.modals.clear()
        front.broken_answers, front.posts_allowed = False, None
        front.ends_every, front.repeat_every = None, None
        front.retry_after, front.ticket_life, front.deaf_for = (0.2, 1.0, 5.0, 10.0), 30.0, 0.0
        if self.program.runs and self.program.mode != self.mode:
            await self.program.stop()
        if not self.program.runs:
            await self.start()
        await self.until(self.program.ready, "ready", 30.0)

    async def start(self) -> None:
        """Start the program in this stage's mode, and deliver to it."""
        self.program.mode, self.front.endpoint = self.mode, None
        if self.mode == HTTP:
            self.front.deliver_to(self.program.events_url)
        await self.program.start()

    async def restart(self) -> None:
        """Stop the program, and start it again."""
        await self.program.stop()
        await self.start()

    async def until(
        self, condition: Callable[[], Any], what: str = "it", seconds: float = 10.0
    ) -> None:
        """Wait until `condition` holds, as `tests.rigs.checks.until` does."""
        await checks.until(condition, what, seconds)

    async def asked(self, text: str, by: str = MEMBER) -> tuple[str, Fields]:
        """Ask by command; return the response address' id and the last message sent to it."""
        _, answers = await self.front.command(text, by=by)
        return answers, await self.told(answers)

    async def told(self, answers: str, number: int = 1) -> Fields:
        """Wait for so many messages to a response address, and return the last one."""
        taken = self.front.answers
        await self.until(lambda: len(taken[answers]) >= number, "an answer")
        return taken[answers][-1]

    async def said(self, channel: str, words: str, before: int = 0) -> Call:
        """Wait until the bot has posted `words` in `channel`, after so many messages of its own."""

        def found() -> list[Call]:
            calls = self.front.taken(channel=channel)[before:]
            return [call for call in calls if words in str(call.fields["text"])]

        await self.until(found, f"{words!r} in {channel}")
        return found()[0]

    def posts(self, channel: str = CHANNEL) -> int:
        """Return how many messages the bot has posted in a channel."""
        return len(self.front.taken(channel=channel))

    async def use(
        self, answers: str, action: str, value: str = "", *, number: int = 0, **where: Any
    ) -> str:
        """Use a control of a message that only the asker sees; return the new address' id.

        Args:
            answers: The response address' id that the message was sent to.
            action: How its id begins.
            value: What is chosen.
            number: Which message, if there are several.
            where: More for `SlackFront.press`.
        """
        control = control_in(self.front.answers[answers][number], action)
        return await self.front.press(control, value, ephemeral=True, **where)


Check = checks.Check[Stage]


def control_in(message: Fields, action: str) -> Fields:
    """Return the control of a message whose id begins so.

    Raises:
        Absent: There is none.
    """
    try:
        return find_control({"blocks": loaded(message.get("blocks"))}, action)
    except AssertionError as error:
        raise checks.Absent(f"no control begins with {action}") from error


def shows(message: Fields, words: str) -> None:
    """Hold that a message says `words`, also to whom its blocks say nothing.

    Raises:
        AssertionError: It does not; the words say what it says instead.
    """
    assert words in message["text"], f"{words!r} is not in {message['text'][:200]!r}"


def in_mode(mode: str, *runs: Run) -> tuple[Check, ...]:
    """Return checks named after their functions, each with the program in that mode."""

    async def run_in(stage: Stage, run: Run) -> None:
        if stage.mode != mode:
            stage.mode = mode
            await stage.begin()
        await run(stage)

    names = [getattr(run, "__name__").replace("_", " ") for run in runs]  # noqa: B009
    return tuple(
        Check(f"{mode}: {name}", partial(run_in, run=run))
        for name, run in zip(names, runs, strict=True)
    )
