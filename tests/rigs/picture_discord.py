"""Draws what members see on Discord: `python -m tests.rigs.picture_discord` fills docs/pictures.

It needs Debian's chromium (`apt-get install chromium`) and, beside the development requirements,
`pip install "simcord[screenshot]"`. The renderer is a third party's, so the pictures show the
layout and not every detail of Discord.
"""

import asyncio
import importlib
from pathlib import Path
from typing import Any

import simcord
from pydantic import SecretStr

from adapters.discord.adapter import DiscordAdapter
from bot.domain import Question, Reply
from tests.adapters.scripted import ScriptedResponder
from tests.rigs.pictured import replies

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
PHONE_WIDTH, TALLEST = 430, 2400
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


class OneReply(ScriptedResponder):
    """Gives the same Reply to every question."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self._reply = reply

    async def respond(self, question: Question) -> Reply:
        """Return the Reply."""
        del question
        return self._reply


async def draw(question: str, reply: Reply, picture: Path) -> None:
    """Write what `reply` looks like below `question` on Discord to the PNG file `picture`."""
    adapter = DiscordAdapter(SecretStr("no-token"), OneReply(reply))
    async with simcord.run(adapter.open_client()) as env:
        env.backend.bot_user.name = "Handrail"
        guild = env.create_guild()
        channel = guild.create_text_channel("help")
        alice = guild.add_member(env.create_user("alice"))
        assert env.bot.user is not None
        await alice.send(channel, f"{env.bot.user.mention} {question}")
        answer = channel.last_message
        page = env.preview(channel, viewers=[alice], width=PHONE_WIDTH, height=TALLEST)
        async with page as preview:
            await preview.screenshot(picture, viewer=alice, target=answer)


def use_installed_browser() -> None:
    """Let Playwright start Debian's chromium; it would look for a browser of its own."""
    browser: Any = importlib.import_module("playwright.async_api").BrowserType
    launch = browser.launch

    async def launch_installed(self: Any, **options: Any) -> Any:
        return await launch(self, **{**options, "executable_path": CHROMIUM, "args": [*FLAGS]})

    browser.launch = launch_installed


def mend_renderer() -> None:
    """Teach the renderer two things that Discord does: small print in embeds, and blank lines."""
    markdown: Any = importlib.import_module("simcord.preview._markdown")
    markdown._FIELD_POLICIES["embed_description"]["subtext"] = True
    blocks = markdown._blocks

    def with_blank_lines(tokens: Any, policy: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for block in blocks(tokens, policy):
            if found and found[-1]["type"] == block["type"] == "paragraph":
                found.append({"type": "inline", "children": [{"type": "break"}]})
            found.append(block)
        return found

    markdown._blocks = with_blank_lines


def main() -> None:
    """Draw one answer, one emergency card and one choice."""
    use_installed_browser()
    mend_renderer()
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, (question, reply) in replies().items():
        asyncio.run(draw(question, reply, PICTURES / f"discord-{name}.png"))


if __name__ == "__main__":
    main()
