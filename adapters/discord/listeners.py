"""What Handrail does when a member asks: by a command, a mention, a direct message, or openly."""

import time
from collections.abc import Callable
from dataclasses import replace

import discord
import structlog

from adapters.alerts import Alerts
from adapters.discord.convert import (
    is_aside,
    is_call,
    is_ping,
    is_typed,
    picked,
    to_community,
    to_question,
)
from adapters.discord.delivery import Delivery, Work
from adapters.discord.places import (
    UNDELIVERED,
    Send,
    first_that_works,
    in_answer,
    in_channel,
    in_person,
    may_share,
    noted,
    reason,
)
from adapters.discord.render import Post
from adapters.unasked import HelpChannels
from bot.domain import Choice, Country, Question, Reply, ReplyKind

MEMBERS = ("ask", "faq", "resources", "privacy")
_CARDS = frozenset({ReplyKind.URGENT, ReplyKind.CHECK})
Find = Callable[[int], discord.abc.Messageable]
log = structlog.get_logger()


class Listeners:
    """Answers commands, mentions, direct messages and help channels; keeps nothing about anybody.

    Args:
        delivery: Gets replies to members.
        alerts: Tells moderators of emergency cards.
        find: Returns the channel with an id.
        mentions_openly: Answer a mention where it was made; else by direct message.
        pause_s: Seconds between two answers in the same help channel.
        now: A clock that only goes on, in seconds.
    """

    def __init__(  # noqa: PLR0913 - what it works with, by name
        self,
        delivery: Delivery,
        alerts: Alerts,
        find: Find,
        *,
        mentions_openly: bool = True,
        pause_s: float = 60.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._delivery = delivery
        self._service = delivery.service
        self._alerts = alerts
        self._find = find
        self._mentions_openly = mentions_openly
        self._help_channels = HelpChannels(pause_s, now)

    # Commands -----------------------------------------------------------------------------

    async def on_ask(self, interaction: discord.Interaction, text: str) -> None:
        """Answer a question typed after the command, or the suggestion that was picked."""
        await self._on_question(interaction, "ask", text)

    async def on_suggest(self, interaction: discord.Interaction, text: str) -> list[Choice]:
        """Return what may be meant by a question that is still being typed."""
        try:
            return list(self._delivery.responder(interaction).suggest(text))
        except Exception as error:  # noqa: BLE001 - no suggestion is worth a broken command
            log.error("discord suggestions failed", reason=reason(error))  # noqa: TRY400
            return []

    def on_country(self, interaction: discord.Interaction, typed: str) -> tuple[Country, ...]:
        """Return the countries with help lines that fit a name that is still being typed."""
        return self._delivery.responder(interaction).find_countries(typed)

    async def on_message_command(
        self, interaction: discord.Interaction, message: discord.Message
    ) -> None:
        """Answer, for one reader, the question in a message that they picked."""
        text, by_bot = message.content.strip(), message.author.bot
        if text:
            await self._on_question(
                interaction, "message command", text, own=False, alerts=not by_bot
            )
        else:
            await self._say(interaction, "message command", self._words("no_text"))

    async def on_resources(self, interaction: discord.Interaction, country: str | None) -> None:
        """Show the help lines of a country: the one typed, else the one of the locale."""

        def look_up() -> Reply:
            responder = self._delivery.responder(interaction)
            found = responder.find_country(country or "")
            region = found.code if found else country
            return responder.resources(region or self._delivery.region(interaction))

        await self._show(interaction, "resources", look_up)

    async def on_privacy(self, interaction: discord.Interaction) -> None:
        """Say what is kept and what is not."""
        await self._show(interaction, "privacy", self._service.privacy)

    async def on_help(self, interaction: discord.Interaction) -> None:
        """Say what Handrail is and how to ask it, with the commands as the member sees them."""

        def introduce() -> Reply:
            responder, locale = self._delivery.responder(interaction), str(interaction.locale)
            names = {
                key: responder.translation(locale, key) or responder.message(f"commands.{key}")
                for key in MEMBERS
            }
            return responder.introduce(self._delivery.region(interaction), **names)

        await self._show(interaction, "help", introduce)

    async def on_browse(self, interaction: discord.Interaction, topic: str | None) -> None:
        """Show the topics of the FAQ, or the answers of one."""
        send = in_answer(interaction)

        async def work() -> None:
            responder = self._delivery.responder(interaction)
            renderer = self._delivery.renderer(to_community(interaction))
            await send(renderer.topics(responder.topics(), topic))

        await self._guarded(interaction, "faq", work)

    async def on_failure(self, interaction: discord.Interaction, error: Exception) -> None:
        """Give the resources when Discord delivered a command that the library cannot place."""
        where = (to_community(interaction), self._delivery.region(interaction))
        await self._delivery.in_trouble("command", where, in_answer(interaction), error)

    async def _on_question(
        self,
        interaction: discord.Interaction,
        used: str,
        text: str,
        *,
        own: bool = True,
        alerts: bool = True,
    ) -> None:
        """Answer `text`, for who used the command.

        Args:
            interaction: The use of the command.
            used: Which, for the log.
            text: The question, or the mark of a suggestion.
            own: They wrote it themselves; other people's words are never kept.
            alerts: Tell the moderators of a card; not of one that our own words brought.
        """
        send, community = in_answer(interaction), to_community(interaction)
        region = self._delivery.region(interaction)

        async def work() -> None:
            question, reply = Question(text, region), self._picked(interaction, text)
            if reply is None and own:
                reply = await self._service.respond(question, community)
            elif reply is None:
                reply = self._service.responder(community).respond(question)
            shareable = may_share(interaction)
            await self._delivery.send(reply, send, community, shareable=shareable)
            if alerts:
                await self._alert(reply, community)

        await self._guarded(interaction, used, work)

    def _picked(self, interaction: discord.Interaction, text: str) -> Reply | None:
        """Return the answer of a suggestion that was picked, or None for a typed question."""
        responder, entry = self._delivery.responder(interaction), picked(text)
        if entry is None or responder.choice(entry) is None:
            return None
        return responder.show(entry, self._delivery.region(interaction))

    async def _show(
        self, interaction: discord.Interaction, used: str, look_up: Callable[[], Reply]
    ) -> None:
        send, community = in_answer(interaction), to_community(interaction)
        work = lambda: self._delivery.send(look_up(), send, community)  # noqa: E731
        await self._guarded(interaction, used, work)

    async def _say(self, interaction: discord.Interaction, used: str, text: str) -> None:
        await self._guarded(interaction, used, lambda: self._delivery.tell(interaction, text))

    async def _guarded(self, interaction: discord.Interaction, used: str, work: Work) -> None:
        where = (to_community(interaction), self._delivery.region(interaction))
        await self._delivery.guarded(used, where, in_answer(interaction), work)

    # Messages -----------------------------------------------------------------------------

    async def on_message(self, message: discord.Message, me: int) -> None:
        """Answer a mention, a direct message, or a question in a help channel.

        Args:
            message: What was posted where we can see it.
            me: Our own user id.
        """
        if not is_typed(message):
            return
        community = to_community(message)
        chosen = self._service.settings(community).region
        question = to_question(message, me, self._service.region(), chosen)
        here, alone = in_channel(message), in_person(message.author)
        if is_call(message, me):
            openly = self._mentions_openly or message.guild is None
            ways = (here, alone) if openly else (alone, here)
            send = first_that_works(*ways)
            work = lambda: self._answer(message, me, question, here, alone)  # noqa: E731
        elif question.text and not is_aside(message) and self._is_help_channel(message):
            send, work = alone, lambda: self._answer_openly(message, question, here, alone)
        else:
            return
        where = (community, question.region)
        await self._delivery.guarded("message", where, send, work)

    async def _answer(
        self, message: discord.Message, me: int, question: Question, here: Send, alone: Send
    ) -> None:
        community = to_community(message)
        if is_ping(message, me):
            # A reply pings us by itself: "thanks" is no question that nothing answers.
            guess = self._service.responder(community).respond(question)
            if guess.kind is ReplyKind.FALLBACK:
                return
        reply = await self._service.respond(question, community)
        if message.guild is None:
            await self._delivery.send(reply, here, community)
        elif self._mentions_openly:
            await self._delivery.send(reply, first_that_works(here, alone), community)
            if reply.kind is ReplyKind.URGENT:
                await self._delivered(reply, alone, community)
        elif not await self._delivered(reply, alone, community):
            # Somebody who may be in danger gets the card even where others can read it.
            if reply.kind in _CARDS:
                await self._delivery.send(reply, here, community)
            else:
                command = self._delivery.message("commands.ask")
                await here(Post(self._words("closed", command=command)))
        await self._alert(reply, community, message)

    async def _answer_openly(
        self, message: discord.Message, question: Question, here: Send, alone: Send
    ) -> None:
        """Answer without having been called: only what is sure, and danger always."""
        community = to_community(message)
        reply = self._service.responder(community).respond(question)
        said = self._help_channels.decide(reply, message.channel.id)
        if said.openly and reply.kind is ReplyKind.URGENT:
            await self._delivery.send(reply, first_that_works(here, alone), community)
        elif said.openly:
            await self._say_openly(reply, here, community)
        if said.alone:
            arrived = await self._delivered(reply, alone, community)
            if not arrived and reply.kind is ReplyKind.CHECK:
                # Somebody who may be in danger gets the card even where others can read it.
                await self._delivery.send(replace(reply, follow=None), here, community)
            await self._alert(reply, community, message)

    async def _say_openly(self, reply: Reply, here: Send, community: str | None) -> None:
        posts = self._delivery.renderer(community).to_posts(reply)
        try:
            for post in noted(posts, self._words("help_channel_note")):
                await here(post)
        except UNDELIVERED as error:
            # Who did not ask us gets no direct message about what did not work.
            log.warning("discord answer not delivered unasked", reason=reason(error))

    def _is_help_channel(self, message: discord.Message) -> bool:
        """Return whether moderators chose the channel, or the one its thread belongs to."""
        chosen = self._service.settings(to_community(message)).help_channels
        parent = getattr(message.channel, "parent_id", None)
        return bool(chosen & {str(message.channel.id), str(parent)})

    async def _delivered(self, reply: Reply, alone: Send, community: str | None) -> bool:
        """Send by direct message and return whether it arrived; many members block them."""
        try:
            await self._delivery.send(reply, alone, community)
        except UNDELIVERED as error:
            log.info("discord direct message not delivered", reason=reason(error))
            return False
        return True

    async def _alert(
        self, reply: Reply, community: str | None, asked: discord.Message | None = None
    ) -> None:
        """Tell the moderators of a card that was shown; an open question's channel is named."""
        asked_in = f"<#{asked.channel.id}>" if asked and asked.guild else None
        if alert := self._alerts.word(reply, community, asked_in):
            channel, text = alert
            try:
                await in_person(self._find(int(channel)))(Post(text))
            except (*UNDELIVERED, ValueError) as error:
                log.warning("discord alert not delivered", reason=reason(error))
                if isinstance(error, discord.NotFound):
                    await self._alerts.forget(community)

    def _words(self, key: str, **values: str) -> str:
        return self._delivery.message(f"discord.{key}", **values)
