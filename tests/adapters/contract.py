"""What every adapter promises, whatever its platform: one list of checks that all of them pass."""

import re
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from bot.domain import Reply
from tests.adapters.replies import ANSWER, EVERY_REPLY, FALLBACK, TROUBLE
from tests.adapters.scripted import SECRET, ScriptedResponder

MARK = "qzxv"
ODD = {
    "markup": f"**{MARK}** [label](https://evil.example) `code` ||hidden|| ~gone~ <b>",
    "mentions": f"{MARK} @everyone @here <@1> <@&2> <#3> <!channel> <!here> <!subteam^S1>",
    "unseen": f"\u200b\u200c{MARK}\u2060\ufeff\u202e\u2066 reversed \u202c",
    "long": f"{MARK} " + "can i take this " * 370,
    "signs": f"{MARK} 🍄🍄🍄 \u0301\u0301\u0301 \ud7ff ﷽",
    "invite": f"{MARK} discord.gg/abc https://join.slack.com/t/x",
}


class Room(Protocol):
    """One conversation alone with the bot, on some platform.

    Attributes:
        responder: The stand-in for the engine behind it.
    """

    responder: ScriptedResponder

    async def ask(self, text: str) -> str:
        """Ask, and return all that the asker is shown, in the platform's own form."""
        ...

    async def pick(self, entry: str | None) -> str:
        """Use a choice of the last reply, or "none of these"; return what is shown then."""
        ...


async def shows_all_that_must_be_seen(room: Room) -> None:
    """Title, short answer, notes, choices and every help line of each kind of reply arrive."""
    for name, reply in EVERY_REPLY.items():
        shown = _bare(await room.ask(name))
        for part in _parts(reply):
            assert _bare(part) in shown, f"{name}: {part}"


async def shows_help_before_details(room: Room) -> None:
    """On an emergency card the numbers stand before everything but the first words."""
    shown = _bare(await room.ask("urgent"))
    card = EVERY_REPLY["urgent"]
    number = shown.index(_bare("999 or 112"))
    assert all(number < shown.index(_bare(section.heading)) for section in card.details)


async def leads_on_from_choices(room: Room) -> None:
    """A choice leads to its answer."""
    await room.ask("choices")
    assert _bare(ANSWER.title) in _bare(await room.pick("lithium"))


async def leads_on_when_no_choice_fits(room: Room) -> None:
    """The last choice, that none of them fits, leads to professional resources."""
    await room.ask("choices")
    shown = _bare(await room.pick(None))
    assert all(_bare(line.text) in shown for line in FALLBACK.help)


async def gives_the_resources_when_the_engine_breaks(room: Room) -> None:
    """Whatever breaks, the help lines arrive, and no log holds the question."""
    room.responder.broken = True
    with structlog.testing.capture_logs() as logs:
        shown = _bare(await room.ask(SECRET))
    assert all(_bare(line.text) in shown for line in TROUBLE.help)
    assert "sertraline" not in str(logs)


async def answers_odd_input_and_echoes_none_of_it(room: Room) -> None:
    """Markup, mentions, unseen signs and very long texts are answered like any question."""
    for name, text in ODD.items():
        shown = await room.ask(text)
        assert _bare(FALLBACK.title) in _bare(shown), name
        assert MARK not in shown, name
        assert "evil.example" not in shown, name


CONTRACT: tuple[Callable[[Room], Awaitable[None]], ...] = (
    shows_all_that_must_be_seen,
    shows_help_before_details,
    leads_on_from_choices,
    leads_on_when_no_choice_fits,
    gives_the_resources_when_the_engine_breaks,
    answers_odd_input_and_echoes_none_of_it,
)


def _parts(reply: Reply) -> list[str]:
    parts = [reply.title, reply.text, *reply.notes, *(line.text for line in reply.help)]
    parts += [choice.title for choice in reply.choices]
    return [part for part in parts if part] + (_parts(reply.follow) if reply.follow else [])


def _bare(text: str) -> str:
    """Return letters and digits alone: every platform has its own markup and escapes."""
    plain = re.sub(r"&(?:amp|lt|gt);", " ", text)
    plain = re.sub(r"https?://[^\s)|>]+", " ", plain)  # a link's address stands elsewhere
    return "".join(re.findall(r"\w", plain))
