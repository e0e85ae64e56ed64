"""Reads the address of the database, and tells the operator what is wrong with it or behind it."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from bot.errors import StoreError

EXAMPLE = "sqlite+aiosqlite:///data/handrail.db"
_KINDS = ("sqlite+aiosqlite", "postgresql+asyncpg")


def read_url(url: str) -> URL:
    """Return `url` (`store.url` of the settings) in its parts.

    Raises:
        StoreError: It is no address, or of a kind of database the store cannot use.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # what cannot be read is not shown: it may be a password
        raise StoreError(
            f"store.url is not the address of a database; write it like {EXAMPLE}"
        ) from None
    if address.drivername not in _KINDS:
        raise StoreError(
            f"store.url begins with {address.drivername}, which the store cannot use; "
            f"it must begin with {' or '.join(_KINDS)}, as in {EXAMPLE}"
        )
    return address


def is_sqlite(address: URL) -> bool:
    """Tell whether the database is an SQLite file."""
    return address.get_backend_name() == "sqlite"


@contextmanager
def explained(address: URL, what: str) -> Iterator[None]:
    """Turn every failure of the database inside the block into a StoreError for the operator.

    Args:
        address: The database; its password is not shown.
        what: What was about to be done: opened, read or written.

    Raises:
        StoreError: The database or the file system failed.
    """
    try:
        yield
    except (SQLAlchemyError, CommandError, OSError) as error:
        raise StoreError(
            f"the store {address.render_as_string(hide_password=True)} cannot be {what}: "
            f"{_reason(error)}; {_advice(address, error)}"
        ) from None


def _reason(error: Exception) -> str:
    """Return the first line alone: further lines may show the row, which is a member's words."""
    if isinstance(error, DBAPIError) and isinstance(error.orig, Exception):
        error = error.orig
    lines = str(error).splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _advice(address: URL, error: Exception) -> str:
    if isinstance(error, CommandError):
        return "it was last used by a newer Handrail; use that one, or name another store.url"
    if is_sqlite(address):
        return (
            "check that store.url names a file in a folder that this program may write, "
            "that the disk is not full, and that an existing file is an SQLite database"
        )
    return "check that the server runs and can be reached, and the name and password in store.url"
