"""Makes the controls that messages and views of Slack share: lists to choose from, verdicts."""

from collections.abc import Iterable, Iterator, Sequence

from adapters.ids import TOPIC, country_id, pick_id, verdict_id
from adapters.parts import Words, help_card, listed
from adapters.slack.blocks import Block, Piece, clip, option, plain_text, select
from bot.domain import Choice, Country, Reply, Topic

__all__ = [
    "FEEDBACK",
    "Words",
    "country_select",
    "entry_select",
    "feedback_buttons",
    "topic_select",
]

FEEDBACK = "handrail:feedback"


def country_select(reply: Reply, countries: Iterable[Country], words: Words) -> Block | None:
    """Return the list that changes the country of the help lines, the present one chosen."""
    card = help_card(reply)
    ordered = sorted(countries, key=lambda country: listed(country).casefold())
    options = [one for country in ordered for one in option(listed(country), country.code)]
    custom_id = country_id(0, card, reply.help_kinds, reply.region)
    return select(custom_id, options, words("buttons.country"), reply.region) if card else None


def entry_select(choices: Iterable[Choice], placeholder: str) -> Block | None:
    """Return a list of entries, or None where there are none."""
    options = [one for c in choices for one in option(c.title.strip() or c.entry, c.entry)]
    return select(pick_id(0), options, placeholder)


def topic_select(topics: Sequence[Topic], chosen: str | None, words: Words) -> Block | None:
    """Return the list of topics, or None where there are none."""
    options = [one for topic in topics for one in option(topic.title, topic.id, topic.about)]
    return select(TOPIC, options, words("buttons.topics"), chosen)


def feedback_buttons(entry: str, key: str, words: Words) -> Iterator[Piece]:
    """Return Slack's own thumbs up and down, which judge the Reply `key` that shows `entry`."""
    element = {
        "type": "feedback_buttons",
        "action_id": FEEDBACK,
        "positive_button": {
            "text": plain_text(clip(words("buttons.helpful"))),
            "value": verdict_id("helpful", entry, key),
        },
        "negative_button": {
            "text": plain_text(clip(words("buttons.wrong"))),
            "value": verdict_id("wrong", entry, key),
        },
    }
    yield Piece("", {"type": "context_actions", "elements": [element]})
