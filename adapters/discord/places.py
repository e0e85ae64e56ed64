"""The ways a reply can reach somebody on Discord, each as one function that sends one message."""

import asyncio
import contextlib
import secrets
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import aiohttp
import discord
import structlog

from adapters.discord.convert import is_guest
from adapters.discord.render import MAX_CONTENT, Post, size

Send = Callable[[Post], Awaitable[None]]
# What a cut connection raises; whether the message arrived is then unknown.
_CUT = (aiohttp.ClientConnectionError, TimeoutError, OSError)
UNDELIVERED = (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError)
_UNKNOWN_INTERACTION = 10062
_ALREADY_ANSWERED = 40060
# Discord lets nobody reply where they may not read back.
_NO_REPLY_HERE = frozenset({160002, 160009})
_PAUSE_S = 0.2
log = structlog.get_logger()


def in_answer(interaction: discord.Interaction) -> Send:
    """Answer a command or a button, so that only the person who used it sees the answer.

    In a direct message with us the answer is an ordinary message: it is private anyway, and it
    is still there tomorrow. Where Discord no longer waits for the first answer, it goes by direct
    message instead.
    """
    hidden = is_hidden(interaction)

    async def send(post: Post) -> None:
        arguments = post.arguments()
        if interaction.response.is_done():
            # Should the first try have arrived after all, twice is better than not at all.
            await _twice(lambda: interaction.followup.send(ephemeral=hidden, **arguments))
            return
        try:
            await _twice(lambda: interaction.response.send_message(ephemeral=hidden, **arguments))
        except discord.HTTPException as error:
            if error.code != _UNKNOWN_INTERACTION:
                raise
            log.info("discord no longer waits, sending by direct message")
            await in_person(interaction.user)(post)

    return send


def is_hidden(interaction: discord.Interaction) -> bool:
    """Return whether the answer to `interaction` must be made visible to one person only."""
    return not interaction.context.dm_channel


def is_private(interaction: discord.Interaction) -> bool:
    """Return whether nobody else reads the message whose button was used."""
    seen_by_one = interaction.message is not None and interaction.message.flags.ephemeral
    return seen_by_one or bool(interaction.context.dm_channel)


def may_share(interaction: discord.Interaction) -> bool:
    """Return whether who sees an answer to `interaction` alone may have it posted there for all.

    Commands can be used in channels where their user may only read: we are no way round that.
    Where only a member brought us, sharing would answer the button, and Discord would show
    everyone whose it was.
    """
    if interaction.guild_id is None or is_guest(interaction):
        return False
    allowed = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    return allowed.send_messages_in_threads if in_thread else allowed.send_messages


async def edit(interaction: discord.Interaction, post: Post) -> None:
    """Put `post` in place of the message whose button was used."""
    whole: dict[str, Any] = {"content": None, "embed": None, "view": None, **post.arguments()}
    await _twice(lambda: interaction.response.edit_message(**whole))


def in_channel(message: discord.Message) -> Send:
    """Post where `message` was posted: as a reply to it where that can be, else plainly."""

    async def send(post: Post) -> None:
        arguments = {**post.arguments(), "nonce": secrets.token_hex(8)}
        if message.guild is not None:
            # Without the check the answer still appears when the question was taken back.
            arguments["reference"] = message.to_reference(fail_if_not_exists=False)
        # Discord posts what carries the same nonce once, so a second try can do no harm.
        try:
            await _twice(lambda: message.channel.send(**arguments))
        except discord.HTTPException as error:
            if error.code not in _NO_REPLY_HERE:
                raise
            del arguments["reference"]
            await _twice(lambda: message.channel.send(**arguments))

    return send


def in_person(user: discord.abc.Messageable) -> Send:
    """Send by direct message, which `user` may have switched off; or openly, to a channel."""

    async def send(post: Post) -> None:
        arguments = {**post.arguments(), "nonce": secrets.token_hex(8)}
        try:
            await _twice(lambda: user.send(**arguments))
        finally:
            _forget(user)

    return send


def noted(posts: Sequence[Post], note: str) -> tuple[Post, ...]:
    """Return `posts` with a small line below the words of the first, where nothing hides it."""
    small, first = f"-# {note}", posts[0]
    together = f"{first.content}\n{small}" if first.content else small
    if size(together) <= MAX_CONTENT:
        return (replace(first, content=together), *posts[1:])
    return (*posts, Post(small))


def first_that_works(first: Send, second: Send) -> Send:
    """Send by `first`; if that fails, by `second`, whose error is raised."""

    async def send(post: Post) -> None:
        try:
            await first(post)
        except UNDELIVERED as error:
            log.warning("discord delivery failed, trying another way", reason=reason(error))
            await second(post)

    return send


def is_late(error: BaseException) -> bool:
    """Return whether Discord no longer waits for this answer: too late, or already given."""
    if isinstance(error, discord.HTTPException):
        return error.code in {_UNKNOWN_INTERACTION, _ALREADY_ANSWERED}
    return isinstance(error, discord.InteractionResponded)


def reason(error: BaseException) -> str:
    """Return why something failed, in words that can hold nothing a member wrote."""
    code = f": {error.status}, {error.code}" if isinstance(error, discord.HTTPException) else ""
    return f"{type(error).__name__}{code}"


def last_line(error: BaseException) -> str:
    """Return the file and line where `error` was raised, or nothing."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def _forget(user: Any) -> None:
    """Let discord.py forget whose direct messages were opened; it would remember the last 128."""
    opened = getattr(user, "dm_channel", None)
    if opened is not None:
        user._state._remove_private_channel(opened)  # noqa: SLF001 - there is no public way


async def _twice(call: Callable[[], Awaitable[object]]) -> None:
    """Call again when the connection was cut: discord.py does so only for some systems' errors."""
    with contextlib.suppress(*_CUT):
        await call()
        return
    log.info("discord connection cut, trying once more")
    await asyncio.sleep(_PAUSE_S)
    try:
        await call()
    except discord.HTTPException as error:
        if error.code != _ALREADY_ANSWERED:  # then the first call had arrived after all
            raise
