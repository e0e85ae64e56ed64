"""What the operator is told about the address of the store."""

import pytest

from bot.errors import StoreError
from bot.store.address import explained, read_url


def test_hides_the_password_in_every_failure() -> None:
    """The address is named so that it can be found, without what must stay secret."""
    address = read_url("postgresql+asyncpg://bot:hunter2@db.example/handrail")
    with (
        pytest.raises(StoreError) as caught,
        explained(address, "opened"),
    ):
        raise ConnectionRefusedError("[Errno 111] Connect call failed")
    assert str(caught.value) == (
        "the store postgresql+asyncpg://bot:***@db.example/handrail cannot be opened: "
        "[Errno 111] Connect call failed; "
        "check that the server runs and can be reached, and the name and password in store.url"
    )


def test_leaves_faults_of_the_program_alone() -> None:
    """Only failures of the database and the file system are the operator's to mend."""
    with pytest.raises(KeyError), explained(read_url("sqlite+aiosqlite://"), "read"):
        raise KeyError("a slip")
