"""Settings in an SQL database: what a row holds, and that a damaged one stops nothing."""

from pathlib import Path

import pytest
import structlog

from bot.domain import CommunitySettings
from bot.store.sql import open_store
from tests.bot.store.files import TODAY, columns_of, raw, url_of

SETTINGS = CommunitySettings("GB", frozenset({"11"}), "13", frozenset({"kanna"}))


async def test_stores_what_moderators_chose_and_not_who_chose_it(file: Path) -> None:
    """A row is what PRIVACY.md says it is."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.put_settings("discord-1", SETTINGS)
    columns = {"id", "region", "help_channels", "alerts_channel", "disabled"}
    assert columns_of(file, "communities") == columns


@pytest.mark.parametrize(
    "damage",
    [
        "help_channels = ''",
        "help_channels = 'hush'",
        "help_channels = '\"hush\"'",
        "help_channels = '{\"hush\": 1}'",
        "help_channels = '[\"hush\", 7]'",
        "help_channels = '[null]'",
        f"disabled = '{'[' * 100_000}'",
        f"disabled = '[{'7' * 5_000}]'",
        "disabled = x'ff00'",
        "disabled = CAST(x'5b22ff' AS TEXT)",
        "region = x'4742'",
        "alerts_channel = x'ff'",
    ],
)
async def test_reads_the_defaults_for_a_damaged_row(file: Path, damage: str) -> None:
    """The others keep theirs, and the log says which community it is without what stands there."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        for community in ("discord-1", "discord-2"):
            await store.put_settings(community, SETTINGS)
        raw(file, f"UPDATE communities SET {damage} WHERE id = 'discord-1'")
        with structlog.testing.capture_logs() as logged:
            found = await store.load_settings()
    assert found == {"discord-1": CommunitySettings(), "discord-2": SETTINGS}
    assert logged == [
        {
            "event": "settings are damaged, the defaults hold",
            "log_level": "warning",
            "community": "discord-1",
        }
    ]


async def test_mends_a_damaged_row_with_the_next_choice(file: Path) -> None:
    """Choosing again is all that moderators need to do."""
    async with open_store(url_of(file), 30, today=TODAY) as store:
        await store.put_settings("discord-1", CommunitySettings())
        raw(file, "UPDATE communities SET disabled = 'hush'")
        await store.put_settings("discord-1", SETTINGS)
        assert await store.load_settings() == {"discord-1": SETTINGS}
