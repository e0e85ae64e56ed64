"""Opens and closes the connection to Slack, and works round what its libraries leave undone."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable
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
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.places import UNDELIVERED
from bot.errors import AdapterError, ConfigError

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


def build_app(bot_token: SecretStr, api_url: str) -> AsyncApp:
    """Return a Bolt app for `bot_token` that writes no member's words to the log.

    Args:
        bot_token: The bot token.
        api_url: Slack's Web API, or a stand-in for it; ends with a slash.

    Raises:
        ConfigError: Bolt found settings of its own in the environment that would overrule ours.
    """
    # At level DEBUG both libraries log whole deliveries; no setting of ours may allow that.
    level = max(logging.INFO, logging.getLogger().level)
    logging.getLogger("slack_sdk").setLevel(level)
    logger = logging.getLogger("slack_bolt.handrail")
    logger.setLevel(logging.ERROR)  # while building, Bolt warns of the very client we hand it
    client = AsyncWebClient(
        token=bot_token.get_secret_value(),
        base_url=api_url,
        logger=logger,
        retry_handlers=[
            AsyncConnectionErrorRetryHandler(),
            AsyncServerErrorRetryHandler(),
            AsyncRateLimitErrorRetryHandler(max_retry_count=2),
        ],
    )
    app = AsyncApp(client=client, name="handrail", signing_secret="", logger=logger)
    logger.setLevel(level)
    if app.oauth_flow is not None:
        raise ConfigError(
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are set, which makes slack-bolt ignore the "
            "bot token; unset them for this program"
        )
    return app


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
