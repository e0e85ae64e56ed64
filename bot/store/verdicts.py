"""The rows of verdicts on replies, and what they add up to."""

from collections import Counter, defaultdict
from datetime import date

from sqlalchemy import ColumnElement, delete, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain import Feedback, Tally
from bot.store.database import insert_into
from bot.store.tables import feedback

MAX_ALIKE = 200
"""Rows kept of one verdict on one Entry in one community; the count stops there.

Every Reply has a key of its own, so whoever asks and presses a button all day could make rows
without end. Past this number the oldest of the same kind give way: such a person pushes out no
other verdict, no other Entry and no other community's, and "200 times wrong" says enough.
"""

_columns = feedback.c


async def put_verdict(connection: AsyncConnection, given: Feedback, day: date) -> None:
    """Keep one verdict, in place of the last one on the same Reply.

    The same verdict again, without a reason, changes nothing: a button that fires twice does not
    empty the reason that was written in between.

    Args:
        connection: Inside a transaction.
        given: The verdict, its reason scrubbed.
        day: The day in UTC.
    """
    await _make_room(connection, given)
    row = {
        "community": given.community,
        "entry": given.entry,
        "verdict": given.verdict,
        "reason": given.reason or None,
        "given": day,
    }
    new = insert_into(connection, feedback).values({"reply": given.reply, **row})
    says_more = or_(_columns.verdict != new.excluded.verdict, new.excluded.reason.is_not(None))
    await connection.execute(
        new.on_conflict_do_update(index_elements=[_columns.reply], set_=row, where=says_more)
    )


async def _make_room(connection: AsyncConnection, given: Feedback) -> None:
    alike = (
        select(_columns.reply)
        .where(
            _columns.community == given.community,
            _columns.entry == given.entry,
            _columns.verdict == given.verdict,
            _columns.reply != given.reply,
        )
        .order_by(_columns.given.desc(), _columns.reply.desc())
        .offset(MAX_ALIKE - 1)
    )
    await connection.execute(delete(feedback).where(_columns.reply.in_(alike)))


async def load_tallies(connection: AsyncConnection, community: str | None) -> tuple[Tally, ...]:
    """Return the verdicts of `community`, or all if it is None, by Entry; most doubted first."""
    here: ColumnElement[bool] = true() if community is None else _columns.community == community
    counted = select(_columns.entry, _columns.verdict, func.count()).where(here)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    grouped = counted.group_by(_columns.entry, _columns.verdict)
    for entry, verdict, number in await connection.execute(grouped):
        counts[entry][verdict] = number
    said = select(_columns.entry, _columns.reason).where(here, _columns.reason.is_not(None))
    reasons: dict[str, list[str]] = defaultdict(list)
    for entry, reason in await connection.execute(said.order_by(_columns.given, _columns.reply)):
        reasons[entry].append(reason)
    tallies = (
        Tally(entry, count["helpful"], count["wrong"], count["outdated"], tuple(reasons[entry]))
        for entry, count in counts.items()
    )
    return tuple(sorted(tallies, key=_doubts))


async def empty_reasons(connection: AsyncConnection, before: date) -> None:
    """Empty the reasons given before that day; the verdicts stay."""
    old = _columns.given < before, _columns.reason.is_not(None)
    await connection.execute(update(feedback).where(*old).values(reason=None))


def _doubts(tally: Tally) -> tuple[int, str]:
    return -(tally.wrong + tally.outdated), tally.entry
