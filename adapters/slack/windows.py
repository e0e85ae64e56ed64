"""Makes the windows in which moderators see and change how Handrail behaves on Slack."""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.blocks import (
    MAX_PLACEHOLDER,
    MAX_VIEW_BLOCKS,
    Block,
    Piece,
    Post,
    actions,
    beside,
    button,
    clip,
    divider,
    option,
    plain_text,
    plainer,
    sections,
    select,
    to_view_blocks,
)
from adapters.slack.controls import Words
from adapters.slack.mrkdwn import with_channels
from adapters.slack.views import MODERATE, View
from bot.domain import Choice, CommunitySettings, Country
from bot.moderation import MOST_HELP_CHANNELS

RELOAD, UNANSWERED, FEEDBACK = "reload", "unanswered", "feedback"
ENTRY, PREVIEW, DISABLE, ENABLE = "entry", "preview", "disable", "enable"
CHANNELS, NO_CHANNELS, ALERTS, NO_ALERTS = "channels", "no-channels", "alerts", "no-alerts"
COUNTRY, BACK = "country", "back"
NO_COUNTRY = "-"
_TITLE = 24
_MOST_TEXTS = 90
_KINDS = ("public", "private")


def action_id(use: str) -> str:
    """Return the id of the control for `use`."""
    return f"{MODERATE}:{use}"


@dataclass(frozen=True, slots=True)
class Memo:
    """What a window carries along, since nothing is remembered here.

    Attributes:
        channels: The help channels that it shows as chosen.
        picked: The Entry that is picked.
    """

    channels: tuple[str, ...] = ()
    picked: Choice | None = None

    def write(self) -> str:
        """Return it as a window's `private_metadata`."""
        picked = [self.picked.entry, self.picked.title] if self.picked else []
        return json.dumps({"channels": self.channels, "picked": picked})


def read_memo(view: Mapping[str, Any]) -> Memo:
    """Return what a window carries; what is picked in its list comes first.

    A window of another version may carry anything; then it carries nothing.
    """
    channels, carried = _carried(view.get("private_metadata") or "")
    values = ((view.get("state") or {}).get("values") or {}).values()
    states = (block.get(action_id(ENTRY)) or {} for block in values)
    chosen = next((s["selected_option"] for s in states if s.get("selected_option")), None)
    if chosen:
        return Memo(channels, Choice(chosen["value"], chosen["text"]["text"]))
    return Memo(channels, carried)


def _carried(metadata: str) -> tuple[tuple[str, ...], Choice | None]:
    try:
        kept = json.loads(metadata)
        channels = tuple(str(channel) for channel in kept["channels"])
        picked = Choice(*map(str, kept["picked"])) if kept["picked"] else None
    except (ValueError, TypeError, KeyError):
        return (), None
    return channels, picked


@dataclass(frozen=True, slots=True)
class Page:
    """What the moderators' page shows at one moment.

    Attributes:
        status: How things stand, in neutral Markdown.
        settings: What is chosen for the workspace.
        countries: Those with help lines.
        said: What was just done.
        picked: The Entry that is picked.
        filled: Show in each list what is chosen; Slack may refuse a channel that is gone.
    """

    status: str
    settings: CommunitySettings
    countries: Sequence[Country]
    said: str = ""
    picked: Choice | None = None
    filled: bool = True


def page(shown: Page, words: Words) -> View:
    """Return the page with all that moderators can do."""
    chosen = shown.settings
    if not shown.filled:
        chosen = replace(chosen, help_channels=frozenset(), alerts_channel=None)
    pieces = [
        *_texts(shown.said),
        *([divider()] if shown.said else ()),
        *_texts(shown.status),
        *actions(
            _button(words("slack.reload"), RELOAD),
            _button(words("slack.unanswered"), UNANSWERED),
            _button(words("slack.feedback"), FEEDBACK),
        ),
        divider(),
        *_entry(shown.picked, words),
        divider(),
        *_settings(chosen, shown.countries, words),
        *actions(
            _button(words("slack.no_alerts"), NO_ALERTS) if shown.settings.alerts_channel else None,
            _button(words("slack.no_channels"), NO_CHANNELS)
            if shown.settings.help_channels
            else None,
        ),
    ]
    memo = Memo(tuple(sorted(chosen.help_channels)), shown.picked)
    return _window(to_view_blocks(pieces), words, memo)


def report(markdown: str, memo: Memo, words: Words) -> View:
    """Return a window with what members wrote, made harmless, and a way back to the page."""
    texts = list(sections(markdown))[:_MOST_TEXTS]
    pieces = [*actions(_button(words("buttons.back"), BACK)), *texts]
    return _window(to_view_blocks(pieces), words, memo)


def preview(posts: Iterable[Post], memo: Memo, words: Words) -> View:
    """Return a window that shows messages as members see them, with a way back to the page."""
    blocks = [piece.block for piece in actions(_button(words("buttons.back"), BACK))]
    for post in posts:
        blocks += post.blocks
    return _window(plainer(blocks), words, memo)


def note(markdown: str, words: Words) -> View:
    """Return a window that only says something."""
    return _window(to_view_blocks(_texts(markdown)), words, Memo())


def groups(off: Iterable[Choice], on: Iterable[Choice], words: Words) -> list[Block]:
    """Return the Entries to pick from: first those that moderators switched off."""
    labelled = (("slack.entries_off", off), ("slack.entries_on", on))
    found = [(key, [one for c in part for one in _option(c)]) for key, part in labelled]
    return [{"label": plain_text(clip(words(key))), "options": o} for key, o in found if o]


def _window(blocks: Sequence[Block], words: Words, memo: Memo) -> View:
    """Return a window whose fields show what we say, not what Slack remembers of them.

    Slack keeps what stands in a field as long as its block has the same id.
    """
    fresh = secrets.token_hex(4)
    named = [{**b, "block_id": f"{fresh}:{i}"} for i, b in enumerate(blocks[:MAX_VIEW_BLOCKS])]
    return {
        "type": "modal",
        "title": plain_text(clip(words("slack.moderate"), _TITLE)),
        "close": plain_text(clip(words("slack.close"), _TITLE)),
        "private_metadata": memo.write(),
        "blocks": named,
    }


def _texts(markdown: str) -> list[Piece]:
    found = list(sections(markdown))[:_MOST_TEXTS]
    return [Piece(with_channels(piece.text), _linked(piece.block)) for piece in found]


def _linked(block: Block) -> Block:
    return {**block, "text": {**block["text"], "text": with_channels(block["text"]["text"])}}


def _entry(picked: Choice | None, words: Words) -> Iterator[Piece]:
    yield from sections(f"**{words('slack.entries')}**")
    found: Block = {
        "type": "external_select",
        "action_id": action_id(ENTRY),
        "placeholder": plain_text(clip(words("commands.entry_about"), MAX_PLACEHOLDER)),
        "min_query_length": 0,
    }
    options = list(_option(picked)) if picked else []
    yield from actions({**found, "initial_option": options[0]} if options else found)
    yield from actions(
        _button(words("slack.preview"), PREVIEW),
        _button(words("slack.disable"), DISABLE),
        _button(words("slack.enable"), ENABLE),
    )


def _settings(
    chosen: CommunitySettings, countries: Iterable[Country], words: Words
) -> Iterator[Piece]:
    channels: Block = {
        "type": "multi_conversations_select",
        "action_id": action_id(CHANNELS),
        "placeholder": plain_text(clip(words("slack.pick_channels"), MAX_PLACEHOLDER)),
        "max_selected_items": MOST_HELP_CHANNELS,
        "filter": {"include": list(_KINDS), "exclude_bot_users": True},
    }
    if chosen.help_channels:
        channels["initial_conversations"] = sorted(chosen.help_channels)
    alerts: Block = {
        "type": "conversations_select",
        "action_id": action_id(ALERTS),
        "placeholder": plain_text(clip(words("slack.pick_channel"), MAX_PLACEHOLDER)),
        # Alerts are for the moderators here: nobody of another workspace may read them.
        "filter": {
            "include": list(_KINDS),
            "exclude_bot_users": True,
            "exclude_external_shared_channels": True,
        },
    }
    if chosen.alerts_channel:
        alerts["initial_conversation"] = chosen.alerts_channel
    yield from beside(words("commands.help_channel_about"), channels)
    yield from beside(words("commands.alerts_about"), alerts)
    yield from beside(words("commands.region_about"), _country(chosen.region, countries, words))


def _country(region: str | None, countries: Iterable[Country], words: Words) -> Block | None:
    named = sorted((c.name.removeprefix("the "), c.code) for c in countries)
    options = [one for name, code in named for one in option(name, code)]
    none = option(words("slack.no_country"), NO_COUNTRY)
    return select(
        action_id(COUNTRY), [*none, *options], words("slack.pick_country"), region or NO_COUNTRY
    )


def _button(label: str, use: str) -> Block | None:
    return button(label, action_id(use))


def _option(choice: Choice) -> Iterator[Block]:
    return option(choice.title, choice.entry)
