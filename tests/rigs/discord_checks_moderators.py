"""Checks of the program on the wire: what moderators see and change, and members cannot."""

from tests.rigs.discord_checks_asking import (
    CARD,
    ENTRY,
    MENTION,
    QUESTION,
    URGENT,
    answers_a_direct_message,
)
from tests.rigs.discord_payloads import ALICE, BOB, CHANNEL, EPHEMERAL, GUILD, words_in
from tests.rigs.discord_stage import Stage, named, sentence, title_of


async def guards_what_moderators_may_do(stage: Stage) -> None:
    """Members learn nothing by the commands of moderators, and change nothing."""
    given = await stage.moderate("status")
    refused = await stage.moderate("status", by=BOB)
    assert sentence("admin.not_allowed") in words_in(refused.message)
    assert sentence("admin.not_allowed") not in words_in(given.message)
    assert all(message["flags"] & EPHEMERAL for message in (*given.shown, *refused.shown))
    await stage.moderate("disable", by=BOB, entry=ENTRY)
    assert await _answers(stage)
    (admin,) = [c for c in stage.fake.commands if c["name"] == sentence("commands.admin")]
    assert admin["default_member_permissions"] not in {None, "0"}


async def switches_an_answer_off_and_on(stage: Stage) -> None:
    """At once, on this server only, and over a restart."""
    elsewhere = stage.fake.add_guild().channels[0]
    await stage.moderate("disable", entry=ENTRY)
    assert not await _answers(stage)
    assert await _answers(stage, at=elsewhere)
    await stage.restart()
    assert not await _answers(stage)
    await stage.moderate("enable", entry=ENTRY)
    assert await _answers(stage)


async def forgets_a_server_that_sends_it_away(stage: Stage) -> None:
    """Invited again, it begins anew; an outage forgets nothing."""
    place = stage.fake.guilds[GUILD]
    await stage.moderate("disable", entry=ENTRY)
    await stage.fake.lose(place)
    await stage.fake.recover(place)
    assert not await _answers(stage)
    await stage.fake.remove(place)
    await stage.fake.invite(place)
    await stage.until(lambda: _answers(stage), "the forgotten answer", 5.0)


async def tells_moderators_of_a_card_and_of_nobody(stage: Stage) -> None:
    """That one was shown, and where; not what was written, nor by whom."""
    chosen = await stage.fake.create_channel(GUILD, "moderators")
    await stage.moderate("settings", "alerts", channel=chosen)
    before = len(stage.fake.posted(chosen))
    await stage.fake.say(f"{MENTION} {URGENT}", mention=True)
    alert = words_in(await stage.said(chosen, title_of(CARD), before))
    assert CHANNEL in alert
    assert not any(word in alert for word in (ALICE.id, ALICE.name, "wake", "acid"))
    await stage.fake.delete_channel(chosen)
    await stage.fake.say(f"{MENTION} {URGENT}", mention=True)
    await answers_a_direct_message(stage)
    await stage.moderate("settings", "alerts")


async def answers_every_command_of_moderators(stage: Stage) -> None:
    """Soon, and so that only who asked sees it."""
    for keys in ("status",), ("reload",), ("unanswered",), ("feedback",), ("settings", "show"):
        told = await stage.moderate(*keys)
        assert told.shown, f"{keys} was not answered ({told.refused})"
        assert all(message["flags"] & EPHEMERAL for message in told.shown)
    told = await stage.moderate("preview", entry=ENTRY)
    assert title_of(ENTRY) in words_in(told.message)


async def _answers(stage: Stage, at: str = CHANNEL) -> bool:
    """Ask, and return whether the entry came."""
    asked = await stage.fake.use("ask", {"question": QUESTION}, at=at)
    assert asked.shown
    return title_of(ENTRY) in words_in(asked.message)


MODERATORS = named(
    guards_what_moderators_may_do,
    answers_every_command_of_moderators,
    switches_an_answer_off_and_on,
    forgets_a_server_that_sends_it_away,
    tells_moderators_of_a_card_and_of_nobody,
)
