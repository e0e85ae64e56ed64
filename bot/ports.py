"""The few seams with more than one thing behind them: a real one and a fake one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain import Alarm, Match


class Triage(Protocol):
    """Looks for danger, before anything else looks at a Question."""

    def assess(self, text: str) -> Alarm | None:
        """Return the Alarm that `text` sets off, or None. Pure; never raises."""
        ...


class Matcher(Protocol):
    """Ranks the Library's Entries for a question."""

    def rank(
        self, words: Sequence[str], allows: Callable[[str], bool], limit: int = 10
    ) -> Sequence[Match]:
        """Return the Matches for a question, best first. Pure; never raises.

        Args:
            words: The question's words, folded and repaired.
            allows: Tells of an Entry's id whether the gate lets it take part.
            limit: The most Matches to return.
        """
        ...


class Store(Protocol):
    """Keeps what the operator switched on, and nothing about who asked."""

    async def add_unanswered(self, text: str, nearest: str | None, when: datetime) -> None:
        """Scrub a question that nothing answered, and keep what is left of it.

        Args:
            text: The question as typed.
            nearest: Id of the Entry that came nearest, or None.
            when: Time in UTC.

        Raises:
            StoreError: The store cannot be written.
        """
        ...

    async def close(self) -> None:
        """Release what the store holds; safe to call twice."""
        ...


class Adapter(Protocol):
    """One chat platform: receives Questions, sends Replies."""

    name: str

    @property
    def ready(self) -> bool:
        """True while members' questions reach us on this platform."""
        ...

    async def run(self) -> None:
        """Serve until cancelled.

        Raises:
            AdapterError: The platform refused us or stayed out of reach.
        """
        ...
