"""What Slack writes: deliveries to an app as plain data, in the shapes of its documentation."""

import itertools
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

BOT_TOKEN, APP_TOKEN, MEMBER_TOKEN = "xoxb-bot", "xapp-1-rig", "xoxp-member"
SIGNING_SECRET = "not-a-secret-either"
APP, TEAM, BOT, BOT_ID = "A0HANDRAIL", "T000000001", "U0HANDRAIL", "B0HANDRAIL"
CHANNEL, SECOND_CHANNEL, MEMBER = "C000000001", "C000000002", "U000000001"
GROUP = "S000000001"
_ENTERPRISE = {"enterprise": None, "is_enterprise_install": False}
_CHOSEN = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
}
_serials = itertools.count(100_000)
Fields = dict[str, Any]
Value = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing that Slack delivers.

    Attributes:
        kind: `events_api`, `slash_commands` or `interactive`.
        payload: What it says.
        retry: How often it was tried before.
        reason: Why it is tried again.
        headers: More HTTP headers; they take the place of the usual ones.
    """

    kind: str
    payload: Fields
    retry: int = 0
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def new_ts() -> str:
    """Return a new message's `ts`: seconds and microseconds, never the same twice."""
    return f"{int(time.time())}.{next(_serials) % 1_000_000:06d}"


def new_event_id() -> str:
    """Return an event's id."""
    return f"Ev{secrets.token_hex(5).upper()}"


def event_delivery(event: Fields, team: str, event_id: str) -> Delivery:
    """Return the delivery of an event."""
    bot = {"enterprise_id": None, "team_id": team, "user_id": BOT, "is_bot": True}
    payload = {
        "token": "old",
        "team_id": team,
        "api_app_id": APP,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(time.time()),
        "event": event,
        "authorizations": [{**bot, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }
    return Delivery("events_api", payload)


def command_delivery(  # noqa: PLR0913 - what a command is, by name
    *, command: str, text: str, channel: str, user: str, team: str, url: str, trigger: str
) -> Delivery:
    """Return the delivery of a slash command."""
    payload = {
        "token": "old",
        "team_id": team,
        "team_domain": "rig",
        "channel_id": channel,
        "channel_name": "directmessage" if channel.startswith("D") else "general",
        "user_id": user,
        "user_name": "member",
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": trigger,
    }
    return Delivery("slash_commands", payload)


def interaction(kind: str, user: str, team: str, **more: Any) -> Delivery:
    """Return the delivery of something that a member used."""
    payload = {
        "type": kind,
        "token": "old",
        "api_app_id": APP,
        "team": {"id": team, "domain": "rig"},
        "user": {"id": user, "username": "member", "name": "member", "team_id": team},
        **_ENTERPRISE,
        **more,
    }
    return Delivery("interactive", payload)


def posted_message(fields: Fields, ts: str, team: str) -> Fields:
    """Return a message of the bot's as Slack shows it to whoever looks at it."""
    message = {
        "type": "message",
        "user": BOT,
        "bot_id": BOT_ID,
        "app_id": APP,
        "team": team,
        "ts": ts,
        "text": fields.get("text") or "",
        "blocks": fields.get("blocks") or [],
    }
    thread = fields.get("thread_ts")
    return {**message, "thread_ts": thread} if thread else message


def in_message(channel: str, ts: str, *, ephemeral: bool, thread: str = "") -> Fields:
    """Return where a control in a message stands."""
    container: Fields = {"type": "message", "message_ts": ts, "channel_id": channel}
    container |= {"is_ephemeral": ephemeral, **({"thread_ts": thread} if thread else {})}
    name = "directmessage" if channel.startswith("D") else "general"
    return {"container": container, "channel": {"id": channel, "name": name}}


def in_view(view: Fields) -> Fields:
    """Return where a control in a modal or on the home tab stands."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view}


def to_action(control: Fields, value: Value, block: str) -> Fields:
    """Return what Slack tells of a control that was used.

    Args:
        control: The element, as the bot sent it.
        value: What was chosen or typed; `positive` or `negative` for feedback buttons.
        block: Its block's id.
    """
    kind = control["type"]
    action = {"type": kind, "action_id": control["action_id"], "block_id": block}
    action["action_ts"] = new_ts()
    if kind == "feedback_buttons":
        assert value in {"positive", "negative"}, "feedback is positive or negative"
        return {**action, **_worded(control[f"{value}_button"])}
    if kind in {"button", "workflow_button"}:
        return {**action, **_worded(control)}
    return {**action, **to_state(control, value)}


def to_state(control: Fields, value: Value | None) -> Fields:
    """Return what a control holds, as it stands in the state of a message or view."""
    kind = control["type"]
    if kind not in _CHOSEN:
        return {"type": kind, "value": value}
    key = _CHOSEN[kind]
    if value is None:
        return {"type": kind, key: [] if key.endswith("s") else None}
    if key == "selected_option":
        return {"type": kind, key: _option(control, str(value))}
    if key == "selected_options":
        return {"type": kind, key: [_option(control, one) for one in value]}
    return {"type": kind, key: list(value) if key.endswith("s") else value}


def held(control: Fields) -> Value | None:
    """Return what a control holds before anybody touches it."""
    if "initial_option" in control:
        return str(control["initial_option"]["value"])
    if "initial_options" in control:
        return [option["value"] for option in control["initial_options"]]
    initial = (v for k, v in control.items() if k.startswith("initial_"))
    return next(initial, None)


def controls_in(part: Any) -> list[Fields]:
    """Return every control in a message, view or block, in order; fallbacks have none."""
    if isinstance(part, Mapping):
        own = [dict(part)] if "action_id" in part and "type" in part else []
        return own + controls_in([v for k, v in part.items() if k != "state"])
    if isinstance(part, list | tuple):
        return [control for inner in part for control in controls_in(inner)]
    return []


def block_of(blocks: Sequence[Fields], action_id: str) -> str:
    """Return the id of the block that a control stands in."""
    for block in blocks:
        if any(control["action_id"] == action_id for control in controls_in(block)):
            return str(block.get("block_id") or "b")
    return "b"


def _worded(button: Fields) -> Fields:
    return {key: button[key] for key in ("text", "value") if key in button}


def _option(control: Fields, value: str) -> Fields:
    """Return the option of that value; what stands elsewhere is taken as it comes."""
    groups = control.get("option_groups") or [control]
    options = [option for group in groups for option in group.get("options") or ()]
    found = next((option for option in options if option.get("value") == value), None)
    assert found or not options, f"{control['action_id']} has no option {value!r}"
    return dict(found or {"text": {"type": "plain_text", "text": value}, "value": value})
