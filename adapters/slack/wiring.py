"""Puts together what listens on one Bolt app."""

from collections.abc import Callable

import structlog
from slack_bolt.async_app import AsyncApp

from adapters.alerts import Alerts
from adapters.slack.admin import Admin
from adapters.slack.delivery import Delivery
from adapters.slack.listeners import Listeners
from adapters.slack.places import last_line, reason
from adapters.slack.presses import Presses
from bot.config import SlackConfig
from bot.moderation import Moderation
from bot.service import Service

log = structlog.get_logger()


class Wiring:
    """Everything that answers on Slack.

    Args:
        service: Answers.
        settings: The operator's settings for Slack.
        connected: Tells whether what members do reaches us.
    """

    def __init__(
        self,
        service: Service,
        settings: SlackConfig,
        connected: Callable[[], bool] = lambda: True,
    ) -> None:
        self._delivery = Delivery(service)
        self._listeners = Listeners(
            self._delivery,
            Alerts(service),
            answer_mentions_in=settings.answer_mentions_in,
            pause_s=settings.help_channel_pause_s,
        )
        self._presses = Presses(self._delivery)

        def connection() -> str:
            key = "discord.connected" if connected() else "discord.away"
            return service.responder().message(key)

        self._admin = Admin(self._delivery, Moderation(service), settings, connection)

    def attach(self, app: AsyncApp) -> None:
        """Register every listener on `app`."""
        self._listeners.attach(app)
        self._presses.attach(app)
        self._admin.attach(app)
        app.error(_note)

    async def finish(self, grace: float) -> None:
        """Wait at most `grace` seconds for replies under way, then give them up."""
        await self._delivery.finish(grace)


async def _note(error: Exception) -> None:
    """Log what broke where nothing of ours caught it; bolt would log the error's own words."""
    log.error("slack listener failed", reason=reason(error), at=last_line(error))
