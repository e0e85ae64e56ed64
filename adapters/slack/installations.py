"""Knows which workspaces installed the app, and answers each with its own token and no other."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from adapters.slack.places import UNDELIVERED, reason
from bot.errors import StoreError
from bot.ports import Vault

RENEW_MINUTES = 120
# All that is kept. Of who installed the app nothing is: neither their id nor a token of theirs.
_FIELDS = (
    "app_id",
    "enterprise_id",
    "team_id",
    "bot_token",
    "bot_id",
    "bot_user_id",
    "bot_scopes",
    "bot_refresh_token",
    "bot_token_expires_at",
    "is_enterprise_install",
    "installed_at",
)
log = structlog.get_logger()


class Installations(AsyncInstallationStore):
    """Keeps one bot for each workspace in a Vault; people's own tokens are dropped unseen.

    Every call raises StoreError if the Vault cannot be read or written.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def async_save(self, installation: Installation) -> None:
        """Keep the bot of an installation, in place of the workspace's last one."""
        await self.async_save_bot(installation.to_bot())

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep a bot, in place of the workspace's last one."""
        where = workspace_of(bot.enterprise_id, bot.team_id, whole=bot.is_enterprise_install)
        await self._vault.put(where, json.dumps({name: getattr(bot, name) for name in _FIELDS}))

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """Return the bot of a workspace, or of the whole organisation, or None."""
        where = workspace_of(enterprise_id, team_id, whole=bool(is_enterprise_install))
        kept = await self._vault.load(where)
        return None if kept is None else Bot(**json.loads(kept))

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Delete the bot of a workspace; of the organisation, if no workspace is named."""
        await self._vault.drop(workspace_of(enterprise_id, team_id))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Do nothing: nothing is kept by person."""


class Authority(AsyncAuthorize):
    """Gives each delivery its workspace's token; Slack is not asked each time, as bolt would.

    Args:
        installations: What is installed.
        rotator: Gets a new token for one that is about to expire.
    """

    def __init__(self, installations: Installations, rotator: AsyncTokenRotator) -> None:
        self._installations = installations
        self._rotator = rotator
        self._renewing = asyncio.Lock()

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_actor: str | None,
    ) -> AuthorizeResult | None:
        """Return what a delivery of this workspace may use, or None if it is not installed there.

        Raises:
            StoreError: The installation cannot be looked up, and Slack is to send this again.
        """
        whole = bool(context.is_enterprise_install)
        workspace = workspace_of(enterprise_id, team_id, whole=whole)
        try:
            bot = await self._find(enterprise_id, team_id, whole=whole)
        except StoreError as error:
            log.error("slack installation not looked up", workspace=workspace, error=str(error))  # noqa: TRY400
            if context.response_url is None:
                raise
            return None  # bolt tells the member, with the help; Slack would not send it again
        if bot is None:
            log.warning("slack request refused", reason="not installed", workspace=workspace)
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
            user_id=user_id,
        )

    async def _find(
        self, enterprise_id: str | None, team_id: str | None, *, whole: bool
    ) -> Bot | None:
        where = {"enterprise_id": enterprise_id, "team_id": team_id, "is_enterprise_install": whole}
        bot = await self._installations.async_find_bot(**where)  # type: ignore[arg-type]
        if bot is None or not _expires(bot):
            return bot
        async with self._renewing:  # a refresh token is good for one use
            bot = await self._installations.async_find_bot(**where)  # type: ignore[arg-type]
            if bot is None or not _expires(bot):
                return bot
            return await self._renewed(bot)

    async def _renewed(self, bot: Bot) -> Bot:
        """Return `bot` with a new token; with the old one, if Slack gives none now."""
        try:
            renewed = await self._rotator.perform_bot_token_rotation(
                bot=bot, minutes_before_expiration=RENEW_MINUTES
            )
        except (SlackTokenRotationError, *UNDELIVERED) as error:
            log.error("slack token not renewed", team=bot.team_id, reason=reason(error))  # noqa: TRY400
            return bot
        if renewed is None:
            return bot
        await self._installations.async_save_bot(renewed)
        return renewed


def workspace_of(enterprise: str | None, team: str | None, *, whole: bool = False) -> str:
    """Return the name of what an app is installed in: a workspace, or a `whole` organisation."""
    return f"slack-{enterprise if whole or not team else team}"


def installed_since(bot: Bot, event: Mapping[str, Any]) -> bool:
    """Return whether `bot` was installed after a delivery was sent that speaks of its end."""
    return bool(bot.installed_at > float(event.get("event_time") or time.time()) + 1)


def _expires(bot: Bot) -> bool:
    ends = bot.bot_token_expires_at
    return ends is not None and ends <= time.time() + RENEW_MINUTES * 60
