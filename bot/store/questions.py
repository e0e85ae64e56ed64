"""The rows of questions that nothing answered."""

from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain import Unanswered
from bot.store.tables import unanswered

MAX_QUESTIONS = 2_000
"""Questions kept for one community; whoever types nonsense all day fills no disk with it."""

_columns = unanswered.c


async def add_question(
    connection: AsyncConnection, question: Unanswered, community: str | None
) -> None:
    """Keep `question`; the oldest of the community give way to it if there are too many."""
    oldest = (
        select(_columns.id)
        .where(_columns.community == community)
        .order_by(_columns.id.desc())
        .offset(MAX_QUESTIONS - 1)
    )
    await connection.execute(delete(unanswered).where(_columns.id.in_(oldest)))
    row = {
        "text": question.text,
        "nearest": question.nearest,
        "asked": question.asked,
        "community": community,
    }
    await connection.execute(insert(unanswered).values(row))


async def load_questions(
    connection: AsyncConnection, community: str | None
) -> tuple[Unanswered, ...]:
    """Return the questions of `community`, or all if it is None; oldest first."""
    wanted = select(_columns.text, _columns.nearest, _columns.asked).order_by(_columns.id)
    if community is not None:
        wanted = wanted.where(_columns.community == community)
    rows = (await connection.execute(wanted)).all()
    return tuple(Unanswered(text, nearest, asked) for text, nearest, asked in rows)


async def forget_questions(connection: AsyncConnection, before: date) -> None:
    """Delete the questions asked before that day."""
    await connection.execute(delete(unanswered).where(_columns.asked < before))
