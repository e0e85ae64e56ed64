"""What Discord delivers, turned into Questions and presses."""

from dataclasses import dataclass, field
from typing import cast

import discord
import pytest

from adapters.discord.convert import (
    is_aside,
    is_call,
    is_typed,
    picked,
    to_community,
    to_picked,
    to_press,
    to_question,
    to_region,
    to_typed,
)
from adapters.ids import Press
from bot.domain import Question

ME = 1000000000000000001


@dataclass
class FakeUser:
    """The parts of a user that are read."""

    id: int = 4000000000000000001
    bot: bool = False


@dataclass
class FakeGuild:
    """The parts of a server that are read."""

    preferred_locale: discord.Locale = discord.Locale.american_english


@dataclass
class FakeMessage:
    """The parts of a message that are read."""

    content: str = ""
    guild: FakeGuild | None = None
    author: FakeUser = field(default_factory=FakeUser)
    mentions: list[FakeUser] = field(default_factory=list)
    type: discord.MessageType = discord.MessageType.default
    webhook_id: int | None = None
    reference: object = None


@dataclass
class FakeInteraction:
    """The parts of an interaction that are read."""

    locale: discord.Locale = discord.Locale.american_english
    type: discord.InteractionType = discord.InteractionType.component
    data: dict[str, object] | None = None


@dataclass
class FakePlace:
    """Where an interaction comes from, and who brought us there."""

    guild_id: int | None = None
    by_server: bool = True
    by_member: bool = False


def question(message: FakeMessage, region: str | None = None) -> Question | None:
    """Return what the message comes to, or None when it is not for us."""
    delivered = cast("discord.Message", message)
    ours = is_typed(delivered) and is_call(delivered, ME)
    return to_question(delivered, ME, region) if ours else None


def mention(content: str, guild: FakeGuild | None = None) -> FakeMessage:
    """Return a message in a server that calls us."""
    return FakeMessage(content, guild or FakeGuild(), mentions=[FakeUser(ME, bot=True)])


@pytest.mark.parametrize(
    ("locale", "operator", "region"),
    [
        ("en-GB", None, "GB"),
        ("en-GB", "DE", "GB"),
        ("pt-BR", None, "BR"),
        ("sv-SE", None, "SE"),
        ("zh-TW", None, "TW"),
        ("de", None, "DE"),
        ("da", "GB", "DK"),
        ("uk", None, "UA"),
        ("el", None, "GR"),
        ("en-US", None, "US"),
        ("en-US", "GB", "GB"),
        ("en-GB", "AU", "AU"),
        ("en-GB", "US", "GB"),
        ("de", "AT", "AT"),
        ("fr", "CA", "CA"),
        ("fr", "DE", "FR"),
        ("es-419", None, None),
        ("es-419", "MX", "MX"),
        ("", None, None),
        ("tlh", "GB", "GB"),
    ],
)
def test_takes_the_country_from_the_locale(
    locale: str, operator: str | None, region: str | None
) -> None:
    """A chosen language tells the country; the default one, or a shared one, yields to ours."""
    assert to_region(locale, operator) == region


@pytest.mark.parametrize("locale", list(discord.Locale))
def test_knows_every_locale_of_discord(locale: discord.Locale) -> None:
    """Only Latin American Spanish, which is spoken in many countries, tells none."""
    region = to_region(str(locale))
    assert (region is None) == (locale is discord.Locale.latin_american_spanish)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (f"<@{ME}> is lsd legal", "is lsd legal"),
        (f"<@!{ME}> is lsd legal", "is lsd legal"),
        (f"is lsd legal <@{ME}>", "is lsd legal"),
        (f"hey <@{ME}>, is lsd legal?", "hey  , is lsd legal?"),
        (f"<@{ME}>\nis lsd\nlegal", "is lsd\nlegal"),
        (f"<@{ME}>", ""),
        ("a reply that pings us", "a reply that pings us"),
        (f"<@{ME}> ask <@42> about it", "ask <@42> about it"),
    ],
)
def test_takes_our_mention_out(typed: str, asked: str) -> None:
    """What remains is the question, as typed; it may be nothing."""
    assert question(mention(typed)) == Question(asked, None)


@pytest.mark.parametrize(
    "message",
    [
        FakeMessage("hello all", FakeGuild()),
        FakeMessage("hello you", FakeGuild(), mentions=[FakeUser()]),
        FakeMessage("beep", author=FakeUser(bot=True)),
        FakeMessage("our own", author=FakeUser(ME, bot=True)),
        FakeMessage("from a webhook", webhook_id=7),
        FakeMessage("", type=discord.MessageType.call),
        FakeMessage("", FakeGuild(), type=discord.MessageType.new_member),
    ],
    ids=lambda message: message.content or message.type.name,
)
def test_passes_over_what_is_not_for_us(message: FakeMessage) -> None:
    """Talk among members, bots, webhooks and Discord's own notices are no Questions."""
    assert question(message) is None


def test_takes_every_direct_message() -> None:
    """Alone with us, nobody needs to mention us; the operator's country holds."""
    assert question(FakeMessage("is lsd legal"), "GB") == Question("is lsd legal", "GB")


@pytest.mark.parametrize(
    ("locale", "region"),
    [
        (discord.Locale.german, "DE"),
        (discord.Locale.british_english, "GB"),
        (discord.Locale.american_english, None),
    ],
)
def test_takes_the_country_of_a_mention_from_the_server(
    locale: discord.Locale, region: str | None
) -> None:
    """The server's language counts, unless it is the one that no server has chosen."""
    assert question(mention("hi", FakeGuild(locale))) == Question("hi", region)


@pytest.mark.parametrize(
    ("message", "aside"),
    [
        (FakeMessage("is lsd legal", FakeGuild()), False),
        (FakeMessage("is lsd legal", FakeGuild(), reference=object()), True),
        (FakeMessage("<@42> is lsd legal", FakeGuild(), mentions=[FakeUser(42)]), True),
    ],
)
def test_tells_a_question_from_a_conversation(message: FakeMessage, *, aside: bool) -> None:
    """What answers or names another member is said to them."""
    assert is_aside(cast("discord.Message", message)) is aside


@pytest.mark.parametrize(
    ("place", "community"),
    [
        (FakePlace(7), "discord-7"),
        (FakePlace(7, by_member=True), "discord-7"),
        (FakePlace(7, by_server=False, by_member=True), None),
        (FakePlace(None), None),
    ],
)
def test_knows_the_community_from_the_server(place: FakePlace, community: str | None) -> None:
    """A server that has not taken us in is none, though a member may use us there."""
    interaction = discord.Interaction.__new__(discord.Interaction)
    interaction.guild_id = place.guild_id
    owners: dict[int, str | int] = {0: 7} if place.by_server else {}
    interaction._integration_owners = owners | ({1: 5} if place.by_member else {})
    interaction.user = cast("discord.User", FakeUser(5))
    assert to_community(interaction) == community


@pytest.mark.parametrize(
    ("text", "entry"),
    [(to_picked("lithium"), "lithium"), ("lithium", None), ("# ", ""), ("is it #1?", None)],
)
def test_knows_a_suggestion_that_was_picked(text: str, entry: str | None) -> None:
    """It carries a mark that a question hardly begins with."""
    assert picked(text) == entry


@pytest.mark.parametrize(
    ("custom_id", "press"),
    [
        ("handrail:show:lithium", Press("show", entry="lithium")),
        ("handrail:decline", Press("decline")),
        ("handrail:other", None),
        ("somebody:else", None),
    ],
)
def test_reads_a_press_from_the_buttons_id(custom_id: str, press: Press | None) -> None:
    """The id alone says which answer is wanted."""
    interaction = FakeInteraction(data={"custom_id": custom_id, "component_type": 2})
    assert to_press(cast("discord.Interaction", interaction)) == press


def test_reads_no_press_from_a_command() -> None:
    """A command is no press, whatever it is called."""
    command = FakeInteraction(
        type=discord.InteractionType.application_command, data={"custom_id": "handrail:decline"}
    )
    assert to_press(cast("discord.Interaction", command)) is None


@pytest.mark.parametrize(
    "components",
    [
        [{"type": 1, "components": [{"type": 4, "custom_id": "reason", "value": " too old "}]}],
        [{"type": 18, "component": {"type": 4, "custom_id": "reason", "value": "too old"}}],
    ],
)
def test_reads_what_was_typed_into_a_form(components: list[object]) -> None:
    """Discord wraps text inputs in rows or in labels."""
    form = FakeInteraction(
        type=discord.InteractionType.modal_submit,
        data={"custom_id": "handrail:reason:wrong:lithium:0123456789ab", "components": components},
    )
    assert to_typed(cast("discord.Interaction", form)) == "too old"
    press = to_press(cast("discord.Interaction", form))
    assert press == Press("reason", entry="lithium", verdict="wrong", key="0123456789ab")
