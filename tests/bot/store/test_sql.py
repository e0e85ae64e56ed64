"""The SQL store: made from nothing, opened again, forgetful on time, and clear when it fails."""

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import Unanswered
from bot.errors import StoreError
from bot.store.sql import SqlStore, open_store
from tests.bot.store.files import NOW, TODAY, columns_of, on_disk, raw, url_of

ASKED = "is it ok with my kanna tea"


async def fill(file: Path, *days_ago: int) -> None:
    """Leave a database with one question asked that many days ago, each."""
    async with open_store(url_of(file), 365, today=TODAY) as store:
        for days in days_ago:
            await store.add_unanswered(f"{days} days ago", None, NOW - timedelta(days=days))


async def test_makes_the_tables_from_nothing(file: Path) -> None:
    """A blank disk is enough."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        assert await store.load_unanswered() == ()


def test_closes_the_folder_it_makes_to_other_users(file: Path) -> None:
    """Nobody else on the machine can look into it."""
    asyncio.run(fill(file))
    assert file.parent.stat().st_mode & 0o077 == 0


async def test_keeps_what_was_asked_when_opened_again(file: Path) -> None:
    """A restart loses nothing, and a second migration changes nothing."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.add_unanswered(ASKED, "supplements", NOW)
        await store.add_unanswered("and rosewort?", None, NOW)
    async with open_store(url_of(file), 30, today=TODAY) as store:
        assert await store.load_unanswered() == (
            Unanswered(ASKED, "supplements", TODAY),
            Unanswered("and rosewort?", None, TODAY),
        )


async def test_stores_the_day_and_the_scrubbed_words_alone(file: Path) -> None:
    """Neither the time of day nor anything that leads to a person reaches the disk."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.add_unanswered(f"{ASKED}, mail jo@example.org", None, NOW)
    assert raw(file, "SELECT text, nearest, asked FROM unanswered") == [
        (f"{ASKED}, mail [e-mail]", None, "2026-11-22")
    ]
    assert columns_of(file, "unanswered") == {"id", "text", "nearest", "asked", "community"}
    assert b"jo@example.org" not in on_disk(file)


async def test_stores_nothing_when_scrubbing_leaves_nothing(file: Path) -> None:
    """An empty question makes no row."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.add_unanswered(" \u200b\n", None, NOW)
        assert await store.load_unanswered() == ()


async def test_forgets_what_is_too_old_at_opening(file: Path) -> None:
    """A question kept for its 30 days stays; a day later it goes."""
    await fill(file, 0, 30, 31)
    async with open_store(url_of(file), 30, today=TODAY) as store:
        assert [row.text for row in await store.load_unanswered()] == ["0 days ago", "30 days ago"]


async def test_forgets_what_is_too_old_at_each_question(file: Path) -> None:
    """A process that runs for months forgets as it goes."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.add_unanswered("old", None, NOW)
        await store.add_unanswered("new", None, NOW + timedelta(days=31))
        assert [row.text for row in await store.load_unanswered()] == ["new"]


async def test_forgets_what_is_too_old_when_told_the_day(file: Path) -> None:
    """A quiet community's questions go too, if something calls once a day."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.add_unanswered("old", None, NOW)
        await store.forget_old(TODAY + timedelta(days=31))
        assert await store.load_unanswered() == ()


async def test_leaves_no_trace_of_what_it_forgot(file: Path) -> None:
    """Deleted words are overwritten in the file, not only unlinked."""
    async with open_store(url_of(file), 1, today=TODAY) as store:
        await store.add_unanswered(ASKED, None, NOW)
        assert ASKED.encode() in on_disk(file)
        await store.forget_old(TODAY + timedelta(days=2))
    assert ASKED.encode() not in on_disk(file)


async def test_keeps_every_question_asked_at_once(file: Path) -> None:
    """Fifty questions at the same moment do not trip over SQLite's single writer."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await asyncio.gather(*(store.add_unanswered(f"q {i}", None, NOW) for i in range(50)))
        assert len(await store.load_unanswered()) == 50


async def test_keeps_no_more_questions_than_anybody_reads(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nonsense typed all day pushes out the oldest of its own community, and nothing else."""
    monkeypatch.setattr("bot.store.questions.MAX_QUESTIONS", 3)
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.add_unanswered(ASKED, None, NOW, "discord-1")
        await store.add_unanswered(ASKED, None, NOW)
        for number in range(5):
            await store.add_unanswered(f"nonsense {number}", None, NOW, "discord-2")
        kept = [item.text for item in await store.load_unanswered()]
    assert kept == [ASKED, ASKED, "nonsense 2", "nonsense 3", "nonsense 4"]


@pytest.mark.parametrize("moment_s", [0, 0.0005, 0.001, 0.002, 0.004])
async def test_goes_on_after_a_call_that_was_given_up(file: Path, moment_s: float) -> None:
    """Whoever stops waiting leaves no lock and no half of a row behind."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(moment_s):
                await store.add_unanswered("given up", None, NOW)
        async with asyncio.timeout(5):
            await store.add_unanswered(ASKED, None, NOW)
        assert ASKED in [item.text for item in await store.load_unanswered()]


async def test_opens_beside_a_running_one(file: Path) -> None:
    """The `unanswered` command reads while the bot has the file open."""
    async with open_store(url_of(file), 30, today=TODAY) as running:
        await running.add_unanswered(ASKED, None, NOW)
        async with open_store(url_of(file), 30, today=TODAY) as other:
            assert len(await other.load_unanswered()) == 1


async def test_closes_twice_and_refuses_work_afterwards(file: Path) -> None:
    """Closing again is harmless; a late question opens nothing again."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.close()
        await store.close()
        with pytest.raises(StoreError, match="has been closed"):
            await store.add_unanswered(ASKED, None, NOW)


async def test_closes_when_the_program_breaks_inside(file: Path) -> None:
    """An error of the program passes through as it is, and the store is closed behind it."""
    kept: list[SqlStore] = []

    async def break_inside() -> None:
        async with open_store(url_of(file), 30, today=TODAY) as store:
            kept.append(store)
            raise OSError("not the store's")

    with pytest.raises(OSError, match="not the store's"):
        await break_inside()
    with pytest.raises(StoreError, match="has been closed"):
        await kept[0].load_unanswered()


def _a_folder(path: Path) -> None:
    path.mkdir(parents=True)


def _no_database(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("shopping list: milk, eggs, and nothing an SQLite file begins with" * 20)


def _a_file_for_a_folder(path: Path) -> None:
    path.parent.parent.mkdir(parents=True)
    path.parent.write_text("")


@pytest.mark.parametrize("spoil", [_a_folder, _no_database, _a_file_for_a_folder])
async def test_says_what_is_wrong_with_a_spoilt_file(
    file: Path, spoil: Callable[[Path], None]
) -> None:
    """A folder, another sort of file, or a file in the way: the message names the path."""
    spoil(file)
    with pytest.raises(StoreError) as caught:
        async with open_store(url_of(file), 30, today=TODAY):
            pass
    assert str(file) in str(caught.value)
    assert "cannot be opened" in str(caught.value)
    assert "check that store.url names a file in a folder" in str(caught.value)


async def test_says_so_when_the_folder_cannot_be_written() -> None:
    """The kernel's own folder refuses even root, so this needs no other user."""
    with pytest.raises(StoreError, match=r"/sys/handrail/x\.db cannot be opened: .*check that"):
        async with open_store("sqlite+aiosqlite:////sys/handrail/x.db", 30, today=TODAY):
            pass


async def test_says_so_when_the_file_is_read_only(file: Path) -> None:
    """A database that can be read but not written is refused at opening, not at 2 a.m."""
    await fill(file)
    with pytest.raises(StoreError, match="cannot be written: attempt to write a readonly"):
        async with open_store(f"sqlite+aiosqlite:///file:{file}?mode=ro&uri=true", 30, today=TODAY):
            pass


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "store.url is not the address of a database; write it like sqlite"),
        ("data/handrail.db", "is not the address of a database"),
        ("postgres://bot:hunter2@db:port/x", "is not the address of a database"),
        ("mongodb://bot:hunter2@db/x", "begins with mongodb, which the store cannot use"),
        ("sqlite:///x.db", "it must begin with sqlite+aiosqlite or postgresql+asyncpg"),
        ("postgresql://bot:hunter2@db/x", "it must begin with sqlite+aiosqlite or"),
    ],
)
async def test_refuses_an_address_it_cannot_use(url: str, told: str) -> None:
    """The message says what the address must look like, and shows no password."""
    with pytest.raises(StoreError) as caught:
        async with open_store(url, 30, today=TODAY):
            pass
    assert told in str(caught.value)
    assert "hunter2" not in str(caught.value)


async def test_hides_the_password_of_a_server_it_cannot_use() -> None:
    """A PostgreSQL address without its driver, or without its server, is told without secret."""
    with pytest.raises(StoreError, match=r"asyncpg|check that the server runs") as caught:
        async with open_store(
            "postgresql+asyncpg://bot:hunter2@127.0.0.1:1/handrail", 30, today=TODAY
        ):
            pass
    assert "hunter2" not in str(caught.value)


FULL = """CREATE TRIGGER full BEFORE INSERT ON unanswered
BEGIN SELECT raise(ABORT, 'disk full
the row: is it ok with my kanna tea'); END"""


@pytest.mark.parametrize(
    ("break_it", "told"), [("DROP TABLE unanswered", "no such table"), (FULL, "disk full")]
)
async def test_never_tells_the_question_when_writing_fails(
    file: Path, break_it: str, told: str
) -> None:
    """The error may reach a log with its causes: none of it holds the member's words."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        raw(file, break_it)
        with pytest.raises(StoreError, match=f"cannot be written: {told}") as caught:
            await store.add_unanswered(ASKED, None, NOW)
    assert "kanna" not in "".join(traceback.format_exception(caught.value))


async def test_never_logs_the_question(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not even with every library's logger at its most talkative."""
    caplog.set_level(logging.DEBUG)
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.add_unanswered(ASKED, None, NOW)
        await store.load_unanswered()
    assert "kanna" not in caplog.text
