"""What Slack refuses and its published types do not know: lengths and numbers.

Most come from slack_sdk's own models, which check them when they are written out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

MESSAGE_BLOCKS, VIEW_BLOCKS, EXTERNAL_ID = 50, 100, 255
TEXT, TEXT_OBJECT, FIELD, OPTION, OPTION_VALUE = 40_000, 3000, 2000, 75, 150
IN_ALL = 13_200  # no page of Slack's says so; from about there on it answers msg_blocks_too_long
MESSAGES_ONLY = frozenset({"context_actions"})  # where else they stand is said nowhere

Payload = Mapping[str, Any]


def message(body: Payload) -> Iterator[str]:
    """Yield what is wrong with a message of the right shape."""
    blocks = body.get("blocks") or []
    if not body["text"].strip():
        yield "text: empty"
    if len(body["text"]) > TEXT:
        yield f"text: {len(body['text'])} characters, {TEXT} are allowed"
    if len(blocks) > MESSAGE_BLOCKS:
        yield f"blocks: {len(blocks)}, {MESSAGE_BLOCKS} are allowed"
    in_all = sum(len(text["text"]) for block in blocks for text in _texts(block))
    if in_all > IN_ALL:
        yield f"blocks: {in_all} characters in all, {IN_ALL} are allowed"
    yield from _blocks(blocks)
    for block in blocks:
        yield from _model(block)


def view(body: Payload) -> Iterator[str]:
    """Yield what is wrong with a modal or home view of the right shape."""
    if not 0 < len(body["blocks"]) <= VIEW_BLOCKS:
        yield f"blocks: {len(body['blocks'])}, 1 to {VIEW_BLOCKS} are allowed"
    asks = any(block["type"] == "input" for block in body["blocks"])
    if asks and body["type"] == "modal" and not body.get("submit"):
        yield "submit is missing"
    if len(body.get("external_id") or "") > EXTERNAL_ID:
        yield f"external_id: over {EXTERNAL_ID} characters"
    if any(block["type"] in MESSAGES_ONLY for block in body["blocks"]):
        yield "context_actions: Slack's own thumbs belong to messages"
    yield from _blocks(body["blocks"])
    try:
        View(**body).to_dict()
    except SlackObjectFormationError as error:
        yield str(error)


def _model(block: Payload) -> Iterator[str]:
    parsed = Block.parse(dict(block))
    if parsed is None:
        yield f"{block['type']}: slack_sdk does not know it"
        return
    try:
        parsed.to_dict()
    except SlackObjectFormationError as error:
        yield f"{block['type']}: {error}"


def _blocks(blocks: Iterable[Payload]) -> Iterator[str]:
    yield from _repeated("block_id", (block.get("block_id") for block in blocks))
    for block in blocks:
        parts = list(_objects(block))
        yield from _repeated("action_id", (part.get("action_id") for part in parts))
        if block["type"] == "section":
            yield from _section(block)
        for text in _texts(block):
            if not 1 <= len(text["text"]) <= TEXT_OBJECT:
                yield f"{block['type']}: a text of {len(text['text'])} characters"
        for part in parts:
            yield from _lists(part)


def _section(block: Payload) -> Iterator[str]:
    fields = block.get("fields") or []
    if not block.get("text") and not fields:
        yield "section: neither text nor fields"
    if any(len(field["text"]) > FIELD for field in fields):
        yield f"section: a field over {FIELD} characters"


def _lists(part: Payload) -> Iterator[str]:
    kind = str(part.get("type", "group"))
    lists = (part.get(key) for key in ("elements", "fields", "options", "option_groups"))
    if [] in lists and not kind.startswith("rich_text_"):
        yield f"{kind}: an empty list"
    for option in part.get("options") or []:
        about = option.get("description") or {"text": ""}
        if max(len(option["text"]["text"]), len(about["text"])) > OPTION:
            yield f"option: over {OPTION} characters"
        if len(option.get("value") or "") > OPTION_VALUE:
            yield f"option: value over {OPTION_VALUE} characters"


def _texts(block: Any) -> Iterator[Payload]:
    for part in _objects(block):
        if part.get("type") in {"plain_text", "mrkdwn"}:
            yield part


def _objects(part: Any) -> Iterator[Payload]:
    """Yield every object in `part`, itself included."""
    if isinstance(part, Mapping):
        yield part
        part = list(part.values())
    if isinstance(part, list | tuple):
        for inner in part:
            yield from _objects(inner)


def _repeated(what: str, values: Iterable[str | None]) -> Iterator[str]:
    for value, times in Counter(value for value in values if value).items():
        if times > 1:
            yield f"{what} {value!r} stands {times} times"
