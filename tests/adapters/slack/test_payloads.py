"""What we send to Slack, held against its own published types and its known limits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from adapters.ids import Press
from adapters.slack.payload import to_payloads
from adapters.slack.render import Renderer
from bot.compose import Composer
from bot.config import EMBEDDED_FAQ
from bot.content.loader import load_library
from bot.domain import Library, Reply
from tests.adapters.replies import EVERY_REPLY
from tests.adapters.scripted import ScriptedResponder
from tests.rigs.schemas import Kind, refusals, require

Payload = dict[str, Any]
WORDS = ScriptedResponder()
RENDERER = Renderer(WORDS, feedback=True)
REGIONS = ("GB", "US", None)
WAYS: Mapping[str, Payload] = {
    "message": {"channel": "C1", "thread_ts": "1.2", "unfurl_links": False, "unfurl_media": False},
    "only for one": {"channel": "C1", "user": "U1"},
    "answer": {"response_type": "ephemeral", "unfurl_links": False, "unfurl_media": False},
    "in place of the old one": {"replace_original": True},
    "update": {"channel": "C1", "ts": "1.2"},
}


@pytest.fixture(autouse=True, scope="module")
def schemas() -> None:
    """Nothing here can be said without the schemas."""
    require()


@pytest.fixture(scope="module")
def library() -> Library:
    """The real content."""
    return load_library(EMBEDDED_FAQ)[0]


def bodies(reply: Reply) -> list[Payload]:
    """Return all that is ever sent for `reply`, one body a message."""
    posts = [
        *RENDERER.to_posts(reply, shareable=True),
        *RENDERER.noted(RENDERER.to_posts(reply, whole=True), "Somebody asked for this."),
        RENDERER.details(reply),
    ]
    return [{"text": post.text, "blocks": list(post.blocks)} for post in posts]


def refused(reply: Reply, way: str = "message") -> list[str]:
    """Return why Slack would refuse what is sent for `reply` in one of WAYS."""
    sent = ({**body, **WAYS[way]} for body in bodies(reply))
    return [reason for body in sent for reason in refusals(Kind.SLACK_MESSAGE, body)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", EVERY_REPLY)
def test_every_kind_of_reply_is_taken(name: str, way: str) -> None:
    """Whatever a Reply is, Slack takes it, in every way that we can send it."""
    assert refused(EVERY_REPLY[name], way) == []


@pytest.mark.parametrize("region", REGIONS)
def test_every_entry_is_taken(library: Library, region: str | None) -> None:
    """Whatever the content says and whichever help lines stand below it, Slack takes it."""
    composer = Composer(library, date.today)
    found = {
        entry.id: refused(composer.answer(entry, region)) for entry in library.entries.values()
    }
    assert {entry: reasons for entry, reasons in found.items() if reasons} == {}


@pytest.mark.parametrize("name", EVERY_REPLY)
def test_printed_payload_is_what_a_member_gets_first(name: str) -> None:
    """`ask --platform slack` shows the messages that answer a command, and Slack takes them."""
    printed = to_payloads(EVERY_REPLY[name], WORDS)
    posts = Renderer(WORDS).to_posts(EVERY_REPLY[name], shareable=True)
    assert printed == [{"text": post.text, "blocks": list(post.blocks)} for post in posts]
    assert [reason for body in printed for reason in refusals(Kind.SLACK_MESSAGE, body)] == []


def test_every_window_for_details_is_taken(library: Library) -> None:
    """The details of every entry open in a window."""
    composer = Composer(library, date.today)
    for entry in library.entries.values():
        view = RENDERER.details_view(composer.answer(entry))
        assert refusals(Kind.SLACK_MODAL, view) == []


def test_every_form_is_taken(library: Library) -> None:
    """The form that asks what is wrong can be opened below every entry, wherever it stands."""
    for entry in library.entries:
        press = Press("verdict", entry=entry, verdict="outdated", key="0" * 12)
        view = RENDERER.reason_view(press, "C0123456789:1763769600.000100")
        assert refusals(Kind.SLACK_MODAL, view) == []


def test_every_topic_is_taken(library: Library) -> None:
    """The list of topics and each topic opened are messages and pages that Slack takes."""
    topics = Composer(library, date.today).topics()
    for chosen in (None, *(topic.id for topic in topics)):
        post = RENDERER.topics(topics, chosen)
        body = {"text": post.text, "blocks": list(post.blocks)}
        assert refusals(Kind.SLACK_MESSAGE, body) == []
        view = RENDERER.home(topics, chosen=chosen, status=("Line.",), moderator=True)
        assert refusals(Kind.SLACK_HOME, view) == []
