"""What we send to Discord, held against its own OpenAPI document and its documented limits."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands
from discord.http import handle_message_parameters

from adapters.discord.convert import to_picked
from adapters.discord.render import Post, Renderer
from adapters.ids import Press
from bot.compose import Composer
from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.domain import Library, Reply
from tests.adapters.replies import EVERY_REPLY
from tests.adapters.scripted import ScriptedResponder
from tests.rigs.schemas import Kind, refusals, require

Payload = dict[str, Any]
WORDS = ScriptedResponder()
REGIONS = ("GB", "US", None)
REPLIED_TO = {"message_id": 12, "channel_id": 34, "fail_if_not_exists": False}
NOBODY: Payload = {"parse": []}

WAYS: Mapping[str, tuple[Kind, Callable[[Payload], Payload]]] = {
    "message": (
        Kind.DISCORD_MESSAGE,
        lambda body: {**body, "allowed_mentions": NOBODY, "message_reference": REPLIED_TO},
    ),
    "edit": (Kind.DISCORD_EDIT, lambda body: {**body, "allowed_mentions": NOBODY}),
    "follow-up": (Kind.DISCORD_FOLLOW_UP, lambda body: {**body, "flags": 64}),
    "follow-up edit": (Kind.DISCORD_FOLLOW_UP_EDIT, lambda body: body),
    "answer": (Kind.DISCORD_CALLBACK, lambda body: {"type": 4, "data": {**body, "flags": 64}}),
    "update": (Kind.DISCORD_CALLBACK, lambda body: {"type": 7, "data": body}),
}


class Translated(ScriptedResponder):
    """Speaks the real translations instead of a sample of them."""

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._translations = library.translations

    def translation(self, locale: str, key: str) -> str | None:
        """Return the words in another language, if there are any."""
        return self._translations.get(locale, {}).get(key)


@pytest.fixture(autouse=True, scope="module")
def schemas() -> None:
    """Nothing here can be said without the schemas."""
    require()


@pytest.fixture(scope="module")
def library() -> Library:
    """The real content."""
    return load_library(EMBEDDED_FAQ)[0]


@pytest.fixture
def responder(library: Library) -> ScriptedResponder:
    """What the client of the simulation speaks with."""
    return Translated(library)


def bodies(reply: Reply) -> list[Payload]:
    """Return all that is ever sent for `reply`, one body a message."""
    renderer = Renderer(WORDS, feedback=True)
    posts = [
        *renderer.to_posts(reply, shareable=True),
        *renderer.to_posts(reply, whole=True),
        *renderer.details(reply),
    ]
    return asyncio.run(to_bodies(posts))


async def to_bodies(posts: Iterable[Post]) -> list[Payload]:
    """Return the JSON that discord.py sends for `posts`."""
    found = []
    for post in posts:
        with handle_message_parameters(**post.arguments()) as parameters:
            found.append(dict(parameters.payload or {}))
    return found


def refused(reply: Reply, way: str) -> list[str]:
    """Return why Discord would refuse what is sent for `reply` in one of WAYS."""
    kind, wrapped = WAYS[way]
    return [reason for body in bodies(reply) for reason in refusals(kind, wrapped(body))]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", EVERY_REPLY)
def test_every_kind_of_reply_is_taken(name: str, way: str) -> None:
    """Whatever a Reply is, Discord takes it, in every way that we can send it."""
    assert refused(EVERY_REPLY[name], way) == []


@pytest.mark.parametrize("region", REGIONS)
def test_every_entry_is_taken(library: Library, region: str | None) -> None:
    """Whatever the content says and whichever help lines stand below it, Discord takes it."""
    composer = Composer(library, date.today)
    found = {
        entry.id: refused(composer.answer(entry, region), "message")
        for entry in library.entries.values()
    }
    assert {entry: reasons for entry, reasons in found.items() if reasons} == {}


def test_every_title_can_be_suggested(library: Library) -> None:
    """Every entry can be offered to somebody who is still typing a question."""
    offered = [
        app_commands.Choice(name=entry.title, value=to_picked(entry.id)).to_dict()
        for entry in library.entries.values()
    ]
    for first in range(0, len(offered), 25):
        typing = {"type": 8, "data": {"choices": offered[first : first + 25]}}
        assert refusals(Kind.DISCORD_CALLBACK, typing) == []


async def test_every_topic_is_taken() -> None:
    """The list of topics and each topic opened are messages that Discord takes."""
    renderer, topics = Renderer(WORDS), WORDS.topics()
    posts = [renderer.topics(topics, chosen) for chosen in (None, *(t.id for t in topics))]
    for body in await to_bodies(posts):
        assert refusals(Kind.DISCORD_MESSAGE, body) == []


async def test_every_form_is_taken(library: Library) -> None:
    """The form that asks what is wrong can be opened below every entry."""
    for entry in library.entries:
        press = Press("verdict", entry=entry, verdict="outdated", key="0" * 12)
        form = Renderer(WORDS).reason_modal(press).to_dict()
        assert refusals(Kind.DISCORD_CALLBACK, {"type": 9, "data": form}) == []


async def test_every_command_is_taken(simcord_env: simcord.Env, library: Library) -> None:
    """Discord takes our commands, with their translations, as they are made known to it."""
    bot: Any = simcord_env.bot
    tree: app_commands.CommandTree[discord.Client] = bot.tree
    assert tree.translator is not None
    sent = [
        await command.get_translated_payload(tree, tree.translator)
        for command in tree.get_commands()
    ]
    assert [reason for one in sent for reason in refusals(Kind.DISCORD_COMMAND, one)] == []
    translated = {locale for one in sent for locale in one["name_localizations"]}
    assert translated == set(library.translations)
