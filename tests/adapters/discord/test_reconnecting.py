"""However often Discord was out of reach, we are back soon after it is."""

import discord
import pytest
from pydantic import SecretStr

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.reconnecting import FORGOTTEN_S, LONGEST_S, Pauses
from tests.adapters.scripted import ScriptedResponder, ScriptedService


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.time


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


@pytest.fixture
def pauses(clock: Clock) -> Pauses:
    """Pauses that are always as long as they may be."""
    return Pauses(clock, lambda _, most: most)


def test_waits_longer_after_every_failure_but_never_long(pauses: Pauses) -> None:
    """Doubled from two seconds on, up to a quarter of a minute, however often it fails."""
    assert [pauses.delay() for _ in range(5)] == [2, 4, 8, LONGEST_S, LONGEST_S]
    assert max(pauses.delay() for _ in range(10_000)) == LONGEST_S


@pytest.mark.parametrize(("passed", "pause"), [(FORGOTTEN_S, 8), (FORGOTTEN_S + 1, 2)])
def test_begins_anew_when_nothing_failed_for_a_while(
    pauses: Pauses, clock: Clock, passed: float, pause: float
) -> None:
    """What failed more than a minute ago says nothing about now."""
    pauses.delay()
    pauses.delay()
    clock.time += passed
    assert pauses.delay() == pause


def test_spreads_bots_that_were_cut_off_together() -> None:
    """Any moment from at once to the longest is as likely as any other."""
    drawn = [Pauses().delay() for _ in range(200)]
    assert all(0 <= pause <= 2 for pause in drawn)
    assert max(drawn) - min(drawn) > 1


async def test_discord_py_waits_by_them(responder: ScriptedResponder) -> None:
    """With one connection and with several."""
    DiscordAdapter(SecretStr("no-token"), ScriptedService(responder)).open_client()
    for module in (discord.client, discord.shard):
        assert vars(module)["ExponentialBackoff"] is Pauses
