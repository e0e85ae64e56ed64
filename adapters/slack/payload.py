"""Shows what a Reply is on the wire, for `handrail ask --platform slack`."""

from typing import Any

from adapters.slack.render import Renderer
from bot.domain import Reply
from bot.responder import Responder


def to_payloads(reply: Reply, responder: Responder) -> list[dict[str, Any]]:
    """Return the text and blocks of each message that answers a command."""
    posts = Renderer(responder).to_posts(reply, shareable=True)
    return [{"text": post.text, "blocks": list(post.blocks)} for post in posts]
