"""How long discord.py waits before it tries again to come back, so that no wait lasts minutes."""

import random
import time
from collections.abc import Callable

import discord

LONGEST_S = 15.0
FORGOTTEN_S = 60.0
_FIRST_S = 2.0


class Pauses:
    """Short at first, then longer, never longer than a quarter of a minute.

    discord.py's own pauses double up to seventeen minutes, and begin anew only when nothing has
    failed for half an hour. After a few outages of seconds it would stay away for minutes though
    Discord is back: members get no answer, and Discord may have forgotten what to resume.

    Args:
        now: A clock that only goes on, in seconds.
        draw: Returns a number between two; bots that were cut off together come back spread out.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._now = now
        self._draw = draw
        self._most = _FIRST_S
        self._last = now()

    def delay(self) -> float:
        """Return how many seconds to wait now, after one more failure."""
        since, self._last = self._now() - self._last, self._now()
        most = _FIRST_S if since > FORGOTTEN_S else self._most
        self._most = min(LONGEST_S, 2 * most)
        return self._draw(0.0, most)


def shorten_pauses() -> None:
    """Let discord.py in this process wait by Pauses; it offers no setting for it."""
    for module in (discord.client, discord.shard):
        vars(module)["ExponentialBackoff"] = Pauses
