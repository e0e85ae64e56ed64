"""Keeps other people's tokens so that whoever gets hold of the database cannot read them."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import ConfigError
from bot.store.address import explained
from bot.store.database import insert_into, open_engine
from bot.store.tables import installations

KEY = (
    "the key that seals the tokens of workspaces: 32 random bytes in base64, as "
    "`openssl rand -base64 32` makes them; or several with commas between, the newest first"
)
_columns = installations.c
_log = structlog.get_logger()


class SqlVault:
    """A Vault in the database of the store; made by `open_vault`."""

    def __init__(self, engine: AsyncEngine, keys: Sequence[Fernet]) -> None:
        self._engine = engine
        self._newest = keys[0]
        self._keys = MultiFernet(keys)
        self._one_writer = asyncio.Lock()

    async def put(self, name: str, secret: str) -> None:
        """Seal `secret` with the newest key and keep it under `name`, in place of the last one.

        Raises:
            StoreError: The database cannot be written.
        """
        sealed = self._seal(name, secret)
        with explained(self._engine.url, "written"):
            async with self._one_writer, self._engine.begin() as connection:
                new = insert_into(connection, installations).values(id=name, sealed=sealed)
                await connection.execute(
                    new.on_conflict_do_update(index_elements=[_columns.id], set_={"sealed": sealed})
                )

    async def load(self, name: str) -> str | None:
        """Return what is kept under `name`, or None if nothing is or no key unseals it.

        Raises:
            StoreError: The database cannot be read.
        """
        with explained(self._engine.url, "read"):
            async with self._engine.connect() as connection:
                wanted = select(_columns.sealed).where(_columns.id == name)
                sealed = (await connection.execute(wanted)).scalar_one_or_none()
        if sealed is None:
            return None
        secret = _unseal(self._keys, name, sealed)
        if secret is None:
            _log.error("what is kept of a workspace cannot be unsealed", workspace=name)
        return secret

    async def drop(self, name: str) -> None:
        """Delete what is kept under `name`, if anything is.

        Raises:
            StoreError: The database cannot be written.
        """
        with explained(self._engine.url, "written"):
            async with self._one_writer, self._engine.begin() as connection:
                await connection.execute(delete(installations).where(_columns.id == name))

    async def seal_anew(self) -> tuple[int, int, int]:
        """Seal with the newest key what an older one sealed.

        Returns:
            How many are kept in all, how many were sealed anew, and how many no key unseals.

        Raises:
            StoreError: The database cannot be read or written.
        """
        anew = lost = 0
        with explained(self._engine.url, "written"):
            async with self._one_writer, self._engine.begin() as connection:
                rows = (await connection.execute(select(_columns.id, _columns.sealed))).all()
                for name, sealed in rows:
                    if _unseal(self._newest, name, sealed) is not None:
                        continue
                    secret = _unseal(self._keys, name, sealed)
                    if secret is None:
                        lost += 1
                        continue
                    # Unless another process has changed it since.
                    same = _columns.id == name, _columns.sealed == sealed
                    new = self._seal(name, secret)
                    await connection.execute(update(installations).where(*same).values(sealed=new))
                    anew += 1
        return len(rows), anew, lost

    async def close(self) -> None:
        """Close every connection; safe to call twice."""
        await self._engine.dispose()

    def _seal(self, name: str, secret: str) -> str:
        """Seal the name too: else a row could be passed off as another workspace's."""
        return self._newest.encrypt(json.dumps([name, secret]).encode()).decode()


@asynccontextmanager
async def open_vault(url: str, keys: SecretStr, variable: str) -> AsyncIterator[SqlVault]:
    """Open the database at `url` and seal with the newest key what an older one sealed.

    Args:
        url: SQLAlchemy address (`store.url` of the settings).
        keys: The keys, the newest first, with commas between.
        variable: The environment variable that holds them, for errors.

    Raises:
        ConfigError: A key is no key, or none of them unseals anything that is kept.
        StoreError: The database cannot be opened.
    """
    known = _read_keys(keys, variable)
    vault = SqlVault(await open_engine(url), known)
    try:
        kept, anew, lost = await vault.seal_anew()
        if kept and lost == kept:
            raise ConfigError(
                f"no key in {variable} unseals any of the {kept} workspaces kept in the store; add "
                "the key they were sealed with, after the new one and a comma. If it is lost, "
                "empty the table `installations`: every workspace must then install the app anew"
            )
        if anew or lost:
            _log.info("workspaces sealed with the newest key", anew=anew, lost=lost)
        yield vault
    finally:
        await vault.close()


def _read_keys(keys: SecretStr, variable: str) -> list[Fernet]:
    try:
        return [Fernet(key.strip()) for key in keys.get_secret_value().split(",")]
    except ValueError:
        raise ConfigError(
            f"{variable} holds something that is no key; it must hold {KEY}"
        ) from None


def _unseal(keys: Fernet | MultiFernet, name: str, sealed: str) -> str | None:
    try:
        kept, secret = json.loads(keys.decrypt(sealed))
    except (InvalidToken, ValueError, TypeError):
        return None
    return str(secret) if kept == name else None
