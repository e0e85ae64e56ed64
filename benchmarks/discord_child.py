"""The process that `benchmarks.discord` measures: Handrail, or a bot that says one sentence.

Usage: python -m benchmarks.discord_child handrail|constant. The environment says where Discord is
(BENCH_REST, BENCH_GATEWAY), and where to write what each answer took (BENCH_SPENT), if anywhere.
It imports nothing of the fake Discord, so that its memory is the program's own.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import discord
import discord.gateway
import discord.http
import yarl
from discord import app_commands

CONSTANT = "Please ask somebody who knows you, and take your time."
SUGGESTED = 25
Call = Callable[..., Awaitable[Any]]
Wrap = Callable[[Any], Any]


@dataclass(slots=True)
class Spent:
    """Where the time for one answer went, in seconds.

    Attributes:
        interaction: What is answered.
        began: When our listener was called.
        engine: In the engine, from a question to its Reply.
        ours: From the call of our listener to our call of what sends; None until then.
    """

    interaction: int
    began: float
    engine: float = 0.0
    ours: float | None = None


_spent: ContextVar[Spent | None] = ContextVar("_spent", default=None)


class ConstantBot(discord.Client):
    """What discord.py itself costs: the same command, and nothing to think about."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.tree = app_commands.CommandTree(self)
        command: app_commands.Command[Any, ..., None] = app_commands.Command(
            name="ask", description="Ask.", callback=_say
        )
        command.autocomplete("question")(_suggest)
        self.tree.add_command(command)

    async def setup_hook(self) -> None:
        """Make the command known."""
        await self.tree.sync()


async def _say(interaction: discord.Interaction, question: str) -> None:
    del question
    await interaction.response.send_message(CONSTANT, ephemeral=True)


async def _suggest(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    del interaction, typed
    return [app_commands.Choice(name=f"{CONSTANT} {i}", value=str(i)) for i in range(SUGGESTED)]


def install(out: TextIO) -> None:
    """Let every answer write a line to `out`; the program's files stay as they are shipped."""
    from adapters.discord.listeners import Listeners  # noqa: PLC0415 - the other bot needs none
    from bot.responder import Responder  # noqa: PLC0415
    from bot.service import Service  # noqa: PLC0415

    for name in ("on_ask", "on_suggest"):
        _wrap(Listeners, name, _begun)
    _wrap(Service, "respond", _thought)
    _wrap(Responder, "suggest", _thought_at_once)
    for name in ("send_message", "autocomplete"):
        _wrap(discord.InteractionResponse, name, lambda call: _sent(call, out))


def _wrap(owner: type, name: str, wrap: Wrap) -> None:
    setattr(owner, name, wrap(getattr(owner, name)))


def _begun(call: Call) -> Call:
    async def begun(self: Any, interaction: discord.Interaction, text: str) -> Any:
        # Every interaction has a task and therefore a context of its own.
        _spent.set(Spent(interaction.id, time.perf_counter()))
        return await call(self, interaction, text)

    return begun


def _thought(call: Call) -> Call:
    async def thought(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return await call(*args, **kwargs)
        finally:
            _add(began)

    return thought


def _thought_at_once(call: Callable[..., Any]) -> Callable[..., Any]:
    def thought(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return call(*args, **kwargs)
        finally:
            _add(began)

    return thought


def _add(began: float) -> None:
    if spent := _spent.get():
        spent.engine += time.perf_counter() - began


def _sent(call: Call, out: TextIO) -> Call:
    async def sent(*args: Any, **kwargs: Any) -> Any:
        spent = _spent.get()
        first = spent is not None and spent.ours is None
        if spent is not None and first:
            spent.ours = time.perf_counter() - spent.began
        try:
            return await call(*args, **kwargs)
        finally:
            if spent is not None and first:  # only now, so that writing holds nothing up
                line = {"id": str(spent.interaction), "ours": spent.ours, "engine": spent.engine}
                out.write(json.dumps(line) + "\n")

    return sent


def main() -> None:
    """Run until the process is ended."""
    environ = os.environ
    discord.http.Route.BASE = environ["BENCH_REST"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(environ["BENCH_GATEWAY"])
    if sys.argv[1] == "constant":
        asyncio.run(ConstantBot().start(environ["DISCORD_TOKEN"]))
        return
    from bot import cli  # noqa: PLC0415 - the other bot needs none of it

    if path := environ.get("BENCH_SPENT"):
        with Path(path).open("a", buffering=1, encoding="utf-8") as out:
            install(out)
            _run(cli.main)
    else:
        _run(cli.main)


def _run(command: Callable[[], None]) -> None:
    sys.argv[1:] = ["run", "--config", "config.yaml"]
    command()


if __name__ == "__main__":
    main()
