"""The words of commands: English from `messages.yaml`, other languages from `translations.yaml`."""

from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands

from bot.responder import Responder

_KEY = "key"


def command_words(responder: Responder, key: str) -> app_commands.locale_str:
    """Return the English words of section `commands`, which Discord shows translated if we can."""
    return app_commands.locale_str(responder.message(f"commands.{key}"), **{_KEY: key})


class Translator(app_commands.Translator):
    """Gives discord.py what `translations.yaml` holds; English stays where it holds nothing.

    Args:
        responder: Returns the Responder of the moment.
    """

    def __init__(self, responder: Callable[[], Responder]) -> None:
        self._responder = responder

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return the words in `locale`, or None."""
        del context
        key: Any = string.extras.get(_KEY)
        return self._responder().translation(str(locale), key) if key else None
