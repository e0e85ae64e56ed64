"""Lets in over HTTP only what Slack has signed, a moment ago, and not twice."""

import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier

OLDEST_S = 300
"""Seconds that a request may be old, or ahead of our clock: Slack's own advice."""
MOST_REMEMBERED = 32_768
"""Signatures remembered at once, about 10 MB; Slack sends a workspace's 2,500 at most meanwhile."""
REPLAYED = "replayed"
_SIGNATURE, _TIMESTAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"


class Gate:
    """Judges requests by their signature; it remembers the last ones, in memory.

    Args:
        signing_secret: The app's signing secret.
        now: Gives the time in seconds since 1970.
    """

    def __init__(self, signing_secret: SecretStr, *, now: Callable[[], float] = time.time) -> None:
        self._verifier = SignatureVerifier(signing_secret.get_secret_value())
        self._now = now
        self._until: OrderedDict[str, float] = OrderedDict()

    def refusal(self, body: bytes, headers: Mapping[str, str]) -> str:
        """Return why a request is refused, or nothing; then its like is refused from now on."""
        signature, timestamp = headers.get(_SIGNATURE, ""), headers.get(_TIMESTAMP, "")
        if not signature or not timestamp:
            return "not signed"
        # Both come from anybody: neither int() nor the comparison takes every text.
        if not (
            timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len("1234567890")
        ):
            return "no timestamp"
        if abs(self._now() - int(timestamp)) > OLDEST_S:
            return "old timestamp"
        if not self._is_right(body, timestamp, signature):
            return "wrong signature"
        return "" if self._is_first(signature, int(timestamp) + OLDEST_S) else REPLAYED

    def forget(self, headers: Mapping[str, str]) -> None:
        """Let a request in again that we failed to take: Slack repeats it, maybe at once."""
        self._until.pop(headers.get(_SIGNATURE, ""), None)

    def _is_right(self, body: bytes, timestamp: str, signature: str) -> bool:
        try:
            right = self._verifier.generate_signature(timestamp=timestamp, body=body) or ""
        except UnicodeDecodeError:  # Slack sends text alone
            return False
        return hmac.compare_digest(right.encode(), signature.encode(errors="replace"))

    def _is_first(self, signature: str, until: float) -> bool:
        while self._until and next(iter(self._until.values())) < self._now():
            self._until.popitem(last=False)
        if signature in self._until:
            return False
        if len(self._until) >= MOST_REMEMBERED:
            self._until.popitem(last=False)
        self._until[signature] = until
        return True
