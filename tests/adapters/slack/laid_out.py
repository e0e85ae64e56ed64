"""Reads what the Slack renderer lays out, for its tests: words, controls, and the limits."""

from collections.abc import Iterable, Iterator
from typing import Any

from adapters.ids import Press
from adapters.slack.convert import to_press
from adapters.slack.mrkdwn import to_mrkdwn
from adapters.slack.render import Post, Renderer
from bot.domain import Reply
from tests.adapters.scripted import ScriptedResponder

Block = dict[str, Any]
KEY = "0123456789ab"
WORDS = ScriptedResponder()
RENDERER = Renderer(WORDS, feedback=True, new_key=lambda: KEY)
BUTTON_SIDES = ("positive_button", "negative_button")
LENGTHS = {"header": 150, "section": 3000, "context": 2000, "button": 75, "option": 75}
LENGTHS |= {"placeholder": 150, "label": 75, "description": 75, "title": 24, "submit": 24}
IN_ALL = 13_200


def posts_of(reply: Reply, *, whole: bool = False) -> tuple[Post, ...]:
    """Return the messages for `reply`, with everything that can stand below them."""
    return RENDERER.to_posts(reply, whole=whole, shareable=True)


def only(reply: Reply) -> Post:
    """Return the one message for `reply`."""
    (post,) = posts_of(reply)
    return post


def objects(part: Any) -> Iterator[Block]:
    """Return every object inside `part`, itself included."""
    if isinstance(part, dict):
        yield part
        part = list(part.values())
    if isinstance(part, list | tuple):
        for inner in part:
            yield from objects(inner)


def texts(blocks: Iterable[Block]) -> list[Block]:
    """Return every text object."""
    found = objects(list(blocks))
    return [one for one in found if one.get("type") in {"plain_text", "mrkdwn"}]


def said(posts: Iterable[Post]) -> str:
    """Return the words outside controls, in the order they are read."""
    lines: list[str] = []
    for post in posts:
        for block in post.blocks:
            parts = [block.get("text"), *block.get("elements", ())]
            lines += [p["text"] for p in parts if p and p["type"] in {"plain_text", "mrkdwn"}]
    return "\n".join(lines)


def as_said(markdown: str) -> str:
    """Return words of a Reply as the blocks say them."""
    return to_mrkdwn(markdown.strip()).removeprefix("• ").strip()


def parts(reply: Reply) -> Iterator[str]:
    """Return every part of `reply` that has words, without what follows it."""
    yield from (*reply.text.split("\n"), *reply.notes, *reply.sources)
    yield from (line.text for line in reply.help)
    for section in reply.details:
        yield from (section.heading, *section.text.split("\n"))
    if reply.help:
        yield reply.help_heading


def controls(blocks: Iterable[Block]) -> list[Block]:
    """Return every control that carries an action, in order."""
    return [one for one in objects(list(blocks)) if "action_id" in one]


def labels(blocks: Iterable[Block]) -> list[str]:
    """Return the words on the buttons."""
    return [one["text"]["text"] for one in controls(blocks) if one["type"] == "button"]


def options(select: Block) -> list[Block]:
    """Return what can be chosen, groups opened."""
    groups = select.get("option_groups") or [select]
    return [option for group in groups for option in group["options"]]


def values(select: Block) -> list[str]:
    """Return the values of what can be chosen."""
    return [option["value"] for option in options(select)]


def selects(blocks: Iterable[Block]) -> list[Block]:
    """Return the lists to choose from."""
    return [one for one in controls(blocks) if one["type"] == "static_select"]


def deliveries(control: Block) -> Iterator[Block]:
    """Return what Slack delivers when a control is used, once for each thing it can say."""
    if control["type"] == "feedback_buttons":
        for side in BUTTON_SIDES:
            yield {"action_id": control["action_id"], "value": control[side]["value"]}
    elif control["type"] == "static_select":
        yield {"action_id": control["action_id"], "selected_option": options(control)[0]}
    else:
        yield {"action_id": control["action_id"], "value": control.get("value")}


def presses(blocks: Iterable[Block]) -> list[Press | None]:
    """Return what each control means; the first choice of a list stands for all."""
    return [to_press(one) for control in controls(blocks) for one in deliveries(control)]


def actions_of(blocks: Iterable[Block]) -> list[str]:
    """Return the kinds of things that can be done."""
    return [press.action for press in presses(blocks) if press]


def check_post(post: Post) -> None:
    """Hold a message against everything that Slack refuses."""
    assert post.text.strip()
    assert len(post.text) <= 40_000
    assert len(post.blocks) <= 50
    assert sum(len(text["text"]) for text in texts(post.blocks)) <= IN_ALL
    check_blocks(post.blocks)


def check_blocks(blocks: Iterable[Block]) -> None:
    """Hold blocks against what Slack refuses wherever they stand."""
    for block in blocks:
        ids = [one["action_id"] for one in objects(block) if "action_id" in one]
        assert len(ids) == len(set(ids))
        assert all(1 <= len(one) <= 255 for one in ids)
        assert len(block.get("elements", ())) <= 25
        assert block.get("elements") != []
        for name, text in named_texts(block):
            assert 1 <= len(text["text"].strip()) <= LENGTHS[name]
        for select in objects(block):
            if select.get("type") == "static_select":
                check_select(select)


def named_texts(block: Block) -> Iterator[tuple[str, Block]]:
    """Return every text object with the name that its limit goes by."""
    for one in objects(block):
        kind = one.get("type", "option" if "value" in one else "group")
        for key in ("text", "placeholder", "label", "description"):
            if isinstance(one.get(key), dict):
                yield (kind if key == "text" else key), one[key]
        for inner in one.get("elements", ()):
            if "action_id" not in inner:
                yield kind, inner


def check_select(select: Block) -> None:
    """1 to 100 different options in each of at most 100 groups; what is chosen is one of them."""
    groups = select.get("option_groups") or [select]
    assert ("options" in select) != ("option_groups" in select)
    assert 1 <= len(groups) <= 100
    assert all(1 <= len(group["options"]) <= 100 for group in groups)
    assert len(set(values(select))) == len(values(select))
    assert all(1 <= len(value) <= 150 for value in values(select))
    assert select.get("initial_option", options(select)[0]) in options(select)
