"""Shows what a Reply is on the wire, for `handrail ask --platform slack`."""

from typing import Any

from adapters.slack.render import Labels, to_posts
from bot.domain import Reply
from bot.responder import Responder


def to_payloads(reply: Reply, responder: Responder) -> list[dict[str, Any]]:
    """Return the arguments of `chat.postMessage`, without the channel, for each message."""
    labels = Labels(responder.message("slack.show"), responder.message("reply.none_of_these"))
    return [{"text": p.text, "blocks": list(p.blocks)} for p in to_posts(reply, labels)]
