"""Hears Slack over HTTP, and shows the pages from which other workspaces install the app."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.gate import REPLAYED, Gate
from adapters.slack.places import last_line, reason
from bot.errors import ConfigError

EVENTS = "/slack/events"
LARGEST = 1 << 20
"""Bytes of the largest request taken; Slack's own, a window of 100 blocks, are far below."""
_READING_S = 5.0
_GRACE_S = 0.5
_SAME_S = 60.0
_RETRY = "X-Slack-Retry-Num"
# All that the app may know of a request: bolt also has headers that change what it does.
_HANDED_ON = (
    "Content-Type",
    "X-Slack-Request-Timestamp",
    "X-Slack-Signature",
    _RETRY,
    "X-Slack-Retry-Reason",
)
_CAREFUL = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
Listen = Callable[[web.Request], Awaitable[web.StreamResponse]]
log = structlog.get_logger()


class Door:
    """A web server for one Bolt app; plain HTTP, for a load balancer that does the encryption.

    It trusts no header that tells where a request comes from, because it uses none.

    Args:
        app: Answers what is let in; its OAuth flow, if it has one, makes the pages.
        host: The address to listen on.
        port: The port; 0 takes a free one.
        gate: Judges deliveries; without one none is taken, as Socket Mode brings them.
    """

    def __init__(self, app: AsyncApp, host: str, port: int, gate: Gate | None = None) -> None:
        self._app = app
        self._host, self._port = host, port
        self._gate = gate
        self._runner: web.AppRunner | None = None
        self._refusals = _Refusals()
        self._listens = False

    @property
    def ready(self) -> bool:
        """True while it listens."""
        return self._listens

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._runner.addresses[0][1]) if self._listens and self._runner else self._port

    async def open(self) -> None:
        """Begin to listen.

        Raises:
            ConfigError: The address cannot be listened on; the message names it and the settings.
        """
        site = web.Application(client_max_size=LARGEST, middlewares=[self._guarded])
        if self._gate is not None:
            site.router.add_post(EVENTS, partial(self._on_delivery, self._gate))
            site.router.add_get(EVENTS, self._on_look)
        if (flow := self._app.oauth_flow) is not None:
            site.router.add_get(flow.install_path, _page(flow.handle_installation))
            site.router.add_get(flow.redirect_uri_path, _page(flow.handle_callback))
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=_GRACE_S)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except (OSError, OverflowError, UnicodeError) as error:
            await self._runner.cleanup()
            why = (error.strerror if isinstance(error, OSError) else None) or error
            if isinstance(error, socket.gaierror):
                why = "there is no such address"
            raise ConfigError(
                f"Slack's web server cannot listen on {self._host}:{self._port}: {why}; change "
                "slack.port or slack.host, or stop the program that uses the address"
            ) from None
        self._listens = True
        log.info("slack web server listens", host=self._host, port=self.port)

    async def close(self) -> None:
        """Stop listening; what is being answered gets half a second. Safe to call twice."""
        self._listens = False
        if self._runner is not None:
            await self._runner.cleanup()

    async def _on_delivery(self, gate: Gate, request: web.Request) -> web.StreamResponse:
        """Hand a delivery to the app, if the gate lets it in."""
        async with asyncio.timeout(_READING_S):
            body = await request.read()
        why = gate.refusal(body, request.headers)
        if why == REPLAYED and _RETRY in request.headers:
            # Slack's own first repetition comes within the second, signed alike: it was taken.
            return web.Response()
        if why:
            self._refusals.note(why)
            status = 409 if why == REPLAYED else 401
            return web.Response(status=status, text=f"refused: {why}\n")
        try:
            asked = AsyncBoltRequest(
                body=body.decode(),
                headers={
                    name: request.headers[name] for name in _HANDED_ON if name in request.headers
                },
            )
        except (ValueError, TypeError, AttributeError):  # no JSON, or none that Slack would send
            self._refusals.note("unreadable")
            return web.Response(status=400, text="refused: unreadable\n")
        answer = await self._app.async_dispatch(asked)
        if answer.status >= web.HTTPInternalServerError.status_code:
            gate.forget(request.headers)
        return await to_aiohttp_response(answer)

    async def _on_look(self, request: web.Request) -> web.StreamResponse:
        """Answer Slack's look whether the certificate is in order; it is not signed."""
        if request.query.get("ssl_check") == "1":
            return web.Response()
        raise web.HTTPMethodNotAllowed(request.method, ["POST"])

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Listen) -> web.StreamResponse:
        """Turn away what has no place here, without its words in the log."""
        try:
            return await handler(request)
        except web.HTTPException as refused:
            self._refusals.note(refused.reason.lower())
            raise
        except TimeoutError:
            self._refusals.note("too slow")
            return web.Response(status=408, text="refused: too slow\n")
        except (web.RequestPayloadError, ConnectionError):
            self._refusals.note("broken off")
            return web.Response(status=400, text="refused: broken off\n")
        except Exception as error:  # noqa: BLE001 - the one catch-all; an error's words could be a member's
            log.error("slack request failed", reason=reason(error), at=last_line(error))  # noqa: TRY400
            return web.Response(status=500, text="something broke\n")


class _Refusals:
    """Logs refusals: the first of a kind at once, further ones counted once a minute.

    The address is open to everybody, so whoever likes could fill the log otherwise.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._logged: dict[str, float] = {}

    def note(self, why: str) -> None:
        """Count one refusal, and log it if it is time."""
        self._counts[why] = self._counts.get(why, 0) + 1
        if time.monotonic() - self._logged.get(why, -_SAME_S) >= _SAME_S:
            self._logged[why] = time.monotonic()
            log.warning("slack request refused", reason=why, count=self._counts.pop(why))


def _page(make: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Listen:
    async def show(request: web.Request) -> web.StreamResponse:
        cookie = request.headers.get("Cookie", "")
        asked = AsyncBoltRequest(body="", query=request.query_string, headers={"Cookie": cookie})
        page = await to_aiohttp_response(await make(asked))
        page.charset = "utf-8"
        page.headers.update(_CAREFUL)
        return page

    return show
