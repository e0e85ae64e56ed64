"""What Discord delivers, turned into Questions and presses."""

from dataclasses import dataclass, field
from typing import cast

import discord
import pytest

from adapters.discord.convert import Press, to_command_question, to_press, to_question, to_region
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


@dataclass
class FakeInteraction:
    """The parts of an interaction that are read."""

    locale: discord.Locale = discord.Locale.american_english
    type: discord.InteractionType = discord.InteractionType.component
    data: dict[str, object] | None = None


def question(message: FakeMessage, region: str | None = None) -> Question | None:
    """Return what the message comes to."""
    return to_question(cast("discord.Message", message), ME, region)


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
        ("es-419", None, None),
        ("es-419", "MX", "MX"),
        ("", None, None),
        ("tlh", "GB", "GB"),
    ],
)
def test_takes_the_country_from_the_locale(
    locale: str, operator: str | None, region: str | None
) -> None:
    """A chosen language tells the country; Discord's default one yields to the operator."""
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


def test_takes_the_words_of_a_command_as_they_are() -> None:
    """A command holds nothing but the question."""
    interaction = cast("discord.Interaction", FakeInteraction(discord.Locale.british_english))
    assert to_command_question(interaction, "is lsd legal") == Question("is lsd legal", "GB")


@pytest.mark.parametrize(
    ("custom_id", "press"),
    [
        ("handrail:show:lithium", Press("lithium")),
        ("handrail:show:", Press("")),
        ("handrail:decline", Press(None)),
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
