"""Turns what Discord delivers into Questions, and says which deliveries are not for us."""

import re
from collections.abc import Mapping

import discord

from adapters.ids import Press, read_press
from bot.domain import Question

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
# Where people use these languages too. Discord has no Australian English and no Austrian German:
# who lives there picks the next best, and must not get another country's emergency number.
_SPOKEN_TOO: Mapping[str, frozenset[str]] = {
    "en-GB": frozenset({"AU", "CA", "IE", "IN", "MT", "NZ", "SG", "ZA"}),
    "de": frozenset({"AT", "BE", "CH", "LI", "LU"}),
    "fr": frozenset({"BE", "CA", "CH", "LU"}),
    "nl": frozenset({"BE"}),
    "it": frozenset({"CH"}),
    "el": frozenset({"CY"}),
    "tr": frozenset({"CY"}),
    "pt-BR": frozenset({"PT"}),
    "es-ES": frozenset({"AR", "CL", "CO", "CR", "MX", "PE", "UY"}),
    "sv-SE": frozenset({"FI"}),
}
# What a suggestion stands for, so that picking one gets that answer and no other.
_PICKED = "#"
_COUNTRY_IN_LOCALE = re.compile(r"[a-z]{2,3}-([A-Z]{2})")
_TYPED = frozenset({discord.MessageType.default, discord.MessageType.reply})


def to_picked(entry: str) -> str:
    """Return what Discord sends back when the suggestion of `entry` is picked."""
    return _PICKED + entry


def picked(text: str) -> str | None:
    """Return the id of the entry whose suggestion was picked, or None for a typed question."""
    return text.removeprefix(_PICKED).strip() if text.startswith(_PICKED) else None


def to_community(place: discord.Interaction | discord.Message) -> str | None:
    """Return the community where something was used or posted, or None outside a server.

    A server where a member uses us that has not taken us in itself is none: its moderators have
    chosen nothing, and nobody would tell us when to forget it.
    """
    if isinstance(place, discord.Interaction):
        guild = None if is_guest(place) else place.guild_id
    else:
        guild = place.guild.id if place.guild else None
    return None if guild is None else community_of(guild)


def is_guest(interaction: discord.Interaction) -> bool:
    """Return whether only the member brought us here, and the server has not taken us in."""
    return interaction.is_user_integration() and not interaction.is_guild_integration()


def community_of(guild: int) -> str:
    """Return the community that the server `guild` is."""
    return f"discord-{guild}"


def to_region(locale: str, region: str | None = None) -> str | None:
    """Return the country whose help lines fit `locale`, ISO 3166 in upper case.

    Args:
        locale: Discord's locale, such as `en-GB` or `de`.
        region: The community's or operator's country. It comes before American English, which
            Discord sets by default, and where the language is spoken too; but after every other
            language, which somebody must have chosen.
    """
    if locale == _UNCHOSEN:
        return region or "US"
    if region in _SPOKEN_TOO.get(locale, ()):
        return region
    found = _COUNTRY_IN_LOCALE.fullmatch(locale)
    return found[1] if found else _COUNTRIES.get(locale, region)


def is_typed(message: discord.Message) -> bool:
    """Return whether a person typed `message`: no bot (ourselves included), webhook or Discord."""
    automatic = message.author.bot or message.webhook_id or message.type not in _TYPED
    return not automatic


def is_call(message: discord.Message, me: int) -> bool:
    """Return whether `message` calls us: by a mention, or alone with us.

    Args:
        message: What was posted.
        me: Our own user id.
    """
    return message.guild is None or any(user.id == me for user in message.mentions)


def is_ping(message: discord.Message, me: int) -> bool:
    """Return whether `message` calls us only because it answers a message of ours."""
    answers = message.guild is not None and message.reference is not None
    return answers and not re.search(rf"<@!?{me}>", message.content)


def is_aside(message: discord.Message) -> bool:
    """Return whether `message` talks to somebody else: an answer to a message, or a mention."""
    return message.reference is not None or bool(message.mentions)


def to_question(
    message: discord.Message, me: int, region: str | None = None, chosen: str | None = None
) -> Question:
    """Return the Question in a message; its text may be empty.

    Args:
        message: What was posted.
        me: Our own user id, whose mention is no part of the question.
        region: The operator's country for help lines.
        chosen: The country that the server's moderators chose, which says more than its language.
    """
    words = re.sub(rf"<@!?{me}>", " ", message.content).strip()
    return Question(words, chosen or server_region(message.guild, region))


def to_press(interaction: discord.Interaction) -> Press | None:
    """Return the press of one of our buttons, selects or forms, or None if it is something else.

    The control's id says all there is to know, so controls work after a restart too.
    """
    wanted = {discord.InteractionType.component, discord.InteractionType.modal_submit}
    if interaction.type not in wanted:
        return None
    delivered: Mapping[str, object] = {**(interaction.data or {})}
    values = delivered.get("values")
    chosen = [str(value) for value in values] if isinstance(values, list) else []
    return read_press(str(delivered.get("custom_id", "")), chosen)


def to_typed(interaction: discord.Interaction) -> str:
    """Return what was typed into a form of ours, or nothing."""
    delivered: Mapping[str, object] = {**(interaction.data or {})}
    return "\n".join(_typed(delivered.get("components"))).strip()


def server_region(guild: discord.Guild | None, region: str | None) -> str | None:
    """Return the country of the server's language; a message tells nobody's own."""
    locale = str(guild.preferred_locale) if guild else _UNCHOSEN
    return region if locale == _UNCHOSEN else to_region(locale, region)


def _typed(components: object) -> list[str]:
    """Return the values of text inputs, however deep they stand."""
    if isinstance(components, list):
        return [text for part in components for text in _typed(part)]
    if not isinstance(components, Mapping):
        return []
    own = components.get("value")
    inner = [*_typed(components.get("components")), *_typed(components.get("component"))]
    return ([own] if isinstance(own, str) else []) + inner
