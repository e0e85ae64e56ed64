"""Turns what Slack delivers into Questions, and says which deliveries are not for us."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.domain import Question

Payload = Mapping[str, Any]
SHOW = "handrail:show:"
DECLINE = "handrail:decline"
CHOICE = "choice"

# A message of a person may carry a file, be shared from a thread or be typed after "/me".
_PERSONAL = frozenset({None, "file_share", "me_message", "thread_broadcast"})
_SLACKBOT = "USLACKBOT"
_MARKUP = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class Seen:
    """Remembers the last deliveries, because Slack may send one again; bounded, in memory.

    Args:
        limit: How many keys are remembered; the oldest is forgotten first.
    """

    def __init__(self, limit: int = 4096) -> None:
        self._limit = limit
        self._keys: OrderedDict[str, None] = OrderedDict()

    def first(self, *keys: str) -> bool:
        """Return whether none of `keys` was seen before, and remember all of them."""
        new = self._keys.keys().isdisjoint(keys)
        for key in keys:
            self._keys[key] = None
            self._keys.move_to_end(key)
        while len(self._keys) > self._limit:
            self._keys.popitem(last=False)
        return new


def delivery_keys(body: Payload) -> tuple[str, ...]:
    """Return what makes an event the same as another: its id, and the message it is about.

    One mention can come twice, as `app_mention` and as `message`, under two event ids.
    """
    event = body.get("event", {})
    keys = (body.get("event_id"), _join(event.get("channel"), event.get("ts")))
    return tuple(key for key in keys if key)


def to_question(event: Payload, *, bot_user: str, region: str | None = None) -> Question | None:
    """Return the Question in a mention or a direct message, or None when it is not for us.

    Not for us: other conversations, bots (ourselves included), Slackbot, edits and deletions.
    The text may be empty: somebody called without asking anything.

    Args:
        event: The `event` of an Events API delivery.
        bot_user: Our own user id.
        region: The operator's country for help lines.
    """
    called = event.get("type") == "app_mention" or event.get("channel_type") == "im"
    automatic = event.get("bot_id") or event.get("user") in {None, _SLACKBOT, bot_user}
    changed = event.get("subtype") not in _PERSONAL or event.get("edited")
    if not called or automatic or changed:
        return None
    return Question(to_words(event.get("text") or "", bot_user), region)


def to_command_question(command: Payload, region: str | None = None) -> Question:
    """Return the Question typed after a slash command; its text may be empty."""
    return Question(to_words(command.get("text") or ""), region)


def to_words(text: str, bot_user: str = "") -> str:
    """Return Slack's text as typed: entities and links undone, mentions taken out."""
    if bot_user:
        text = re.sub(rf"<@{re.escape(bot_user)}(?:\|[^<>]*)?>[:,]?", " ", text)
    text = _MARKUP.sub(_unfold, text)
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text.strip()


@dataclass(frozen=True, slots=True)
class Press:
    """A button somebody pressed, and where it stood.

    Attributes:
        entry: Id of the Entry to show, or None for "none of these".
        choosing: True when it was one of the choices, so that the answer takes their place.
        place: `private` in a message only the presser sees, `direct` in a direct message,
            `open` where others see it too.
    """

    entry: str | None
    choosing: bool
    place: Literal["private", "direct", "open"]
    channel: str
    thread: str | None


def to_press(body: Payload) -> Press:
    """Return the press in a `block_actions` delivery; nothing but the delivery is needed."""
    action = body["actions"][0]
    container = body.get("container", {})
    channel = body.get("channel", {}).get("id") or container.get("channel_id", "")
    place: Literal["private", "direct", "open"] = "direct" if channel.startswith("D") else "open"
    shown = action["action_id"].startswith(SHOW)
    return Press(
        entry=action["action_id"].removeprefix(SHOW) if shown else None,
        choosing=not shown or action.get("value") == CHOICE,
        place="private" if container.get("is_ephemeral") else place,
        channel=channel,
        thread=container.get("thread_ts") or body.get("message", {}).get("thread_ts"),
    )


def _unfold(match: re.Match[str]) -> str:
    target, label = match[1], match[2]
    if target.startswith(("@", "!")):
        return " "
    if target.startswith("#"):
        return f"#{label}" if label else " "
    return label or target


def _join(channel: object, ts: object) -> str:
    return f"{channel}:{ts}" if channel and ts else ""
