"""Reads what the Discord renderer lays out, for its tests: words, controls, and the limits."""

from collections.abc import Iterator

import discord

from adapters.discord.render import Post, Renderer, size
from adapters.ids import Press, read_press
from bot.domain import Country, Reply
from tests.adapters.replies import EVERY_REPLY
from tests.adapters.scripted import ScriptedResponder

KEY = "0123456789ab"
EVERY_NAME = list(EVERY_REPLY)
WORDS = ScriptedResponder()
RENDERER = Renderer(WORDS, feedback=True, new_key=lambda: KEY)


class Countries(ScriptedResponder):
    """Knows the countries that it is given."""

    def __init__(self, countries: tuple[Country, ...]) -> None:
        super().__init__()
        self._countries = countries

    def countries(self) -> tuple[Country, ...]:
        """Return them."""
        return self._countries


def posts_of(reply: Reply, *, whole: bool = False) -> tuple[Post, ...]:
    """Return the messages for `reply`, with everything that can stand below them."""
    return RENDERER.to_posts(reply, whole=whole, shareable=True)


def words(posts: tuple[Post, ...]) -> str:
    """Return all the words of `posts` outside buttons, in the order they are read."""
    parts = []
    for post in posts:
        parts.append(post.content)
        if post.embed is not None:
            parts += [post.embed.title or "", post.embed.description or ""]
    return "\n".join(parts)


def plain(text: str) -> str:
    """Return `text` without what the renderer adds round links, and with single spaces."""
    return " ".join(text.replace("](<", "](").replace(">)", ")").split())


def buttons(post: Post) -> list[discord.ui.Button[discord.ui.View]]:
    """Return the buttons."""
    return [item for item in post.items if isinstance(item, discord.ui.Button)]


def labels(post: Post) -> list[str | None]:
    """Return the words on the buttons."""
    return [button.label for button in buttons(post)]


def selects(post: Post) -> list[discord.ui.Select[discord.ui.View]]:
    """Return the selects."""
    return [item for item in post.items if isinstance(item, discord.ui.Select)]


def values(select: discord.ui.Select[discord.ui.View]) -> list[str]:
    """Return what can be chosen."""
    return [option.value for option in select.options]


def presses(post: Post) -> list[Press | None]:
    """Return what each control means; the first choice of a select stands for all."""
    found = [read_press(button.custom_id or "") for button in buttons(post)]
    return found + [read_press(select.custom_id, values(select)[:1]) for select in selects(post)]


def check_limits(post: Post) -> None:
    """Hold `post` against everything that Discord refuses."""
    assert size(post.content) <= 2000
    assert post.content.strip() or post.embed
    if post.embed is not None:
        assert size(post.embed.title or "") <= 256
        assert size(post.embed.description or "") <= 4096
        assert len(post.embed) <= 6000
        assert (post.embed.title or post.embed.description or "").strip()
    ids = [item.custom_id or "" for item in post.items]
    assert len(ids) == len(set(ids))
    assert all(1 <= len(custom_id.encode()) <= 100 for custom_id in ids)
    check_rows(post)
    for button in buttons(post):
        assert 1 <= size((button.label or "").strip()) <= 80
    for select in selects(post):
        check_select(select)


def check_rows(post: Post) -> None:
    """At most five rows, each of at most five buttons or one select."""
    rows: dict[int | None, list[bool]] = {}
    for item in post.items:
        rows.setdefault(item.row, []).append(isinstance(item, discord.ui.Select))
    assert set(rows) <= {0, 1, 2, 3, 4}
    assert all(row == [True] or (len(row) <= 5 and not any(row)) for row in rows.values())


def check_select(select: discord.ui.Select[discord.ui.View]) -> None:
    """1 to 25 different options, of which one may be chosen, and words on each."""
    assert 1 <= len(select.options) <= 25
    assert len(set(values(select))) == len(select.options)
    assert sum(option.default for option in select.options) <= 1
    assert 1 <= size(select.placeholder or "") <= 150
    for option in select.options:
        assert 1 <= size(option.label.strip()) <= 100
        assert 1 <= size(option.value) <= 100
        assert option.description is None or 1 <= size(option.description) <= 100


def parts(reply: Reply) -> Iterator[str]:
    """Return every part of `reply` that has words, without what follows it."""
    yield from (reply.title, *reply.text.split("\n"), *reply.notes, *reply.sources)
    yield reply.help_heading
    yield from (line.text for line in reply.help)
    for section in reply.details:
        yield from (section.heading, section.text)
