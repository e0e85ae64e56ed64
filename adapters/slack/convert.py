"""Turns what Slack delivers into Questions, and says which deliveries are not for us."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from adapters.ids import Press, read_press
from bot.domain import Question

Payload = Mapping[str, Any]
FEEDBACK = "handrail:feedback"
SEEN_S = 3600.0
"""Seconds for which a delivery is remembered; Slack's last try comes minutes after the first."""

# A message of a person may carry a file, be shared from a thread or be typed after "/me".
_PERSONAL = frozenset({None, "file_share", "me_message", "thread_broadcast"})
_SLACKBOT = "USLACKBOT"
_MARKUP = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^<>]*)?>")
_COMMAND = re.compile(r"^/ask\b\s*")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class Seen:
    """Remembers the last deliveries, because Slack may send one again; bounded, in memory.

    A key can name a direct message, so none is remembered for longer than Slack tries again.

    Args:
        limit: How many keys are remembered; the oldest is forgotten first.
        kept_s: Seconds after which a key is forgotten, whatever else arrives.
    """

    def __init__(self, limit: int = 4096, *, kept_s: float = SEEN_S) -> None:
        self._limit = limit
        self._kept_s = kept_s
        self._keys: OrderedDict[str, None] = OrderedDict()

    def first(self, *keys: str) -> bool:
        """Return whether none of `keys` was seen before, and remember all of them.

        Raises:
            RuntimeError: No event loop runs, so that nothing could be forgotten.
        """
        loop = asyncio.get_running_loop()
        new = self._keys.keys().isdisjoint(keys)
        for key in keys:
            if key not in self._keys:
                loop.call_later(self._kept_s, self._keys.pop, key, None)
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


def to_community(body: Payload) -> str | None:
    """Return the workspace whose app a delivery is for; an organisation where there is none.

    In a channel that several workspaces share, what happens bears the id of another one: there the
    settings, the alerts and the kept words of this one must not be taken for theirs.
    """
    team, enterprise = body.get("team") or {}, body.get("enterprise") or {}
    view, authority = body.get("view") or {}, (body.get("authorizations") or [{}])[0]
    found = view.get("app_installed_team_id") or authority.get("team_id")
    found = found or body.get("team_id") or team.get("id") or view.get("team_id")
    found = found or body.get("enterprise_id") or enterprise.get("id")
    return f"slack-{found}" if found else None


def is_typed(event: Payload, bot_user: str) -> bool:
    """Return whether a person typed a message just now.

    Not so: bots (ourselves included), Slackbot, edits, deletions, and what Slack writes itself.
    """
    automatic = event.get("bot_id") or event.get("user") in {None, _SLACKBOT, bot_user}
    changed = event.get("subtype") not in _PERSONAL or event.get("edited")
    return not (automatic or changed)


def is_call(event: Payload) -> bool:
    """Return whether a message calls us: by a mention, or alone with us."""
    return event.get("type") == "app_mention" or event.get("channel_type") == "im"


def is_aside(event: Payload) -> bool:
    """Return whether a message talks to somebody else: in a thread, or by a mention."""
    return bool(event.get("thread_ts")) or bool(_MENTION.search(event.get("text") or ""))


def to_question(event: Payload, *, bot_user: str, region: str | None = None) -> Question:
    """Return the Question in a message; its text may be empty.

    Args:
        event: The `event` of an Events API delivery.
        bot_user: Our own user id, whose mention is no part of the question.
        region: The workspace's or operator's country for help lines.
    """
    words = to_words(event.get("text") or "", bot_user)
    return Question(_COMMAND.sub("", words), region)  # as typed where commands do not work


def to_words(text: str, bot_user: str = "") -> str:
    """Return Slack's text as typed: entities and links undone, mentions taken out."""
    if bot_user:
        text = re.sub(rf"<@{re.escape(bot_user)}(?:\|[^<>]*)?>[:,]?", " ", text)
    text = _MARKUP.sub(_unfold, text)
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text.strip()


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a control stood that somebody used.

    Attributes:
        place: `private` in a message only this person sees, `direct` in a direct message, `open`
            where others see it too, `home` in our App Home, `modal` in a window of ours.
        view: The id of the window, if it is one.
    """

    place: Literal["private", "direct", "open", "home", "modal"]
    channel: str = ""
    thread: str | None = None
    view: str = ""

    @property
    def window(self) -> bool:
        """True where a reply belongs in a window and not in a conversation."""
        return self.place in {"home", "modal"}


def thread_of(message: Payload) -> str | None:
    """Return the thread that a message is an answer in; a message that began one is in none."""
    thread = message.get("thread_ts")
    return thread if thread != message.get("ts") else None


def to_spot(body: Payload) -> Spot:
    """Return where the control of a `block_actions` delivery stood."""
    view, container = body.get("view"), body.get("container") or {}
    if view:
        return Spot("home" if view.get("type") == "home" else "modal", view=view.get("id", ""))
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id", "")
    message = body.get("message") or {}
    stands = {"ts": container.get("message_ts"), "thread_ts": container.get("thread_ts")}
    thread = thread_of(stands) or thread_of(message)
    if container.get("is_ephemeral"):
        return Spot("private", channel, thread)
    return Spot("direct" if channel.startswith("D") else "open", channel, thread)


def to_press(action: Payload) -> Press | None:
    """Return what one action of a `block_actions` delivery asks for, or None if it is not ours."""
    chosen = (action.get("selected_option") or {}).get("value")
    custom_id = action.get("action_id", "")
    if custom_id.startswith(FEEDBACK):
        custom_id = action.get("value") or ""
    return read_press(custom_id, (chosen,) if chosen else ())


def to_typed(view: Payload) -> str:
    """Return what was typed into the fields of a window."""
    fields = (view.get("state") or {}).get("values") or {}
    values = [field.get("value") for block in fields.values() for field in block.values()]
    return "\n".join(value for value in values if value).strip()


def _unfold(match: re.Match[str]) -> str:
    target, label = match[1], match[2]
    if target.startswith(("@", "!")):
        return " "
    if target.startswith("#"):
        return f"#{label}" if label else " "
    return label or target


def _join(channel: object, ts: object) -> str:
    return f"{channel}:{ts}" if channel and ts else ""
