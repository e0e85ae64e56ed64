"""The Discord room with the real engine and the real `faq/` behind it."""

import pytest
import simcord
from pydantic import SecretStr

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.render import Renderer
from bot.bootstrap import build_engine
from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.domain import Library
from bot.service import Content, Service
from tests.adapters.discord.conftest import control, title, used, words
from tests.conftest import NOW


@pytest.fixture(scope="module")
def library() -> Library:
    """The real content."""
    return load_library(EMBEDDED_FAQ)[0]


@pytest.fixture(scope="module")
def service(library: Library) -> Service:
    """The real Service over the real engine, for an operator in the United Kingdom."""
    content = Content(build_engine(library, region="GB").responder, library)
    return Service(lambda: content, content, now=lambda: NOW, region="GB")


async def test_answers_from_the_faq(service: Service, library: Library) -> None:
    """A question typed on Discord gets the curated entry, with sources and help to be had."""
    async with simcord.run(DiscordAdapter(SecretStr("no-token"), service).open_client()) as env:
        channel = env.create_guild().create_text_channel("help")
        alice = env.guild.add_member(env.create_user("alice"))
        answer = used(await alice.slash(channel, "ask", question="can i microdose on lithium"))
        assert title(answer) == library.entries["lithium"].title
        assert "999" in words(answer)
        details = used(await alice.click(answer, custom_id="handrail:details:lithium"))
        assert "[1]" in words(details)
        related = used(await alice.select(answer, ["bipolar"], custom_id="handrail:pick"))
        assert title(related) == library.entries["bipolar"].title
        await alice.click(answer, custom_id=control(answer, "share:"))
        (shared,) = channel.history()
        assert title(shared) == title(answer)


async def test_suggests_from_the_first_letters(service: Service) -> None:
    """Half a word is enough; before anything is typed the pinned entries are there."""
    async with simcord.run(DiscordAdapter(SecretStr("no-token"), service).open_client()) as env:
        channel = env.create_guild().create_text_channel("help")
        alice = env.guild.add_member(env.create_user("alice"))
        offered = await alice.autocomplete(channel, "ask", "question", "lith")
        assert offered[0]["value"] == "#lithium"
        pinned = await alice.autocomplete(channel, "ask", "question", "")
        assert pinned[0]["value"] == "#emergency-medical"
        card = used(await alice.slash(channel, "ask", question="#emergency-medical"))
        assert "999" in card.content
        assert control(card, "country:")


@pytest.mark.parametrize("region", [None, "GB", "US"])
def test_shows_every_entry_in_one_message(
    service: Service, library: Library, region: str | None
) -> None:
    """Whatever passes the content checks fits into one message on Discord, and so do details."""
    responder = service.responder()
    renderer = Renderer(responder, feedback=True)
    for entry in library.entries:
        reply = responder.show(entry, region)
        assert len(renderer.to_posts(reply, shareable=True)) == 1
        assert len(renderer.details(reply)) == 1
