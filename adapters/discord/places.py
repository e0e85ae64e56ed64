"""The ways a reply can reach somebody on Discord, each as one function that sends one message."""

import traceback
from collections.abc import Awaitable, Callable

import aiohttp
import discord
import structlog

from adapters.discord.render import Post

Send = Callable[[Post], Awaitable[None]]
UNDELIVERED = (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError)
_UNKNOWN_INTERACTION = 10062
_ALREADY_ANSWERED = 40060
log = structlog.get_logger()


def in_answer(interaction: discord.Interaction) -> Send:
    """Answer a command or a button, so that only the person who used it sees the answer.

    In a direct message with us the answer is an ordinary message: it is private anyway, and it
    is still there tomorrow.
    """
    hidden = is_hidden(interaction)

    async def send(post: Post) -> None:
        if interaction.response.is_done():
            await interaction.followup.send(ephemeral=hidden, **post.arguments())
        else:
            await interaction.response.send_message(ephemeral=hidden, **post.arguments())

    return send


def is_hidden(interaction: discord.Interaction) -> bool:
    """Return whether the answer to `interaction` must be made visible to one person only."""
    return not interaction.context.dm_channel


def in_channel(message: discord.Message) -> Send:
    """Post where `message` was posted: as a reply to it, or plainly in a direct message."""

    async def send(post: Post) -> None:
        if message.guild is None:
            await message.channel.send(**post.arguments())
        else:
            # Without the check the answer still appears when the question was taken back.
            target = message.to_reference(fail_if_not_exists=False)
            await message.channel.send(reference=target, **post.arguments())

    return send


def in_person(user: discord.User | discord.Member) -> Send:
    """Send by direct message, which `user` may have switched off."""

    async def send(post: Post) -> None:
        await user.send(**post.arguments())

    return send


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
