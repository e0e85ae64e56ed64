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
from adapters.slack import views
from adapters.slack.blocks import (
    MAX_BLOCKS,
    MAX_TEXT,
    Block,
    Piece,
    Post,
    actions,
    button,
    context,
    divider,
    fits,
    heading,
    row,
    sections,
    titled,
    to_pages,
)
from adapters.slack.controls import (
    FEEDBACK,
    country_select,
    entry_selects,
    feedback_buttons,
    topic_select,
)
from bot.domain import Choice, Reply, ReplyKind, Topic
from bot.responder import Responder

__all__ = ["FEEDBACK", "MAX_BLOCKS", "Post", "Renderer"]

HELP_FIRST = frozenset({ReplyKind.URGENT, ReplyKind.CHECK})
_ENTRIES = frozenset({ReplyKind.ANSWER, ReplyKind.POLICY})


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
        posts = to_pages(self._detail_pieces(reply))
        if len(posts) == 1:
            return posts[0]
        # Without blocks one message holds three times as much.
        return Post("\n\n".join(post.text for post in posts)[:MAX_TEXT])

    def details_view(self, reply: Reply) -> dict[str, Any]:
        """Return the same as a window over the conversation."""
        return views.details(self._detail_pieces(reply), self._words)

    def topics(self, topics: Sequence[Topic], chosen: str | None = None) -> Post:
        """Return the topics to choose from and, if one is chosen, its entries."""
        return to_pages(self._topic_pieces(topics, chosen))[0]

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
        found: Sequence[Choice] | None = None,
        moderator: bool = False,
    ) -> dict[str, Any]:
        """Return the App Home.

        Args:
            topics: What can be browsed.
            status: Lines on how Handrail is set up here.
            chosen: The topic whose entries are listed.
            found: What a search has found, or None when nothing was searched for.
            moderator: Offer what moderators can do.
        """
        shown = views.Shown(topics, chosen, found, status, moderator)
        return views.home(shown, self._words)

    def noted(self, posts: Sequence[Post], note: str) -> tuple[Post, ...]:
        """Return `posts` with a line in small print above the first."""
        (line,) = to_pages(context(note))
        first, *rest = posts
        if len(first.blocks) + len(line.blocks) > MAX_BLOCKS:
            return (line, *posts)
        blocks = (*line.blocks, *first.blocks) if first.blocks else ()
        return (Post(f"{line.text}\n\n{first.text}"[:MAX_TEXT], blocks), *rest)

    def _pieces(self, reply: Reply, *, whole: bool, shareable: bool) -> Iterator[Piece]:
        """Return the pieces of `reply` without what follows it."""
        controls = list(self._controls(reply, detailed=not whole, shareable=shareable))
        yield from heading(reply.title)
        if reply.kind in HELP_FIRST:
            first, _, rest = reply.text.partition("\n")
            yield from sections(first)
            yield from self._help(reply)
            yield from controls
            yield from sections(rest)
            yield from _details(reply)
            yield from context("\n".join(reply.notes))
            yield from _sources(reply)
            return
        overdue = [line for line in reply.notes if self._is_overdue(line)]
        notes = [line for line in reply.notes if line not in overdue]
        yield from sections("\n".join(f"⚠️ {line}" for line in overdue))
        yield from sections(reply.text)
        if whole or not _can_wait(reply):
            yield from _details(reply)
        yield from context("\n".join(notes))
        if whole or not _can_wait(reply):
            yield from _sources(reply)
        yield from self._help(reply)
        yield from controls

    def _help(self, reply: Reply) -> Iterator[Piece]:
        if reply.help:
            yield divider()
            lines = [f"- {line.text.removeprefix('- ')}" for line in reply.help]
            yield from sections(titled(reply.help_heading, lines))

    def _controls(self, reply: Reply, *, detailed: bool, shareable: bool) -> Iterator[Piece]:
        country: Block | None = None
        if reply.kind not in _ENTRIES and reply.help_kinds:
            country = country_select(reply, self._responder.countries(), self._words)
        if reply.kind is ReplyKind.CHOICES:
            yield from self._choices(reply)
            yield from actions(country)
            return
        judged = self._feedback and reply.kind in _ENTRIES and reply.entry
        key = self._new_key() if judged else ""
        yield from actions(
            country,
            self._details_button(reply) if detailed else None,
            self._share_button(reply) if shareable else None,
        )
        for related in entry_selects(reply.choices, self._words("buttons.related")):
            yield from actions(related)
        if judged:
            yield from self._verdicts(reply.entry or "", key)

    def _details_button(self, reply: Reply) -> Block | None:
        if not _can_wait(reply):
            return None
        return button(self._words("buttons.details"), details_id(reply.entry or ""), primary=True)

    def _share_button(self, reply: Reply) -> Block | None:
        if not reply.entry or reply.kind not in _ENTRIES | {ReplyKind.URGENT}:
            return None
        kinds = reply.help_kinds if reply.kind is ReplyKind.URGENT else ()
        return button(self._words("buttons.share"), share_id(reply.entry, kinds, reply.region))

    def _verdicts(self, entry: str, key: str) -> Iterator[Piece]:
        """Slack's own two buttons, and one for what they cannot say."""
        yield from feedback_buttons(entry, key, self._words)
        outdated = verdict_id("outdated", entry, key)
        yield from actions(button(self._words("slack.outdated"), outdated))

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
            yield from actions(topic_select(topics, None, self._words))
            return
        yield from heading(topic.title)
        about = self._words("browse.topic_text", about=topic.about)
        yield from sections(about if topic.entries else self._words("browse.empty"))
        yield from actions(topic_select(topics, chosen, self._words))
        for entries in entry_selects(topic.entries, self._words("buttons.entries")):
            yield from actions(entries)

    def _is_overdue(self, note: str) -> bool:
        """Return whether `note` says that an answer was due for a new check."""
        before, _, after = self._words("notes.overdue", review_by="\0").partition("\0")
        return bool(before) and note.startswith(before) and note.endswith(after.rstrip())


def _can_wait(reply: Reply) -> bool:
    """Return whether there are details or sources, and a button can bring them."""
    if reply.entry is None or reply.kind not in _ENTRIES:
        return False
    return bool(reply.details or reply.sources) and fits(details_id(reply.entry))


def _details(reply: Reply) -> Iterator[Piece]:
    for section in reply.details:
        yield from sections(titled(section.heading, [section.text]))


def _sources(reply: Reply) -> Iterator[Piece]:
    yield from context(titled(reply.sources_heading, reply.sources))
