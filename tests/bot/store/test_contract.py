"""What every Store does, the one on a database and the one in memory that other tests use."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from bot.domain import CommunitySettings, Feedback, Tally, Unanswered, Verdict
from bot.errors import StoreError
from bot.ports import Store
from bot.store.sql import open_store
from tests.bot.store.files import NOW, TODAY, url_of
from tests.fakes import MemoryStore

HERE, THERE = "discord-1", "slack-T2"
ASKED = "is it ok with my kanna tea"
WRONG = Feedback("key", "lithium", "wrong", community=HERE)
SETTINGS = CommunitySettings("GB", frozenset({"11", "12"}), "13", frozenset({"kanna", "lithium"}))
DAY = timedelta(days=1)


class Tidied(Store, Protocol):
    """A Store that forgets what is too old when told the day."""

    async def forget_old(self, today: date) -> None:
        """Delete old questions and empty old reasons."""
        ...


@pytest.fixture(params=["sql", "memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Tidied]:
    """Yield a Store of each kind, which keeps words for 30 days."""
    if request.param == "memory":
        yield MemoryStore(keep_days=30)
        return
    async with open_store(url_of(tmp_path / "handrail.db"), 30, today=TODAY) as opened:
        yield opened


async def test_holds_nothing_at_first(store: Tidied) -> None:
    """A new Store is empty."""
    assert await store.load_unanswered() == ()
    assert await store.load_feedback() == ()
    assert await store.load_settings() == {}


async def test_keeps_the_scrubbed_question_with_its_day(store: Tidied) -> None:
    """The words, the nearest Entry and the day are all there is."""
    await store.add_unanswered(f"{ASKED} jo@example.org", "supplements", NOW, HERE)
    assert await store.load_unanswered() == (Unanswered(f"{ASKED} [e-mail]", "supplements", TODAY),)


async def test_keeps_no_question_without_words(store: Tidied) -> None:
    """Where scrubbing leaves nothing, nothing is kept."""
    await store.add_unanswered(" \u200b\n", None, NOW, HERE)
    assert await store.load_unanswered() == ()


async def test_shows_a_community_its_own_questions_alone(store: Tidied) -> None:
    """Moderators read what was asked in their community, the operator everything, oldest first."""
    for text, community in (("one", HERE), ("two", None), ("three", THERE), ("four", HERE)):
        await store.add_unanswered(text, None, NOW, community)
    assert [item.text for item in await store.load_unanswered(HERE)] == ["one", "four"]
    assert [item.text for item in await store.load_unanswered("discord-9")] == []
    everything = [item.text for item in await store.load_unanswered()]
    assert everything == ["one", "two", "three", "four"]


async def test_counts_verdicts_by_entry_the_most_doubted_first(store: Tidied) -> None:
    """Wrong and outdated weigh alike; equals stand in the order of their ids."""
    given: tuple[tuple[str, Verdict], ...] = (
        ("a", "helpful"),
        ("a", "helpful"),
        ("c", "wrong"),
        ("c", "outdated"),
        ("c", "helpful"),
        ("d", "outdated"),
        ("b", "wrong"),
    )
    for number, (entry, verdict) in enumerate(given):
        await store.put_feedback(Feedback(f"{number}", entry, verdict), NOW)
    assert await store.load_feedback() == (
        Tally("c", helpful=1, wrong=1, outdated=1),
        Tally("b", wrong=1),
        Tally("d", outdated=1),
        Tally("a", helpful=2),
    )


async def test_shows_a_community_its_own_verdicts_alone(store: Tidied) -> None:
    """Moderators see their community's, the operator the sum."""
    for number, community in enumerate((HERE, THERE, HERE, None)):
        given = replace(WRONG, reply=f"{number}", reason=f"r{number}", community=community)
        await store.put_feedback(given, NOW)
    assert await store.load_feedback(HERE) == (Tally("lithium", wrong=2, reasons=("r0", "r2")),)
    assert await store.load_feedback("discord-9") == ()
    everything = Tally("lithium", wrong=4, reasons=("r0", "r1", "r2", "r3"))
    assert await store.load_feedback() == (everything,)


async def test_counts_one_reply_once(store: Tidied) -> None:
    """A button pressed again, or another one, takes the place of the last verdict."""
    pressed: tuple[Verdict, ...] = ("helpful", "wrong", "wrong", "outdated")
    for verdict in pressed:
        await store.put_feedback(replace(WRONG, verdict=verdict), NOW)
    assert await store.load_feedback() == (Tally("lithium", outdated=1),)


async def test_keeps_the_reason_scrubbed(store: Tidied) -> None:
    """A reason is a member's words like any other."""
    await store.put_feedback(replace(WRONG, reason="ask jo@example.org"), NOW)
    assert await store.load_feedback() == (Tally("lithium", wrong=1, reasons=("ask [e-mail]",)),)


async def test_keeps_no_reason_without_words(store: Tidied) -> None:
    """Where scrubbing leaves nothing, the verdict stands alone."""
    await store.put_feedback(replace(WRONG, reason=" \u200b\n"), NOW)
    assert await store.load_feedback() == (Tally("lithium", wrong=1),)


async def test_keeps_the_reason_when_the_same_button_fires_again(store: Tidied) -> None:
    """Platforms send a press twice; the reason written in between is not lost."""
    for reason in ("", "too old", ""):
        await store.put_feedback(replace(WRONG, reason=reason), NOW)
    assert await store.load_feedback() == (Tally("lithium", wrong=1, reasons=("too old",)),)


async def test_puts_a_new_reason_in_the_place_of_the_last(store: Tidied) -> None:
    """Whoever writes again means the new words."""
    for reason in ("too old", "too short"):
        await store.put_feedback(replace(WRONG, reason=reason), NOW)
    assert await store.load_feedback() == (Tally("lithium", wrong=1, reasons=("too short",)),)


async def test_drops_the_reason_with_its_verdict(store: Tidied) -> None:
    """Whoever thinks better of it leaves no words behind."""
    await store.put_feedback(replace(WRONG, reason="too old"), NOW)
    await store.put_feedback(replace(WRONG, verdict="helpful"), NOW)
    assert await store.load_feedback() == (Tally("lithium", helpful=1),)


async def test_shows_the_oldest_reason_first(store: Tidied) -> None:
    """Reasons stand in the order of their days."""
    for key, days_ago in (("a", 1), ("b", 3), ("c", 2)):
        given = replace(WRONG, reply=key, reason=f"{days_ago} ago")
        await store.put_feedback(given, NOW - days_ago * DAY)
    (tally,) = await store.load_feedback()
    assert tally.reasons == ("3 ago", "2 ago", "1 ago")


async def fill(store: Tidied, days_ago: int) -> None:
    """Keep a question and a reason from that many days ago."""
    await store.add_unanswered(f"{days_ago} ago", None, NOW - days_ago * DAY)
    given = replace(WRONG, reply=f"{days_ago}", reason=f"{days_ago} ago")
    await store.put_feedback(given, NOW - days_ago * DAY)


async def test_forgets_words_when_told_the_day(store: Tidied) -> None:
    """After their 30 days questions go and reasons are emptied; the verdicts stay."""
    for days_ago in (31, 30, 0):
        await fill(store, days_ago)
    await store.forget_old(TODAY)
    assert [item.text for item in await store.load_unanswered()] == ["30 ago", "0 ago"]
    kept = Tally("lithium", wrong=3, reasons=("30 ago", "0 ago"))
    assert await store.load_feedback() == (kept,)


@pytest.mark.parametrize("press", [True, False])
async def test_forgets_words_as_it_goes(store: Tidied, press: bool) -> None:
    """A program that runs for months forgets with the first press or question of a day."""
    await fill(store, 31)
    if press:
        await store.put_feedback(replace(WRONG, entry="kanna"), NOW)
    else:
        await store.add_unanswered("new", None, NOW)
    assert "31 ago" not in [item.text for item in await store.load_unanswered()]
    assert Tally("lithium", wrong=1) in await store.load_feedback()


async def test_keeps_what_moderators_chose(store: Tidied) -> None:
    """Every setting comes back as it was, for each community."""
    await store.put_settings(HERE, SETTINGS)
    await store.put_settings(THERE, CommunitySettings())
    assert await store.load_settings() == {HERE: SETTINGS, THERE: CommunitySettings()}


async def test_puts_new_settings_in_the_place_of_the_last(store: Tidied) -> None:
    """Nothing of the old ones shines through."""
    await store.put_settings(HERE, SETTINGS)
    await store.put_settings(HERE, CommunitySettings(region="IE"))
    assert await store.load_settings() == {HERE: CommunitySettings(region="IE")}


async def test_forgets_a_community_and_no_other(store: Tidied) -> None:
    """When the bot is removed, all that was kept for that server goes; the others' stays."""
    for community in (HERE, THERE, None):
        await store.add_unanswered(f"of {community}", None, NOW, community)
        given = replace(WRONG, reply=f"{community}", community=community, reason="too old")
        await store.put_feedback(given, NOW)
    await store.put_settings(HERE, SETTINGS)
    await store.put_settings(THERE, SETTINGS)

    await store.forget_community(HERE)
    await store.forget_community("discord-9")

    assert [item.text for item in await store.load_unanswered()] == [f"of {THERE}", "of None"]
    assert await store.load_feedback(HERE) == ()
    both = Tally("lithium", wrong=2, reasons=("too old", "too old"))
    assert await store.load_feedback() == (both,)
    assert await store.load_settings() == {THERE: SETTINGS}


CALLS: dict[str, Callable[[Tidied], Awaitable[object]]] = {
    "add_unanswered": lambda store: store.add_unanswered(ASKED, None, NOW),
    "load_unanswered": lambda store: store.load_unanswered(),
    "put_feedback": lambda store: store.put_feedback(WRONG, NOW),
    "load_feedback": lambda store: store.load_feedback(),
    "put_settings": lambda store: store.put_settings(HERE, SETTINGS),
    "load_settings": lambda store: store.load_settings(),
    "forget_community": lambda store: store.forget_community(HERE),
    "forget_old": lambda store: store.forget_old(TODAY),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_refuses_every_call_once_closed(
    store: Tidied, call: Callable[[Tidied], Awaitable[object]]
) -> None:
    """Closing twice is harmless; whatever comes late is refused as any failure of a store."""
    await store.close()
    await store.close()
    with pytest.raises(StoreError):
        await call(store)
