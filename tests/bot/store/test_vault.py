"""The vault: what lies in the file, what a new key changes, and every way a key can be wrong."""

import base64
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.errors import ConfigError, StoreError
from bot.store.sql import open_store
from bot.store.vault import SqlVault, open_vault
from tests.bot.store.files import TODAY, on_disk, raw, url_of

OLD, NEW, OTHER = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2, 251))
SECRET = "xoxb-0123-sesame"


def opened(file: Path, *keys: str) -> AbstractAsyncContextManager[SqlVault]:
    """Open the vault with these keys, the newest first."""
    return open_vault(url_of(file), SecretStr(",".join(keys)), "THE_KEY")


async def put(file: Path, *keys: str, name: str = "slack-T1") -> None:
    """Keep the secret."""
    async with opened(file, *keys) as vault:
        await vault.put(name, SECRET)


async def load(file: Path, *keys: str, name: str = "slack-T1") -> str | None:
    """Look the secret up in a new process, as it were."""
    async with opened(file, *keys) as vault:
        return await vault.load(name)


async def test_keeps_a_secret_until_it_is_dropped(file: Path) -> None:
    """The last one put counts; what is not there can be dropped too."""
    async with opened(file, OLD) as vault:
        assert await vault.load("slack-T1") is None
        await vault.put("slack-T1", "first")
        await vault.put("slack-T1", SECRET)
        await vault.put("slack-T2", "of another")
        assert await vault.load("slack-T1") == SECRET
        await vault.drop("slack-T1")
        await vault.drop("slack-T1")
        assert await vault.load("slack-T1") is None
        assert await vault.load("slack-T2") == "of another"


async def test_nothing_of_a_secret_lies_in_the_file(file: Path) -> None:
    """Neither as it is nor in base64; only the workspace's id can be read."""
    await put(file, OLD)
    there = on_disk(file)
    assert b"slack-T1" in there
    assert b"sesame" not in there
    assert not any(base64.b64encode(SECRET.encode())[skip : skip + 12] in there for skip in (0, 4))


async def test_lives_in_the_same_database_as_the_store(file: Path) -> None:
    """Both open it, at once and one after the other."""
    async with open_store(url_of(file), 30, today=TODAY) as store, opened(file, OLD) as vault:
        await vault.put("slack-T1", SECRET)
        await store.forget_community("slack-T1")
        assert await vault.load("slack-T1") == SECRET


async def test_a_new_key_takes_over_at_the_next_start(file: Path) -> None:
    """With the new key before the old one all is sealed anew; then the old one can go."""
    await put(file, OLD)
    before = raw(file, "SELECT sealed FROM installations")
    assert await load(file, NEW, OLD) == SECRET
    assert raw(file, "SELECT sealed FROM installations") != before
    assert await load(file, NEW) == SECRET
    with pytest.raises(ConfigError, match="THE_KEY"):
        await load(file, OLD)


async def test_what_is_sealed_with_the_newest_key_stays_as_it_is(file: Path) -> None:
    """A start without a new key writes nothing."""
    await put(file, OLD)
    before = raw(file, "SELECT sealed FROM installations")
    assert await load(file, OLD, OTHER) == SECRET
    assert raw(file, "SELECT sealed FROM installations") == before


async def test_keys_that_unseal_nothing_are_refused(file: Path) -> None:
    """The wrong key is said at the start, not by every workspace that gets no answer."""
    await put(file, OLD)
    with pytest.raises(ConfigError, match=r"no key in THE_KEY unseals any of the 1 workspaces"):
        await load(file, NEW)
    assert await load(file, OLD) == SECRET


async def test_one_that_no_key_unseals_leaves_the_others_alone(file: Path) -> None:
    """A damaged row, or one of a key that is gone, counts as a workspace without the app."""
    await put(file, OLD)
    raw(file, "INSERT INTO installations VALUES ('slack-T9', 'damaged')")
    assert await load(file, OLD) == SECRET
    assert await load(file, OLD, name="slack-T9") is None


async def test_a_row_cannot_be_passed_off_as_another_workspaces(file: Path) -> None:
    """Whoever can write the table, but has no key, gives nobody somebody else's token."""
    await put(file, OLD)
    await put(file, OLD, name="slack-T2")
    raw(file, "UPDATE installations SET sealed = (SELECT sealed FROM installations LIMIT 1)")
    assert [await load(file, OLD, name=name) for name in ("slack-T1", "slack-T2")].count(None) == 1


@pytest.mark.parametrize(
    "key",
    ["sesame", "", f"{OLD},", "ü" * 44, OLD[:-4], Fernet.generate_key().decode()[:-8]],
    ids=["word", "empty", "comma at the end", "not base64", "too short", "cut off"],
)
async def test_what_is_no_key_is_refused_with_how_to_make_one(file: Path, key: str) -> None:
    """The key itself is not repeated: refusals end up in logs."""
    with pytest.raises(ConfigError) as refused:
        await load(file, key)
    assert "THE_KEY holds something that is no key" in str(refused.value)
    assert "openssl rand -base64 32" in str(refused.value)
    assert not key or key not in str(refused.value)


async def test_a_database_that_is_gone_is_a_store_error(file: Path) -> None:
    """Like every other failure of the database."""
    async with opened(file, OLD) as vault:
        raw(file, "DROP TABLE installations")
        for call in (vault.load("x"), vault.put("x", "y"), vault.drop("x")):
            with pytest.raises(StoreError, match="no such table"):
                await call
