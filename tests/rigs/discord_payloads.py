"""What Discord sends and what it refuses, as plain data; follows its documentation (API v10)."""

import time
from collections.abc import Iterable
from typing import Any

Payload = dict[str, Any]
APP = BOT = "1000000000000000001"
GUILD = "2000000000000000001"
CHANNEL = "3000000000000000001"
DM_CHANNEL = "3000000000000000002"
ALICE = "4000000000000000001"
OWNER = "4000000000000000002"
EPHEMERAL = 1 << 6
EVERY_PERMISSION = str(0x7FFFFFFFFFFF)

_CONTENT, _EMBEDS, _EMBEDS_IN_ALL = 2000, 10, 6000
_TITLE, _DESCRIPTION, _FIELDS, _FIELD_NAME, _FIELD_VALUE = 256, 4096, 25, 256, 1024
_ROWS, _IN_ROW, _CUSTOM_ID, _LABEL = 5, 5, 100, 80


def now() -> str:
    """Return the time as Discord writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())


def user(identity: str, name: str, *, bot: bool = False) -> Payload:
    """Return a user."""
    return {
        "id": identity,
        "username": name,
        "global_name": name,
        "discriminator": "0",
        "avatar": None,
        "bot": bot,
    }


ME = user(BOT, "handrail", bot=True)
MEMBER = user(ALICE, "alice")


def member(who: Payload, *, with_user: bool = True, **more: object) -> Payload:
    """Return a user as a member of the server."""
    found: Payload = {
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": now(),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        **more,
    }
    return {**found, "user": who} if with_user else found


def application() -> Payload:
    """Return our application, as its owner set it up."""
    return {
        "id": APP,
        "name": "handrail",
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "00",
        "flags": 0,
        "owner": user(OWNER, "owner"),
        "rpc_origins": [],
    }


def text_channel() -> Payload:
    """Return the server's one channel."""
    return {
        "id": CHANNEL,
        "type": 0,
        "name": "help",
        "position": 0,
        "permission_overwrites": [],
        "topic": None,
        "nsfw": False,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "parent_id": None,
        "flags": 0,
    }


def direct_channel() -> Payload:
    """Return Alice's direct messages with us."""
    return {
        "id": DM_CHANNEL,
        "type": 1,
        "last_message_id": None,
        "flags": 0,
        "recipients": [MEMBER],
    }


def guild(locale: str = "en-US") -> Payload:
    """Return the server, whole."""
    empty: tuple[str, ...] = (
        *("emojis", "stickers", "features", "voice_states", "presences", "threads"),
        *("stage_instances", "guild_scheduled_events", "soundboard_sounds"),
    )
    missing: tuple[str, ...] = (
        *("icon", "splash", "discovery_splash", "afk_channel_id", "application_id", "banner"),
        *("system_channel_id", "rules_channel_id", "vanity_url_code", "description"),
        *("public_updates_channel_id", "safety_alerts_channel_id"),
    )
    everyone = {
        "id": GUILD,
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": EVERY_PERMISSION,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        **{name: [] for name in empty},
        **dict.fromkeys(missing),
        "id": GUILD,
        "name": "Help",
        "owner_id": OWNER,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "system_channel_flags": 0,
        "preferred_locale": locale,
        "joined_at": now(),
        "large": False,
        "unavailable": False,
        "member_count": 2,
        "roles": [everyone],
        "members": [member(ME), member(MEMBER)],
        "channels": [text_channel()],
    }


def refusal(body: Payload) -> str | None:
    """Return why Discord would refuse a message with `body`, or None if it would not."""
    embeds, rows = body.get("embeds") or [], body.get("components") or []
    if len(body.get("content") or "") > _CONTENT:
        return "content is too long"
    if not (body.get("content") or embeds or rows):
        return "empty message"
    return _embeds_refusal(embeds) or _rows_refusal(rows)


def _embeds_refusal(embeds: list[Payload]) -> str | None:
    in_all = 0
    for embed in embeds:
        fields = embed.get("fields") or []
        words = [embed.get("title") or "", embed.get("description") or ""]
        words.append((embed.get("footer") or {}).get("text") or "")
        if len(words[0]) > _TITLE or len(words[1]) > _DESCRIPTION or len(fields) > _FIELDS:
            return "an embed is too long"
        for field in fields:
            name, value = field["name"], field["value"]
            if not (1 <= len(name) <= _FIELD_NAME and 1 <= len(value) <= _FIELD_VALUE):
                return "a field is too long or empty"
            words += [name, value]
        in_all += sum(map(len, words))
    if len(embeds) > _EMBEDS or in_all > _EMBEDS_IN_ALL:
        return "embeds are too many or too long in all"
    return None


def _rows_refusal(rows: list[Payload]) -> str | None:
    parts = [part for row in rows for part in row.get("components", ())]
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    if len(rows) > _ROWS or any(len(row.get("components", ())) > _IN_ROW for row in rows):
        return "too many rows or buttons"
    if len(ids) != len(set(ids)) or not all(1 <= len(i) <= _CUSTOM_ID for i in ids):
        return "a custom id is repeated, empty or too long"
    labels: Iterable[str] = (part.get("label") or "" for part in parts)
    return "a label is too long" if any(len(label) > _LABEL for label in labels) else None
