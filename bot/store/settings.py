"""The rows of what moderators chose for their community; a damaged one does no harm."""

import json
from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain import CommunitySettings
from bot.store.database import insert_into
from bot.store.tables import communities

_log = structlog.get_logger()


async def put_choices(
    connection: AsyncConnection, community: str, settings: CommunitySettings
) -> None:
    """Keep the settings of one community, in place of its last ones."""
    row = {
        "region": settings.region,
        "help_channels": json.dumps(sorted(settings.help_channels)),
        "alerts_channel": settings.alerts_channel,
        "disabled": json.dumps(sorted(settings.disabled)),
    }
    new = insert_into(connection, communities).values({"id": community, **row})
    await connection.execute(new.on_conflict_do_update(index_elements=[communities.c.id], set_=row))


async def load_choices(connection: AsyncConnection) -> Mapping[str, CommunitySettings]:
    """Return the settings of every community; a row that cannot be read counts as the defaults."""
    rows = (await connection.execute(select(communities))).all()
    return {str(row.id): _read(row.id, row) for row in rows}


def _read(community: str, row: Any) -> CommunitySettings:
    try:
        return CommunitySettings(
            region=_word(row.region),
            help_channels=_words(row.help_channels),
            alerts_channel=_word(row.alerts_channel),
            disabled=_words(row.disabled),
        )
    except (ValueError, RecursionError):  # their words may show what stands in the row
        _log.warning("settings are damaged, the defaults hold", community=community)
        return CommunitySettings()


def _word(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ValueError("no word")


def _words(value: object) -> frozenset[str]:
    words = json.loads(value) if isinstance(value, str) else None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError("no list of words")
    return frozenset(words)
