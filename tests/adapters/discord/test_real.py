"""The Discord room with the real engine and the real `faq/` behind it."""

import pytest
import simcord
from pydantic import SecretStr

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.render import to_posts
from bot.bootstrap import Engine, build_engine
from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The real engine."""
    library, _ = load_library(EMBEDDED_FAQ)
    return build_engine(library)


async def test_answers_from_the_faq(engine: Engine) -> None:
    """A question typed on Discord gets the curated entry, sources and help included."""
    client = DiscordAdapter(SecretStr("no-token"), engine.responder, region="GB").open_client()
    async with simcord.run(client) as env:
        channel = env.create_guild().create_text_channel("help")
        alice = env.guild.add_member(env.create_user("alice"))
        result = await alice.slash(channel, "ask", question="can i microdose on lithium")
        assert result.response is not None
        (embed,) = result.response.embeds
        assert embed.title == engine.library.entries["lithium"].title
        assert "-# [1]" in (embed.description or "")
        assert "999" in (embed.description or "")
        related = await alice.click(result.response, custom_id="handrail:show:bipolar")
        assert related.response is not None
        assert related.response.embeds[0].title == engine.library.entries["bipolar"].title


@pytest.mark.parametrize("region", [None, "GB", "US"])
def test_shows_every_entry_in_one_message(engine: Engine, region: str | None) -> None:
    """Whatever passes the content checks fits into one message on Discord."""
    replies = [engine.responder.show(entry, region) for entry in engine.library.entries]
    assert all(len(to_posts(reply, "None of these")) == 1 for reply in replies)
