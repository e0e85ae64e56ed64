"""Puts curated words together into a Reply; writes none of its own.

Pure functions of the Library, a country and today's date. Whatever stands in square brackets in
an entry's words and is a key of the bibliography becomes a numbered source.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.domain import (
    Alarm,
    Choice,
    Country,
    Entry,
    Library,
    Match,
    Reply,
    ReplyKind,
    Section,
    Source,
    Topic,
)
from bot.help_lines import HelpLines
from bot.phrasing import fill, link

MARKER = re.compile(r"\s?\[([a-z0-9][a-z0-9_-]*(?:,\s*[a-z0-9][a-z0-9_-]*)*)\](?!\()")
_PAGES = re.compile(r" \d+[\d()-]*:[\w-]+$")  # volume and pages stand behind the link
REPLY_MAX = 3_800
MOST_CHOICES = 4
_FIRST_HELP = ("emergency", "crisis")
_GROUP = re.compile(r"groups\.")
_FALLBACK_HELP = ("emergency", "crisis", "peer", "treatment", "directory")


class Composer:
    """Builds every Reply from one Library.

    Args:
        library: The content.
        today: Gives the present date, so that overdue answers can say so.
        region: The operator's country for help lines (ISO 3166, upper case), or None.
    """

    def __init__(
        self, library: Library, today: Callable[[], date], region: str | None = None
    ) -> None:
        self._library = library
        self._lines = HelpLines(library, region)
        self._today = today
        self._region = region

    def over(self, library: Library, region: str | None = None) -> "Composer":
        """Return a Composer for a community's content and country."""
        return Composer(library, self._today, region or self._region)

    def message(self, key: str, **values: str) -> str:
        """Return one sentence of `messages.yaml` with its {braces} filled in."""
        return fill(self._library.messages.get(key, ""), **values)

    def answer(
        self, entry: Entry, region: str | None = None, ranked: Sequence[Match] = ()
    ) -> Reply:
        """Return the whole answer of `entry`, refusals included."""
        kind = ReplyKind.POLICY if entry.group == "policy" else ReplyKind.ANSWER
        words = _Citations(self._library)
        short = words.number(entry.answer.short)
        details = tuple(
            Section(section.heading, words.number(section.text)) for section in entry.answer.details
        )
        sources = words.lines()
        related = self._choices(entry.see_also)
        chances = [match.score for match in ranked if match.entry == entry.id]
        return Reply(
            kind=kind,
            entry=entry.id,
            title=entry.title,
            text=short,
            details=details,
            notes=self._notes(entry),
            sources_heading=self.message("reply.sources") if sources else "",
            sources=sources,
            **self._lines.pick(entry.answer.resources, region),
            choices_heading=self.message("reply.related") if related else "",
            choices=related,
            score=chances[0] if chances else None,
            ranked=tuple(ranked),
        )

    def urgent(self, alarm: Alarm, region: str | None = None) -> Reply:
        """Return the emergency card of `alarm`, with the help lines of everything that fits."""
        kinds = list(self._library.entries[alarm.entry].answer.resources)
        for other in alarm.also:
            kinds += self._library.entries[other].answer.resources
        return self.card(self._library.entries[alarm.entry], kinds, region)

    def card(self, entry: Entry, kinds: Sequence[str], region: str | None = None) -> Reply:
        """Return the emergency card `entry` with help lines of these kinds."""
        words = _Citations(self._library)
        return Reply(
            kind=ReplyKind.URGENT,
            entry=entry.id,
            title=entry.title,
            text=words.drop(entry.answer.short),
            details=tuple(Section(s.heading, words.drop(s.text)) for s in entry.answer.details),
            **self._lines.pick(kinds or _FALLBACK_HELP, region),
        )

    def check(
        self, kinds: Sequence[str], follow: Reply | None = None, region: str | None = None
    ) -> Reply:
        """Return the soft "are you safe right now?", with the ordinary Reply behind it."""
        key = "check.text" if follow else "check.text_alone"
        return Reply(
            kind=ReplyKind.CHECK,
            entry=follow.entry if follow else None,
            title=self.message("check.title"),
            text=self.message(key),
            **self._lines.pick(kinds or _FALLBACK_HELP, region),
            follow=follow,
            score=follow.score if follow else None,
            ranked=follow.ranked if follow else (),
        )

    def choices(
        self,
        entries: Iterable[str],
        ranked: Sequence[Match] = (),
        key: str = "reply.choices",
    ) -> Reply:
        """Return up to four entries to choose from, under the sentence `key`."""
        return Reply(
            kind=ReplyKind.CHOICES,
            title=self.message("reply.choices_title") if key == "reply.choices" else "",
            text=self.message(key),
            choices=self._choices(entries),
            ranked=tuple(ranked),
        )

    def fallback(
        self,
        region: str | None = None,
        ranked: Sequence[Match] = (),
        key: str = "reply.fallback",
    ) -> Reply:
        """Return "I don't have an answer", or another sentence, with professional resources."""
        return Reply(
            kind=ReplyKind.FALLBACK,
            title=self.message("reply.fallback_title") if key == "reply.fallback" else "",
            text=self.message(key),
            **self._lines.pick(_FALLBACK_HELP, region),
            ranked=tuple(ranked),
        )

    def trouble(self, region: str | None = None) -> Reply:
        """Return what a member gets when something broke: the resources."""
        return Reply(
            kind=ReplyKind.FALLBACK,
            title=self.message("reply.trouble_title"),
            text=self.message("reply.trouble"),
            **self._lines.fixed(_FALLBACK_HELP, region),
        )

    def resources(self, region: str | None = None) -> Reply:
        """Return every help line of one country; of those for everywhere where it has none."""
        country = self._lines.country(region)
        known = "info.resources_text" if country else "info.resources_unknown"
        place = self._lines.place(country) if country else ""
        return Reply(
            kind=ReplyKind.INFO,
            title=self.message("info.resources_title", country=place) if country else "",
            text=self.message(known),
            **self._lines.all(region),
        )

    def introduce(self, region: str | None = None, **names: str) -> Reply:
        """Return what Handrail is and how to ask it; `names` are those of the commands."""
        return Reply(
            kind=ReplyKind.INFO,
            title=self.message("info.help_title"),
            text=self.message("info.help_text", **names),
            **self._lines.fixed(_FIRST_HELP, region),
        )

    def countries(self) -> tuple[Country, ...]:
        """Return every country that has help lines of its own, by name."""
        return self._lines.countries()

    def country_names(self) -> Mapping[str, Country]:
        """Return every such country by each of its names and its code."""
        return self._lines.names()

    def topics(self) -> tuple[Topic, ...]:
        """Return the groups of the FAQ that can be browsed, in the order of `messages.yaml`."""
        groups = [key.partition(".")[2] for key in self._library.messages if _GROUP.match(key)]
        shown = [e for e in self._library.entries.values() if e.enabled and e.group != "urgent"]
        groups += sorted({entry.group for entry in shown} - set(groups))
        topics = []
        for group in groups:
            inside = sorted(
                (e for e in shown if e.group == group), key=lambda e: e.title.casefold()
            )
            if inside:
                title = self.message(f"groups.{group}") or group or self.message("browse.title")
                about = self.message(f"groups_about.{group}")
                entries = tuple(Choice(e.id, e.title) for e in inside)
                topics.append(Topic(group or "-", title, about, entries))
        return tuple(topics)

    def _choices(self, ids: Iterable[str]) -> tuple[Choice, ...]:
        found = (self._library.entries.get(i) for i in ids)
        # An emergency card is never picked from a list: it comes by itself, or not at all.
        shown = (e for e in found if e and e.enabled and e.group != "urgent")
        return tuple(Choice(e.id, e.title) for e in shown)[:MOST_CHOICES]

    def _notes(self, entry: Entry) -> tuple[str, ...]:
        answer = entry.answer
        lines = []
        if answer.severity:
            meaning = self.message(f"severities.{answer.severity}")
            lines.append(self.message("notes.severity", meaning=meaning))
        if answer.grade:
            meaning = self.message(f"grades.{answer.grade}")
            lines.append(self.message("notes.grade", meaning=meaning, why=answer.grade_why))
        if answer.region and answer.as_of:
            places = ", ".join(self._lines.place(code) for code in answer.region)
            lines.append(
                self.message("notes.region", places=places, as_of=answer.as_of.isoformat())
            )
        if entry.checked and answer.sources:
            lines.append(self.message("notes.checked", checked=entry.checked.isoformat()))
        if entry.review_by and entry.review_by < self._today():
            lines.append(self.message("notes.overdue", review_by=entry.review_by.isoformat()))
        return tuple(line.strip() for line in lines if line.strip())


def to_text(reply: Reply, choice_lines: Sequence[str] | None = None) -> str:
    """Return all of `reply` as one text in neutral Markdown, in the order members see it.

    Args:
        reply: What to show.
        choice_lines: How to show the choices (numbered, say); as a list of titles by default.
    """
    if reply.follow:
        return f"{to_text(replace(reply, follow=None))}\n\n{to_text(reply.follow, choice_lines)}"
    parts = [f"**{reply.title}**"] if reply.title else []
    parts.append(reply.text)
    urgent_first = reply.kind in {ReplyKind.URGENT, ReplyKind.CHECK}
    help_part = _listing(reply.help_heading, [line.text for line in reply.help])
    if urgent_first:
        parts.append(help_part)
    parts += [f"**{section.heading}**\n{section.text}" for section in reply.details]
    parts += reply.notes
    parts.append(_listing(reply.sources_heading, reply.sources, bullet=""))
    if not urgent_first:
        parts.append(help_part)
    if choice_lines is None:
        choice_lines = [f"- {choice.title}" for choice in reply.choices]
    parts.append(_listing(reply.choices_heading, choice_lines, bullet=""))
    return "\n\n".join(part for part in parts if part)


def to_record(reply: Reply) -> dict[str, object]:
    """Return `reply` as the JSON contract that tools outside this project read."""
    inner = reply.follow or reply
    shows_choices = inner.kind is ReplyKind.CHOICES
    return {
        "kind": reply.kind.value,
        "entry": reply.entry,
        "choices": [choice.entry for choice in inner.choices] if shows_choices else [],
        "score": reply.score,
        "ranked": [[match.entry, round(match.score, 4)] for match in reply.ranked],
        "resources": [line.id for line in reply.help],
        "text": to_text(reply),
    }


def _listing(heading: str, lines: Sequence[str], bullet: str = "- ") -> str:
    if not lines:
        return ""
    body = "\n".join(f"{bullet}{line}" for line in lines)
    return f"**{heading}**\n{body}" if heading else body


class _Citations:
    """Numbers the sources in the order in which the words cite them."""

    def __init__(self, library: Library) -> None:
        self._sources = library.sources
        self._numbers: dict[str, int] = {}

    def number(self, words: str) -> str:
        return MARKER.sub(self._replace, words)

    def drop(self, words: str) -> str:
        """Return `words` without markers: an emergency card has no room for sources."""
        return MARKER.sub(lambda match: "" if self._replace(match) != match[0] else match[0], words)

    def lines(self) -> tuple[str, ...]:
        return tuple(
            f"[{number}] {source_line(self._sources[key])}" for key, number in self._numbers.items()
        )

    def _replace(self, match: re.Match[str]) -> str:
        keys = [key.strip() for key in match[1].split(",")]
        if not all(key in self._sources for key in keys):
            return match[0]
        shown = [key for key in keys if self._sources[key].display]
        numbers = [self._numbers.setdefault(key, len(self._numbers) + 1) for key in shown]
        return f" [{', '.join(map(str, numbers))}]" if numbers else ""


def source_line(source: Source) -> str:
    """Return one source as a line: who and when (or what), where, and what it is worth.

    Titles of studies are left to the page behind the link: with them, the sources of a
    well-supported answer would be longer than the answer.
    """
    who, several, _ = source.authors.partition(",")
    if several and not who.endswith(" et al."):
        who += " et al."
    year = f" {source.year}" if source.year else ""
    name = f"{who}{year}" if who else source.title.rstrip(".") + year
    linked = link(name, source.address)
    publisher = _PAGES.sub("", source.publisher)
    note = source.note[:1].upper() + source.note[1:]
    return ". ".join(part.rstrip(".") for part in (linked, publisher, note) if part)
