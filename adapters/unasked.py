"""Decides what is said in a help channel to a question that did not call the bot."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from adapters.pauses import CARD_S, Pauses
from bot.domain import Reply, ReplyKind


@dataclass(frozen=True, slots=True)
class Unasked:
    """Where a Reply goes that nobody called for.

    Attributes:
        openly: Where everybody can read it.
        alone: To who asked, by themselves.
    """

    openly: bool = False
    alone: bool = False


class HelpChannels:
    """Answers only what is sure, and danger always.

    Args:
        pause_s: Seconds between two answers in the same channel.
        now: A clock that only goes on, in seconds.
    """

    def __init__(self, pause_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._answers = Pauses(pause_s, now)
        self._cards = Pauses(CARD_S, now)

    def decide(self, reply: Reply, channel: Hashable) -> Unasked:
        """Return where `reply` goes; a Reply that goes openly begins a pause in `channel`."""
        if reply.kind is ReplyKind.URGENT:
            return Unasked(openly=self._cards.over((channel, reply.entry)), alone=True)
        if reply.kind is ReplyKind.CHECK:
            # Nobody asked for it here: others need not read that we are worried.
            return Unasked(alone=True)
        sure = reply.kind is ReplyKind.ANSWER
        return Unasked(openly=sure and self._answers.over(channel))
