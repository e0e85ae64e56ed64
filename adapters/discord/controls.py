"""Makes the buttons, selects and forms below a message, within what Discord takes."""

from collections.abc import Iterable, Iterator, Sequence

import discord

from adapters.discord.layout import clip
from adapters.ids import (
    DECLINE,
    PAGE,
    SHOW,
    TOPIC,
    Press,
    country_id,
    details_id,
    fits,
    pick_id,
    reason_id,
    share_id,
    verdict_id,
)
from adapters.parts import Words, help_card, listed, span
from bot.domain import Choice, Country, Reply, ReplyKind, Topic, Verdict

ROWS = 5
IN_ROW = 5
OPTIONS = 25
_LABEL, _PLACEHOLDER, _OPTION = 80, 150, 100
_FORM_TITLE, _FORM_LABEL, _FORM_HINT, _REASON = 45, 45, 100, 500
_VERDICTS: tuple[Verdict, ...] = ("helpful", "wrong", "outdated")

Button = discord.ui.Button[discord.ui.View]
Select = discord.ui.Select[discord.ui.View]
Item = Button | Select
Row = Sequence[Item]


def lay_out(rows: Iterable[Row]) -> tuple[Item, ...]:
    """Return the controls of the first five rows that hold any, each with its row set."""
    filled = [row for row in rows if row][:ROWS]
    for number, row in enumerate(filled):
        for item in row:
            item.row = number
    return tuple(item for row in filled for item in row)


def button(
    label: str,
    custom_id: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> Iterator[Button]:
    """Return the button, or none where Discord would refuse its id."""
    if fits(custom_id):
        yield discord.ui.Button(label=clip(label, _LABEL), custom_id=custom_id, style=style)


def choice_rows(choices: Iterable[Choice], words: Words, room: int = ROWS) -> list[Row]:
    """Return a button for each choice and, in a row of its own, "none of these"."""
    unique = {choice.entry: choice for choice in choices}.values()
    style = discord.ButtonStyle.primary
    buttons = [
        found
        for choice in unique
        for found in button(choice.title.strip() or choice.entry, SHOW + choice.entry, style)
    ]
    rows: list[Row] = [buttons[i : i + IN_ROW] for i in range(0, len(buttons), IN_ROW)]
    if len(rows) >= room or len(buttons) < len(unique):
        rows = pick_rows(unique, words("buttons.entries"), words("buttons.entries_more"), room - 1)
    return [*rows, list(button(words("reply.none_of_these"), DECLINE))]


def pick_rows(choices: Iterable[Choice], first: str, more: str, room: int = ROWS) -> list[Row]:
    """Return selects of entries, 25 in each, at most `room` of them.

    Args:
        choices: What to offer; those whose id is longer than Discord takes are left out.
        first: What the first select says while nothing is chosen.
        more: What the others say.
        room: How many rows there are.
    """
    unique = {choice.entry: choice for choice in choices if fits(choice.entry)}
    options = [_option(c.title.strip() or c.entry, c.entry) for c in unique.values()]
    parts = [options[i : i + OPTIONS] for i in range(0, len(options), OPTIONS)][:room]
    reach = _span if len(parts) > 1 and _in_order(options) else (lambda _: "")
    return [
        [_select(pick_id(number), part, (more if number else first) + reach(part))]
        for number, part in enumerate(parts)
    ]


def action_row(reply: Reply, words: Words, *, detailed: bool, shareable: bool) -> Row:
    """Return the buttons for details and for sharing, of which there may be none."""
    items: list[Item] = []
    if detailed and reply.entry:
        style = discord.ButtonStyle.primary
        items += button(words("buttons.details"), details_id(reply.entry), style)
    if shareable and reply.entry:
        kinds = reply.help_kinds if reply.kind is ReplyKind.URGENT else ()
        items += button(words("buttons.share"), share_id(reply.entry, kinds, reply.region))
    return items


def verdict_row(entry: str, key: str, words: Words) -> Row:
    """Return the buttons that judge the Reply `key`, which shows `entry`."""
    return [
        found
        for verdict in _VERDICTS
        for found in button(words(f"buttons.{verdict}"), verdict_id(verdict, entry, key))
    ]


def country_row(reply: Reply, countries: Iterable[Country], page: int, words: Words) -> Row:
    """Return the select that changes the country of the help lines, turned to `page`."""
    card = help_card(reply)
    pages = _pages(countries, reply.region)
    page = max(0, min(page, len(pages) - 1))
    custom_id = country_id(page, card, reply.help_kinds, reply.region)
    if not (card and pages and fits(custom_id)):
        return []
    options = [_option(words("buttons.back"), f"{PAGE}{page - 1}")] if page else []
    for country in pages[page]:
        chosen = country.code == reply.region
        name = words("reply.help_here", country=country.name) if chosen else listed(country)
        options.append(_option(name, country.code, chosen=chosen))
    if page < len(pages) - 1:
        options.append(_option(words("buttons.more_countries"), f"{PAGE}{page + 1}"))
    return [_select(custom_id, options, words("buttons.country"))]


def topic_row(topics: Iterable[Topic], chosen: str | None, words: Words) -> Row:
    """Return the select of topics, or nothing where there are none."""
    options = [
        _option(topic.title, topic.id, topic.about, chosen=topic.id == chosen)
        for topic in topics
        if fits(topic.id)
    ]
    return [_select(TOPIC, options[:OPTIONS], words("buttons.topics"))] if options else []


def reason_form(press: Press, words: Words) -> discord.ui.Modal:
    """Return the form that asks what is wrong with an answer; needs a running event loop."""
    title = clip(words("feedback.reason_title"), _FORM_TITLE)
    custom_id = reason_id(press.verdict, press.entry, press.key)
    modal = discord.ui.Modal(title=title, custom_id=custom_id, timeout=None)
    reason: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="reason",
        style=discord.TextStyle.paragraph,
        placeholder=clip(words("feedback.reason_placeholder"), _FORM_HINT),
        required=False,
        max_length=_REASON,
    )
    label = clip(words("feedback.reason_label"), _FORM_LABEL)
    modal.add_item(discord.ui.Label(text=label, component=reason))
    # A stopped form is only sent, not remembered: its id says whose it is.
    modal.stop()
    return modal


def _in_order(options: Sequence[discord.SelectOption]) -> bool:
    labels = [option.label.casefold() for option in options]
    return labels == sorted(labels)


def _span(options: Sequence[discord.SelectOption]) -> str:
    return f" ({span(options[0].label, options[-1].label)})"


def _pages(countries: Iterable[Country], region: str | None) -> list[list[Country]]:
    """Return the countries by name, the chosen one first, with room left to turn pages."""
    unique = {country.code: country for country in countries if fits(country.code)}.values()
    ordered = sorted(unique, key=lambda c: (c.code != region, listed(c).casefold()))
    if len(ordered) <= OPTIONS:
        return [ordered] if ordered else []
    first, rest, fewer = ordered[: OPTIONS - 1], ordered[OPTIONS - 1 :], OPTIONS - 2
    return [first, *(rest[i : i + fewer] for i in range(0, len(rest), fewer))]


def _option(
    label: str, value: str, about: str = "", *, chosen: bool = False
) -> discord.SelectOption:
    description = clip(about, _OPTION) if about.strip() else None
    label = clip(label, _OPTION, otherwise=value)
    return discord.SelectOption(label=label, value=value, description=description, default=chosen)


def _select(custom_id: str, options: list[discord.SelectOption], placeholder: str) -> Select:
    words = clip(placeholder, _PLACEHOLDER)
    return discord.ui.Select(custom_id=custom_id, options=options, placeholder=words)
