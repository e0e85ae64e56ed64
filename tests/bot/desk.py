"""A desk to moderate from: the real Service over a small Library, with a store in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.config import EMBEDDED_FAQ
from bot.domain import (
    Answer,
    CommunitySettings,
    Entry,
    Feedback,
    Library,
    Match,
    Problem,
    Reply,
    Resource,
    Thing,
    Unanswered,
    Verdict,
)
from bot.moderation import Moderation
from bot.service import Content, Keeps, Service
from bot.yamlfile import read_yaml
from tests.bot.small import make_responder
from tests.fakes import MemoryStore

HERE, THERE = "discord-1", "discord-2"
ROOT = Path("/srv/secret-customer/faq")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MESSAGES = {
    f"{section}.{key}": str(words)
    for section, sentences in read_yaml(EMBEDDED_FAQ / "messages.yaml").mapping.items()
    if isinstance(sentences, dict)
    for key, words in sentences.items()
}


def entry(entry_id: str, title: str, group: str = "risks") -> Entry:
    """Make an Entry that is due on New Year."""
    answer = Answer(short=f"All about {title}.")
    review = date(2027, 1, 1)
    return Entry(entry_id, group, title, (), answer, review_by=review)


LIBRARY = Library(
    root=ROOT,
    entries={
        e.id: e
        for e in (
            entry("lithium", "Lithium and psychedelics", "contraindications"),
            entry("sleep", "Sleep after a small dose"),
            entry("driving", "Driving a car"),
            replace(entry("old", "An old answer"), enabled=False),
            entry("suicide-crisis", "You are not alone", "urgent"),
            entry("no-dosing", "Why I name no amounts", "policy"),
        )
    },
    sources={},
    resources=(
        Resource("gb-line", "GB", "crisis", "UK line", "116"),
        Resource("nl-line", "NL", "crisis", "Dutch line", "113"),
        Resource("int-line", "INT", "crisis", "World line", "222"),
    ),
    messages=MESSAGES,
    things={
        "gb": Thing("gb", "place", "the United Kingdom", ("uk", "britain")),
        "nl": Thing("nl", "place", "the Netherlands", ("holland",)),
    },
    version="abc123abc123",
)


class Desk:
    """A Service, what it keeps, and the Moderation over it.

    Args:
        library: The content that all share.
        keeps: What the operator lets be kept.
        overlays: The content of communities that bring their own.
        problems: What is wrong with overlays.
        region: The operator's country.
        matches: What is ranked, whatever is asked.

    Attributes:
        store: What is kept.
        clock: What Moderation takes for the time, in seconds.
        loads: What reading the content anew gives: Content, or an error.
        reads: How often it was read.
    """

    def __init__(  # noqa: PLR0913 - one place where everything is handed in by name
        self,
        library: Library = LIBRARY,
        *,
        keeps: Keeps | None = None,
        overlays: Mapping[str, Library] | None = None,
        problems: Sequence[Problem] = (),
        region: str | None = None,
        matches: Sequence[Match] = (),
    ) -> None:
        self.store = MemoryStore()
        self.clock = 1000.0
        self.reads = 0
        content = Content(
            make_responder(*matches, library=library),
            library,
            libraries=overlays or {},
            problems=tuple(problems),
        )
        self.loads: Content | Exception = content
        self.service = Service(
            self._load,
            content,
            now=lambda: NOW,
            region=region,
            store=self.store,
            keeps=keeps or Keeps(unanswered=True, feedback=True, reasons=True),
        )
        self.moderation = Moderation(self.service, now=lambda: self.clock)

    def settings(self, community: str = HERE) -> CommunitySettings:
        """Return what is chosen."""
        return self.service.settings(community)

    def shown(self, entry_id: str, community: str = HERE) -> Reply:
        """Return what a member gets who picks an Entry."""
        return self.service.responder(community).show(entry_id)

    def keep_questions(self, *kept: tuple[str, str | None]) -> None:
        """Keep questions as the store would, one a day."""
        for i, (text, nearest) in enumerate(kept):
            day = date.fromordinal(date(2026, 11, 1).toordinal() + i)
            self.store.questions.append((HERE, Unanswered(text, nearest, day)))

    async def judge(self, entry_id: str, *verdicts: Verdict, reason: str = "") -> None:
        """Give verdicts on an Entry."""
        for i, verdict in enumerate(verdicts):
            key = f"{entry_id}-{verdict}-{i}-{reason}"
            await self.service.give_feedback(Feedback(key, entry_id, verdict, reason, HERE))

    def _load(self) -> Content:
        self.reads += 1
        if isinstance(self.loads, Exception):
            raise self.loads
        return self.loads


def written(channel: str) -> str:
    """Write a channel as a platform may."""
    return f"<#{channel}>"
