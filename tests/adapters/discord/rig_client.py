"""A tiny bot of its own on the real discord.py, to show what the fake Discord does to a bot."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import discord
from discord import app_commands

from tests.rigs.discord_rest import TOKEN

STARTS_WITHIN = 15.0


class Echo(discord.Client):
    """Says back what reaches it, and notes every event by its name.

    Attributes:
        events: Names and arguments of what discord.py dispatched, in order.
        errors: What its calls met.
        heard: The words of every message that was delivered, its own left out.
    """

    def __init__(self, **options: Any) -> None:
        usual = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(**{"intents": usual, **options})
        self.events: list[tuple[str, tuple[Any, ...]]] = []
        self.errors: list[BaseException] = []
        self.heard: list[str] = []
        self.tree = build_tree(self)

    def times(self, name: str) -> int:
        """Return how often an event came."""
        return sum(event == name for event, _ in self.events)

    def codes(self) -> list[int]:
        """Return Discord's codes of what its calls met."""
        return [e.code for e in self.errors if isinstance(e, discord.HTTPException)]

    @contextlib.contextmanager
    def noted(self) -> Iterator[None]:
        """Note what goes wrong inside."""
        try:
            yield
        except (discord.DiscordException, OSError) as error:
            self.errors.append(error)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Note every event."""
        self.events.append((event, args))
        super().dispatch(event, *args, **kwargs)

    async def setup_hook(self) -> None:
        """Make the commands known."""
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        """Answer who calls us by `reply: ` and the words."""
        if message.author.bot:
            return
        self.heard.append(message.content)
        if message.content:
            with self.noted():
                await message.channel.send(f"reply: {message.content}"[:2000])

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer buttons and selects."""
        if interaction.type is not discord.InteractionType.component:
            return
        known: dict[str, Any] = dict(interaction.data or {})
        with self.noted():
            if known["custom_id"] == "change":
                await interaction.response.defer()
                await interaction.edit_original_response(content="changed")
            elif known["custom_id"] == "country":
                await interaction.response.edit_message(content=f"country {known['values']}")
            else:
                await interaction.response.send_modal(Feedback())


class ShardedEcho(Echo, discord.AutoShardedClient):
    """The same on several shards."""


class Feedback(discord.ui.Modal, title="Why?"):
    """A window with a labelled text and an old row."""

    why: discord.ui.Label[Any] = discord.ui.Label(
        text="Reason", component=discord.ui.TextInput(custom_id="why", required=False)
    )
    old: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Old", custom_id="old")

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Say back what was filled in."""
        assert isinstance(self.why.component, discord.ui.TextInput)
        await interaction.response.send_message(f"{self.why.component.value}/{self.old.value}")


def build_tree(echo: Echo) -> app_commands.CommandTree[Any]:
    """Return commands of every kind."""
    contexts = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
    tree: app_commands.CommandTree[Any] = app_commands.CommandTree(
        echo,
        allowed_contexts=contexts,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )

    @tree.command()
    async def ask(interaction: discord.Interaction, question: str, times: int = 1) -> None:
        """Ask."""
        with echo.noted():
            await interaction.response.send_message(f"{interaction.user.name}: {question}")
            for _ in range(times - 1):
                await interaction.followup.send("more", ephemeral=True)

    @ask.autocomplete("question")
    async def suggest(
        interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        return [app_commands.Choice(name=current.upper(), value=current)]

    @tree.command()
    async def later(interaction: discord.Interaction) -> None:
        """Answer after an acknowledgement."""
        with echo.noted():
            await interaction.response.defer(ephemeral=True, thinking=True)
            await interaction.edit_original_response(content="first")
            await interaction.edit_original_response(content="second")
            await interaction.followup.send("third", ephemeral=True)
            assert (await interaction.original_response()).content == "second"
            await interaction.delete_original_response()
            await interaction.edit_original_response(content="too late")

    @tree.command()
    async def twice(interaction: discord.Interaction) -> None:
        """Answer twice, behind the library's back."""
        with echo.noted():
            await interaction.response.send_message("once")
            interaction.response._response_type = None
            await interaction.response.send_message("twice")

    @tree.command()
    async def board(interaction: discord.Interaction) -> None:
        """Show a button, a select and a link to a window."""
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Change", custom_id="change"))
        view.add_item(discord.ui.Button(label="Why", custom_id="why"))
        options = [discord.SelectOption(label=name, value=name) for name in ("GB", "DE")]
        view.add_item(discord.ui.Select(custom_id="country", options=options))
        await interaction.response.send_message("board", view=view)
        view.stop()

    @tree.context_menu(name="Read this")
    async def read(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"read: {message.content}")

    tree.add_command(_admin())
    return tree


def _admin() -> app_commands.Group:
    admin = app_commands.Group(name="admin", description="For moderators.")
    entry = app_commands.Group(name="entry", description="One entry.", parent=admin)

    @entry.command()
    async def disable(interaction: discord.Interaction, name: str, *, now: bool) -> None:
        """Disable it."""
        may = interaction.permissions.manage_guild
        await interaction.response.send_message(f"{name} {now} {may} {interaction.locale}")

    return admin


@contextlib.asynccontextmanager
async def running(build: Callable[..., Echo] = Echo, **options: Any) -> AsyncIterator[Echo]:
    """Run the bot until the end of the block, from the moment that Discord has let it in."""
    logging.getLogger("discord").setLevel(logging.INFO)
    echo = build(**options)
    task = asyncio.create_task(echo.start(TOKEN))
    try:
        await until(lambda: echo.times("connect") or task.done(), STARTS_WITHIN)
        if task.done():
            task.result()
        yield echo
    finally:
        await echo.close()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, discord.DiscordException):
            await task


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until `condition` holds; fail the test when it does not within `seconds`."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the rig has no event for it
            await asyncio.sleep(0.01)
