"""Lets other workspaces install the app: Slack's consent, and back with a token of their own."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.installations import Installations, workspace_of
from adapters.slack.pages import Pages
from adapters.slack.places import UNDELIVERED, reason
from adapters.slack.scopes import SCOPES
from adapters.slack.states import LIFE_S, States
from bot.config import SlackConfig
from bot.errors import StoreError
from bot.responder import Responder

INSTALL, BACK = "/slack/install", "/slack/oauth_redirect"
_WORD = re.compile(r"[a-z_]{1,40}")
log = structlog.get_logger()


class InstallFlow(AsyncOAuthFlow):
    """Bolt's flow with pages of ours, and with failures that end on one of them.

    Args:
        client: Asks Slack; has no token.
        settings: The operator's settings.
        client_id: The app's, from its credentials.
        client_secret: Likewise.
        installations: Where the token goes.
        responder: Has the words of the pages.
    """

    def __init__(  # noqa: PLR0913 - what one flow is made of, by name
        self,
        client: AsyncWebClient,
        settings: SlackConfig,
        *,
        client_id: str,
        client_secret: SecretStr,
        installations: Installations,
        responder: Responder,
    ) -> None:
        slack = urlsplit(settings.api_url)
        self._pages = Pages(responder, f"{slack.scheme}://{slack.netloc}", INSTALL)
        oauth = AsyncOAuthSettings(
            # Nothing is left out: bolt would look for it in the environment.
            client_id=client_id,
            client_secret=client_secret.get_secret_value(),
            scopes=[*SCOPES, *settings.more_scopes],
            user_scopes=[],
            redirect_uri=f"{settings.public_url}{BACK}",
            install_path=INSTALL,
            redirect_uri_path=BACK,
            callback_options=AsyncCallbackOptions(self._on_success, self._on_failure),
            authorization_url=f"{slack.scheme}://{slack.netloc}/oauth/v2/authorize",
            installation_store=installations,
            installation_store_bot_only=True,
            state_store=States(client_secret),
            state_expiration_seconds=LIFE_S,
        )
        super().__init__(client=client, logger=client.logger, settings=oauth)

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        """Return where Slack asks for consent; nothing of the caller's query goes into it."""
        del request
        return self.settings.authorize_url_generator.generate(state=state)

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        """Return the page to install from."""
        del request
        return self._pages.invite(url)

    async def run_installation(self, code: str) -> Installation | None:
        """Return what Slack gives for `code`; None if it gives nothing that can be used."""
        try:
            found = await super().run_installation(code)
        except UNDELIVERED as error:
            log.error("slack not asked for a token", reason=reason(error))  # noqa: TRY400
            return None
        if found is None or (found.bot_token and (found.team_id or found.enterprise_id)):
            return found
        log.error("slack gave no bot token; the app needs a bot user and bot scopes")
        return None

    async def store_installation(
        self, request: AsyncBoltRequest, installation: Installation
    ) -> None:
        """Keep an installation.

        Raises:
            BoltError: It cannot be kept; the flow then shows the page for failures.
        """
        try:
            await super().store_installation(request, installation)
        except StoreError as error:
            raise BoltError(str(error)) from None

    async def _on_success(self, args: AsyncSuccessArgs) -> BoltResponse:
        found = args.installation
        where = workspace_of(found.enterprise_id, found.team_id, whole=found.is_enterprise_install)
        log.info("slack workspace installed the app", workspace=where)
        return self._answer(200, self._pages.thank(found))

    async def _on_failure(self, args: AsyncFailureArgs) -> BoltResponse:
        # The reason stands in the address, where anybody can write what they like.
        why = args.reason if _WORD.fullmatch(args.reason) else "unknown"
        more = {"error": str(args.error)} if args.error else {}
        log.warning("slack installation failed", reason=why, **more)
        return self._answer(args.suggested_status_code, self._pages.regret())

    def _answer(self, status: int, page: str) -> BoltResponse:
        headers: dict[str, str | Sequence[str]] = {
            "Content-Type": "text/html; charset=utf-8",
            "Set-Cookie": self.settings.state_utils.build_set_cookie_for_deletion(),
        }
        return BoltResponse(status=status, body=page, headers=headers)
