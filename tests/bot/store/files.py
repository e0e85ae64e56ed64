"""Looks at an SQLite file behind the store's back."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2026, 11, 22, 2, 13, 7, tzinfo=UTC)
TODAY = NOW.date()


def url_of(file: Path) -> str:
    """Return the address of an SQLite file."""
    return f"sqlite+aiosqlite:///{file}"


def raw(file: Path, sql: str) -> list[tuple[object, ...]]:
    """Look into the file, or change it, behind the store's back."""
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(sql).fetchall()


def on_disk(file: Path) -> bytes:
    """Return everything that lies in the file's folder, journals included."""
    return b"".join(path.read_bytes() for path in sorted(file.parent.iterdir()))


def columns_of(file: Path, table: str) -> set[str]:
    """Return the names of a table's columns."""
    return {str(row[1]) for row in raw(file, f"PRAGMA table_info({table})")}
