"""One Service for every community: what is answered where, and what its moderators decide."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain import CommunitySettings, Match, Problem, Question, ReplyKind
from bot.errors import StoreError
from bot.responder import Responder
from bot.service import Content, Keeps, Service
from tests.bot.small import (
    CHECK,
    HERE,
    LIBRARY,
    MESSAGES,
    NOW,
    THERE,
    TODAY,
    URGENT,
    build_service,
    make_responder,
)
from tests.fakes import MemoryStore

DRIVING_OFF = CommunitySettings(disabled=frozenset({"driving"}))
ALL_OFF = CommunitySettings(disabled=frozenset(LIBRARY.entries))


async def with_settings(settings: CommunitySettings, service: Service) -> Service:
    """Return `service` with the settings of HERE changed."""
    await service.change_settings(HERE, settings)
    return service


# What a community has switched off


def answered(responder: Responder) -> Iterable[str | None]:
    """Ask what the driving entry answers."""
    return [responder.respond(Question("surely this")).entry]


def offered(responder: Responder) -> Iterable[str | None]:
    """Ask what several entries may answer."""
    return [c.entry for c in responder.respond(Question("perhaps this")).choices]


def suggested(responder: Responder) -> Iterable[str | None]:
    """Type what is near."""
    return [choice.entry for choice in responder.suggest("words")]


def pinned(responder: Responder) -> Iterable[str | None]:
    """Type nothing."""
    return [choice.entry for choice in responder.suggest("")]


def listed(responder: Responder) -> Iterable[str | None]:
    """Browse every topic."""
    return [choice.entry for topic in responder.topics() for choice in topic.entries]


def related(responder: Responder) -> Iterable[str | None]:
    """Look below another answer."""
    return [choice.entry for choice in responder.show("sleep").choices]


def shown(responder: Responder) -> Iterable[str | None]:
    """Press an old button."""
    return [responder.show("driving").entry]


SURE = (Match("driving", 0.9), Match("sleep", 0.05))
UNSURE = (Match("driving", 0.5), Match("sleep", 0.4))


@pytest.mark.parametrize(
    ("look", "matches"),
    [
        (answered, SURE),
        (offered, UNSURE),
        (suggested, SURE),
        (pinned, SURE),
        (listed, SURE),
        (related, SURE),
        (shown, SURE),
    ],
)
async def test_what_is_switched_off_is_gone_there_and_only_there(
    look: Callable[[Responder], Iterable[str | None]], matches: tuple[Match, ...]
) -> None:
    """One server's moderators decide for their server, not for others or direct messages."""
    service = await with_settings(DRIVING_OFF, build_service(*matches, store=MemoryStore()))

    assert "driving" not in look(service.responder(HERE))
    assert "driving" in look(service.responder(THERE))
    assert "driving" in look(service.responder())


async def test_what_is_switched_on_again_is_back() -> None:
    """Nothing of the old choice stays behind."""
    service = await with_settings(DRIVING_OFF, build_service(*SURE, store=MemoryStore()))
    before = await service.respond(Question("words"), HERE)
    await service.change_settings(HERE, CommunitySettings())
    after = await service.respond(Question("words"), HERE)

    assert (before.entry, after.entry) == (None, "driving")


async def test_emergencies_cannot_be_switched_off() -> None:
    """Whatever the settings say, danger brings its card, and the card can be picked."""
    service = await with_settings(ALL_OFF, build_service(alarm=URGENT, store=MemoryStore()))

    assert (await service.respond(Question("words"), HERE)).kind is ReplyKind.URGENT
    assert service.responder(HERE).show("suicide-crisis").kind is ReplyKind.URGENT
    assert service.responder(HERE).suggest("words")[0].entry == "suicide-crisis"


async def test_the_soft_check_cannot_be_switched_off() -> None:
    """With every answer off, the question whether somebody is safe is still asked."""
    service = await with_settings(ALL_OFF, build_service(alarm=CHECK, store=MemoryStore()))

    assert (await service.respond(Question("words"), HERE)).kind is ReplyKind.CHECK


async def test_refusals_cannot_be_switched_off() -> None:
    """No server becomes one where amounts are left to whatever else is near."""
    matches = [Match("no-dosing", 0.9), Match("driving", 0.05)]
    service = await with_settings(ALL_OFF, build_service(*matches, store=MemoryStore()))

    reply = await service.respond(Question("words"), HERE)

    assert (reply.kind, reply.entry) == (ReplyKind.POLICY, "no-dosing")
    assert service.status(HERE).entries == 2


@pytest.mark.parametrize("other", ["driving", "maoi", "sleep", "lithium"])
@pytest.mark.parametrize("score", [0.99, 0.5, 0.1])
async def test_a_medicine_whose_entry_is_off_is_never_answered_with_another(
    other: str, score: float
) -> None:
    """It gets "not listed does not mean safe", as any medicine without an entry does."""
    settings = CommunitySettings(disabled=frozenset({"lithium"}))
    service = build_service(Match(other, score), store=MemoryStore())
    await service.change_settings(HERE, settings)

    reply = await service.respond(Question("lithium and lsd"), HERE)

    assert (reply.entry, reply.choices) == ("medicine-not-listed", ())


async def test_an_unknown_id_among_the_switched_off_is_left_alone() -> None:
    """An entry that has gone since costs nothing, and is not counted."""
    gone = CommunitySettings(disabled=frozenset({"gone"}))
    service = await with_settings(gone, build_service(*SURE, store=MemoryStore()))

    assert (await service.respond(Question("words"), HERE)).entry == "driving"
    assert service.status(HERE).disabled == ()


# A community's country


@pytest.mark.parametrize(
    ("operators", "communitys", "region", "line"),
    [
        (None, None, None, "int-line"),
        ("GB", None, "GB", "gb-line"),
        (None, "GB", "GB", "gb-line"),
        ("JP", "GB", "GB", "gb-line"),
        ("GB", "JP", "JP", "int-line"),
    ],
)
async def test_a_communitys_country_comes_before_the_operators(
    operators: str | None, communitys: str | None, region: str | None, line: str
) -> None:
    """Help lines follow it, where nothing tells the member's own; elsewhere nothing changes."""
    service = build_service(store=MemoryStore(), region=operators)
    await service.change_settings(HERE, CommunitySettings(region=communitys))

    reply = await service.respond(Question("words", service.region(HERE)), HERE)

    assert service.region(HERE) == region
    assert [shown.id for shown in reply.help] == [line]
    assert service.region(THERE) == service.region() == operators


async def test_a_communitys_country_holds_also_where_none_is_asked_for() -> None:
    """A button that carries no country gets the community's lines."""
    service = build_service(store=MemoryStore())
    await service.change_settings(HERE, CommunitySettings(region="GB"))

    assert [line.id for line in service.responder(HERE).decline().help] == ["gb-line"]
    assert [line.id for line in service.responder(HERE).decline("US").help] == ["gb-line"]
    assert [line.id for line in service.responder(THERE).decline().help] == ["int-line"]


# Settings


async def test_settings_outlive_the_program() -> None:
    """What was decided holds after the next start, for each community its own."""
    store = MemoryStore()
    await with_settings(DRIVING_OFF, build_service(store=store))
    again = build_service(*SURE, store=store)
    await again.open()

    assert again.settings(HERE) == DRIVING_OFF
    assert again.settings(THERE) == again.settings(None) == CommunitySettings()
    assert again.responder(HERE).show("driving").text == MESSAGES["reply.gone"]


async def test_settings_that_cannot_be_read_forbid_starting() -> None:
    """Going on without them would bring back what moderators had switched off."""
    with pytest.raises(StoreError):
        await build_service(store=MemoryStore(broken=True)).open()


@pytest.mark.parametrize("store", [None, MemoryStore(broken=True)], ids=["none", "broken"])
async def test_settings_that_cannot_be_kept_are_not_used(store: MemoryStore | None) -> None:
    """Moderators are told, and nothing changes until the next start takes it back."""
    service = build_service(*SURE, store=store)

    with pytest.raises(StoreError):
        await service.change_settings(HERE, DRIVING_OFF)

    assert service.settings(HERE) == CommunitySettings()
    assert (await service.respond(Question("words"), HERE)).entry == "driving"


async def test_settings_stay_when_new_ones_cannot_be_kept() -> None:
    """The last choice holds until the next one is safe."""
    store = MemoryStore()
    service = await with_settings(DRIVING_OFF, build_service(*SURE, store=store))
    store.broken = True

    with pytest.raises(StoreError):
        await service.change_settings(HERE, CommunitySettings())

    assert service.settings(HERE) == DRIVING_OFF


# Being sent away


async def test_a_community_that_sends_us_away_is_forgotten() -> None:
    """Its settings, questions and verdicts go, in memory and in the store, and no other's."""
    store = MemoryStore()
    service = build_service(store=store, keeps=Keeps(unanswered=True))
    for community in (HERE, THERE):
        await service.change_settings(community, DRIVING_OFF)
        await service.respond(Question("zebra"), community)
    await service.close()

    await service.forget(HERE)

    assert service.settings(HERE) == CommunitySettings()
    assert service.responder(HERE).show("driving").entry == "driving"
    assert store.settings == {THERE: DRIVING_OFF}
    assert await service.unanswered(HERE) == ()
    assert len(await service.unanswered(THERE)) == 1


async def test_forgetting_needs_no_store() -> None:
    """Where nothing is kept, there is nothing to delete."""
    await build_service().forget(HERE)


async def test_forgetting_that_fails_is_told() -> None:
    """Whoever asked for it must know that it is still there."""
    store = MemoryStore()
    service = await with_settings(DRIVING_OFF, build_service(store=store))
    store.broken = True

    with pytest.raises(StoreError):
        await service.forget(HERE)

    assert service.settings(HERE) == DRIVING_OFF


# How things stand


async def test_status_says_what_is_answered_from() -> None:
    """The content's version, how much is on, what is off here, and what is overdue."""
    due = replace(LIBRARY.entries["sleep"], review_by=date(2026, 11, 21))
    fresh = replace(LIBRARY.entries["tolerance"], review_by=TODAY)
    entries = {**LIBRARY.entries, "sleep": due, "tolerance": fresh}
    library = replace(LIBRARY, entries=entries, version="abc123")
    content = Content(make_responder(library=library), library)
    service = Service(
        lambda: content, content, now=lambda: NOW, engine="semantic", store=MemoryStore()
    )
    await service.change_settings(HERE, DRIVING_OFF)

    here, there = service.status(HERE), service.status(THERE)

    assert (here.version, here.engine, here.overlay) == ("abc123", "semantic", False)
    assert (here.entries, here.disabled) == (len(LIBRARY.entries) - 1, ("driving",))
    assert (there.entries, there.disabled) == (len(LIBRARY.entries), ())
    assert here.overdue == there.overdue == ("sleep",)


async def test_status_does_not_count_as_overdue_what_is_off() -> None:
    """Nobody sees it, so nobody need check it in a hurry."""
    due = replace(LIBRARY.entries["driving"], review_by=date(2026, 1, 1))
    library = replace(LIBRARY, entries={**LIBRARY.entries, "driving": due})
    content = Content(make_responder(library=library), library)
    service = Service(lambda: content, content, now=lambda: NOW, store=MemoryStore())
    await service.change_settings(HERE, DRIVING_OFF)

    assert (service.status(HERE).overdue, service.status().overdue) == ((), ("driving",))


def test_status_tells_each_community_of_its_own_folder_only() -> None:
    """What is wrong with another server's folder is none of this one's business."""
    wrong = [
        Problem(Path("overlays", name, "overlay.yaml"), 1, "error", "wrong", "overlay")
        for name in (HERE, "discord-12", THERE)
    ]
    content = Content(make_responder(), LIBRARY, libraries={THERE: LIBRARY}, problems=tuple(wrong))
    service = Service(lambda: content, content, now=lambda: NOW)

    assert service.status(HERE).problems == (wrong[0],)
    assert service.status(THERE).problems == (wrong[2],)
    assert service.status().problems == ()
    assert [service.status(c).overlay for c in (HERE, THERE, None)] == [False, True, False]
