"""The Discord room on the wire: the real discord.py against a fake Discord on the loopback."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable

import pytest
import structlog
from pydantic import SecretStr

from adapters.discord.adapter import DiscordAdapter
from bot.errors import AdapterError
from tests.adapters.replies import ANSWER, CHECK, CHOICES, FALLBACK, TROUBLE, URGENT
from tests.adapters.scripted import SECRET, ScriptedResponder, ScriptedService
from tests.fakes import MemoryStore
from tests.rigs.discord_faults import Fault
from tests.rigs.discord_gateway import FakeDiscord
from tests.rigs.discord_interactions import ANSWERED
from tests.rigs.discord_payloads import DM_CHANNEL, EPHEMERAL, Payload
from tests.rigs.discord_rest import TOKEN

pytestmark = pytest.mark.wire

STOPS_WITHIN = 2.0
LITHIUM = "handrail:show:lithium"


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    """A fake Discord that discord.py takes for the real one."""
    async with FakeDiscord() as discord:
        with discord.redirected():
            yield discord


@pytest.fixture
async def running(
    discord: FakeDiscord, responder: ScriptedResponder
) -> AsyncIterator[DiscordAdapter]:
    """An adapter that Discord has let in."""
    assert not discord.calls
    async with served(responder) as adapter:
        yield adapter


def build_adapter(
    responder: ScriptedResponder, token: str = TOKEN, patience: float = 30.0
) -> DiscordAdapter:
    """Return an adapter that does not wait long between attempts."""
    service = ScriptedService(responder, store=MemoryStore())
    return DiscordAdapter(SecretStr(token), service, patience=patience, first_pause=0.01)


@contextlib.asynccontextmanager
async def served(responder: ScriptedResponder) -> AsyncIterator[DiscordAdapter]:
    """Run an adapter until the end of the block."""
    adapter = build_adapter(responder)
    task = asyncio.create_task(adapter.run())
    try:
        await until(lambda: adapter.ready or task.done())
        yield adapter
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until `condition` holds; fail the test when it does not within `seconds`."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the rig has no event for it
            await asyncio.sleep(0.01)


def title(message: Payload | None) -> str | None:
    """Return the heading of a message, in its text or its embed, or nothing."""
    if message is None:
        return None
    first = message["content"].partition("\n")[0]
    if first.startswith("## "):
        return str(first.removeprefix("## "))
    return message["embeds"][0].get("title") if message["embeds"] else None


@pytest.mark.usefixtures("running")
async def test_answers_in_every_way(discord: FakeDiscord, responder: ScriptedResponder) -> None:
    """Command, press, mention and direct message reach us and are answered as they should be."""
    asked = await discord.command("ask", question="choices")
    assert asked.kind == ANSWERED
    assert asked.message is not None
    assert asked.message["flags"] & EPHEMERAL
    assert title(asked.message) == CHOICES.title

    pressed = await discord.press(asked.message, LITHIUM)
    assert title(pressed.message) == ANSWER.title
    declined = await discord.press(asked.message, "handrail:decline")
    assert title(declined.message) == FALLBACK.title

    question = await discord.say("<@1000000000000000001> answer", mention=True)
    await until(discord.posted)
    (answer,) = discord.posted()
    assert title(answer) == ANSWER.title
    assert answer["message_reference"]["message_id"] == question["id"]

    await discord.say("answer", direct=True)
    await until(lambda: discord.posted(DM_CHANNEL))
    assert title(discord.posted(DM_CHANNEL)[0]) == ANSWER.title
    assert responder.regions == ["GB", "GB", "GB", None, None]


@pytest.mark.usefixtures("running")
async def test_sends_an_urgent_card_by_direct_message_too(discord: FakeDiscord) -> None:
    """The card stands where the question was asked, and where the member finds it again."""
    await discord.say("<@1000000000000000001> urgent", mention=True)
    await until(lambda: discord.posted(DM_CHANNEL))
    for place in (discord.posted(), discord.posted(DM_CHANNEL)):
        assert URGENT.title in place[0]["content"]


@pytest.mark.usefixtures("running")
async def test_sends_both_parts_of_a_soft_check(discord: FakeDiscord) -> None:
    """The card comes first, the answer follows it, both for one person."""
    asked = await discord.command("ask", question="check")
    await until(lambda: asked.followups)
    assert asked.message is not None
    assert CHECK.title in asked.message["content"]
    assert title(asked.followups[0]) == ANSWER.title
    assert asked.followups[0]["flags"] & EPHEMERAL


@pytest.mark.usefixtures("running")
async def test_sends_an_answer_that_comes_too_late_by_direct_message(
    discord: FakeDiscord, responder: ScriptedResponder
) -> None:
    """Discord waits three seconds, here less; what it no longer takes is not lost."""
    discord.answer_within = 0.2
    responder.delay = 0.4
    asked = await discord.command("ask", question="answer")
    await until(lambda: discord.posted(DM_CHANNEL))
    assert asked.message is None
    assert title(discord.posted(DM_CHANNEL)[0]) == ANSWER.title


@pytest.mark.usefixtures("running")
async def test_gives_the_resources_when_discord_refuses_the_answer(discord: FakeDiscord) -> None:
    """Should Discord find fault with an answer, the member still gets the numbers."""
    body = {"code": 50035, "message": "Invalid Form Body"}
    discord.faults.append(Fault("POST", "/callback", 400, body))
    asked = await discord.command("ask", question="answer")
    assert title(asked.message) == TROUBLE.title


@pytest.mark.usefixtures("running")
async def test_sees_no_talk_among_members(
    discord: FakeDiscord, responder: ScriptedResponder
) -> None:
    """Without the privileged intent Discord blanks what does not call us, and we pass it over."""
    await discord.say("answer")
    await discord.say("answer", direct=True)
    await until(lambda: discord.posted(DM_CHANNEL))
    assert len(responder.asked) == 1
    assert not discord.posted()


async def test_logs_no_word_of_a_member(
    discord: FakeDiscord, responder: ScriptedResponder, caplog: pytest.LogCaptureFixture
) -> None:
    """Even at its most talkative the library writes down nothing that members wrote."""
    caplog.set_level("DEBUG")
    with structlog.testing.capture_logs() as logs:
        async with served(responder):
            await discord.command("ask", question=SECRET)
            responder.broken = True
            await discord.say(SECRET, direct=True)
            await until(lambda: discord.posted(DM_CHANNEL))
    everything = f"{caplog.text}{logs}"
    assert "discord" in everything
    assert "sertraline" not in everything
    assert "4000000000000000001" not in everything


async def test_resumes_when_the_connection_is_cut(
    discord: FakeDiscord, running: DiscordAdapter
) -> None:
    """A cut connection is taken up again, and what was asked meanwhile is answered."""
    discord.cut()
    await discord.say("answer", direct=True)
    await until(lambda: discord.resumed and discord.posted(DM_CHANNEL))
    assert discord.identified == 1
    assert title(discord.posted(DM_CHANNEL)[0]) == ANSWER.title
    assert running.ready


async def test_is_not_ready_while_the_connection_is_cut(
    discord: FakeDiscord, running: DiscordAdapter
) -> None:
    """Whoever asks for our health learns that questions do not reach us."""
    discord.refuse_handshakes = 1
    discord.cut()
    await until(lambda: not running.ready)
    await until(lambda: running.ready)


async def test_tries_again_when_the_first_handshakes_are_refused(
    discord: FakeDiscord, responder: ScriptedResponder
) -> None:
    """discord.py alone would die of an AttributeError here."""
    discord.refuse_handshakes = 2
    async with served(responder) as adapter:
        assert adapter.ready
        asked = await discord.command("ask", question="answer")
        assert title(asked.message) == ANSWER.title


async def test_gives_up_when_discord_stays_out_of_reach(
    discord: FakeDiscord, responder: ScriptedResponder
) -> None:
    """After the time it was given it ends with an error that says what to look at."""
    discord.refuse_handshakes = 1_000
    with pytest.raises(AdapterError, match=r"out of reach.*discordstatus\.com"):
        await build_adapter(responder, patience=1.0).run()


async def test_gives_up_when_nobody_listens(responder: ScriptedResponder) -> None:
    """A refused connection is no different from a refused handshake."""
    async with FakeDiscord() as gone:
        pass
    with gone.redirected(), pytest.raises(AdapterError, match="out of reach"):
        await build_adapter(responder, patience=0.3).run()


async def test_ends_with_the_variable_to_mend_when_the_token_is_wrong(
    discord: FakeDiscord, responder: ScriptedResponder
) -> None:
    """The operator learns which variable holds the wrong token and where to get the right one."""
    adapter = build_adapter(responder, token="wrong")
    with pytest.raises(AdapterError, match=r"DISCORD_TOKEN.*developers/applications") as caught:
        await adapter.run()
    assert "wrong" not in str(caught.value)
    assert not discord.identified
    assert not adapter.ready


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (4004, r"DISCORD_TOKEN.*developers/applications"),
        (4011, r"2,500 servers"),
        (4012, r"code 4012.*update Handrail"),
        (4014, r"intents.*developers/applications"),
    ],
)
async def test_says_what_to_do_when_discord_turns_us_away(
    discord: FakeDiscord, responder: ScriptedResponder, code: int, said: str
) -> None:
    """A refusal that no new attempt can change ends at once, with what the operator can do."""
    discord.refuse_with = code
    with pytest.raises(AdapterError, match=said):
        await build_adapter(responder).run()


async def test_ends_with_the_words_to_mend_when_the_command_is_refused(
    discord: FakeDiscord, responder: ScriptedResponder
) -> None:
    """What Discord does not accept comes from `faq/messages.yaml`, and the error says so."""
    wrong = {"0": {"description": {"_errors": [{"code": "X", "message": "too long"}]}}}
    body = {"code": 50035, "message": "Invalid Form Body", "errors": wrong}
    discord.faults.append(Fault("PUT", "/commands", 400, body))
    with pytest.raises(AdapterError, match=r"faq/messages\.yaml(.|\n)*too long"):
        await build_adapter(responder).run()


@pytest.mark.parametrize("deaf", [False, True], ids=["goodbye answered", "goodbye unheard"])
async def test_stops_quickly(
    discord: FakeDiscord, responder: ScriptedResponder, *, deaf: bool
) -> None:
    """Cancelled, it ends in time for Docker, and a reply under way still arrives."""
    discord.deaf = deaf
    responder.delay = 0.4
    adapter = build_adapter(responder)
    task = asyncio.create_task(adapter.run())
    await until(lambda: adapter.ready)
    await discord.say("answer", direct=True)
    await until(lambda: responder.asked)
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < STOPS_WITHIN
    assert title(discord.posted(DM_CHANNEL)[0]) == ANSWER.title
    assert not adapter.ready
