"""Keeps what must not come too often from coming too often; in memory, bounded."""

import time
from collections.abc import Callable, Hashable

SHARE_S = 30.0
"""Seconds between two answers that members share in the same channel, naming nobody."""

CARD_S = 60.0
"""Seconds between two cards of one sort in a help channel; by direct message they always come."""

_MOST_NOTED = 10_000


class Pauses:
    """Tells whether the last time is long enough ago.

    Args:
        seconds: How long a pause is.
        now: A clock that only goes on, in seconds.
    """

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._now = now
        self._last: dict[Hashable, float] = {}

    def over(self, key: Hashable) -> bool:
        """Return whether the pause after the last `key` is over, and begin a new one if so."""
        now = self._now()
        if now - self._last.get(key, -self._seconds) < self._seconds:
            return False
        if len(self._last) >= _MOST_NOTED:
            self._last.clear()
        self._last[key] = now
        return True
