"""Builds the Bolt app, and works round what Slack's libraries leave undone."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Iterator
from typing import Any

from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.installations import Authority, Installations
from adapters.slack.mrkdwn import to_mrkdwn
from adapters.slack.oauth import INSTALL, InstallFlow
from adapters.slack.places import UNDELIVERED
from bot.config import SlackConfig
from bot.errors import AdapterError, ConfigError
from bot.service import Service

CLOSING = 0.5
_REFUSALS = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "missing_scope",
        "no_permission",
        "org_login_required",
        "team_access_not_granted",
        "access_denied",
    }
)


def build_app(
    bot_token: SecretStr, api_url: str, *, signing_secret: SecretStr | None = None
) -> AsyncApp:
    """Return a Bolt app for one workspace that writes no member's words to the log.

    Args:
        bot_token: The bot token.
        api_url: Slack's Web API, or a stand-in for it; ends with a slash.
        signing_secret: What HTTP deliveries are signed with; none over Socket Mode.

    Raises:
        ConfigError: Bolt found settings of its own in the environment that would overrule ours.
    """
    with _quietly() as logger:
        client = _build_client(bot_token.get_secret_value(), api_url, logger)
        app = AsyncApp(
            client=client, name="handrail", signing_secret=_shown(signing_secret), logger=logger
        )
    if app.oauth_flow is not None:
        raise ConfigError(
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are set, which makes slack-bolt ignore the "
            "bot token; unset them for this program, or set `workspaces: many`"
        )
    return app


def build_shared_app(  # noqa: PLR0913 - the app's credentials and what it shares, by name
    settings: SlackConfig,
    *,
    client_id: str,
    client_secret: SecretStr,
    installations: Installations,
    service: Service,
    signing_secret: SecretStr | None = None,
) -> AsyncApp:
    """Return a Bolt app for every workspace that installs it, each with a token of its own.

    Args:
        settings: The operator's settings for Slack.
        client_id: The app's, from its credentials.
        client_secret: Likewise.
        installations: Keeps the tokens.
        service: Has the words for people who install it, and for members where it is not.
        signing_secret: What HTTP deliveries are signed with; none over Socket Mode.
    """
    with _quietly() as logger:
        client = _build_client(None, settings.api_url, logger)
        flow = InstallFlow(
            client,
            settings,
            client_id=client_id,
            client_secret=client_secret,
            installations=installations,
            responder=service.responder(),
        )
        secret = client_secret.get_secret_value()
        rotator = AsyncTokenRotator(client_id=client_id, client_secret=secret, client=client)
        return AsyncApp(
            client=client,
            name="handrail",
            signing_secret=_shown(signing_secret),
            logger=logger,
            oauth_flow=flow,
            authorize=Authority(installations, rotator),  # type: ignore[arg-type] # may be None
            user_facing_authorize_error_message=_not_installed(service, settings),
        )


@contextlib.contextmanager
def _quietly() -> Iterator[logging.Logger]:
    """Yield bolt's logger, which says nothing less than an error inside the block.

    While an app is built, bolt warns of the very client and token that we hand it. Afterwards it
    says what the program's own level allows, but nothing of level DEBUG: there both libraries log
    whole deliveries, and no setting of ours may allow that.
    """
    level = max(logging.INFO, logging.getLogger().level)
    logging.getLogger("slack_sdk").setLevel(level)
    logger = logging.getLogger("slack_bolt.handrail")
    logger.setLevel(logging.ERROR)
    try:
        yield logger
    finally:
        logger.setLevel(level)


def _build_client(token: str | None, api_url: str, logger: logging.Logger) -> AsyncWebClient:
    return AsyncWebClient(
        token=token,
        base_url=api_url,
        logger=logger,
        retry_handlers=[
            AsyncConnectionErrorRetryHandler(),
            AsyncServerErrorRetryHandler(),
            AsyncRateLimitErrorRetryHandler(max_retry_count=2),
        ],
    )


def _shown(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""


def _not_installed(service: Service, settings: SlackConfig) -> str:
    """Return what a member reads where we have no token: why, and the help all the same."""
    responder = service.responder()
    address = f"{settings.public_url}{INSTALL}"
    trouble = responder.in_trouble(service.region(None))
    help_lines = "\n".join([trouble.help_heading, *(line.text for line in trouble.help)])
    words = responder.message("slack.not_installed", address=address)
    return to_mrkdwn(f"{words}\n\n{help_lines}")


async def unless_refused(
    call: Awaitable[AsyncSlackResponse], name: str, purpose: str
) -> AsyncSlackResponse:
    """Return what Slack answers to `call`.

    Args:
        call: A call of the Web API.
        name: The environment variable that holds the token it uses.
        purpose: What that token is and where to get it.

    Raises:
        AdapterError: Slack refused the token for a reason that waiting cannot mend.
    """
    try:
        return await call
    except SlackApiError as error:
        code = error.response.get("error")
        if code not in _REFUSALS:
            raise
        raise AdapterError(
            f"Slack refused the token in the environment variable {name} ({code}); put there "
            f"{purpose}, copied anew, and start again"
        ) from None


def ask_for_new_tickets(socket: SocketModeClient) -> None:
    """Make the client ask for a new ticket after a failed handshake.

    slack_sdk 3.47 tries the same one for ever, but a ticket is good for one try and 30 seconds.
    """
    session = socket.aiohttp_client_session
    connect = session.ws_connect

    async def connect_once(*args: Any, **settings: Any) -> Any:
        try:
            return await connect(*args, **settings)
        except BaseException:
            socket.wss_uri = None
            raise

    session.ws_connect = connect_once  # type: ignore[method-assign,assignment]


async def close(opener: AsyncSocketModeHandler) -> None:
    """Close the socket within a moment, and whatever slack_sdk leaves behind."""
    socket = opener.client
    with contextlib.suppress(*UNDELIVERED):
        async with asyncio.timeout(CLOSING):
            await opener.close_async()  # type: ignore[no-untyped-call]
    tasks = (socket.message_processor, socket.current_session_monitor, socket.message_receiver)
    for task in tasks:
        if task is not None:
            task.cancel()
    await socket.aiohttp_client_session.close()
