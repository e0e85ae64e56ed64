"""What Slack delivers becomes a Question, or nothing."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.request.internals import extract_team_id

from adapters.ids import Press, verdict_id
from adapters.slack.convert import (
    FEEDBACK,
    Seen,
    Spot,
    delivery_keys,
    is_aside,
    is_call,
    is_typed,
    to_community,
    to_press,
    to_question,
    to_spot,
    to_typed,
    to_words,
)
from bot.domain import Question

BOT = "U0HANDRAIL"
DIRECT = {"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "ts": "1.1"}
MENTION = {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1.1"}


@pytest.mark.parametrize("event", [DIRECT, MENTION], ids=["direct", "mention"])
@pytest.mark.parametrize("subtype", [None, "file_share", "me_message", "thread_broadcast"])
def test_person_calling_us_asks_a_question(event: dict[str, Any], subtype: str | None) -> None:
    """A direct message or a mention by a person is a Question with the operator's region."""
    event = {**event, "text": f"<@{BOT}> is it legal?", "subtype": subtype}
    assert to_question(event, bot_user=BOT, region="GB") == Question("is it legal?", "GB")


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B1"},
        {"user": BOT},
        {"user": "USLACKBOT"},
        {"user": None},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"edited": {"user": "U1", "ts": "1.2"}},
    ],
    ids=lambda more: "-".join(f"{key}={value}" for key, value in more.items())[:30],
)
@pytest.mark.parametrize("event", [DIRECT, MENTION], ids=["direct", "mention"])
def test_no_question_when_it_is_not_for_us(event: dict[str, Any], more: dict[str, Any]) -> None:
    """Bots, ourselves, Slackbot and changed messages ask nothing."""
    assert is_call(event)
    assert not is_typed({**event, "text": "is it legal?", **more}, BOT)


@pytest.mark.parametrize("place", ["channel", "group", "mpim", None])
def test_no_question_when_others_are_talking(place: str | None) -> None:
    """A message that does not call us is nobody's question to us, whatever is subscribed."""
    assert not is_call({**DIRECT, "text": "is it legal?", "channel_type": place})


@pytest.mark.parametrize("text", [None, "", f"<@{BOT}>", f" <@{BOT}|handrail>: "])
def test_question_is_empty_when_we_were_only_called(text: str | None) -> None:
    """A call without words is for us, and empty."""
    assert to_question({**MENTION, "text": text}, bot_user=BOT) == Question("")


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("me &amp; him, 5 &lt; 6 &gt; 4", "me & him, 5 < 6 > 4"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        (f"<@{BOT}> hi", "hi"),
        (f"hi <@{BOT}>, can i", "hi   can i"),
        ("my friend <@U2> and <@U3|bob> shake", "my friend   and   shake"),
        ("<!here> <!subteam^S1|@docs> help", "help"),
        ("ask in <#C1|general> or <#C2>", "ask in #general or"),
        ("see <https://a.example/x|a.example/x>", "see a.example/x"),
        ("see <https://a.example/x?a=1&amp;b=2>", "see https://a.example/x?a=1&b=2"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("i <3 this", "i <3 this"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_words_are_as_typed(sent: str, typed: str) -> None:
    """Slack's entities, links and mentions are undone; everything else is untouched."""
    assert to_words(sent, BOT) == typed


@given(st.text())
def test_escaped_words_come_back_whole(typed: str) -> None:
    """Whatever somebody types, escaped as Slack does it, is what the Question holds."""
    sent = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert to_words(sent, BOT) == typed.strip()


@given(st.text(alphabet="<>|@!#&;ltgamp U0"))
def test_words_never_fail(text: str) -> None:
    """Broken markup is no reason to fail."""
    to_words(text, BOT)


@pytest.mark.parametrize(
    ("more", "aside"),
    [
        ({"text": "is it legal?"}, False),
        ({"text": "is it legal?", "thread_ts": "1.0"}, True),
        ({"text": "<@U2> is it legal?"}, True),
        ({"text": "see <#C1|general>"}, False),
        ({}, False),
    ],
)
def test_conversation_is_no_question(more: dict[str, Any], *, aside: bool) -> None:
    """What stands in a thread or names somebody is said to others."""
    assert is_aside({**DIRECT, **more}) is aside


@pytest.mark.parametrize(
    ("body", "community"),
    [
        ({"team_id": "T1"}, "slack-T1"),
        ({"team": {"id": "T1"}, "user": {"team_id": "T2"}}, "slack-T1"),
        ({"team": None, "enterprise": {"id": "E1"}}, "slack-E1"),
        ({"team": None, "view": {"team_id": "T1"}}, "slack-T1"),
        ({"team_id": "T2", "authorizations": [{"team_id": "T1"}]}, "slack-T1"),
        ({"team_id": "T1", "authorizations": [{"team_id": None}]}, "slack-T1"),
        ({"team_id": "T1", "authorizations": []}, "slack-T1"),
        ({"team": {"id": "T2"}, "view": {"app_installed_team_id": "T1"}}, "slack-T1"),
        ({}, None),
    ],
)
def test_workspace_is_the_community(body: dict[str, Any], community: str | None) -> None:
    """Every sort of delivery names it somewhere; in shared channels it is ours, not the asker's."""
    assert to_community(body) == community


@pytest.mark.parametrize(
    "body",
    [
        {"team_id": "T2", "authorizations": [{"team_id": "T1"}]},
        {"team": {"id": "T2"}, "view": {"team_id": "T2", "app_installed_team_id": "T1"}},
        {"team": {"id": "T1"}, "user": {"team_id": "T2"}},
        {"team_id": "T1"},
    ],
)
def test_community_is_where_the_token_comes_from(body: dict[str, Any]) -> None:
    """One workspace's settings never meet another's token."""
    assert to_community(body) == f"slack-{extract_team_id(body)}"


async def test_delivery_is_first_once() -> None:
    """The same key is first only once, whichever of its keys it comes under."""
    seen = Seen()
    assert seen.first("Ev1", "C1:1.1")
    assert not seen.first("Ev1", "C1:1.1")
    assert not seen.first("Ev2", "C1:1.1")
    assert not seen.first("Ev2", "C1:9.9")
    assert seen.first("Ev3", "C1:3.3")


async def test_memory_of_deliveries_is_bounded() -> None:
    """The oldest keys are forgotten first."""
    seen = Seen(limit=2)
    assert seen.first("a")
    assert seen.first("b")
    assert not seen.first("a")
    assert seen.first("c")
    assert not seen.first("a")
    assert seen.first("b")


async def test_memory_of_deliveries_ends_by_itself() -> None:
    """Where nobody asks any more, nothing stays that says who asked last, and when."""
    seen = Seen(kept_s=0.05)
    assert seen.first("Ev1", "D1:1.1")
    assert not seen.first("Ev1")
    await asyncio.sleep(0.1)
    assert not seen._keys


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ({"event_id": "Ev1", "event": {"channel": "C1", "ts": "1.1"}}, ("Ev1", "C1:1.1")),
        ({"event_id": "Ev1", "event": {"channel": "C1"}}, ("Ev1",)),
        ({"event_id": "Ev1"}, ("Ev1",)),
        ({}, ()),
    ],
)
def test_delivery_is_known_by_its_id_and_its_message(
    body: dict[str, Any], keys: tuple[str, ...]
) -> None:
    """An event is known by its id and by the message it is about."""
    assert delivery_keys(body) == keys


KEY = "0123456789ab"


@pytest.mark.parametrize(
    ("action", "press"),
    [
        ({"action_id": "handrail:show:lithium"}, Press("show", entry="lithium")),
        ({"action_id": "handrail:decline", "value": "choice"}, Press("decline")),
        (
            {"action_id": "handrail:pick", "selected_option": {"value": "bipolar"}},
            Press("show", entry="bipolar", values=("bipolar",)),
        ),
        (
            {"action_id": FEEDBACK, "value": verdict_id("wrong", "lithium", KEY)},
            Press("verdict", entry="lithium", verdict="wrong", key=KEY),
        ),
        ({"action_id": "handrail:from:a:later:version"}, None),
        ({}, None),
    ],
)
def test_press_is_known_by_its_delivery_alone(action: dict[str, Any], press: Press | None) -> None:
    """A control needs nothing but its own delivery to be understood, also after a restart."""
    assert to_press(action) == press


@pytest.mark.parametrize(
    ("body", "spot"),
    [
        (
            {"channel": {"id": "C1"}, "container": {"is_ephemeral": True}},
            Spot("private", "C1"),
        ),
        ({"channel": {"id": "C1"}, "container": {"thread_ts": "1.5"}}, Spot("open", "C1", "1.5")),
        ({"channel": {"id": "D1"}, "container": {"is_ephemeral": False}}, Spot("direct", "D1")),
        (
            {"container": {"channel_id": "C1"}, "message": {"thread_ts": "1.5"}},
            Spot("open", "C1", "1.5"),
        ),
        (
            {
                "container": {"channel_id": "C1", "message_ts": "1.5", "thread_ts": "1.5"},
                "message": {"ts": "1.5", "thread_ts": "1.5"},
            },
            Spot("open", "C1"),
        ),
        ({"view": {"type": "home", "id": "V1"}}, Spot("home", view="V1")),
        ({"view": {"type": "modal", "id": "V2"}}, Spot("modal", view="V2")),
    ],
)
def test_control_knows_its_place(body: dict[str, Any], spot: Spot) -> None:
    """The channel and the thread are named here or there; what began a thread is not in it."""
    assert to_spot(body) == spot
    assert spot.window == (spot.place in {"home", "modal"})


def test_form_says_what_was_typed() -> None:
    """Fields left empty say nothing."""
    values = {"reason": {"reason": {"value": " too old "}}, "other": {"x": {"value": None}}}
    assert to_typed({"state": {"values": values}}) == "too old"
    assert to_typed({}) == ""
