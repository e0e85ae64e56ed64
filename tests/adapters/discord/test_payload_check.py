"""The check of what we send to Discord is itself held against what Discord takes and refuses."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.rigs.schemas import Kind, kind_of, refusals, require

Payload = dict[str, Any]
MESSAGE, FOLLOW_UP = Kind.DISCORD_MESSAGE, Kind.DISCORD_FOLLOW_UP
CALLBACK, COMMAND = Kind.DISCORD_CALLBACK, Kind.DISCORD_COMMAND


@pytest.fixture(autouse=True, scope="module")
def schemas() -> None:
    """Nothing here can be said without the schemas."""
    require()


def completion(choices: list[Payload]) -> Payload:
    """Return the answer to somebody who is still typing."""
    return {"type": 8, "data": {"choices": choices}}


def card(**parts: Any) -> Payload:
    """Return a message with one embed."""
    return {"embeds": [{"description": "Words.", **parts}]}


def fields(name: int, value: int, number: int = 1) -> Payload:
    """Return a message whose embed has fields of these lengths."""
    return card(fields=[{"name": "n" * name, "value": "v" * value} for _ in range(number)])


def button(custom_id: str | None = "a", **parts: Any) -> Payload:
    """Return a button."""
    return {"type": 2, "style": 2, "label": "Show", "custom_id": custom_id, **parts}


def link(url: str) -> Payload:
    """Return a button that opens a page."""
    return {"type": 2, "style": 5, "label": "Page", "url": url}


def select(number: int = 2, **parts: Any) -> Payload:
    """Return a select with options."""
    listed = [{"label": "Words", "value": str(n)} for n in range(number)]
    return {"type": 3, "custom_id": "chosen", "options": listed, **parts}


def rows(*listed: list[Payload]) -> Payload:
    """Return a message with rows of components."""
    return {"content": "Words.", "components": [{"type": 1, "components": row} for row in listed]}


def laid_out(*parts: Payload) -> Payload:
    """Return a message of the second version."""
    return {"flags": 1 << 15, "components": list(parts)}


def many_rows(number: int) -> Payload:
    """Return a message with rows of one button each."""
    return rows(*([button(str(row))] for row in range(number)))


def modal(*parts: Payload, title: str = "Why?") -> Payload:
    """Return an answer that opens a modal."""
    listed = [{"type": 1, "components": [part]} for part in parts]
    return {"type": 9, "data": {"custom_id": "why", "title": title, "components": listed}}


def field(custom_id: str = "a", **parts: Any) -> Payload:
    """Return a text field of a modal."""
    return {"type": 4, "custom_id": custom_id, "style": 2, "label": "Words", **parts}


def command(**parts: Any) -> Payload:
    """Return a slash command."""
    return {"name": "ask", "description": "Ask.", "type": 1, **parts}


def option(**parts: Any) -> Payload:
    """Return an option of a command."""
    return {"name": "question", "description": "What to ask.", "type": 3, **parts}


def nested(**parts: Any) -> Payload:
    """Return a command with a group, a subcommand in it, and an option with `parts`."""
    inner = option(type=1, name="region", options=[option(**parts)])
    return command(options=[option(type=2, name="settings", options=[inner])])


def choices(number: int, name: int = 1, value: int = 1) -> list[Payload]:
    """Return what may be chosen for an option."""
    return [{"name": "n" * name, "value": f"{n:0{value}}"} for n in range(number)]


LIMITS: Mapping[str, tuple[Kind, int, Callable[[int], Payload]]] = {
    "content": (MESSAGE, 2000, lambda n: {"content": "c" * n}),
    "content, in emoji": (MESSAGE, 1000, lambda n: {"content": "😀" * n}),
    "content of a follow-up": (FOLLOW_UP, 2000, lambda n: {"content": "c" * n}),
    "content of an edit": (Kind.DISCORD_EDIT, 2000, lambda n: {"content": "c" * n}),
    "content of an answer": (CALLBACK, 2000, lambda n: {"type": 4, "data": {"content": "c" * n}}),
    "content of an update": (CALLBACK, 2000, lambda n: {"type": 7, "data": {"content": "c" * n}}),
    "title": (MESSAGE, 256, lambda n: card(title="t" * n)),
    "description": (MESSAGE, 4096, lambda n: card(description="d" * n)),
    "footer": (MESSAGE, 2048, lambda n: card(footer={"text": "f" * n})),
    "author": (MESSAGE, 256, lambda n: card(author={"name": "a" * n})),
    "fields": (MESSAGE, 25, lambda n: fields(1, 1, n)),
    "name of a field": (MESSAGE, 256, lambda n: fields(n, 1)),
    "value of a field": (MESSAGE, 1024, lambda n: fields(1, n)),
    "embeds": (MESSAGE, 10, lambda n: {"embeds": card()["embeds"] * n}),
    "one embed in all": (
        MESSAGE,
        6000,
        lambda n: card(description="d" * 4000, footer={"text": "f" * (n - 4000)}),
    ),
    "embeds in all": (
        CALLBACK,
        6000,
        lambda n: {
            "type": 4,
            "data": {"embeds": [{"description": "d" * 3000}, {"description": "d" * (n - 3000)}]},
        },
    ),
    "rows": (MESSAGE, 5, many_rows),
    "buttons in a row": (MESSAGE, 5, lambda n: rows([button(str(number)) for number in range(n)])),
    "label": (MESSAGE, 80, lambda n: rows([button(label="l" * n)])),
    "custom id": (MESSAGE, 100, lambda n: rows([button("i" * n)])),
    "words laid out": (MESSAGE, 4000, lambda n: laid_out({"type": 10, "content": "w" * n})),
    "parts laid out": (
        MESSAGE,
        40,
        lambda n: laid_out(
            {"type": 17, "components": [{"type": 10, "content": "w"}] * (n - 21)},
            *[{"type": 14}] * 20,
        ),
    ),
    "options": (MESSAGE, 25, lambda n: rows([select(n)])),
    "placeholder": (MESSAGE, 150, lambda n: rows([select(placeholder="p" * n)])),
    "chosen at once": (MESSAGE, 2, lambda n: rows([select(2, max_values=n)])),
    "label of an option": (
        MESSAGE,
        100,
        lambda n: rows([select(options=[{"label": "l" * n, "value": "v"}])]),
    ),
    "value of an option": (
        MESSAGE,
        100,
        lambda n: rows([select(options=[{"label": "l", "value": "v" * n}])]),
    ),
    "title of a modal": (CALLBACK, 45, lambda n: modal(field(), title="t" * n)),
    "label of a field": (CALLBACK, 45, lambda n: modal(field(label="l" * n))),
    "placeholder of a field": (CALLBACK, 100, lambda n: modal(field(placeholder="p" * n))),
    "parts of a modal": (
        CALLBACK,
        5,
        lambda n: modal(*(field(str(number)) for number in range(n))),
    ),
    "longest entry of a field": (CALLBACK, 4000, lambda n: modal(field(max_length=n))),
    "completions": (CALLBACK, 25, lambda n: completion(choices(n))),
    "name of a completion": (CALLBACK, 100, lambda n: completion(choices(1, name=n))),
    "value of a completion": (CALLBACK, 100, lambda n: completion(choices(1, value=n))),
    "name of a command": (COMMAND, 32, lambda n: command(name="n" * n)),
    "description of a command": (COMMAND, 100, lambda n: command(description="d" * n)),
    "translated name": (COMMAND, 32, lambda n: command(name_localizations={"de": "n" * n})),
    "translated description": (
        COMMAND,
        100,
        lambda n: command(description_localizations={"pt-BR": "d" * n}),
    ),
    "options of a command": (
        COMMAND,
        25,
        lambda n: command(options=[option(name=f"o{number}") for number in range(n)]),
    ),
    "name of a nested option": (COMMAND, 32, lambda n: nested(name="n" * n)),
    "description of a nested option": (COMMAND, 100, lambda n: nested(description="d" * n)),
    "choices of an option": (COMMAND, 25, lambda n: nested(choices=choices(n))),
    "name of a choice": (COMMAND, 100, lambda n: nested(choices=choices(1, name=n))),
    "name of a message command": (COMMAND, 32, lambda n: {"type": 3, "name": "N" * n}),
}


@pytest.mark.parametrize(("kind", "limit", "made"), LIMITS.values(), ids=list(LIMITS))
def test_check_knows_the_limit(kind: Kind, limit: int, made: Callable[[int], Payload]) -> None:
    """What is as long as Discord allows passes, one more of it does not."""
    assert refusals(kind, made(limit)) == []
    assert refusals(kind, made(limit + 1)) != []


FITTING: Mapping[str, tuple[Kind, Payload]] = {
    "deferred": (CALLBACK, {"type": 5, "data": {"flags": 64}}),
    "deferred, no flags": (CALLBACK, {"type": 5}),
    "deferred update": (CALLBACK, {"type": 6}),
    "nothing to suggest": (CALLBACK, completion([])),
    "subcommands in groups": (COMMAND, nested(autocomplete=True, required=True)),
    "name in another script": (
        COMMAND,
        command(name_localizations={"ja": "質問", "fr": "poser-une-question"}),
    ),
    "link": (MESSAGE, rows([link("https://a.org")])),
    "buttons taken away": (Kind.DISCORD_EDIT, {"components": []}),
    "moment of an embed": (MESSAGE, card(timestamp="2026-11-23T01:02:03+00:00")),
    "labelled field": (
        CALLBACK,
        {
            "type": 9,
            "data": {
                "custom_id": "why",
                "title": "Why?",
                "components": [
                    {
                        "type": 18,
                        "label": "Words",
                        "component": {"type": 4, "custom_id": "a", "style": 1},
                    }
                ],
            },
        },
    ),
}

UNFITTING: Mapping[str, tuple[Kind, Payload]] = {
    "nothing": (MESSAGE, {}),
    "blanks": (MESSAGE, {"content": " \n"}),
    "nothing to follow up with": (FOLLOW_UP, {"embeds": []}),
    "answer without words": (CALLBACK, {"type": 4, "data": {"flags": 64}}),
    "answer of no kind": (CALLBACK, {"data": {"content": "Words."}}),
    "answer of another kind": (CALLBACK, {"type": 44, "data": {"content": "Words."}}),
    "unknown part": (MESSAGE, {"content": "Words.", "buttons": []}),
    "unknown part of an embed": (MESSAGE, card(heading="Words")),
    "embed of nothing": (MESSAGE, {"embeds": [{"color": 1}]}),
    "colour": (MESSAGE, card(color=0x1000000)),
    "field without a value": (MESSAGE, fields(1, 0)),
    "words that are a number": (MESSAGE, {"content": 12}),
    "button outside a row": (MESSAGE, {"content": "Words.", "components": [button()]}),
    "unknown component": (MESSAGE, rows([{"type": 99, "custom_id": "a"}])),
    "row of nothing": (MESSAGE, rows([])),
    "custom id twice": (MESSAGE, rows([button("a")], [button("a")])),
    "custom id of nothing": (MESSAGE, rows([button("")])),
    "button without words": (MESSAGE, rows([button(label=" ")])),
    "button without a way": (MESSAGE, rows([button(custom_id=None)])),
    "button with two ways": (MESSAGE, rows([button(url="https://a.org")])),
    "style of a button": (MESSAGE, rows([button(style=9)])),
    "link to nowhere": (MESSAGE, rows([link("a.org")])),
    "select beside a button": (MESSAGE, rows([select(), button()])),
    "select of nothing": (MESSAGE, rows([select(0)])),
    "option twice": (MESSAGE, rows([select(options=[{"label": "l", "value": "v"}] * 2)])),
    "two versions at once": (
        MESSAGE,
        {**laid_out({"type": 10, "content": "Words."}), "content": "a"},
    ),
    "words among rows": (
        MESSAGE,
        {"content": "a", "components": [{"type": 10, "content": "Words."}]},
    ),
    "modal of nothing": (CALLBACK, modal()),
    "modal with a button": (CALLBACK, modal(button())),
    "modal with one id twice": (CALLBACK, modal(field("a"), field("a"))),
    "field without a label": (CALLBACK, modal(field(label=None))),
    "field filled too much": (CALLBACK, modal(field(value="12345", max_length=4))),
    "completion without a name": (CALLBACK, completion([{"name": "", "value": "v"}])),
    "completion that is no list": (CALLBACK, {"type": 8, "data": {"choices": {}}}),
    "capitals": (COMMAND, command(name="Ask")),
    "blanks in a name": (COMMAND, command(name="ask us")),
    "no description": (COMMAND, {"name": "ask", "type": 1}),
    "unknown language": (COMMAND, command(name_localizations={"xx": "ask"})),
    "capitals in a translation": (COMMAND, command(name_localizations={"de": "Frage"})),
    "capitals in an option": (COMMAND, nested(name="Question")),
    "option without words": (COMMAND, nested(description="")),
    "option of no kind": (COMMAND, nested(type=99)),
    "option twice in a command": (COMMAND, command(options=[option()] * 2)),
    "needed option last": (
        COMMAND,
        command(options=[option(), option(name="place", required=True)]),
    ),
    "options beside subcommands": (
        COMMAND,
        command(options=[option(), option(name="show", type=1)]),
    ),
    "choices and completions": (COMMAND, nested(choices=choices(1), autocomplete=True)),
    "group in a group": (
        COMMAND,
        command(options=[option(type=2, options=[option(type=2, options=[])])]),
    ),
    "message command with a description": (
        COMMAND,
        {"type": 3, "name": "Ask Handrail", "description": "Ask."},
    ),
    "too much in all": (
        COMMAND,
        command(options=[option(name=f"o{n}", choices=choices(25, 50)) for n in range(7)]),
    ),
}


@pytest.mark.parametrize(("kind", "payload"), FITTING.values(), ids=list(FITTING))
def test_check_lets_pass_what_discord_takes(kind: Kind, payload: Payload) -> None:
    """What no sample Reply needs passes as well."""
    assert refusals(kind, payload) == []


@pytest.mark.parametrize(("kind", "payload"), UNFITTING.values(), ids=list(UNFITTING))
def test_check_refuses_what_discord_refuses(kind: Kind, payload: Payload) -> None:
    """A wrong shape, a key that nobody reads or a broken rule does not pass."""
    assert refusals(kind, payload) != []


def test_check_says_where_it_is_wrong() -> None:
    """A reason names the place and what stands there."""
    (reason,) = refusals(MESSAGE, rows([button(label="l" * 81)]))
    assert reason.startswith("$.components[0].components[0].label: 'lll")
    assert reason.endswith("is too long")


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/api/v10/channels/1/messages", MESSAGE),
        ("PATCH", "/channels/1/messages/2", Kind.DISCORD_EDIT),
        ("POST", "/interactions/1/token/callback", CALLBACK),
        ("POST", "/webhooks/1/token", FOLLOW_UP),
        ("PATCH", "/webhooks/1/token/messages/@original", Kind.DISCORD_FOLLOW_UP_EDIT),
        ("PATCH", "/webhooks/1/token/messages/2", Kind.DISCORD_FOLLOW_UP_EDIT),
        ("PUT", "/applications/1/commands", None),
        ("GET", "/channels/1/messages", None),
    ],
)
def test_check_knows_what_a_call_is(method: str, path: str, kind: Kind | None) -> None:
    """The kind of a payload follows from where it is sent."""
    assert kind_of(method, path) is kind
