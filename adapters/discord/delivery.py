"""Gets replies to members and, whatever breaks, at least the resources."""

from collections.abc import Awaitable, Callable

import discord
import structlog

from adapters.discord.convert import to_community, to_region
from adapters.discord.places import (
    UNDELIVERED,
    Send,
    in_answer,
    is_late,
    last_line,
    reason,
)
from adapters.discord.render import MAX_CONTENT, Post, Renderer, split
from adapters.working import Working
from bot.domain import Reply
from bot.responder import Responder
from bot.service import Service

Work = Callable[[], Awaitable[None]]
log = structlog.get_logger()


class Delivery:
    """Lays replies out for the community they go to, sends them, and catches what breaks.

    Args:
        service: Answers.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self._working = Working("discord")

    def message(self, key: str, **values: str) -> str:
        """Return one sentence of `messages.yaml`."""
        return self.service.responder().message(key, **values)

    def region(self, interaction: discord.Interaction) -> str | None:
        """Return the country whose help lines fit who used a command or a button."""
        return to_region(str(interaction.locale), self.service.region(to_community(interaction)))

    def responder(self, interaction: discord.Interaction) -> Responder:
        """Return what answers where a command or a button was used."""
        return self.service.responder(to_community(interaction))

    def renderer(self, community: str | None) -> Renderer:
        """Return what lays replies out for `community`."""
        feedback = self.service.keeps.feedback
        return Renderer(self.service.responder(community), feedback=feedback)

    async def send(
        self, reply: Reply, send: Send, community: str | None, *, shareable: bool = False
    ) -> None:
        """Send every message that says `reply`."""
        for post in self.renderer(community).to_posts(reply, shareable=shareable):
            await send(post)

    async def tell(self, interaction: discord.Interaction, text: str) -> None:
        """Answer with words alone, which only who used the command or the button sees."""
        send = in_answer(interaction)
        for part in split(text, MAX_CONTENT):
            await send(Post(part))

    async def guarded(
        self,
        listener: str,
        where: tuple[str | None, str | None],
        send: Send,
        work: Work,
    ) -> None:
        """Do `work`; whatever breaks, the member still gets the resources.

        Args:
            listener: What was used, for the log.
            where: The community and the country for help lines.
            send: Gets something to the member.
            work: What to do.
        """
        self._working.begin()
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the one catch-all: errs towards help
            await self.in_trouble(listener, where, send, error)

    async def in_trouble(
        self,
        listener: str,
        where: tuple[str | None, str | None],
        send: Send,
        error: Exception,
    ) -> None:
        """Log what broke, without a word of the member's, and send the resources."""
        if is_late(error):
            log.info("discord no longer waits for an answer", reason=reason(error))
            return
        # No traceback: an error's own words could hold a member's.
        log.error(
            "discord listener failed", listener=listener, reason=reason(error), at=last_line(error)
        )
        community, region = where
        try:
            trouble = self.service.responder(community).in_trouble(region)
            await self.send(trouble, send, community)
        except UNDELIVERED as refused:
            log.error("discord resources not delivered", reason=reason(refused))  # noqa: TRY400

    async def finish(self, grace: float) -> None:
        """Wait at most `grace` seconds for replies under way, then give them up."""
        await self._working.finish(grace)
