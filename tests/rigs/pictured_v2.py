"""The same words with Components v2, to compare; `adapters/README.md` says why it is not used."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from discord import ui

from adapters.discord.render import COLOURS, Post
from bot.domain import ReplyKind


def to_layout(posts: Sequence[Post]) -> ui.LayoutView:
    """Return one message that holds the words and the controls of `posts`."""
    embed = posts[0].embed
    colour = embed.colour if embed is not None else COLOURS[ReplyKind.URGENT]
    box: ui.Container[Any] = ui.Container(accent_colour=colour)
    for post in posts:
        for number, part in enumerate(_parts(post)):
            if number:
                box.add_item(ui.Separator())
            box.add_item(ui.TextDisplay(part))
        for _, row in groupby(post.items, key=lambda item: item.row):
            box.add_item(ui.ActionRow(*(_free(item) for item in row)))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    view.stop()
    return view


def _parts(post: Post) -> Iterator[str]:
    yield post.content
    if post.embed is not None and post.embed.description:
        yield post.embed.description


def _free(item: Any) -> Any:
    item.row = None
    return item
