"""Draws what members see on Discord: `python -m tests.rigs.picture_discord` fills docs/pictures.

It needs Debian's chromium (`apt-get install chromium`) and, beside the development requirements,
`pip install "simcord[screenshot]"`. The renderer is a third party's, so the pictures show the
layout and not every detail of Discord.
"""

import asyncio
import importlib
import io
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord
from discord import app_commands

from adapters.discord.places import noted
from adapters.discord.render import Post, Renderer
from adapters.ids import Press
from tests.rigs.pictured import every_reply, responder
from tests.rigs.pictured_v2 import to_layout

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
PHONE_WIDTH, TALLEST = 430, 2400
COLOURS = 128
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
RENDERER = Renderer(responder(), feedback=True, new_key=lambda: "0123456789ab")
Interaction = discord.Interaction[Any]
Act = Callable[[Interaction], Awaitable[None]]


class Performer(discord.Client):
    """Answers its one command as it is told."""

    def __init__(self, command: str, act: Act) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)

        async def perform(interaction: Interaction) -> None:
            await act(interaction)

        self.tree.add_command(app_commands.Command(name=command, description="-", callback=perform))

    async def setup_hook(self) -> None:
        """Make the command known."""
        await self.tree.sync()


@dataclass(frozen=True)
class Scene:
    """One picture: a command, and what answers it, message by message.

    Attributes:
        acts: Each answers the command; they are drawn one below the other.
    """

    acts: tuple[Act, ...]
    command: str = "ask"


def say(post: Post, *, hidden: bool = True) -> Act:
    """Return the act of sending `post`, by default so that only the asker sees it."""

    async def act(interaction: Interaction) -> None:
        await interaction.response.send_message(ephemeral=hidden, **post.arguments())

    return act


def lay_out(posts: Sequence[Post]) -> Act:
    """Return the act of sending the same words with Components v2."""

    async def act(interaction: Interaction) -> None:
        await interaction.response.send_message(ephemeral=True, view=to_layout(posts))

    return act


async def ask_why(interaction: Interaction) -> None:
    """Open the form that asks what is wrong."""
    press = Press("verdict", entry="lithium", verdict="wrong", key="0123456789ab")
    await interaction.response.send_modal(RENDERER.reason_modal(press))


def scenes() -> dict[str, Scene]:
    """Return every picture by its name."""
    known = every_reply()
    found = {}
    for name, (_, reply) in known.items():
        posts = RENDERER.to_posts(reply, shareable=True)
        command = "resources" if name == "resources" else "ask"
        found[name] = Scene(tuple(say(post) for post in posts), command)
    answer, urgent = known["answer"][1], known["urgent"][1]
    note = responder().message("share.shared_note")
    shared = noted(RENDERER.to_posts(answer), note)
    topics = RENDERER.topics(responder().topics(), "contraindications")
    return {
        **found,
        "details": Scene(tuple(say(post) for post in RENDERER.details(answer))),
        "shared": Scene(tuple(say(post, hidden=False) for post in shared)),
        "topics": Scene((say(topics),), "faq"),
        "feedback": Scene((ask_why,)),
        "v2-answer": Scene((lay_out(RENDERER.to_posts(answer, shareable=True)),)),
        "v2-urgent": Scene((lay_out(RENDERER.to_posts(urgent, shareable=True)),)),
    }


async def photograph(command: str, act: Act) -> bytes:
    """Return the PNG of one message, as the asker's phone shows it."""
    async with simcord.run(Performer(command, act)) as env:
        env.backend.bot_user.name = "Handrail"
        channel = env.create_guild().create_text_channel("help")
        alice = env.guild.add_member(env.create_user("alice"))
        result = await alice.slash(channel, command)
        page = env.preview(
            channel,
            viewers=[alice],
            width=PHONE_WIDTH,
            height=TALLEST,
        )
        async with page as preview:
            taken = await preview.screenshot(viewer=alice, target=result)
            return bytes(taken.png or b"")


def join(pictures: Sequence[bytes], path: Path) -> None:
    """Write the pictures one below the other into one small PNG file."""
    image: Any = importlib.import_module("PIL.Image")
    parts = [image.open(io.BytesIO(png)).convert("RGB") for png in pictures]
    width, height = max(part.width for part in parts), sum(part.height for part in parts)
    whole, top = image.new("RGB", (width, height)), 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    whole.quantize(COLOURS).save(path, optimize=True)


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
    """Draw a reply of every kind, and two of them laid out with Components v2."""
    use_installed_browser()
    mend_renderer()
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, scene in scenes().items():
        pictures = [asyncio.run(photograph(scene.command, act)) for act in scene.acts]
        join(pictures, PICTURES / f"discord-{name}.png")


if __name__ == "__main__":
    main()
