"""What a check of the program on the wire works with: the fake Discord and the running program."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.rigs import checks
from tests.rigs.checks import Absent, named, sentence, title_of
from tests.rigs.discord_gateway import FakeDiscord
from tests.rigs.discord_interactions import Interaction
from tests.rigs.discord_members import Value
from tests.rigs.discord_payloads import MODERATOR, Payload, Person, components_in, words_in
from tests.rigs.discord_program import Program

__all__ = ["Absent", "Check", "Stage", "control", "named", "sentence", "shows", "title_of"]


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
        """Wait until `condition` holds, as `tests.rigs.checks.until` does."""
        await checks.until(condition, what, seconds)

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


Check = checks.Check[Stage]
