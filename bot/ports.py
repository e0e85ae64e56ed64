"""The few seams with more than one thing behind them: a real one and a fake one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain import Alarm, CommunitySettings, Feedback, Match, Tally, Unanswered


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
    """Keeps what members and moderators gave to be kept, and nothing about who gave it.

    A community is a Discord server or Slack workspace, such as `discord-1234`, or None in direct
    messages. Every call raises StoreError if the store cannot be read or written.
    """

    async def add_unanswered(
        self, text: str, nearest: str | None, when: datetime, community: str | None = None
    ) -> None:
        """Scrub a question that nothing answered, and keep what is left of it.

        Args:
            text: The question as typed.
            nearest: Id of the Entry that came nearest, or None.
            when: Time in UTC; the day is kept.
            community: Whose moderators may read it.
        """
        ...

    async def load_unanswered(self, community: str | None = None) -> tuple[Unanswered, ...]:
        """Return the questions kept for `community`, or all of them; oldest first."""
        ...

    async def put_feedback(self, feedback: Feedback, when: datetime) -> None:
        """Keep one verdict, its reason scrubbed; the same Reply's takes the place of the last."""
        ...

    async def load_feedback(self, community: str | None = None) -> tuple[Tally, ...]:
        """Return the verdicts of `community`, or all, by Entry; the most doubted first."""
        ...

    async def load_settings(self) -> Mapping[str, CommunitySettings]:
        """Return the settings of every community that has some."""
        ...

    async def put_settings(self, community: str, settings: CommunitySettings) -> None:
        """Keep the settings of one community, in place of its last ones."""
        ...

    async def forget_community(self, community: str) -> None:
        """Delete everything kept for a community that we have left."""
        ...

    async def close(self) -> None:
        """Release what the store holds; safe to call twice."""
        ...


class Vault(Protocol):
    """Keeps what must not be readable where it lies, such as the token of a workspace.

    Every call raises StoreError if the database cannot be read or written.
    """

    async def put(self, name: str, secret: str) -> None:
        """Keep `secret` under `name`, in place of the last one."""
        ...

    async def load(self, name: str) -> str | None:
        """Return what is kept under `name`, or None if nothing is or it cannot be unsealed."""
        ...

    async def drop(self, name: str) -> None:
        """Delete what is kept under `name`, if anything is."""
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
