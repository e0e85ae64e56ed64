"""Gets replies to members on Slack and, whatever breaks, at least the resources."""

from collections.abc import Awaitable, Callable

import structlog

from adapters.slack.mrkdwn import to_mrkdwn, with_channels
from adapters.slack.places import UNDELIVERED, Send, last_line, reason
from adapters.slack.render import Post, Renderer
from adapters.working import Working
from bot.domain import Reply
from bot.responder import Responder
from bot.service import Service

Work = Callable[[], Awaitable[None]]
log = structlog.get_logger()


class Delivery:
    """Lays replies out for the workspace they go to, sends them, and catches what breaks.

    Args:
        service: Answers.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self._working = Working("slack")

    def responder(self, community: str | None) -> Responder:
        """Return what answers in `community`."""
        return self.service.responder(community)

    def region(self, community: str | None) -> str | None:
        """Return the country for help lines; Slack tells no member's own without more scopes."""
        return self.service.region(community)

    def renderer(self, community: str | None) -> Renderer:
        """Return what lays replies out for `community`."""
        feedback = self.service.keeps.feedback
        return Renderer(self.service.responder(community), feedback=feedback)

    def post(self, key: str, **values: str) -> Post:
        """Return one sentence of `messages.yaml` as a message."""
        return Post(to_mrkdwn(self.service.responder().message(key, **values)))

    def words(self, text: str) -> Post:
        """Return neutral Markdown as a message; channels that we wrote stay links to them."""
        return Post(with_channels(to_mrkdwn(text)))

    async def send(
        self, reply: Reply, send: Send, community: str | None, *, shareable: bool = False
    ) -> None:
        """Send every message that says `reply`."""
        for post in self.renderer(community).to_posts(reply, shareable=shareable):
            await send(post)

    async def keep(self, reply: Reply, user: Send, community: str | None) -> None:
        """Send a card by direct message too, so that the person still has it later."""
        try:
            await user(self.post("slack.urgent_again"))
            await self.send(reply, user, community)
        except UNDELIVERED as error:
            log.warning("slack urgent card not kept by direct message", reason=reason(error))

    async def guarded(self, listener: str, community: str | None, send: Send, work: Work) -> None:
        """Do `work`; whatever breaks, the member still gets the resources.

        Args:
            listener: What was used, for the log.
            community: Where.
            send: Gets something to the member.
            work: What to do.
        """
        self._working.begin()
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the one catch-all: errs towards help
            await self._in_trouble(listener, community, send, error)

    async def finish(self, grace: float) -> None:
        """Wait at most `grace` seconds for replies under way, then give them up."""
        await self._working.finish(grace)

    async def _in_trouble(
        self, listener: str, community: str | None, send: Send, error: Exception
    ) -> None:
        # No traceback: an error's own words could hold a member's.
        what, where = reason(error), last_line(error)
        log.error("slack listener failed", listener=listener, reason=what, at=where)
        try:
            trouble = self.responder(community).in_trouble(self.region(community))
            await self.send(trouble, send, community)
        except UNDELIVERED as refused:
            log.error("slack resources not delivered", reason=reason(refused))  # noqa: TRY400
