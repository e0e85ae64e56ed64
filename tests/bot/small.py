"""A small Library, with Responders and Services over it: a fake triage, a fake matcher."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.compose import Composer
from bot.domain import Alarm, Answer, Entry, Library, Match, Resource, Thing
from bot.matching.model import SORTS
from bot.named_things import NamedThings
from bot.responder import Responder, Thresholds
from bot.service import Content, Keeps, Service
from bot.text.complete import Completer
from tests.fakes import FakeMatcher, FakeTriage, MemoryStore

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
HERE, THERE = "discord-1", "slack-T1"
MESSAGES = {
    "reply.fallback": "I don't have an answer.",
    "reply.nothing_asked": "I see no question.",
    "reply.gone": "That answer is gone.",
    "reply.trouble": "Something broke.",
    "reply.help_anywhere": "Help",
    "check.title": "Are you safe?",
    "check.text": "Are you safe? My answer follows.",
    "check.text_alone": "Are you safe?",
    "kinds.crisis": "Crisis line",
}


def make_entry(entry_id: str, group: str = "risks", about: tuple[str, ...] = ()) -> Entry:
    """Make an entry that says its own id and offers a crisis line."""
    answer = Answer(short=f"All about {entry_id}.", resources=("crisis",))
    return Entry(
        id=entry_id, group=group, title=entry_id, ask=(), answer=answer, about=frozenset(about)
    )


ENTRIES = [
    make_entry("driving"),
    make_entry("sleep"),
    make_entry("tolerance"),
    make_entry("no-dosing", "policy"),
    make_entry("lithium", "contraindications", ("lithium",)),
    make_entry("maoi", "contraindications", ("maoi",)),
    make_entry("medicine-not-listed", "contraindications"),
    make_entry("legal-uk", "legality", ("gb",)),
    make_entry("legal-usa", "legality", ("us",)),
    make_entry("legal-oregon", "legality", ("us-or",)),
    make_entry("legal-travel", "legality"),
    make_entry("legal-other-countries", "legality"),
    make_entry("condition-not-listed", "contraindications"),
    make_entry("suicide-crisis", "urgent"),
]
THINGS = [
    Thing("lithium", "medicine", "lithium", ("lithium",)),
    Thing("maoi", "medicine", "MAOIs", ("maoi",)),
    Thing("metformin", "medicine", "metformin", ("metformin",)),
    Thing("gout", "condition", "gout", ("gout",)),
    Thing("lsd", "substance", "LSD", ("lsd",), core=True),
    Thing("kratom", "substance", "kratom", ("kratom",)),
    Thing("gb", "place", "the UK", ("uk",)),
    Thing("us", "place", "the USA", ("usa",), unsure=("us",)),
    Thing("us-or", "place", "Oregon", ("oregon",), parents=("us",)),
    Thing("jp", "place", "Japan", ("japan",)),
]
LIBRARY = Library(
    root=Path(),
    entries={entry.id: entry for entry in ENTRIES},
    sources={},
    resources=(
        Resource("gb-line", "GB", "crisis", "UK line", "116"),
        Resource("int-line", "INT", "crisis", "World line", "222"),
    ),
    messages=MESSAGES,
    things={thing.id: thing for thing in THINGS},
)
RELATED = {**LIBRARY.entries, "sleep": replace(LIBRARY.entries["sleep"], see_also=("driving",))}
PINNED = replace(LIBRARY, entries=RELATED, pinned=("driving", "sleep"))
THRESHOLDS = Thresholds(answer=dict.fromkeys(SORTS, 0.8), offer=dict.fromkeys(SORTS, 0.2))
URGENT = Alarm("suicide-crisis", "urgent", "plan", "end it")
CHECK = Alarm("suicide-crisis", "check", "low", "tired of everything")


def make_responder(
    *matches: Match,
    alarm: Alarm | None = None,
    library: Library = LIBRARY,
    matcher: FakeMatcher | None = None,
    typed: tuple[str, ...] = (),
) -> Responder:
    """Wire a Responder over the small library, answering from 0.8 and offering from 0.2.

    Args:
        matches: What is ranked, whatever is asked.
        alarm: What triage finds, whatever is asked.
        library: The content.
        matcher: Takes the place of a matcher that ranks `matches`.
        typed: The words that a half word may be completed to.
    """
    return Responder(
        library=library,
        triage=FakeTriage(alarm),
        things=NamedThings(library),
        matcher=matcher or FakeMatcher(*matches),
        repair=list,
        completer=Completer(typed),
        composer=Composer(library, lambda: TODAY),
        thresholds=THRESHOLDS,
    )


def build_service(
    *matches: Match,
    alarm: Alarm | None = None,
    store: MemoryStore | None = None,
    keeps: Keeps | None = None,
    region: str | None = None,
) -> Service:
    """Return a Service over the small library, ranking `matches` whatever is asked."""
    base = make_responder(*matches, alarm=alarm, library=PINNED)
    content = Content(base, PINNED)
    return Service(
        lambda: content, content, now=lambda: NOW, region=region, store=store, keeps=keeps
    )
