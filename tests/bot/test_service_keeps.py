"""What a Service keeps behind a Reply's back: unanswered questions and verdicts."""

import asyncio
import logging
from dataclasses import replace

import pytest

from bot import service as service_module
from bot.domain import (
    Alarm,
    Feedback,
    Match,
    Question,
    ReplyKind,
    Tally,
    Unanswered,
    Verdict,
)
from bot.errors import StoreError
from bot.service import Content, Keeps, Service
from tests.bot.small import (
    CHECK,
    HERE,
    LIBRARY,
    NOW,
    THERE,
    TODAY,
    URGENT,
    build_service,
    make_responder,
)
from tests.fakes import MemoryStore

ALL = Keeps(unanswered=True, feedback=True, reasons=True)
NEAREST = Match("driving", 0.1)
SECRET = "zebra crossing"


class GatedStore(MemoryStore):
    """A store that does nothing until its gate opens.

    Attributes:
        gate: Set it, and everything waiting is done.
        waiting: How many calls have waited or wait.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.waiting = 0

    async def _work(self) -> None:
        self.waiting += 1
        await self.gate.wait()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the Service wait for its store for a moment only."""
    monkeypatch.setattr(service_module, "_STORE_S", 0.02)


@pytest.mark.parametrize(
    ("keeps", "said"),
    [
        (Keeps(), "nothing"),
        (Keeps(feedback=True), "nothing"),
        (Keeps(reasons=True), "nothing"),
        (Keeps(feedback=True, reasons=True), "reasons"),
        (Keeps(unanswered=True), "questions"),
        (ALL, "questions reasons"),
    ],
)
def test_says_which_of_a_members_words_are_kept(keeps: Keeps, said: str) -> None:
    """As the operator has set it, and no more and no less."""
    words = {
        "info.privacy_title": "Kept",
        "info.privacy_text": "We keep {kept}.",
        "info.privacy_keeps_nothing": "nothing",
        "info.privacy_keeps_unanswered": "questions",
        "info.privacy_keeps_reasons": "reasons",
    }
    library = replace(LIBRARY, messages=words)
    content = Content(make_responder(library=library), library)
    service = Service(lambda: content, content, now=lambda: NOW, store=MemoryStore(), keeps=keeps)

    reply = service.privacy()

    assert (reply.kind, reply.title, reply.text) == (ReplyKind.INFO, "Kept", f"We keep {said}.")


# Unanswered questions


@pytest.mark.parametrize("community", [HERE, None])
async def test_what_nothing_answers_is_kept_with_the_nearest_entry(community: str | None) -> None:
    """Scrubbed of what could name a person, for the moderators of where it was asked."""
    store = MemoryStore()
    service = build_service(NEAREST, store=store, keeps=ALL)

    await service.respond(Question("mail me at jo@example.org about trams"), community)
    await service.close()

    [(where, kept)] = store.questions
    assert (where, kept.nearest, kept.asked) == (community, "driving", TODAY)
    assert "trams" in kept.text
    assert "example.org" not in kept.text


@pytest.mark.parametrize(
    ("text", "matches", "alarm"),
    [
        ("driving", [Match("driving", 0.9)], None),
        ("driving", [Match("driving", 0.5)], None),
        ("amounts", [Match("no-dosing", 0.9)], None),
        ("end it", [], URGENT),
        ("tired", [], CHECK),
        ("👀 https://example.org", [], None),
        ("", [], None),
    ],
    ids=["answered", "offered", "refused", "emergency", "check", "picture", "nothing"],
)
async def test_no_other_question_is_ever_kept(
    text: str, matches: list[Match], alarm: Alarm | None
) -> None:
    """An emergency, an answered question or a lone picture leaves nothing behind."""
    store = MemoryStore()
    service = build_service(*matches, alarm=alarm, store=store, keeps=ALL)

    await service.respond(Question(text), HERE)
    await service.close()

    assert store.questions == []


@pytest.mark.parametrize("keeps", [None, Keeps(feedback=True, reasons=True)])
async def test_nothing_is_kept_that_the_operator_does_not_want_kept(keeps: Keeps | None) -> None:
    """Keeping questions is switched on by name or not at all."""
    store = MemoryStore()
    service = build_service(store=store, keeps=keeps)

    await service.respond(Question(SECRET), HERE)
    await service.close()

    assert store.questions == []
    assert await service.unanswered(HERE) == ()


def test_without_a_store_nothing_counts_as_kept() -> None:
    """No button offers what could not be kept."""
    assert build_service(keeps=ALL).keeps == Keeps()
    assert build_service(store=MemoryStore(), keeps=ALL).keeps == ALL


async def test_a_reply_does_not_wait_for_the_store() -> None:
    """The member reads the fallback while the database is still thinking; then it is kept."""
    store = GatedStore()
    service = build_service(NEAREST, store=store, keeps=ALL)

    reply = await service.respond(Question(SECRET), HERE)

    assert reply.help
    assert store.questions == []
    store.gate.set()
    await service.close()
    assert [kept.text for _, kept in store.questions] == [SECRET]


async def test_a_broken_store_never_costs_a_reply(caplog: pytest.LogCaptureFixture) -> None:
    """The member gets the fallback with its resources, and the log gets no word of theirs."""
    caplog.set_level(logging.DEBUG)
    service = build_service(store=MemoryStore(broken=True), keeps=ALL)

    reply = await service.respond(Question(SECRET), HERE)
    await service.close()

    assert reply.help
    assert "zebra" not in caplog.text


async def test_a_store_that_hangs_fills_no_memory() -> None:
    """However many ask meanwhile, only so many questions wait; the others are let go."""
    store = GatedStore()
    service = build_service(store=store, keeps=ALL)

    for _ in range(150):
        await service.respond(Question(SECRET), HERE)
    await asyncio.sleep(0)

    assert store.waiting == 100
    store.gate.set()
    await service.close()
    await service.respond(Question(SECRET), HERE)
    await service.close()
    assert len(store.questions) == 101


@pytest.mark.usefixtures("impatient")
async def test_a_store_that_hangs_is_given_up() -> None:
    """A question that waits too long is let go, and its place with it."""
    store = GatedStore()
    service = build_service(store=store, keeps=ALL)

    await service.respond(Question(SECRET), HERE)
    await asyncio.sleep(0.1)

    store.gate.set()
    await service.close()
    assert store.questions == []


def test_a_store_gets_two_seconds_at_most() -> None:
    """A dead database does not keep the program from ending."""
    assert service_module._STORE_S <= 2


@pytest.mark.usefixtures("impatient")
async def test_closing_gives_up_what_a_dead_store_holds_up() -> None:
    """After its patience it goes on, and nothing runs on behind it."""
    service = build_service(store=MemoryStore(hangs=True), keeps=ALL)
    before = asyncio.all_tasks()
    await service.respond(Question(SECRET), HERE)

    async with asyncio.timeout(1):
        await service.close()

    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_moderators_read_the_questions_of_their_own_community() -> None:
    """Nobody reads what was asked elsewhere, or in direct messages."""
    service = build_service(store=MemoryStore(), keeps=ALL)
    for text, where in (("here", HERE), ("there", THERE), ("nowhere", None)):
        await service.respond(Question(text), where)
    await service.close()

    assert await service.unanswered(HERE) == (Unanswered("here", None, TODAY),)


# Verdicts


def verdict(
    verdict: Verdict = "wrong", *, reply: str = "r1", entry: str = "driving", where: str = HERE
) -> Feedback:
    """Return a verdict with a reason."""
    return Feedback(reply, entry, verdict, SECRET, where)


@pytest.mark.parametrize(
    ("keeps", "kept"),
    [
        (Keeps(), []),
        (Keeps(unanswered=True, reasons=True), []),
        (Keeps(feedback=True), [""]),
        (Keeps(feedback=True, reasons=True), [SECRET]),
    ],
    ids=["nothing", "no verdicts", "verdicts", "reasons too"],
)
async def test_verdicts_and_reasons_are_kept_only_if_the_operator_says_so(
    keeps: Keeps, kept: list[str]
) -> None:
    """A reason that was typed all the same is dropped."""
    store = MemoryStore()

    await build_service(store=store, keeps=keeps).give_feedback(verdict())

    assert [given.reason for given, _ in store.verdicts.values()] == kept


async def test_a_verdict_on_what_does_not_exist_is_not_kept() -> None:
    """A forged button fills no table."""
    store = MemoryStore()

    await build_service(store=store, keeps=ALL).give_feedback(verdict(entry="x" * 90))

    assert store.verdicts == {}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "store",
    [None, MemoryStore(broken=True), MemoryStore(hangs=True)],
    ids=["none", "broken", "hanging"],
)
async def test_a_verdict_that_cannot_be_kept_costs_nothing_else(
    store: MemoryStore | None, caplog: pytest.LogCaptureFixture
) -> None:
    """The member is thanked all the same, and the log gets no word of theirs."""
    caplog.set_level(logging.DEBUG)

    async with asyncio.timeout(1):
        await build_service(store=store, keeps=ALL).give_feedback(verdict())

    assert "zebra" not in caplog.text


async def test_moderators_see_the_verdicts_of_their_own_community() -> None:
    """By entry, the most doubted first; a second press on one Reply counts once."""
    service = build_service(store=MemoryStore(), keeps=Keeps(feedback=True))
    for given in (
        verdict("helpful", entry="sleep"),
        verdict("helpful", reply="r2"),
        verdict("outdated", reply="r2"),
        verdict("wrong", reply="r3", where=THERE),
    ):
        await service.give_feedback(given)

    assert await service.feedback(HERE) == (Tally("driving", outdated=1), Tally("sleep", helpful=1))
    assert await build_service().feedback(HERE) == ()


@pytest.mark.parametrize("read", [Service.unanswered, Service.feedback])
async def test_moderators_are_told_when_the_store_cannot_be_read(read: object) -> None:
    """An empty list would look as if nobody had asked."""
    service = build_service(store=MemoryStore(broken=True), keeps=ALL)

    with pytest.raises(StoreError):
        await read(service, HERE)  # type: ignore[operator]
