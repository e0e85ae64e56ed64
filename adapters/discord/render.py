"""Lays a Reply out for Discord: plain text for what must always arrive, embeds for the rest."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import discord

from adapters.discord import controls
from adapters.discord.controls import Item, Row
from adapters.discord.layout import (
    MAX_CONTENT,
    size,
    split,
    to_plain,
    to_sections,
    to_sources,
    unfolded,
)
from adapters.ids import Press, details_id, fits
from adapters.parts import ENTRIES, HELP_FIRST, can_be_judged, can_be_shared, is_overdue
from bot.domain import Reply, ReplyKind, Topic
from bot.responder import Responder

__all__ = ["COLOURS", "MAX_CONTENT", "Post", "Renderer", "size", "split"]

MAX_TITLE = 256
MAX_DESCRIPTION = 4096

COLOURS: Mapping[ReplyKind, int] = {
    ReplyKind.URGENT: 0xD64545,
    ReplyKind.CHECK: 0xE0A030,
    ReplyKind.ANSWER: 0x2E9C8F,
    ReplyKind.POLICY: 0x6C7FB0,
    ReplyKind.CHOICES: 0x4F8FCF,
    ReplyKind.FALLBACK: 0x8A8F98,
    ReplyKind.INFO: 0x4F8FCF,
}


@dataclass(frozen=True, slots=True)
class Post:
    """One message to send: plain text, an embed, controls, each of them possibly missing."""

    content: str = ""
    embed: discord.Embed | None = None
    items: tuple[Item, ...] = ()

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for discord.py's ways of sending; needs a running event loop."""
        found: dict[str, Any] = {}
        if self.content:
            found["content"] = self.content
        if self.embed is not None:
            found["embed"] = self.embed
        if self.items:
            view = discord.ui.View(timeout=None)
            for item in self.items:
                view.add_item(item)
            # A stopped view is only sent, not remembered: presses are told by their id alone,
            # and a view kept for every reply would fill the memory.
            view.stop()
            found["view"] = view
        return found


def _random_key() -> str:
    return secrets.token_hex(6)


class Renderer:
    """Lays out Replies for one community.

    Nothing is ever dropped. What a member must get is plain text: members can switch embeds off,
    servers can forbid them, and notifications do not show them.

    Args:
        responder: Gives the words of buttons, the countries and the choices.
        feedback: Whether answers carry the buttons that judge them.
        new_key: Makes the random key of a Reply, 12 hexadecimal digits.
    """

    def __init__(
        self,
        responder: Responder,
        *,
        feedback: bool = False,
        new_key: Callable[[], str] = _random_key,
    ) -> None:
        self._responder = responder
        self._words = responder.message
        self._feedback = feedback
        self._new_key = new_key

    def to_posts(
        self, reply: Reply, *, whole: bool = False, shareable: bool = False
    ) -> tuple[Post, ...]:
        """Return the messages that say `reply`: one, unless its content is larger than checked.

        Args:
            reply: What to say.
            whole: Show details and sources at once instead of behind a button.
            shareable: Offer to post it where others can read it.
        """
        posts = self._own(reply, whole=whole, shareable=shareable)
        if reply.follow is None:
            return posts
        return (*posts, *self.to_posts(reply.follow, whole=whole, shareable=shareable))

    def details(self, reply: Reply) -> tuple[Post, ...]:
        """Return the sections and sources of `reply` alone; all of it where it has none."""
        sections, sources = list(to_sections(reply)), "\n\n".join(to_sources(reply))
        if not (sections or sources):
            return self.to_posts(reply)
        heading = self._words("info.details_title")
        title = f"## {reply.title}\n-# {heading}" if reply.title else f"## {heading}"
        plain = split(unfolded([title, *sections]))
        return tuple(_joined(plain, _embeds(sources, reply.kind)))

    def topics(self, topics: tuple[Topic, ...], chosen: str | None = None) -> Post:
        """Return the topics to choose from and, if one is chosen, its entries."""
        row = controls.topic_row(topics, chosen, self._words)
        topic = next((topic for topic in topics if topic.id == chosen), None)
        if topic is None:
            title, text = self._words("browse.title"), self._words("browse.text")
            return Post(f"## {title}\n{text}", items=controls.lay_out([row]))
        text = self._words("browse.topic_text", about=topic.about)
        if not topic.entries:
            text = self._words("browse.empty")
        first, more = self._words("buttons.entries"), self._words("buttons.entries_more")
        rows = controls.pick_rows(topic.entries, first, more, controls.ROWS - 1)
        return Post(
            split(f"## {topic.title}\n{text}")[0],
            _left_over(topic, rows),
            controls.lay_out([row, *rows]),
        )

    def country_page(self, reply: Reply, page: int, *, shareable: bool = False) -> Post:
        """Return the card with its select of countries turned to `page`.

        Page 0 is the card as it was sent, so this is also what takes its place when another
        country was chosen.
        """
        return self._own(reply, shareable=shareable, page=page)[_place_of_controls(reply)]

    def reason_modal(self, press: Press) -> discord.ui.Modal:
        """Return the form that asks what is wrong; needs a running event loop."""
        return controls.reason_form(press, self._words)

    def _own(
        self,
        reply: Reply,
        *,
        whole: bool = False,
        shareable: bool = False,
        page: int = 0,
    ) -> tuple[Post, ...]:
        """Return the messages of `reply` without what follows it; one has the controls."""
        behind = not whole and _can_wait(reply)
        overdue = [line for line in reply.notes if is_overdue(line, self._words)]
        notes = [line for line in reply.notes if line not in overdue]
        sections = () if behind or reply.kind in HELP_FIRST else to_sections(reply)
        blocks = [*sections, "\n".join(notes), *(() if behind else to_sources(reply))]
        body = "\n\n".join(block for block in blocks if block)
        plain = split(to_plain(reply, overdue))
        posts = _joined(plain, _embeds(body, reply.kind))
        rows = self._rows(reply, detailed=behind, shareable=shareable, page=page)
        place = _place_of_controls(reply)
        posts[place] = replace(posts[place], items=controls.lay_out(rows))
        return tuple(posts)

    def _rows(self, reply: Reply, *, detailed: bool, shareable: bool, page: int) -> list[Row]:
        shareable = shareable and can_be_shared(reply)
        country = controls.country_row(reply, self._responder.countries(), page, self._words)
        actions = controls.action_row(reply, self._words, detailed=detailed, shareable=shareable)
        verdicts: Row = []
        if self._feedback and can_be_judged(reply):
            verdicts = controls.verdict_row(reply.entry or "", self._new_key(), self._words)
        room = controls.ROWS - sum(map(bool, (country, actions, verdicts)))
        if reply.kind is ReplyKind.CHOICES:
            return [*controls.choice_rows(reply.choices, self._words, room), country]
        related, more = self._words("buttons.related"), self._words("buttons.entries_more")
        picks = controls.pick_rows(reply.choices, related, more, room)
        return [country, actions, *picks, verdicts]


def _place_of_controls(reply: Reply) -> int:
    """Return which of its messages has the controls: the one with the numbers, else the last."""
    return 0 if reply.kind in HELP_FIRST else -1


def _can_wait(reply: Reply) -> bool:
    """Return whether there are details or sources, and a button can bring them."""
    if reply.entry is None or reply.kind not in ENTRIES:
        return False
    return bool(reply.details or reply.sources) and fits(details_id(reply.entry))


def _embeds(body: str, kind: ReplyKind) -> list[discord.Embed]:
    # All stands in the description: Discord renders small text ("-# ") there but not in fields.
    colour = COLOURS[kind]
    return [discord.Embed(description=part, colour=colour) for part in split(body, MAX_DESCRIPTION)]


def _joined(plain: Iterable[str], embeds: Iterable[discord.Embed]) -> list[Post]:
    """Return one message for each part; the first embed stands below the last plain text."""
    posts = [Post(content=part) for part in plain]
    for number, embed in enumerate(embeds):
        if number or not posts:
            posts.append(Post(embed=embed))
        else:
            posts[-1] = replace(posts[-1], embed=embed)
    return posts or [Post()]


def _left_over(topic: Topic, rows: list[Row]) -> discord.Embed | None:
    """Return the titles of `topic` for which its selects have no room, to be asked for by name."""
    lines = [f"- {choice.title}" for choice in topic.entries[len(rows) * controls.OPTIONS :]]
    parts = split("\n".join(lines), MAX_DESCRIPTION)
    return discord.Embed(description=parts[0]) if parts else None
