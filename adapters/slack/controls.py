"""Makes the controls that messages and views of Slack share: lists to choose from, verdicts."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from adapters.ids import TOPIC, country_id, pick_id, verdict_id
from adapters.slack.blocks import Block, Piece, clip, option, plain_text, select
from bot.domain import Choice, Country, Reply, ReplyKind, Topic

FEEDBACK = "handrail:feedback"
Words = Callable[..., str]


def country_select(reply: Reply, countries: Iterable[Country], words: Words) -> Block | None:
    """Return the list that changes the country of the help lines, the present one chosen."""
    card = (reply.entry or "") if reply.kind is ReplyKind.URGENT else reply.kind.value
    ordered = sorted(countries, key=lambda country: _listed(country).casefold())
    options = [one for country in ordered for one in option(_listed(country), country.code)]
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


def _listed(country: Country) -> str:
    """Return a country's name as it stands in a list: "Netherlands" under N."""
    name = country.name.removeprefix("the ")
    return name[:1].upper() + name[1:]
