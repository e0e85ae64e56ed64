"""Delivers to an app's own web server, signed as Slack signs, with the limits that Slack keeps."""

import hashlib
import hmac
import json
import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientConnectionError, ClientSession, ClientTimeout

from tests.rigs.slack_payloads import SIGNING_SECRET, Delivery

ACK_WITHIN = 3.0
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
_OK = 200
_REASONS = {"timeout": "http_timeout", "socket_closed": "connection_failed"}


class Untaken(TimeoutError):  # noqa: N818 - tests wait for what is not taken
    """The app did not acknowledge a delivery in time; `str()` is Slack's word for why."""


@dataclass(frozen=True, slots=True)
class Posted:
    """One request to the app, and what came back.

    Attributes:
        body: What was sent.
        sent: With which headers.
        status: What came back.
        text: Likewise.
        headers: Likewise.
    """

    body: bytes
    sent: Mapping[str, str]
    status: int
    text: str
    headers: Mapping[str, str]


def sign(body: bytes, *, secret: str = SIGNING_SECRET, when: float | None = None) -> dict[str, str]:
    """Return the headers by which an app knows that Slack wrote `body` at `when`, a Unix time."""
    stamp = str(int(time.time() if when is None else when))
    signed = b"v0:" + stamp.encode() + b":" + body
    found = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={found}"}


def to_body(delivery: Delivery) -> tuple[bytes, dict[str, str]]:
    """Return a delivery as it goes over the wire, and its headers without the signature."""
    if delivery.kind == "events_api":
        body, kind = json.dumps(delivery.payload), JSON
    elif delivery.kind == "slash_commands":
        body, kind = urllib.parse.urlencode(delivery.payload), FORM
    else:
        body, kind = urllib.parse.urlencode({"payload": json.dumps(delivery.payload)}), FORM
    headers = {"Content-Type": kind, "User-Agent": "Slackbot 1.0"}
    if delivery.retry:
        reason = _REASONS.get(delivery.reason, delivery.reason)
        headers |= {"X-Slack-Retry-Num": str(delivery.retry), "X-Slack-Retry-Reason": reason}
    return body.encode(), headers


class Endpoint:
    """An app's address for deliveries.

    Args:
        url: The address, such as `http://127.0.0.1:3000/slack/events`.
        secret: The app's signing secret.
        http: What the requests go through.
        ack_within: Seconds that the app has for its acknowledgement.

    Attributes:
        last: The last request and what came back.
        late: How many acknowledgements did not come in time.
        loses_every: Every so many acknowledgements one is lost on its way back, or None.
        lost: How often that happened.
    """

    def __init__(
        self, url: str, http: ClientSession, *, secret: str = SIGNING_SECRET, ack_within: float
    ) -> None:
        self.url = url
        self.last: Posted | None = None
        self.late = 0
        self.loses_every: int | None = None
        self.lost = 0
        self._carried = 0
        self._secret, self._http, self._ack_within = secret, http, ack_within

    async def carry(self, delivery: Delivery) -> Any:
        """Deliver, and return what the app answered: JSON, or None for an empty body.

        Raises:
            Untaken: It was not acknowledged with 200 in time.
        """
        body, headers = to_body(delivery)
        try:
            posted = await self.post(body, {**headers, **sign(body, secret=self._secret)})
        except TimeoutError:
            self.late += 1
            raise Untaken("http_timeout") from None
        except ClientConnectionError:
            raise Untaken("connection_failed") from None
        if posted.status != _OK:
            raise Untaken("http_error")
        self._carried += 1
        if self.loses_every and self._carried % self.loses_every == 0:
            self.lost += 1
            raise Untaken("http_timeout")
        if posted.headers.get("Content-Type", "").startswith(JSON):
            return json.loads(posted.text or "null")
        return {"text": posted.text} if posted.text else None

    async def send(
        self, delivery: Delivery, *, secret: str | None = None, when: float | None = None
    ) -> Posted:
        """Deliver once with any secret and at any time, and return whatever comes back."""
        body, headers = to_body(delivery)
        signature = sign(body, secret=secret or self._secret, when=when)
        return await self.post(body, {**headers, **signature, **delivery.headers})

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Posted:
        """Send one request as it is, such as `last` once more.

        Raises:
            TimeoutError: Nothing came back in time.
            ClientConnectionError: Nobody is there.
        """
        timeout = ClientTimeout(total=self._ack_within)
        async with self._http.post(self.url, data=body, headers=headers, timeout=timeout) as answer:
            text = await answer.text()
            self.last = Posted(body, dict(headers), answer.status, text, dict(answer.headers))
            return self.last

    async def verify(self, challenge: str = "a-challenge") -> Posted:
        """Ask, as Slack does when the address is entered, whether the app is there."""
        asked = {"token": "old", "challenge": challenge, "type": "url_verification"}
        return await self.send(Delivery("events_api", asked))
