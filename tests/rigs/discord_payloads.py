"""What Discord sends, as plain data; follows its documentation (API v10)."""

import time
from dataclasses import dataclass
from typing import Any

Payload = dict[str, Any]
APP = BOT = "1000000000000000001"
GUILD = "2000000000000000001"
CHANNEL = "3000000000000000001"
DM_CHANNEL = "3000000000000000002"
PRIVATE_CHANNEL = "3000000000000000003"
GROUP_CHANNEL = "3000000000000000004"
OWNER = "4000000000000000002"
EPHEMERAL, LAID_OUT = 1 << 6, 1 << 15
EVERY_PERMISSION = str(0x7FFFFFFFFFFF)
# See channels, write, embed, read back, use commands: what a server's members usually may.
USUAL_PERMISSION = str(1 << 10 | 1 << 11 | 1 << 14 | 1 << 16 | 1 << 31)
TEXT, DIRECT, GROUP = 0, 1, 3
READS_MESSAGES = 1 << 18


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on Discord, with the language of their app and their rights in servers."""

    id: str
    name: str
    locale: str = "en-GB"
    permissions: str = USUAL_PERMISSION

    @property
    def user(self) -> Payload:
        """Return them as Discord describes a user."""
        return user(self.id, self.name)


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
ALICE = Person("4000000000000000001", "alice")
BOB = Person("4000000000000000003", "bob", locale="de")
MODERATOR = Person("4000000000000000004", "morgan", permissions=EVERY_PERMISSION)
PEOPLE = (ALICE, BOB, MODERATOR)


def now() -> str:
    """Return the time as Discord writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())


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


def application(flags: int = 0) -> Payload:
    """Return our application, as its owner set it up; discord.py insists on an owner."""
    return {
        "id": APP,
        "name": "handrail",
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "00",
        "flags": flags,
        "owner": user(OWNER, "owner"),
        "rpc_origins": [],
    }


def text_channel(identity: str = CHANNEL, guild_id: str = GUILD, name: str = "help") -> Payload:
    """Return a text channel of a server."""
    return {
        "id": identity,
        "guild_id": guild_id,
        "type": TEXT,
        "name": name,
        "position": 0,
        "permission_overwrites": [],
        "topic": None,
        "nsfw": False,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "parent_id": None,
        "flags": 0,
    }


def direct_channel(identity: str = DM_CHANNEL, *others: Person, kind: int = DIRECT) -> Payload:
    """Return direct messages with `others`: with us, among them alone, or of a group."""
    group = {"owner_id": others[0].id, "icon": None, "name": None} if kind == GROUP else {}
    return {
        "id": identity,
        "type": kind,
        "last_message_id": None,
        "flags": 0,
        "recipients": [person.user for person in others or (ALICE,)],
        **group,
    }


def guild(identity: str, channels: list[Payload], locale: str = "en-US") -> Payload:
    """Return a server, whole."""
    empty: tuple[str, ...] = (
        *("emojis", "stickers", "features", "voice_states", "presences", "threads"),
        *("stage_instances", "guild_scheduled_events", "soundboard_sounds"),
    )
    missing: tuple[str, ...] = (
        *("icon", "splash", "discovery_splash", "afk_channel_id", "application_id", "banner"),
        *("system_channel_id", "rules_channel_id", "vanity_url_code", "description"),
        *("public_updates_channel_id", "safety_alerts_channel_id"),
    )
    return {
        **{name: [] for name in empty},
        **dict.fromkeys(missing),
        "id": identity,
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
        "member_count": 1 + len(PEOPLE),
        "roles": [_everyone(identity)],
        "members": [member(ME), *(member(person.user) for person in PEOPLE)],
        "channels": channels,
    }


def _everyone(guild_id: str) -> Payload:
    return {
        "id": guild_id,
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


def components_in(parts: list[Payload]) -> list[Payload]:
    """Return every component in `parts`, however deep: rows, sections, containers, labels."""
    found = []
    for part in parts:
        inner = [*part.get("components", ())]
        inner += [part[key] for key in ("accessory", "component") if part.get(key)]
        found += [part, *components_in(inner)]
    return found


def words_in(message: Payload | None) -> str:
    """Return everything that can be read in a message: text, embeds, displays, labels, options."""
    if message is None:
        return ""
    found = [message.get("content") or ""]
    for embed in message.get("embeds") or ():
        found += [embed.get("title") or "", embed.get("description") or ""]
        found += [text for field in embed.get("fields") or () for text in field.values() if text]
        found.append((embed.get("footer") or {}).get("text") or "")
    for part in components_in(message.get("components") or []):
        found += [str(part.get(key) or "") for key in ("content", "label", "placeholder")]
        found += [option["label"] for option in part.get("options") or ()]
    return "\n".join(str(text) for text in found if text)
