"""Turns what Discord delivers into Questions, and says which deliveries are not for us."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import discord

from bot.domain import Question

SHOW = "handrail:show:"
DECLINE = "handrail:decline"

# What Discord sets when nobody has chosen a language: it says little about where a person is.
_UNCHOSEN = "en-US"
# Discord's languages that name no country, with the country where most of their speakers live.
# Spanish of Latin America ("es-419") has none.
_COUNTRIES: Mapping[str, str] = {
    "bg": "BG",
    "cs": "CZ",
    "da": "DK",
    "de": "DE",
    "el": "GR",
    "fi": "FI",
    "fr": "FR",
    "hi": "IN",
    "hr": "HR",
    "hu": "HU",
    "id": "ID",
    "it": "IT",
    "ja": "JP",
    "ko": "KR",
    "lt": "LT",
    "nl": "NL",
    "no": "NO",
    "pl": "PL",
    "ro": "RO",
    "ru": "RU",
    "th": "TH",
    "tr": "TR",
    "uk": "UA",
    "vi": "VN",
}
_COUNTRY_IN_LOCALE = re.compile(r"[a-z]{2,3}-([A-Z]{2})")
_TYPED = frozenset({discord.MessageType.default, discord.MessageType.reply})


@dataclass(frozen=True, slots=True)
class Press:
    """A button of ours that somebody pressed.

    Attributes:
        entry: Id of the Entry to show, or None for "none of these".
    """

    entry: str | None


def to_region(locale: str, region: str | None = None) -> str | None:
    """Return the country whose help lines fit `locale`, ISO 3166 in upper case.

    Args:
        locale: Discord's locale, such as `en-GB` or `de`.
        region: The operator's country. It comes before American English, which Discord sets by
            default, but after every other language, which somebody must have chosen.
    """
    if locale == _UNCHOSEN:
        return region or "US"
    found = _COUNTRY_IN_LOCALE.fullmatch(locale)
    return found[1] if found else _COUNTRIES.get(locale, region)


def to_question(message: discord.Message, me: int, region: str | None = None) -> Question | None:
    """Return the Question in a mention or a direct message, or None when it is not for us.

    Not for us: messages that do not call us, bots (ourselves included), webhooks, and what
    Discord writes by itself. The text may be empty: somebody called without asking anything.

    Args:
        message: What was posted.
        me: Our own user id.
        region: The operator's country for help lines.
    """
    called = message.guild is None or any(user.id == me for user in message.mentions)
    automatic = message.author.bot or message.webhook_id or message.type not in _TYPED
    if not called or automatic:
        return None
    words = re.sub(rf"<@!?{me}>", " ", message.content).strip()
    return Question(words, _server_region(message.guild, region))


def to_command_question(
    interaction: discord.Interaction, text: str, region: str | None = None
) -> Question:
    """Return the Question typed after the slash command."""
    return Question(text, to_region(str(interaction.locale), region))


def to_press(interaction: discord.Interaction) -> Press | None:
    """Return the press of one of our buttons, or None when it is something else.

    The button's id says all there is to know, so buttons work after a restart too.
    """
    if interaction.type is not discord.InteractionType.component:
        return None
    delivered: Mapping[str, object] = {**(interaction.data or {})}
    pressed = str(delivered.get("custom_id", ""))
    if pressed == DECLINE:
        return Press(None)
    return Press(pressed.removeprefix(SHOW)) if pressed.startswith(SHOW) else None


def _server_region(guild: discord.Guild | None, region: str | None) -> str | None:
    """Return the country of the server's language; a message tells nobody's own."""
    locale = str(guild.preferred_locale) if guild else _UNCHOSEN
    return region if locale == _UNCHOSEN else to_region(locale, region)
