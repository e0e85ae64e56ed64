"""The commands that Discord offers, with their words in every language that we are sure of."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands

from adapters.discord.convert import to_picked
from adapters.discord.listeners import Listeners
from adapters.discord.words import command_words
from bot.domain import Country
from bot.responder import Responder

MAX_QUESTION = 6000
MAX_CHOICES = 25
MAX_CHOICE = 100
_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_INSTALLS = app_commands.AppInstallationType(guild=True, user=True)
Command = app_commands.Command[Any, ..., None]


def build_commands(
    listeners: Listeners, responder: Responder, *, age_restricted: bool = False
) -> list[Command | app_commands.ContextMenu]:
    """Return what members can use; the words come from `messages.yaml`, section `commands`.

    Args:
        listeners: What the commands do.
        responder: For the words and the topics.
        age_restricted: Let Discord offer them only in channels for adults.

    Raises:
        ValueError: Discord allows no such name.
    """
    found: list[Command | app_commands.ContextMenu] = [
        _ask(listeners, responder),
        _faq(listeners, responder),
        _resources(listeners, responder),
        _simple("privacy", listeners.on_privacy, responder),
        _simple("help", listeners.on_help, responder),
        _answer_message(listeners, responder),
    ]
    for command in found:
        command.allowed_contexts, command.allowed_installs = _EVERYWHERE, _INSTALLS
        command.nsfw = age_restricted
    return found


def to_choices(countries: Sequence[Country]) -> list[app_commands.Choice[str]]:
    """Return the first countries as choices."""
    return [
        app_commands.Choice(name=c.name[:MAX_CHOICE], value=c.code) for c in countries[:MAX_CHOICES]
    ]


def _ask(listeners: Listeners, responder: Responder) -> Command:
    @app_commands.rename(question=command_words(responder, "question"))
    @app_commands.describe(question=command_words(responder, "question_about"))
    async def ask(
        interaction: discord.Interaction, question: app_commands.Range[str, 1, MAX_QUESTION]
    ) -> None:
        await listeners.on_ask(interaction, question)

    async def suggest(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=choice.title[:MAX_CHOICE], value=to_picked(choice.entry))
            for choice in await listeners.on_suggest(interaction, typed)
        ]

    command = _command("ask", ask, responder)
    command.autocomplete("question")(suggest)
    return command


def _faq(listeners: Listeners, responder: Responder) -> Command:
    topics = [
        app_commands.Choice(name=topic.title[:MAX_CHOICE], value=topic.id)
        for topic in responder.topics()[:MAX_CHOICES]
    ]

    @app_commands.rename(topic=command_words(responder, "topic"))
    @app_commands.describe(topic=command_words(responder, "topic_about"))
    @app_commands.choices(topic=topics)
    async def faq(interaction: discord.Interaction, topic: str | None = None) -> None:
        await listeners.on_browse(interaction, topic)

    return _command("faq", faq, responder)


def _resources(listeners: Listeners, responder: Responder) -> Command:
    @app_commands.rename(country=command_words(responder, "country"))
    @app_commands.describe(country=command_words(responder, "country_about"))
    async def resources(interaction: discord.Interaction, country: str | None = None) -> None:
        await listeners.on_resources(interaction, country)

    async def suggest(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return to_choices(listeners.on_country(interaction, typed))

    command = _command("resources", resources, responder)
    command.autocomplete("country")(suggest)
    return command


def _simple(key: str, listener: Any, responder: Responder) -> Command:
    async def use(interaction: discord.Interaction) -> None:
        await listener(interaction)

    return _command(key, use, responder)


def _answer_message(listeners: Listeners, responder: Responder) -> app_commands.ContextMenu:
    async def answer(interaction: discord.Interaction, message: discord.Message) -> None:
        await listeners.on_message_command(interaction, message)

    return app_commands.ContextMenu(
        name=command_words(responder, "answer_message"), callback=answer
    )


def _command(key: str, callback: Any, responder: Responder) -> Command:
    return app_commands.Command(
        name=command_words(responder, key),
        description=command_words(responder, f"{key}_about"),
        callback=callback,
    )
