"""What a check of the program on the wire works with: the fake Discord and the running program."""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.rigs.discord_gateway import FakeDiscord
from tests.rigs.discord_interactions import Interaction
from tests.rigs.discord_members import Value
from tests.rigs.discord_payloads import MODERATOR, Payload, Person, components_in, words_in
from tests.rigs.discord_program import ROOT, Program

STEP = 0.02


class Absent(Exception):  # noqa: N818 - it is no error
    """The program does not have what a check is about."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold.

    Attributes:
        name: It in words.
        run: Raises AssertionError if it does not hold, and Absent if it cannot be tried.
        slow: Whether it takes a minute or more.
    """

    name: str
    run: Callable[["Stage"], Awaitable[None]]
    slow: bool = False


def named(*runs: Callable[["Stage"], Awaitable[None]]) -> tuple[Check, ...]:
    """Return checks named after their functions."""
    return tuple(Check(getattr(run, "__name__").replace("_", " "), run) for run in runs)  # noqa: B009


@dataclass(slots=True)
class Stage:
    """The fake Discord and the program that is connected to it.

    Attributes:
        excused: Ids of interactions whose first answer was lost on its way back, so that the
            program could not know that it had been taken.
    """

    fake: FakeDiscord
    program: Program
    excused: set[str] = field(default_factory=set)

    async def begin(self) -> None:
        """Put everything in order for the next check: the program runs, and nothing is wrong."""
        fake = self.fake
        fake.faults.clear()
        fake.forbidden.clear()
        fake.blocking.clear()
        fake.refuse_handshakes, fake.refuse_with, fake.cut_every = 0, None, None
        fake.mute = fake.deaf = fake.may_read = False
        fake.posts_allowed, fake.answer_within, fake.between_starts = None, 3.0, 0.0
        if not self.program.runs:
            await self.program.start()
        await self.until(self.program.ready, "ready", 30.0)

    async def restart(self, *, discord: str = "", store: str = "") -> None:
        """Stop the program if it runs, and start it, with other settings or the usual ones."""
        if self.program.runs:
            await self.program.stop()
        await self.program.start(discord=discord, store=store)

    async def until(
        self, condition: Callable[[], Any], what: str = "it", seconds: float = 10.0
    ) -> None:
        """Wait until `condition` holds; a check fails when it does not within `seconds`.

        Raises:
            AssertionError: It did not; the words name `what`.
        """
        try:
            async with asyncio.timeout(seconds):
                while True:
                    found = condition()
                    if await found if asyncio.iscoroutine(found) else found:
                        return
                    await asyncio.sleep(STEP)
        except TimeoutError:
            raise AssertionError(f"{what} did not come within {seconds:.0f} s") from None

    async def said(self, channel: str, words: str, before: int = 0) -> Payload:
        """Wait until the bot has posted `words` in `channel`, after so many messages of its own."""

        def found() -> list[Payload]:
            return [m for m in self.fake.posted(channel)[before:] if words in words_in(m)]

        await self.until(found, f"{words!r} in {channel}")
        return found()[0]

    async def moderate(self, *keys: str, by: Person = MODERATOR, **options: Value) -> Interaction:
        """Use a moderators' command, whose words and options `keys` name in `messages.yaml`.

        Raises:
            Absent: There are no commands for moderators.
        """
        name = " ".join(sentence(f"commands.{key}") for key in ("admin", *keys))
        if name.split(maxsplit=1)[0] not in {known["name"] for known in self.fake.commands}:
            raise Absent("there are no commands for moderators")
        given = {sentence(f"commands.{key}"): value for key, value in options.items()}
        return await self.fake.use(name, given, by=by)


def shows(interaction: Interaction, words: str) -> None:
    """Hold that a member was shown `words` in answer.

    Raises:
        AssertionError: They were not; the words say what was shown instead.
    """
    shown = "\n".join(map(words_in, interaction.shown))
    assert words in shown, (
        f"{words!r} is not in {shown[:200]!r} (refused: {interaction.refused}, "
        f"answered: {interaction.kind})"
    )


def control(interaction: Interaction, start: str) -> tuple[Payload, str]:
    """Return the message and the custom id of the first control whose id begins with `start`.

    Raises:
        Absent: There is none.
    """
    for message in interaction.shown:
        for part in components_in(message["components"]):
            if part.get("custom_id", "").startswith(start):
                return message, part["custom_id"]
    raise Absent(f"no control begins with {start}")


@functools.cache
def title_of(entry: str) -> str:
    """Return the title of an entry of the shipped content."""
    (path,) = (ROOT / "faq").glob(f"*/{entry}.yaml")
    return str(_read(path)["title"])


@functools.cache
def sentence(key: str) -> str:
    """Return a sentence of `faq/messages.yaml` by `section.name`, up to its first blank to fill."""
    section, _, name = key.partition(".")
    found = str(_read(ROOT / "faq" / "messages.yaml")[section][name])
    return found.partition("{")[0].strip()


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
