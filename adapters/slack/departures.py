"""Forgets a workspace that has sent us away."""

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from adapters.slack.installations import Installations, installed_since, workspace_of
from bot.errors import StoreError
from bot.service import Service

UNINSTALLED, REVOKED = "app_uninstalled", "tokens_revoked"
log = structlog.get_logger()


class Departures:
    """Deletes what is kept of a workspace when Slack says that the app is no longer there.

    Args:
        service: Keeps settings, verdicts and questions of the workspace.
        installations: Keeps its token; None where the app serves one workspace with a token from
            the environment.
    """

    def __init__(self, service: Service, installations: Installations | None) -> None:
        self._service = service
        self._installations = installations

    def attach(self, app: AsyncApp) -> None:
        """Register both listeners on `app`."""
        app.event(UNINSTALLED)(self._on_uninstalled)
        app.event(REVOKED)(self._on_revoked)

    async def _on_uninstalled(self, args: AsyncArgs) -> None:
        await self._forget(args, UNINSTALLED)

    async def _on_revoked(self, args: AsyncArgs) -> None:
        """Forget, if it is the bot's own token; of members' tokens none is kept."""
        if not ((args.event or {}).get("tokens") or {}).get("bot"):
            return
        if self._installations is None:
            # Whoever runs the bot changes its token, and keeps what moderators chose.
            log.error(
                "slack revoked the bot token; put a new one into the environment, start again"
            )
            return
        await self._forget(args, REVOKED)

    async def _forget(self, args: AsyncArgs, why: str) -> None:
        context = args.context
        whole = bool(context.is_enterprise_install)
        enterprise, team = context.enterprise_id, None if whole else context.team_id
        workspace = workspace_of(enterprise, team, whole=whole)
        try:
            if self._installations is not None:
                bot = await self._installations.async_find_bot(
                    enterprise_id=enterprise, team_id=team, is_enterprise_install=whole
                )
                if bot is not None and installed_since(bot, args.body):
                    log.info("slack workspace has come back since", workspace=workspace, reason=why)
                    return
                await self._installations.async_delete_bot(enterprise_id=enterprise, team_id=team)
            await self._service.forget(workspace)
        except StoreError as error:
            log.error("slack workspace not forgotten", workspace=workspace, error=str(error))  # noqa: TRY400
            return
        log.info("slack workspace forgotten", workspace=workspace, reason=why)
