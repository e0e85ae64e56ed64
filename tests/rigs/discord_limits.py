"""What Discord refuses, as plain functions: each gives the reason, or None if there is none.

What its OpenAPI document does not know stands in limits_discord.py; the lengths that it knows
stand here, so that the fake Discord needs neither the document nor Node.js.
"""

from collections.abc import Iterable, Iterator

import discord

from tests.rigs import limits_discord
from tests.rigs.discord_payloads import LAID_OUT, Payload, components_in

_EMBEDS, _TITLE, _DESCRIPTION, _FOOTER = 10, 256, 4096, 2048
_FIELDS, _FIELD_NAME, _FIELD_VALUE = 25, 256, 1024
_IN_ROW, _CUSTOM_ID, _LABEL, _PLACEHOLDER, _OPTIONS, _WORD = 5, 100, 80, 150, 25, 100
_PARTS_LAID_OUT, _WORDS_LAID_OUT = 40, 4000
_NAME, _COMMANDS = 32, {1: 100, 2: 15, 3: 15}
_MODAL_TITLE, _INPUT_LABEL, _INPUT_VALUE = 45, 45, 4000
_SUB, _GROUP, _DEEPEST = 1, 2, 2
_ROW, _BUTTON, _SELECT, _INPUT, _DISPLAY, _LABELLED = 1, 2, 3, 4, 10, 18
_ANSWERED, _SUGGESTED, _OPENED = 4, 8, 9
_LOCALES = frozenset(str(locale) for locale in discord.Locale)


def refusal(body: Payload) -> str | None:
    """Return why Discord would refuse a message with `body`."""
    return _first(_embed_faults(body), _part_faults(body), _told(_ANSWERED, body))


def choices_refusal(choices: list[Payload]) -> str | None:
    """Return why Discord would refuse suggestions for an option."""
    body = {"choices": choices}
    return _first(_choice_faults(choices), _told(_SUGGESTED, body))


def modal_refusal(modal: Payload) -> str | None:
    """Return why Discord would refuse to open a window with `modal`."""
    if not modal.get("components"):
        return "no components"
    return _first(_modal_faults(modal), _told(_OPENED, modal))


def command_refusals(commands: list[Payload]) -> dict[str, Payload]:
    """Return why Discord would refuse these commands, as it says it: by number, then by field."""
    found: dict[str, Payload] = {}
    for number, command in enumerate(commands):
        reasons = [*_kind_faults(command, commands), *_command_faults(command)]
        reasons += [("name", why) for why in limits_discord.command(command)]
        for field, why in reasons:
            wrong = {"_errors": [{"code": "BASE_TYPE_BAD", "message": why}]}
            found.setdefault(str(number), {})[field] = wrong
    return found


def _first(*reasons: Iterable[str]) -> str | None:
    return next((why for each in reasons for why in each), None)


def _told(kind: int, body: Payload) -> Iterator[str]:
    return limits_discord.callback({"type": kind, "data": body})


def _fits(text: object, most: int, least: int = 0) -> bool:
    return least <= limits_discord.size(str(text or "")) <= most


def _embed_faults(body: Payload) -> Iterator[str]:
    embeds = body.get("embeds") or []
    if len(embeds) > _EMBEDS:
        yield "too many embeds"
    for embed in embeds:
        footer = (embed.get("footer") or {}).get("text")
        words = (embed.get("title"), _TITLE), (embed.get("description"), _DESCRIPTION)
        if not all(_fits(text, most) for text, most in (*words, (footer, _FOOTER))):
            yield "an embed is too long"
        fields = embed.get("fields") or []
        fit = (
            _fits(f["name"], _FIELD_NAME, 1) and _fits(f["value"], _FIELD_VALUE, 1) for f in fields
        )
        if len(fields) > _FIELDS or not all(fit):
            yield "a field is too long or empty, or there are too many"


def _part_faults(body: Payload) -> Iterator[str]:
    parts = components_in(body.get("components") or [])
    if (body.get("flags") or 0) & LAID_OUT:
        if len(parts) > _PARTS_LAID_OUT:
            yield "too many components"
        if sum(len(part.get("content") or "") for part in parts) > _WORDS_LAID_OUT:
            yield "the text displays are too long in all"
    for part in parts:
        if not _fits(part.get("custom_id", "-"), _CUSTOM_ID, 1):
            yield "a custom id is too long or empty"
        if part["type"] == _ROW and not 1 <= len(part["components"]) <= _IN_ROW:
            yield "a row is too full or empty"
        if part["type"] == _BUTTON and not _fits(part.get("label"), _LABEL):
            yield "a label is too long"
        if part["type"] == _SELECT:
            yield from _select_faults(part)


def _select_faults(part: Payload) -> Iterator[str]:
    options = part.get("options") or []
    words = [option[key] for option in options for key in ("label", "value")]
    if not 1 <= len(options) <= _OPTIONS or not all(_fits(word, _WORD, 1) for word in words):
        yield "a select has too many options or none, or one is too long or empty"
    if not all(_fits(option.get("description"), _WORD) for option in options):
        yield "an option's description is too long"
    if not _fits(part.get("placeholder"), _PLACEHOLDER):
        yield "a placeholder is too long"


def _choice_faults(choices: list[Payload]) -> Iterator[str]:
    if len(choices) > _OPTIONS:
        yield "too many choices"
    if not all(_fits(choice["name"], _WORD, 1) for choice in choices):
        yield "a choice is too long or empty"


def _modal_faults(modal: Payload) -> Iterator[str]:
    if not _fits(modal.get("title"), _MODAL_TITLE, 1):
        yield "the title is too long or empty"
    if not _fits(modal.get("custom_id"), _CUSTOM_ID, 1):
        yield "the window's custom id is too long or empty"
    if any(part["type"] not in {_ROW, _DISPLAY, _LABELLED} for part in modal["components"]):
        yield "a component that windows do not have"
    for part in components_in(modal["components"]):
        if not _fits(part.get("label"), _INPUT_LABEL, int(part["type"] == _LABELLED)):
            yield "a label is too long or empty"
        if not _fits(part.get("custom_id", "-"), _CUSTOM_ID, 1):
            yield "a custom id is too long or empty"
        if part["type"] == _INPUT and not _fits(part.get("placeholder"), _WORD):
            yield "a placeholder is too long"
        if part["type"] == _INPUT and (part.get("max_length") or 1) > _INPUT_VALUE:
            yield "a text input is too long"


def _kind_faults(command: Payload, commands: list[Payload]) -> Iterator[tuple[str, str]]:
    kind = command.get("type", 1)
    names = [other["name"] for other in commands if other.get("type", 1) == kind]
    if len(names) > _COMMANDS[kind]:
        yield "name", "too many commands"
    if names.count(command["name"]) > 1:
        yield "name", "another command has this name"
    if not _fits(command["name"], _NAME, 1):
        yield "name", "must be 1 to 32 characters"


def _command_faults(part: Payload, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the words of a command and of all that is in it."""
    about = [part.get("description"), *(part.get("description_localizations") or {}).values()]
    slash = part.get("type", 1) == 1
    if (slash or depth) and not all(_fits(words, _WORD, 1) for words in about):
        yield "description", "must be 1 to 100 characters"
    for key in ("name_localizations", "description_localizations"):
        if not set(part.get(key) or {}) <= _LOCALES:
            yield key, "no such language"
    options = part.get("options") or []
    if len(options) > _OPTIONS or any(
        _first(_choice_faults(o.get("choices") or [])) for o in options
    ):
        yield "options", "too many options, or choices that are too many or too long"
    for option in options:
        nested = option["type"] in {_SUB, _GROUP}
        if nested and depth + (option["type"] == _GROUP) >= _DEEPEST:
            yield "options", "nested too deep"
        yield from _command_faults(option, depth + 1)
