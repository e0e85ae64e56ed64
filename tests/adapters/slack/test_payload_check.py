"""The check of what we send to Slack is itself held against what Slack takes and refuses."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.rigs.schemas import Kind, refusals, require

Payload = dict[str, Any]
MESSAGE, MODAL, HOME = Kind.SLACK_MESSAGE, Kind.SLACK_MODAL, Kind.SLACK_HOME


@pytest.fixture(autouse=True, scope="module")
def schemas() -> None:
    """Nothing here can be said without the schemas."""
    require()


def plain(text: str = "Words") -> Payload:
    """Return words without marks."""
    return {"type": "plain_text", "text": text}


def words(text: str = "Words") -> Payload:
    """Return words with marks."""
    return {"type": "mrkdwn", "text": text}


def message(*blocks: Payload, text: str = "Words") -> Payload:
    """Return a message."""
    return {"text": text, "blocks": list(blocks)}


def section(text: str = "Words", **parts: Any) -> Payload:
    """Return a block of words."""
    return {"type": "section", "text": words(text), **parts}


def button(label: str = "Show", **parts: Any) -> Payload:
    """Return a button."""
    return {"type": "button", "action_id": "show", "text": plain(label), **parts}


def buttons(number: int) -> Payload:
    """Return a row of buttons."""
    listed = [button(action_id=str(n)) for n in range(number)]
    return {"type": "actions", "elements": listed}


def select(number: int = 2, **parts: Any) -> Payload:
    """Return a list to choose from."""
    options = [{"text": plain(), "value": str(n)} for n in range(number)]
    return {"type": "static_select", "action_id": "chosen", "options": options, **parts}


def field(label: str = "Why?", **parts: Any) -> Payload:
    """Return a field to write in."""
    element = {"type": "plain_text_input", "action_id": "why", **parts}
    return {"type": "input", "label": plain(label), "element": element}


def modal(*blocks: Payload, **parts: Any) -> Payload:
    """Return a modal view."""
    rest = {"type": "modal", "title": plain("Why?"), "submit": plain("Send"), **parts}
    return {**rest, "blocks": list(blocks)}


def home(*blocks: Payload, **parts: Any) -> Payload:
    """Return a home view."""
    return {"type": "home", **parts, "blocks": list(blocks)}


LIMITS: Mapping[str, tuple[Kind, int, Callable[[int], Payload]]] = {
    "text": (MESSAGE, 40_000, lambda n: message(section(), text="t" * n)),
    "blocks": (MESSAGE, 50, lambda n: message(*[section()] * n)),
    "blocks in all": (
        MESSAGE,
        13_200,
        lambda n: message(*[section("t" * 3000)] * 4, section("t" * (n - 12_000))),
    ),
    "section": (MESSAGE, 3000, lambda n: message(section("t" * n))),
    "fields of a section": (MESSAGE, 10, lambda n: message(section(fields=[words()] * n))),
    "field of a section": (MESSAGE, 2000, lambda n: message(section(fields=[words("t" * n)]))),
    "header": (MESSAGE, 150, lambda n: message({"type": "header", "text": plain("t" * n)})),
    "parts of a context": (
        MESSAGE,
        10,
        lambda n: message({"type": "context", "elements": [words()] * n}),
    ),
    "words of a context": (
        MESSAGE,
        3000,
        lambda n: message({"type": "context", "elements": [words("t" * n)]}),
    ),
    "buttons in a row": (MESSAGE, 25, lambda n: message(buttons(n))),
    "button": (MESSAGE, 75, lambda n: message(section(accessory=button("b" * n)))),
    "what a button says aloud": (
        MESSAGE,
        75,
        lambda n: message(section(accessory=button(accessibility_label="b" * n))),
    ),
    "value of a button": (
        MESSAGE,
        2000,
        lambda n: message(section(accessory=button(value="v" * n))),
    ),
    "address of a button": (
        MESSAGE,
        3000,
        lambda n: message(section(accessory=button(url="https://a.org/".ljust(n, "a")))),
    ),
    "action id": (MESSAGE, 255, lambda n: message(section(accessory=button(action_id="a" * n)))),
    "block id": (MESSAGE, 255, lambda n: message(section(block_id="b" * n))),
    "options": (MESSAGE, 100, lambda n: message(section(accessory=select(n)))),
    "words of an option": (
        MESSAGE,
        75,
        lambda n: message(
            section(accessory=select(options=[{"text": plain("o" * n), "value": "v"}]))
        ),
    ),
    "value of an option": (
        MESSAGE,
        150,
        lambda n: message(section(accessory=select(options=[{"text": plain(), "value": "v" * n}]))),
    ),
    "hint of a list": (
        MESSAGE,
        150,
        lambda n: message(section(accessory=select(placeholder=plain("p" * n)))),
    ),
    "title of a modal": (MODAL, 24, lambda n: modal(field(), title=plain("t" * n))),
    "send button of a modal": (MODAL, 24, lambda n: modal(field(), submit=plain("s" * n))),
    "close button of a modal": (MODAL, 24, lambda n: modal(field(), close=plain("c" * n))),
    "blocks of a modal": (MODAL, 100, lambda n: modal(*[section()] * n)),
    "what a modal carries": (MODAL, 3000, lambda n: modal(field(), private_metadata="m" * n)),
    "name of a modal": (MODAL, 255, lambda n: modal(field(), callback_id="c" * n)),
    "label of a field": (MODAL, 2000, lambda n: modal(field("l" * n))),
    "hint in a field": (MODAL, 150, lambda n: modal(field(placeholder=plain("p" * n)))),
    "section of a modal": (MODAL, 3000, lambda n: modal(section("t" * n))),
    "blocks of a home": (HOME, 100, lambda n: home(*[section()] * n)),
    "header of a home": (HOME, 150, lambda n: home({"type": "header", "text": plain("t" * n)})),
    "button of a home": (HOME, 75, lambda n: home(section(accessory=button("b" * n)))),
}


@pytest.mark.parametrize(("kind", "limit", "made"), LIMITS.values(), ids=list(LIMITS))
def test_check_knows_the_limit(kind: Kind, limit: int, made: Callable[[int], Payload]) -> None:
    """What is as long as Slack allows passes, one more of it does not."""
    assert refusals(kind, made(limit)) == []
    assert refusals(kind, made(limit + 1)) != []


THUMB = {"text": plain(), "value": "v"}
THUMBS = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "judged",
            "positive_button": THUMB,
            "negative_button": THUMB,
        }
    ],
}
LINE = {"type": "rich_text_section", "elements": []}
OPTIONAL = modal({**field(multiline=True), "optional": True})
FITTING: Mapping[str, tuple[Kind, Payload]] = {
    "words alone": (MESSAGE, {"text": "Words"}),
    "old message taken away": (MESSAGE, {"text": "Gone.", "delete_original": True}),
    "thumbs": (MESSAGE, message(THUMBS)),
    "divider": (MESSAGE, message({"type": "divider"})),
    "fields alone": (MESSAGE, message({"type": "section", "fields": [words()]})),
    "list": (MESSAGE, message(section(accessory=select(placeholder=plain())))),
    "groups of a list": (
        HOME,
        home(
            section(
                accessory={
                    "type": "static_select",
                    "action_id": "chosen",
                    "option_groups": [
                        {"label": plain(), "options": [{"text": plain(), "value": "v"}]}
                    ],
                }
            )
        ),
    ),
    "empty line": (MESSAGE, message({"type": "rich_text", "elements": [LINE]})),
    "channels to choose": (
        MODAL,
        modal(section(accessory={"type": "multi_channels_select", "action_id": "channels"})),
    ),
    "modal without fields": (MODAL, modal(section(), submit=plain())),
    "field that may stay empty": (MODAL, OPTIONAL),
}

UNFITTING: Mapping[str, tuple[Kind, Payload]] = {
    "nothing": (MESSAGE, {}),
    "no words for notifications": (MESSAGE, {"blocks": [section()]}),
    "blanks for notifications": (MESSAGE, message(section(), text=" ")),
    "unknown part": (MESSAGE, {"text": "Words", "embeds": []}),
    "answer for somebody else": (MESSAGE, {"text": "Words", "response_type": "all"}),
    "unknown block": (MESSAGE, message({"type": "paragraph", "text": words()})),
    "block of no kind": (MESSAGE, message({"text": words()})),
    "unknown part of a block": (MESSAGE, message(section(colour="red"))),
    "unknown part of a button": (MESSAGE, message(section(accessory=button(colour="red")))),
    "words that are a number": (MESSAGE, message({"type": "section", "text": 12})),
    "bare words": (MESSAGE, message({"type": "section", "text": "Words"})),
    "marks in a header": (MESSAGE, message({"type": "header", "text": words()})),
    "marks on a button": (MESSAGE, message(section(accessory={**button(), "text": words()}))),
    "words of no kind": (
        MESSAGE,
        message({"type": "section", "text": {"type": "html", "text": "Words"}}),
    ),
    "section without words": (MESSAGE, message({"type": "section"})),
    "empty words": (MESSAGE, message(section(""))),
    "empty button": (MESSAGE, message(section(accessory=button("")))),
    "header of nothing": (MESSAGE, message({"type": "header", "text": plain("")})),
    "row of nothing": (MESSAGE, message(buttons(0))),
    "style of a button": (MESSAGE, message(section(accessory=button(style="green")))),
    "unknown element": (MESSAGE, message(section(accessory={"type": "slider", "action_id": "a"}))),
    "section in a row": (MESSAGE, message({"type": "actions", "elements": [section()]})),
    "action id twice": (MESSAGE, message({"type": "actions", "elements": [button(), button()]})),
    "block id twice": (MESSAGE, message(*[section(block_id="b")] * 2)),
    "list of nothing": (MESSAGE, message(section(accessory=select(0)))),
    "modal without a title": (MODAL, home(section(), type="modal")),
    "modal of nothing": (MODAL, modal()),
    "nothing to send a field with": (MODAL, modal(field(), submit=None)),
    "field without words": (MODAL, modal({"type": "input", "element": select()})),
    "block of messages in a modal": (MODAL, modal({"type": "markdown", "text": "Words"})),
    "unknown part of a modal": (MODAL, modal(field(), colour="red")),
    "thumbs in a modal": (MODAL, modal(THUMBS)),
    "home as a modal": (MODAL, home(section())),
    "title of a home": (HOME, home(section(), title=plain())),
    "unknown block in a home": (HOME, home({"type": "paragraph"})),
    "home of nothing": (HOME, home()),
}


@pytest.mark.parametrize(("kind", "payload"), FITTING.values(), ids=list(FITTING))
def test_check_lets_pass_what_slack_takes(kind: Kind, payload: Payload) -> None:
    """What no sample Reply needs passes as well."""
    assert refusals(kind, payload) == []


@pytest.mark.parametrize(("kind", "payload"), UNFITTING.values(), ids=list(UNFITTING))
def test_check_refuses_what_slack_refuses(kind: Kind, payload: Payload) -> None:
    """A wrong shape, a key that nobody reads or a broken rule does not pass."""
    assert refusals(kind, payload) != []


def test_check_says_where_it_is_wrong() -> None:
    """A reason names the place and what stands there."""
    (reason,) = refusals(MESSAGE, message(section(accessory=button(style="green"))))
    assert reason.startswith("$.blocks[0].accessory.style: 'green' is not one of")
