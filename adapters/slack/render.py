"""Lays a Reply out as Block Kit, with a plain fallback that says the same words."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from adapters.ids import (
    DECLINE,
    SHOW,
    Press,
    details_id,
    share_id,
    verdict_id,
)
from adapters.parts import ENTRIES, HELP_FIRST, can_be_judged, can_be_shared, is_overdue
from adapters.slack import views
from adapters.slack.blocks import (
    MAX_BLOCKS,
    Block,
    Piece,
    Post,
    actions,
    beside,
    button,
    context,
    divider,
    fits,
    heading,
    row,
    sections,
    titled,
    to_noted,
    to_page,
    to_pages,
)
from adapters.slack.controls import (
    FEEDBACK,
    country_select,
    entry_select,
    feedback_buttons,
    topic_select,
)
from bot.domain import Reply, ReplyKind, Topic
from bot.responder import Responder

__all__ = ["FEEDBACK", "MAX_BLOCKS", "Post", "Renderer"]


def _random_key() -> str:
    return secrets.token_hex(6)


class Renderer:
    """Lays out Replies for one community.

    Nothing is ever dropped: what one message cannot hold follows in the next.

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

        What follows a check is a message of its own, so that each can be replaced alone.

        Args:
            reply: What to say.
            whole: Show details and sources at once instead of behind a button.
            shareable: Offer to post it where others can read it.
        """
        posts = to_pages(self._pieces(reply, whole=whole, shareable=shareable))
        if reply.follow is None:
            return posts
        return (*posts, *self.to_posts(reply.follow, whole=whole, shareable=shareable))

    def details(self, reply: Reply) -> Post:
        """Return the sections and sources of `reply` alone; all of it where it has none."""
        return to_page(self._detail_pieces(reply))

    def details_view(self, reply: Reply) -> dict[str, Any]:
        """Return the same as a window over the conversation."""
        return views.details(self._detail_pieces(reply), self._words)

    def topics(self, topics: Sequence[Topic], chosen: str | None = None) -> Post:
        """Return the topics to choose from and, if one is chosen, its entries."""
        return to_page(self._topic_pieces(topics, chosen))

    def reason_view(self, press: Press, place: str) -> dict[str, Any]:
        """Return the window that asks what is wrong.

        Args:
            press: What was judged, and how; the view's `callback_id` says it again.
            place: Where to answer, as the view's `private_metadata`; it names no person.
        """
        return views.reason(press, place, self._words)

    def home(
        self,
        topics: Sequence[Topic],
        *,
        status: Sequence[str] = (),
        chosen: str | None = None,
        moderator: bool = False,
    ) -> dict[str, Any]:
        """Return the App Home.

        Args:
            topics: What can be browsed.
            status: Lines on how Handrail is set up here.
            chosen: The topic whose entries are listed.
            moderator: Offer what moderators can do.
        """
        shown = views.Shown(topics, chosen, status, moderator)
        return views.home(shown, self._words)

    def noted(self, posts: Sequence[Post], note: str) -> tuple[Post, ...]:
        """Return `posts` with a line in small print above the first."""
        first, *rest = posts
        return (*to_noted(context(note), first), *rest)

    def _pieces(self, reply: Reply, *, whole: bool, shareable: bool) -> Iterator[Piece]:
        """Return the pieces of `reply` without what follows it."""
        behind = not whole and _can_wait(reply)
        yield from heading(reply.title)
        yield from self._opening(reply)
        if not behind:
            yield from _details(reply)
        yield from context("\n".join(n for n in reply.notes if not is_overdue(n, self._words)))
        if not behind:
            yield from _sources(reply)
        if reply.kind not in HELP_FIRST:
            yield from self._help(reply)
        if reply.kind is ReplyKind.CHOICES:
            yield from self._choices(reply)
        else:
            yield from self._actions(reply, behind=behind, shareable=shareable)

    def _opening(self, reply: Reply) -> Iterator[Piece]:
        """Return the words; in danger the help lines stand right after the first of them."""
        overdue = [f"⚠️ {note}" for note in reply.notes if is_overdue(note, self._words)]
        yield from sections("\n".join(overdue))
        if reply.kind not in HELP_FIRST:
            yield from sections(reply.text)
            return
        first, _, rest = reply.text.partition("\n")
        yield from sections(first)
        yield from self._help(reply)
        yield from sections(rest)

    def _help(self, reply: Reply) -> Iterator[Piece]:
        if reply.help:
            yield divider()
            lines = [f"- {line.text.removeprefix('- ')}" for line in reply.help]
            yield from sections(titled(reply.help_heading, lines))
        countries = country_select(reply, self._responder.countries(), self._words)
        yield from beside(self._words("slack.country"), countries)

    def _actions(self, reply: Reply, *, behind: bool, shareable: bool) -> Iterator[Piece]:
        key = self._new_key() if self._feedback and can_be_judged(reply) else ""
        yield from actions(
            self._details_button(reply) if behind else None,
            self._share_button(reply) if shareable and can_be_shared(reply) else None,
            entry_select(reply.choices, self._words("buttons.related")),
            self._outdated_button(reply, key) if key else None,
            titles=[choice.title for choice in reply.choices],
        )
        if key:
            yield from feedback_buttons(reply.entry or "", key, self._words)

    def _details_button(self, reply: Reply) -> Block | None:
        return button(self._words("buttons.details"), details_id(reply.entry or ""), primary=True)

    def _share_button(self, reply: Reply) -> Block | None:
        kinds = reply.help_kinds if reply.kind is ReplyKind.URGENT else ()
        shared = share_id(reply.entry or "", kinds, reply.region)
        return button(self._words("buttons.share"), shared)

    def _outdated_button(self, reply: Reply, key: str) -> Block | None:
        """Return what Slack's own two buttons cannot say."""
        verdict = verdict_id("outdated", reply.entry or "", key)
        return button(self._words("slack.outdated"), verdict)

    def _choices(self, reply: Reply) -> Iterator[Piece]:
        """The choices are rows with whole titles, for Slack shortens the words on buttons."""
        show = self._words("slack.show")
        for choice in {choice.entry: choice for choice in reply.choices}.values():
            title = choice.title.strip() or choice.entry
            yield row(title, button(show, SHOW + choice.entry, aloud=title))
        yield from actions(button(self._words("reply.none_of_these"), DECLINE))

    def _detail_pieces(self, reply: Reply) -> Iterator[Piece]:
        if not (reply.details or reply.sources):
            yield from self._pieces(reply, whole=True, shareable=False)
            return
        yield from heading(reply.title)
        yield from _details(reply)
        yield from _sources(reply)

    def _topic_pieces(self, topics: Sequence[Topic], chosen: str | None) -> Iterator[Piece]:
        topic = next((topic for topic in topics if topic.id == chosen), None)
        if topic is None:
            yield from heading(self._words("browse.title"))
            yield from sections(self._words("browse.text"))
            titles = [one.title for one in topics]
            yield from actions(topic_select(topics, None, self._words), titles=titles)
            return
        yield from heading(topic.title)
        about = self._words("browse.topic_text", about=topic.about)
        yield from sections(about if topic.entries else self._words("browse.empty"))
        yield from actions(topic_select(topics, chosen, self._words))
        titles = [choice.title for choice in topic.entries]
        entries = entry_select(topic.entries, self._words("buttons.entries"))
        yield from actions(entries, titles=titles)


def _can_wait(reply: Reply) -> bool:
    """Return whether there are details or sources, and a button can bring them."""
    if reply.entry is None or reply.kind not in ENTRIES:
        return False
    return bool(reply.details or reply.sources) and fits(details_id(reply.entry))


def _details(reply: Reply) -> Iterator[Piece]:
    for section in reply.details:
        yield from sections(titled(section.heading, [section.text]))


def _sources(reply: Reply) -> Iterator[Piece]:
    yield from context(titled(reply.sources_heading, reply.sources))
