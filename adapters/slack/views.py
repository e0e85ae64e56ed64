"""Makes Slack's windows: details over a conversation, the form for a reason, the App Home."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.ids import Press, reason_id
from adapters.parts import Words
from adapters.slack.blocks import (
    MAX_PLACEHOLDER,
    Piece,
    actions,
    button,
    clip,
    context,
    divider,
    heading,
    plain_text,
    sections,
    titled,
    to_view_blocks,
)
from adapters.slack.controls import entry_select, topic_select
from bot.domain import Topic

SEARCH = "handrail:search"
RESOURCES = "handrail:resources"
PRIVACY = "handrail:privacy"
HELP = "handrail:help"
MODERATE = "handrail:moderate"
REASON = "reason"
_TITLE, _REASON_LENGTH = 24, 500

View = dict[str, Any]


def details(pieces: Iterable[Piece], words: Words) -> View:
    """Return the window that shows `pieces`."""
    title = plain_text(clip(words("info.details_title"), _TITLE))
    return {"type": "modal", "title": title, "blocks": to_view_blocks(pieces)}


def reason(press: Press, place: str, words: Words) -> View:
    """Return the window that asks what is wrong with an answer."""
    field = {
        "type": "plain_text_input",
        "action_id": REASON,
        "multiline": True,
        "max_length": _REASON_LENGTH,
        "placeholder": plain_text(clip(words("feedback.reason_placeholder"), MAX_PLACEHOLDER)),
    }
    label = plain_text(clip(words("feedback.reason_label")))
    asked = {"type": "input", "block_id": REASON, "label": label, "element": field}
    return {
        "type": "modal",
        "callback_id": reason_id(press.verdict, press.entry, press.key),
        "private_metadata": place,
        "title": plain_text(clip(words("feedback.reason_title"), _TITLE)),
        "submit": plain_text(clip(words("slack.send"), _TITLE)),
        "blocks": [{**asked, "optional": True}],
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """What the App Home shows at one moment.

    Attributes:
        topics: What can be browsed.
        chosen: The topic whose entries are listed.
        status: Lines on how Handrail is set up here.
        moderator: Offer what moderators can do.
    """

    topics: Sequence[Topic]
    chosen: str | None = None
    status: Sequence[str] = ()
    moderator: bool = False


def home(shown: Shown, words: Words) -> View:
    """Return the App Home."""
    pieces = [
        *heading(words("slack.home_title")),
        *sections(words("slack.home_text")),
        *actions(button(words("buttons.resources"), RESOURCES, primary=True)),
        divider(),
        *_search(words),
        divider(),
        *_topics(shown.topics, shown.chosen, words),
        divider(),
        *actions(
            button(words("buttons.help"), HELP),
            button(words("buttons.privacy"), PRIVACY),
            button(words("slack.moderate"), MODERATE) if shown.moderator else None,
        ),
        *_status(shown.status, words),
    ]
    return {"type": "home", "blocks": to_view_blocks(pieces)}


def _search(words: Words) -> Iterator[Piece]:
    field = {
        "type": "plain_text_input",
        "action_id": SEARCH,
        "placeholder": plain_text(clip(words("commands.question_about"), MAX_PLACEHOLDER)),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    label = plain_text(clip(words("slack.home_search")))
    yield Piece("", {"type": "input", "dispatch_action": True, "label": label, "element": field})


def _topics(topics: Sequence[Topic], chosen: str | None, words: Words) -> Iterator[Piece]:
    yield from sections(titled(words("slack.home_topics"), ()))
    yield from actions(topic_select(topics, chosen, words))
    topic = next((topic for topic in topics if topic.id == chosen), None)
    if topic is not None:
        about = words("browse.topic_text", about=topic.about)
        yield from sections(about if topic.entries else words("browse.empty"))
        yield from actions(entry_select(topic.entries, words("buttons.entries")))


def _status(status: Sequence[str], words: Words) -> Iterator[Piece]:
    if status:
        yield from context(titled(words("slack.home_status"), status))
