"""Shows what a Reply is on the wire, for `handrail ask --platform discord`."""

import asyncio
from typing import Any

from discord.http import handle_message_parameters

from adapters.discord.render import Post, Renderer
from bot.domain import Reply
from bot.responder import Responder


def to_payloads(reply: Reply, responder: Responder) -> list[dict[str, Any]]:
    """Return the JSON body that discord.py would send for each message of an answered command."""
    return asyncio.run(_to_bodies(Renderer(responder).to_posts(reply, shareable=True)))


async def _to_bodies(posts: tuple[Post, ...]) -> list[dict[str, Any]]:
    bodies = []
    for post in posts:
        with handle_message_parameters(**post.arguments()) as parameters:
            bodies.append(dict(parameters.payload or {}))
    return bodies
