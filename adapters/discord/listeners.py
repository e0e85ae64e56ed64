"""What Handrail does when a member asks or presses a button on Discord."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import discord
import structlog

from adapters.discord.convert import (
    Press,
    to_command_question,
    to_press,
    to_question,
    to_region,
)
from adapters.discord.places import (
    UNDELIVERED,
    Send,
    first_that_works,
    in_answer,
    in_channel,
    in_person,
    is_hidden,
    is_late,
    last_line,
    reason,
)
from adapters.discord.render import Post, to_posts
from bot.domain import Question, Reply, ReplyKind

if TYPE_CHECKING:
    from bot.config import Place
    from bot.responder import Responder

Work = Callable[[], Awaitable[None]]
_CARDS = frozenset({ReplyKind.URGENT, ReplyKind.CHECK})
log = structlog.get_logger()


class Listeners:
    """Answers commands, mentions, direct messages and buttons; keeps nothing about anybody.

    Args:
        responder: The engine's front door.
        region: The operator's country for help lines, where Discord tells none.
        answer_mentions_in: `channel` to answer a mention where it was made, `dm` to answer it by
            direct message.
    """

    def __init__(
        self,
        responder: "Responder",
        *,
        region: str | None = None,
        answer_mentions_in: "Place" = "channel",
    ) -> None:
        self._responder = responder
        self._region = region
        self._mentions_openly = answer_mentions_in == "channel"
        self._working: set[asyncio.Task[None]] = set()

    def message(self, key: str, **values: str) -> str:
        """Return one sentence of the section `discord` of `messages.yaml`."""
        return self._responder.message(f"discord.{key}", **values)

    async def on_command(self, interaction: discord.Interaction, text: str) -> None:
        """Answer a question asked with the slash command."""
        question = to_command_question(interaction, text, self._region)
        send = in_answer(interaction)

        async def work() -> None:
            await _acknowledge(interaction)
            await self._send(await self._responder.respond(question), send)

        await self._guarded("command", question.region, send, work)

    async def on_press(self, interaction: discord.Interaction) -> None:
        """Show the answer behind a button, beside the message that holds the button."""
        press = to_press(interaction)
        if press is None:
            return
        region = to_region(str(interaction.locale), self._region)
        send = in_answer(interaction)

        async def work() -> None:
            await _acknowledge(interaction)
            await self._send(self._pressed(press, region), send)

        await self._guarded("press", region, send, work)

    async def on_message(self, message: discord.Message, me: int) -> None:
        """Answer a mention or a direct message; pass over everything else.

        Args:
            message: What was posted where we can see it.
            me: Our own user id.
        """
        question = to_question(message, me, self._region)
        if question is None:
            return
        here, alone = in_channel(message), in_person(message.author)
        if message.guild is None:
            ways = (here, here)
        else:
            ways = (here, alone) if self._mentions_openly else (alone, here)
        await self._guarded(
            "message",
            question.region,
            first_that_works(*ways),
            lambda: self._answer(message, question, here, alone),
        )

    async def on_failure(self, interaction: discord.Interaction, error: Exception) -> None:
        """Give the resources when Discord delivered a command that the library cannot place."""
        region = to_region(str(interaction.locale), self._region)
        await self._in_trouble("command", region, in_answer(interaction), error)

    async def finish(self, grace: float) -> None:
        """Wait at most `grace` seconds for replies under way, then give them up."""
        if not self._working:
            return
        _, late = await asyncio.wait(self._working, timeout=grace)
        for task in late:
            task.cancel()
        if late:
            log.warning("discord replies given up at the end", count=len(late))

    async def _answer(
        self, message: discord.Message, question: Question, here: Send, alone: Send
    ) -> None:
        reply = await self._responder.respond(question)
        if message.guild is None:
            await self._send(reply, here)
        elif self._mentions_openly:
            await self._send(reply, first_that_works(here, alone))
            if reply.kind is ReplyKind.URGENT:
                await self._delivered(reply, alone)
        elif not await self._delivered(reply, alone):
            # Somebody who may be in danger gets the card even where others can read it.
            if reply.kind in _CARDS:
                await self._send(reply, here)
            else:
                await here(Post(self.message("closed", command=self.message("command"))))

    def _pressed(self, press: Press, region: str | None) -> Reply:
        if press.entry is None:
            return self._responder.decline(region)
        return self._responder.show(press.entry, region)

    async def _send(self, reply: Reply, send: Send) -> None:
        for post in to_posts(reply, self._responder.message("reply.none_of_these")):
            await send(post)

    async def _delivered(self, reply: Reply, alone: Send) -> bool:
        """Send by direct message and return whether it arrived; many members block them."""
        try:
            await self._send(reply, alone)
        except UNDELIVERED as error:
            log.info("discord direct message not delivered", reason=reason(error))
            return False
        return True

    async def _guarded(self, listener: str, region: str | None, send: Send, work: Work) -> None:
        """Do `work`; whatever breaks, the member still gets the resources."""
        task = asyncio.current_task()
        if task is not None:
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the one catch-all: errs towards help
            await self._in_trouble(listener, region, send, error)

    async def _in_trouble(
        self, listener: str, region: str | None, send: Send, error: Exception
    ) -> None:
        if is_late(error):
            log.info("discord no longer waits for an answer", reason=reason(error))
            return
        # No traceback: an error's own words could hold a member's.
        log.error(
            "discord listener failed", listener=listener, reason=reason(error), at=last_line(error)
        )
        try:
            await self._send(self._responder.in_trouble(region), send)
        except UNDELIVERED as refused:
            log.error("discord resources not delivered", reason=reason(refused))  # noqa: TRY400


async def _acknowledge(interaction: discord.Interaction) -> None:
    """Take the question at once: Discord waits three seconds, then the member sees a failure."""
    await interaction.response.defer(ephemeral=is_hidden(interaction), thinking=True)
