"""Verdicts in an SQL database: what a row holds, several writers at once, and a limit to growth."""

import asyncio
import logging
import traceback
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from bot.domain import Feedback, Tally, Verdict
from bot.errors import StoreError
from bot.store.sql import open_store
from tests.bot.store.files import NOW, TODAY, columns_of, on_disk, raw, url_of

HERE, THERE = "discord-1", "discord-2"
WRONG = Feedback("key", "lithium", "wrong", "my kanna tea says so", HERE)


async def test_stores_no_person_no_channel_and_no_time_of_day(file: Path) -> None:
    """A row is what PRIVACY.md says it is."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.put_feedback(WRONG, NOW)
    columns = {"reply", "community", "entry", "verdict", "reason", "given"}
    assert columns_of(file, "feedback") == columns
    assert raw(file, "SELECT reply, community, entry, verdict, reason, given FROM feedback") == [
        ("key", HERE, "lithium", "wrong", "my kanna tea says so", "2026-11-22")
    ]


async def test_counts_one_reply_once_from_two_processes_at_once(file: Path) -> None:
    """Twenty presses of the same button through two connections make one row and no error."""
    async with (
        open_store(url_of(file), 30, today=TODAY) as one,
        open_store(url_of(file), 30, today=TODAY) as other,
    ):
        stores = [one, other] * 10
        await asyncio.gather(*(store.put_feedback(WRONG, NOW) for store in stores))
        (tally,) = await one.load_feedback()
    assert tally.wrong == 1


async def test_stops_counting_where_somebody_presses_all_day(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Endless rows of one kind push each other out, and no other verdict, Entry or community's."""
    monkeypatch.setattr("bot.store.verdicts.MAX_ALIKE", 3)
    others = (
        replace(WRONG, reply="a", verdict="helpful"),
        replace(WRONG, reply="b", entry="kanna"),
        replace(WRONG, reply="c", community=THERE),
        replace(WRONG, reply="d", community=None),
    )
    async with open_store(url_of(file), 30, today=TODAY) as store:
        for given in others:
            await store.put_feedback(given, NOW)
        for number in range(9, 0, -1):
            await store.put_feedback(replace(WRONG, reply=f"{number}", reason=f"{number}"), NOW)
        assert await store.load_feedback(THERE) == (Tally("lithium", 0, 1, 0, (WRONG.reason,)),)
        lithium, kanna = await store.load_feedback(HERE)
        everything, _ = await store.load_feedback()
    assert (lithium.helpful, lithium.wrong, kanna.wrong, everything.wrong) == (1, 3, 1, 5)
    assert "1" in lithium.reasons


async def test_changes_a_verdict_where_the_count_has_stopped(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same Reply again takes its own place and pushes out nothing."""
    monkeypatch.setattr("bot.store.verdicts.MAX_ALIKE", 2)
    async with open_store(url_of(file), 30, today=TODAY) as store:
        for key in "abb":
            await store.put_feedback(replace(WRONG, reply=key, reason=f"of {key}"), NOW)
        (tally,) = await store.load_feedback()
    assert tally.reasons == ("of a", "of b")


@pytest.mark.parametrize("verdict", ["wrong", "helpful"])
async def test_leaves_no_trace_of_a_reason_that_was_replaced(file: Path, verdict: Verdict) -> None:
    """Words that were taken back are overwritten in the file."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.put_feedback(WRONG, NOW)
        assert b"kanna" in on_disk(file)
        new = "not so" if verdict == "wrong" else ""
        await store.put_feedback(replace(WRONG, verdict=verdict, reason=new), NOW)
    assert b"kanna" not in on_disk(file)


async def test_leaves_no_trace_of_a_reason_that_is_too_old(file: Path) -> None:
    """Emptied is overwritten, at opening as well."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.put_feedback(WRONG, NOW)
    async with open_store(url_of(file), 30, today=TODAY.replace(year=2027)):
        pass
    assert b"kanna" not in on_disk(file)
    assert len(raw(file, "SELECT * FROM feedback")) == 1


FULL = """CREATE TRIGGER full BEFORE INSERT ON feedback
BEGIN SELECT raise(ABORT, 'disk full
the row: my kanna tea says so'); END"""


async def test_never_tells_the_reason_when_writing_fails(file: Path) -> None:
    """The error may reach a log with its causes: none of it holds the member's words."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        raw(file, FULL)
        with pytest.raises(StoreError, match="cannot be written: disk full") as caught:
            await store.put_feedback(WRONG, NOW)
    assert "kanna" not in "".join(traceback.format_exception(caught.value))


async def test_never_logs_the_reason(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not even with every library's logger at its most talkative."""
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as logged:
        async with open_store(url_of(file), 30, today=TODAY) as store:
            await store.put_feedback(WRONG, NOW)
            await store.load_feedback()
    assert "kanna" not in caplog.text
    assert logged == []
