"""What Discord refuses and its OpenAPI document does not know; follows its documentation.

Every function takes a payload of the right shape and yields what is wrong with it, in words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

CONTENT, EMBEDS_IN_ALL, ROWS, MODAL_PARTS = 2000, 6000, 5, 5
CHOICE_VALUE, COMMAND_IN_ALL = 100, 8000
COMPONENTS_V2, PARTS_V2, WORDS_V2 = 1 << 15, 40, 4000
ROW, BUTTON, SELECTS, WORDS = 1, 2, frozenset({3, 5, 6, 7, 8}), 10
LINK, PREMIUM = 5, 6
CHAT_INPUT, SUBCOMMAND, SUBCOMMAND_GROUP = 1, 1, 2
ANSWERED, UPDATED, COMPLETED, MODAL = 4, 7, 8, 9
_NAME = re.compile(r"[-_'\w]{1,32}")
_SHOWN = ("title", "description", "fields", "image", "thumbnail", "author", "footer")

Payload = Mapping[str, Any]


def message(body: Payload) -> Iterator[str]:
    """Yield what is wrong with a new message or follow-up."""
    given = (body.get(key) for key in ("embeds", "components", "attachments", "sticker_ids"))
    if not (body.get("content") or "").strip() and not body.get("poll") and not any(given):
        yield "empty message"
    yield from edit(body)


def edit(body: Payload) -> Iterator[str]:
    """Yield what is wrong with the changed parts of a message."""
    content, embeds = body.get("content") or "", body.get("embeds") or []
    if size(content) > CONTENT:
        yield f"content: {size(content)} characters, {CONTENT} are allowed"
    for embed in embeds:
        yield from _embed(embed)
    in_all = sum(size(text) for embed in embeds for text in _texts(embed))
    if in_all > EMBEDS_IN_ALL:
        yield f"embeds: {in_all} characters in all, {EMBEDS_IN_ALL} are allowed"
    yield from _components(body)


def callback(body: Payload) -> Iterator[str]:
    """Yield what is wrong with an answer to an interaction."""
    told = body.get("data")
    checks = {ANSWERED: message, UPDATED: edit, COMPLETED: _completions, MODAL: _modal}
    if check := checks.get(body["type"]):
        yield from ["data is missing"] if told is None else check(told)


def command(body: Payload) -> Iterator[str]:
    """Yield what is wrong with a command as it is made known."""
    if (body.get("type") or CHAT_INPUT) == CHAT_INPUT:
        if not body.get("description"):
            yield "description is missing"
        yield from _named(body)
    elif body.get("description") or body.get("options"):
        yield "only slash commands have descriptions and options"
    in_all = _longest(body)
    if in_all > COMMAND_IN_ALL:
        yield f"{in_all} characters in all, {COMMAND_IN_ALL} are allowed"


def size(text: str) -> int:
    """Return the length of `text`; an emoji may count as two, as it does in Discord's clients."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _embed(embed: Payload) -> Iterator[str]:
    if not any(embed.get(key) for key in _SHOWN):
        yield "embeds: one shows nothing"
    for field in embed.get("fields") or []:
        if not (field["name"].strip() and field["value"].strip()):
            yield "embeds: a field has no name or no value"


def _texts(embed: Payload) -> Iterator[str]:
    parts = (embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")
    fields = embed.get("fields") or []
    inner = (field[key] for field in fields for key in ("name", "value"))
    for text in (embed.get("title"), embed.get("description"), *parts, *inner):
        yield text or ""


def _components(body: Payload) -> Iterator[str]:
    top = body.get("components") or []
    parts = list(_parts(top))
    if (body.get("flags") or 0) & COMPONENTS_V2:
        yield from _second_version(body, parts)
    elif len(top) > ROWS:
        yield f"components: {len(top)} rows, {ROWS} are allowed"
    elif any(part["type"] != ROW for part in top):
        yield "components: only rows, unless they are of the second version"
    yield from _repeated("custom_id", (part.get("custom_id") for part in parts))
    for part in parts:
        yield from _PART_CHECKS.get(part["type"], _anything)(part)


def _second_version(body: Payload, parts: list[Payload]) -> Iterator[str]:
    if body.get("content") or body.get("embeds"):
        yield "components of the second version stand alone"
    if len(parts) > PARTS_V2:
        yield f"components: {len(parts)}, {PARTS_V2} are allowed"
    in_all = sum(size(part["content"]) for part in parts if part["type"] == WORDS)
    if in_all > WORDS_V2:
        yield f"components: {in_all} characters in all, {WORDS_V2} are allowed"


def _parts(components: Iterable[Payload]) -> Iterator[Payload]:
    for part in components:
        yield part
        inner = [part[key] for key in ("component", "accessory") if part.get(key)]
        yield from _parts([*(part.get("components") or []), *inner])


def _anything(_: Payload) -> Iterator[str]:
    yield from ()


def _row(part: Payload) -> Iterator[str]:
    inner = part["components"]
    if len(inner) > 1 and any(one["type"] in SELECTS for one in inner):
        yield "components: a select needs a row of its own"


def _button(part: Payload) -> Iterator[str]:
    if not ((part.get("label") or "").strip() or part.get("emoji") or part["style"] == PREMIUM):
        yield "button: neither words nor emoji"
    key = {LINK: "url", PREMIUM: "sku_id"}.get(part["style"], "custom_id")
    if [name for name in ("url", "sku_id", "custom_id") if part.get(name)] != [key]:
        yield f"button: style {part['style']} needs {key} and nothing else"


def _select(part: Payload) -> Iterator[str]:
    options = part.get("options") or []
    yield from _repeated("value of an option", (option["value"] for option in options))
    least, most = part.get("min_values"), part.get("max_values")
    if (1 if least is None else least) > (1 if most is None else most):
        yield "select: more must be chosen than may be"
    if options and max(least or 0, most or 0) > len(options):
        yield "select: more are to be chosen than there are"


_PART_CHECKS = {ROW: _row, BUTTON: _button, **dict.fromkeys(SELECTS, _select)}


def _modal(body: Payload) -> Iterator[str]:
    top = body["components"]
    if len(top) > MODAL_PARTS:
        yield f"modal: {len(top)} parts, {MODAL_PARTS} are allowed"
    parts = list(_parts(top))
    yield from _repeated("custom_id", (part.get("custom_id") for part in parts))
    for row in (part for part in parts if part["type"] == ROW):
        if any(not inner.get("label") for inner in row["components"]):
            yield "modal: an input without a label"
    for part in parts:
        if part["type"] in SELECTS:
            yield from _select(part)
        if size(part.get("value") or "") > (part.get("max_length") or 4000):
            yield "modal: more is filled in than may be"


def _completions(body: Payload) -> Iterator[str]:
    for choice in body.get("choices") or []:
        if not choice["name"].strip():
            yield "choices: one has no name"
        if isinstance(choice["value"], str) and not 1 <= size(choice["value"]) <= CHOICE_VALUE:
            yield f"choices: a value has {size(choice['value'])} characters"


def _named(body: Payload) -> Iterator[str]:
    """Yield what is wrong with the names of a command and of all that is in it."""
    names = [body["name"], *(body.get("name_localizations") or {}).values()]
    for name in names:
        if not _NAME.fullmatch(name) or name != name.lower():
            yield f"{name!r} is no name of a command or option"
    options = body.get("options") or []
    yield from _repeated("option", (option["name"] for option in options))
    nested = {option["type"] in {SUBCOMMAND, SUBCOMMAND_GROUP} for option in options}
    if len(nested) > 1:
        yield "subcommands and options together"
    needed = [bool(option.get("required")) for option in options]
    if needed != sorted(needed, reverse=True):
        yield "what may be left out stands before what must be given"
    for option in options:
        yield from _completions(option)
        yield from _named(option)
        if option.get("autocomplete") and option.get("choices"):
            yield "an option either has choices or completes"


def _longest(body: Payload) -> int:
    """Return the characters of a command, of each text the longest translation."""
    total = 0
    for key in ("name", "description"):
        texts = [body.get(key) or "", *(body.get(f"{key}_localizations") or {}).values()]
        total += max(map(size, texts))
    total += size(body["value"]) if isinstance(body.get("value"), str) else 0
    inner = [*(body.get("options") or []), *(body.get("choices") or [])]
    return total + sum(map(_longest, inner))


def _repeated(what: str, values: Iterable[str | None]) -> Iterator[str]:
    for value, times in Counter(value for value in values if value).items():
        if times > 1:
            yield f"{what} {value!r} stands {times} times"
