"""What we send to Slack, held against its own published types and its known limits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from adapters.slack.payload import to_payloads
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
    """Return what is sent for `reply`, one body a message."""
    return to_payloads(reply, WORDS)


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
