"""The fake Discord does to the real discord.py what Discord does, as far as its documents say."""

from collections.abc import AsyncIterator

import discord
import pytest

from tests.adapters.discord.rig_client import Echo, running, until
from tests.rigs.discord_faults import Fault, banned, broken, late, limited, refused, reset
from tests.rigs.discord_gateway import FakeDiscord
from tests.rigs.discord_interactions import NOTED, OPENED, SUGGESTED, UPDATED
from tests.rigs.discord_limits import (
    choices_refusal,
    command_refusals,
    modal_refusal,
    refusal,
)
from tests.rigs.discord_payloads import (
    ALICE,
    BOB,
    BOT,
    CHANNEL,
    DM_CHANNEL,
    GROUP_CHANNEL,
    LAID_OUT,
    MODERATOR,
    PRIVATE_CHANNEL,
    Payload,
    Person,
)

pytestmark = pytest.mark.wire
SENDS = ("POST", "/messages")


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """A fake Discord that discord.py takes for the real one."""
    async with FakeDiscord() as found:
        with found.redirected():
            yield found


@pytest.fixture
async def echo(fake: FakeDiscord) -> AsyncIterator[Echo]:
    """A bot that says everything back."""
    assert not fake.calls
    async with running() as found:
        yield found


# What members use -----------------------------------------------------------------------------


@pytest.mark.usefixtures("echo")
async def test_delivers_a_subcommand_with_its_options_and_rights(fake: FakeDiscord) -> None:
    """Groups nest, values keep their kind, and each person has their own rights and language."""
    told = await fake.command("admin entry disable", name="lithium", now=True, by=MODERATOR)
    assert told.shown[0]["content"] == "lithium True True en-GB"
    told = await fake.command("admin entry disable", name="x", now=False, by=BOB)
    assert told.shown[0]["content"] == "x False False de"
    with pytest.raises(AssertionError, match="needs more words"):
        await fake.command("admin entry")


@pytest.mark.usefixtures("echo")
async def test_takes_suggestions_for_what_is_half_typed(fake: FakeDiscord) -> None:
    """Autocomplete comes and goes as its own kind of interaction."""
    told = await fake.complete("ask", "question", "lith")
    assert told.kind == SUGGESTED
    assert told.choices == [{"name": "LITH", "value": "lith"}]
    fake.answer_within = 0.5
    too_long = await fake.complete("ask", "question", "x" * 101)
    assert too_long.refused == [50035]
    fake.answer_within = 0.0
    assert (await fake.complete("ask", "question", "lith")).refused == [10062]


@pytest.mark.usefixtures("echo")
async def test_shows_a_message_whole_to_a_message_command(fake: FakeDiscord) -> None:
    """Also where the bot may not read along."""
    said = await fake.say("between us", by=BOB)
    assert (await fake.use_on("Read this", said)).shown[0]["content"] == "read: between us"


@pytest.mark.usefixtures("echo")
async def test_takes_every_answer_to_buttons_selects_and_windows(fake: FakeDiscord) -> None:
    """Noted and then changed; changed at once; a window opened, filled in and answered."""
    board = (await fake.command("board")).shown[0]
    pressed = await fake.press(board, "change", by=BOB)
    await until(lambda: board["content"] == "changed")
    assert pressed.kind == NOTED
    chosen = await fake.choose(board, "country", "DE")
    assert (chosen.kind, board["content"]) == (UPDATED, "country ['DE']")
    opened = await fake.press(board, "why")
    assert opened.kind == OPENED
    with pytest.raises(AssertionError, match="old must be filled in"):
        await fake.submit(opened, {"why": "because"})
    sent = await fake.submit(opened, {"why": "because", "old": "way"})
    assert sent.shown[0]["content"] == "because/way"
    await fake.delete_message(board)
    fake.answer_within = 0.5
    assert (await fake.choose(board, "country", "GB")).refused == [10008]


async def test_follows_an_answer_through_its_changes(fake: FakeDiscord, echo: Echo) -> None:
    """The first message takes the place of "thinking ...", and what was deleted is gone."""
    told = await fake.command("later")
    await until(lambda: told.gone and echo.errors)
    assert [m["content"] for m in told.followups] == ["third"]
    assert all(m["flags"] for m in told.followups)
    assert echo.codes() == told.refused == [10008]


@pytest.mark.parametrize("channel", [PRIVATE_CHANNEL, GROUP_CHANNEL, "strange server"])
async def test_limits_what_follows_where_only_a_person_brought_the_bot(
    fake: FakeDiscord, echo: Echo, channel: str
) -> None:
    """Five messages after the answer, and none into the channel itself."""
    if channel == "strange server":
        channel = fake.add_guild(joined=False).channels[0]
    told = await fake.command("ask", question="q", times=8, at=channel, by=BOB)
    await until(lambda: echo.errors)
    assert len(told.followups) == 5
    assert echo.codes() == told.refused == [40094]
    (_, (interaction,)), *_ = [e for e in echo.events if e[0] == "interaction"]
    assert interaction.is_user_integration()
    assert not interaction.is_guild_integration()
    assert fake.barred(channel) == 50001


async def test_takes_one_answer_only_and_only_in_time(fake: FakeDiscord, echo: Echo) -> None:
    """The second answer is refused, and one after Discord has given up."""
    told = await fake.command("twice")
    await until(lambda: echo.errors)
    fake.answer_within = 0.0
    assert not (await fake.command("ask", question="q")).shown
    assert told.refused == [40060]
    assert echo.codes() == [40060, 10062]


# What is read and where may be written --------------------------------------------------------


async def test_leaves_no_words_to_who_was_not_called(fake: FakeDiscord, echo: Echo) -> None:
    """Mentions, replies that notify us and direct messages are read; nothing else is."""
    said = await fake.say(f"<@{BOT}> hello", mention=True)
    await until(fake.posted)
    ours = fake.posted()[0]
    answered = (await fake.command("ask", question="q")).shown[0]
    await fake.say("reply", reply_to=ours)
    await fake.say("quiet reply", reply_to=ours, ping=False)
    await fake.say("reply to an answer", reply_to=answered)
    await fake.say("reply to a person", reply_to=said)
    await fake.say("talk")
    await fake.say("direct", direct=True, by=BOB)
    await until(lambda: fake.told(BOB))
    assert echo.heard == [said["content"], "reply", "", "", "", "", "direct"]


async def test_leaves_the_words_to_who_may_read_them(fake: FakeDiscord) -> None:
    """The privileged intent is refused unless the application has it."""
    intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(intents=intents):
            pass
    fake.may_read = True
    async with running(intents=intents) as echo:
        await fake.say("talk")
        await until(lambda: echo.heard == ["talk"])
        assert echo.application_flags.gateway_message_content


@pytest.mark.parametrize("code", [10003, 50001, 50007, 50013])
async def test_refuses_a_message_where_the_bot_may_not_write(
    fake: FakeDiscord, echo: Echo, code: int
) -> None:
    """A channel that is gone, closed or read-only, and somebody who takes no messages."""
    place = DM_CHANNEL if code == 50007 else CHANNEL
    if code == 10003:
        fake.fail(late("POST", f"/channels/{CHANNEL}/messages", 0.1, works=False))
    elif code == 50007:
        fake.blocking.add(ALICE.id)
    else:
        fake.forbidden[CHANNEL] = code
    await fake.say("<@1> hello", mention=True, at=place)
    if code == 10003:
        await until(lambda: fake.called("POST", f"/channels/{CHANNEL}/messages"))
        await fake.delete_channel(CHANNEL)
    await until(lambda: echo.errors)
    assert echo.codes() == [code]


async def test_answers_no_message_that_is_gone(fake: FakeDiscord, echo: Echo) -> None:
    """Unless the reply says that it may stand alone."""
    channel = echo.get_partial_messageable(int(CHANNEL))
    question = await fake.say("hello")
    target = channel.get_partial_message(int(question["id"]))
    await fake.delete_message(question)
    with echo.noted():
        await channel.send("a", reference=target.to_reference())
    with echo.noted():
        await target.fetch()
    await channel.send("b", reference=target.to_reference(fail_if_not_exists=False))
    assert echo.codes() == [50035, 10008]
    assert [m["content"] for m in fake.posted()] == ["b"]


async def test_posts_once_for_one_nonce(fake: FakeDiscord, echo: Echo) -> None:
    """What was posted although the answer got lost is not posted again."""
    channel = echo.get_partial_messageable(int(CHANNEL))
    fake.fail(reset(*SENDS, works=True))
    with echo.noted():
        await channel.send("a", nonce=7)
    await channel.send("a", nonce=7)
    assert len(echo.errors) == len(fake.posted()) == 1


# What goes wrong with calls -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "arrives", "codes"),
    [
        (limited(*SENDS, 0.1), True, []),
        (limited(*SENDS, 0.1, everywhere=True), True, []),
        (broken(*SENDS, 500), True, []),
        (broken(*SENDS, 502), True, []),
        (late(*SENDS, 0.3), True, []),
        (banned(*SENDS), False, [0]),
        (refused(*SENDS, 50013), False, [50013]),
        (reset(*SENDS), False, []),
        (reset(*SENDS, works=True), True, []),
    ],
    ids=lambda value: f"{value.status} {value.body}"[:20] if isinstance(value, Fault) else "",
)
async def test_meets_a_call_with_a_fault(
    fake: FakeDiscord, echo: Echo, fault: Fault, *, arrives: bool, codes: list[int]
) -> None:
    """Waited out, tried again or raised, as discord.py does with the like of Discord's."""
    fake.fail(fault)
    await fake.say("hello", direct=True)
    await until(lambda: fake.posted(DM_CHANNEL) if arrives else echo.errors)
    assert bool(fake.posted(DM_CHANNEL)) is arrives
    assert not fake.faults
    assert echo.codes() == codes
    assert all(isinstance(e, OSError) for e in echo.errors) or codes


@pytest.mark.usefixtures("echo")
async def test_says_how_many_messages_a_channel_still_takes(fake: FakeDiscord) -> None:
    """discord.py waits by the headers, so that no limit is ever met."""
    fake.posts_allowed = (2, 0.3)
    for number in range(5):
        await fake.say(str(number), direct=True)
    await until(lambda: len(fake.posted(DM_CHANNEL)) == 5)
    posts = fake.called("POST", DM_CHANNEL)
    assert len(posts) == 5
    assert posts[-1].when - posts[0].when > 0.5


async def test_knows_whoever_has_done_something(fake: FakeDiscord, echo: Echo) -> None:
    """A member nobody has named before can be written to once they have asked."""
    newcomer = Person("4000000000000000099", "newcomer")
    assert newcomer.id not in fake.people
    await fake.command("ask", question="hello", by=newcomer)
    await (await echo.fetch_user(int(newcomer.id))).send("hello to you")
    assert [message["content"] for message in fake.told(newcomer)] == ["hello to you"]


# Limits ---------------------------------------------------------------------------------------


def row(*parts: Payload) -> Payload:
    """Return components in a row."""
    return {"type": 1, "components": [*parts]}


BUTTON = {"type": 2, "style": 1, "label": "a", "custom_id": "a"}
DISPLAY = {"type": 10, "content": "x" * 2001}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "empty message"),
        ({"content": "x" * 2001}, "content"),
        ({"embeds": [{"title": "x" * 257}]}, "embed"),
        ({"embeds": [{"description": "x" * 4000}] * 2}, "in all"),
        ({"embeds": [{"fields": [{"name": "", "value": "x"}]}]}, "field"),
        ({"components": [row(BUTTON), row(BUTTON)]}, "2 times"),
        ({"components": [row(*[BUTTON] * 6)]}, "too full"),
        ({"components": [row({**BUTTON, "label": "x" * 81})]}, "label"),
        ({"components": [row({"type": 3, "custom_id": "a", "options": []})]}, "none"),
        ({"components": [DISPLAY]}, "rows"),
        ({"components": [DISPLAY, DISPLAY], "flags": LAID_OUT}, "too long in all"),
        ({"components": [DISPLAY], "content": "x", "flags": LAID_OUT}, "alone"),
        ({"components": [DISPLAY], "flags": LAID_OUT}, None),
        ({"content": "x" * 2000, "components": [row(BUTTON)]}, None),
    ],
)
def test_refuses_messages_that_discord_refuses(body: Payload, words: str | None) -> None:
    """By the limits in Discord's documents."""
    found = refusal(body)
    assert found is None if words is None else words in (found or "")


def test_refuses_suggestions_windows_and_commands_that_discord_refuses() -> None:
    """By the limits in Discord's documents."""
    assert choices_refusal([{"name": "a", "value": "a"}] * 26)
    assert choices_refusal([{"name": "", "value": "a"}])
    assert not choices_refusal([{"name": "a", "value": "a"}] * 25)
    label = {"type": 18, "label": "a", "component": {"type": 4, "custom_id": "a"}}
    assert not modal_refusal({"title": "t", "custom_id": "c", "components": [label]})
    assert modal_refusal({"title": "t" * 46, "custom_id": "c", "components": [label]})
    good = {"name": "ask", "description": "d", "name_localizations": {"de": "frag"}}
    assert not command_refusals([good, {"name": "Read this", "type": 3}])
    wrong = {**good, "name": "faq", "description_localizations": {"xx": "d"}}
    assert [*command_refusals([good, wrong])] == ["1"]
    assert [*command_refusals([good, good])] == ["0", "1"]
    assert command_refusals([{"name": "Ask", "description": "d"}])["0"]["name"]
