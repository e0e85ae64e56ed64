"""Makes sure that whoever comes back from Slack is the one who was sent there."""

import hmac
import secrets
import time
from collections.abc import Callable

from pydantic import SecretStr
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.slack.convert import Seen

LIFE_S = 600
"""Seconds between the page to install from and the way back."""


class States(AsyncOAuthStateStore):
    """Issues words that it alone can have made, each good for one use within ten minutes.

    They are signed instead of kept: the page is open to everybody, and whoever calls it all day
    must not fill the database. A use is remembered in memory; what ties a word to a browser is
    the cookie that goes with it.

    Args:
        secret: Signs; the same in every process that serves the app.
        now: Gives the time in seconds since 1970.
    """

    def __init__(self, secret: SecretStr, *, now: Callable[[], float] = time.time) -> None:
        self._key = secret.get_secret_value().encode()
        self._now = now
        self._used = Seen()

    async def async_issue(self, *_args: object, **_named: object) -> str:
        """Return a new word."""
        word = f"{self._now():.0f}-{secrets.token_urlsafe(16)}"
        return f"{word}-{self._sign(word)}"

    async def async_consume(self, state: str) -> bool:
        """Return whether `state` is a word of ours, not too old and not used before."""
        word, _, signed = state.rpartition("-")
        if not hmac.compare_digest(self._sign(word).encode(), signed.encode(errors="replace")):
            return False
        fresh = int(word.partition("-")[0]) + LIFE_S >= self._now()
        return fresh and self._used.first(state)

    def _sign(self, word: str) -> str:
        # Named, so that nothing signed with the same secret for another end passes here.
        return hmac.digest(self._key, f"state:{word}".encode(errors="replace"), "sha256").hex()
