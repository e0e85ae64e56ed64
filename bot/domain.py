"""The nouns of Handrail, as plain immutable data; imports nothing but the nouns of danger.

The words mean the same from the YAML in `faq/` to the message a member sees.
Nothing here can hold who asked or where to reply.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Literal

from bot.danger import Signs

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in content: where it is, how bad, what and why, what to do, and the rule broken."""

    path: Path
    line: int
    level: Level
    message: str
    rule: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.level}] {self.message} ({self.rule})"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing somebody asked.

    Attributes:
        text: The words as typed, untouched.
        region: ISO 3166 country code in upper case that the platform's locale or the operator
            suggests for help lines, or None. It says nothing about the person.
    """

    text: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One item of the bibliography (`faq/sources.yaml`), cited by its key."""

    key: str
    title: str
    authors: str = ""
    year: int | None = None
    publisher: str = ""
    doi: str = ""
    url: str = ""
    design: str = ""
    note: str = ""
    display: bool = True

    @property
    def address(self) -> str:
        """The address to show: the DOI's if there is one, else the official page, else empty."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True, slots=True)
class Resource:
    """A professional service to turn to (`faq/resources.yaml`).

    Attributes:
        country: ISO 3166 code in upper case, or INT for everywhere.
        kind: What it is for: emergency, crisis, poison, peer, treatment, checking, directory,
            animal-poison, legal or information.
        checked: The day its number was last looked at.
    """

    id: str
    country: str
    kind: str
    name: str
    phone: str = ""
    text: str = ""
    url: str = ""
    hours: str = ""
    audience: str = ""
    note: str = ""
    checked: date | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a longer answer: a heading and its words in neutral Markdown."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The curated words of an Entry, with what they rest on."""

    short: str
    details: tuple[Section, ...] = ()
    grade: str = ""
    grade_why: str = ""
    severity: str = ""
    region: tuple[str, ...] = ()
    as_of: date | None = None
    sources: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One curated unit: one file in `faq/`, whose name is the id and whose folder is the group."""

    id: str
    group: str
    title: str
    ask: tuple[str, ...]
    answer: Answer
    about: frozenset[str] = frozenset()
    see_also: tuple[str, ...] = ()
    checked: date | None = None
    review_by: date | None = None
    signed_by: str = ""
    enabled: bool = True
    near_misses: tuple[str, ...] = ()
    path: Path = Path()


@dataclass(frozen=True, slots=True)
class Thing:
    """A named thing of the vocabulary: a medicine, condition, substance or place.

    Attributes:
        kind: medicine, condition, substance or place.
        label: Its name as shown to a member.
        names: What members call it, in lower case.
        unsure: Names that count only beside another sign of the topic ("tabs", "molly").
        parents: Ids of the wider things it belongs to (sertraline is an ssri).
        core: True for the classic psychedelics that the whole FAQ is about.
    """

    id: str
    kind: str
    label: str
    names: tuple[str, ...]
    unsure: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    core: bool = False


@dataclass(frozen=True, slots=True)
class Library:
    """Everything in `faq/` as loaded at one moment. It never changes; new content is a new one.

    Attributes:
        entries: By id, disabled ones included.
        strays: Messages that no entry answers, so that the Matcher knows what they look like.
        pinned: Ids offered before anything is typed (`faq/pinned.yaml`).
        translations: By a platform's locale: the words of commands, by key (`translations.yaml`).
        version: Hash of the content, 12 hexadecimal digits.
    """

    root: Path
    entries: Mapping[str, Entry]
    sources: Mapping[str, Source]
    resources: tuple[Resource, ...]
    messages: Mapping[str, str]
    things: Mapping[str, Thing] = field(default_factory=dict)
    synonyms: tuple[tuple[str, ...], ...] = ()
    signs: Signs = field(default_factory=Signs)
    strays: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An Entry offered for a Question.

    Attributes:
        entry: The Entry's id.
        score: Estimated probability, 0 to 1, that this Entry answers the Question.
        phrase: The phrasing that came nearest.
    """

    entry: str
    score: float
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Triage's finding that a Question may be an emergency.

    Attributes:
        entry: Id of the urgent Entry.
        level: urgent for a card, check for the soft "are you safe right now?".
        sign: Id of the sign that set it off.
        words: The words of the message that it matched.
        also: Further urgent ids that fit, in order of precedence; their help lines are added.
    """

    entry: str
    level: Literal["urgent", "check"]
    sign: str
    words: str
    also: tuple[str, ...] = ()


class ReplyKind(StrEnum):
    """What sort of Reply it is; the values are part of the JSON contract.

    INFO is what a command says by itself, such as the help lines of a country; no question gets it.
    """

    URGENT = "urgent"
    CHECK = "check"
    ANSWER = "answer"
    POLICY = "policy"
    CHOICES = "choices"
    FALLBACK = "fallback"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Choice:
    """One Entry offered as a button: its id and its title."""

    entry: str
    title: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of the FAQ to browse: its heading, what it is about, and its Entries."""

    id: str
    title: str
    about: str
    entries: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Country:
    """A country that has help lines of its own: ISO 3166 code in upper case, and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Help:
    """One Resource as shown: its id and a line of neutral Markdown."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is to be said back, free of any platform.

    All words are neutral Markdown: `**bold**`, `[label](address)`, lines that begin with `- `,
    blank lines between paragraphs; nothing else. Parts are shown in the order of the fields.

    Attributes:
        title: Heading, at most 75 characters; may be empty.
        text: The answer in plain words, safe to read alone.
        details: The longer answer.
        notes: Lines on how sure it is, where and when it holds, and when it was checked.
        sources: Numbered lines of the bibliography.
        help_heading: The line above the resources; empty when there are none.
        help: Resources, never dropped by a renderer.
        help_kinds: The kinds of Resource that were wanted, so that another country's can follow.
        region: The country whose Resources were looked for (ISO 3166, upper case), or None.
        choices: Entries to choose from; a renderer adds "none of these" for CHOICES.
        follow: For CHECK, the ordinary Reply that comes after the card.
        score: Probability of the chosen Entry, where one was ranked.
        ranked: The ten best Matches, best first.
    """

    kind: ReplyKind
    text: str
    title: str = ""
    entry: str | None = None
    details: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    sources_heading: str = ""
    sources: tuple[str, ...] = ()
    help_heading: str = ""
    help: tuple[Help, ...] = ()
    help_kinds: tuple[str, ...] = ()
    region: str | None = None
    choices_heading: str = ""
    choices: tuple[Choice, ...] = ()
    follow: "Reply | None" = None
    score: float | None = None
    ranked: tuple[Match, ...] = ()


Verdict = Literal["helpful", "wrong", "outdated"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """One verdict on one Reply; no person.

    Attributes:
        reply: A random key that the Reply carried, so that the same Reply counts once.
        entry: The Entry that the Reply showed.
        reason: What is wrong with it, as typed; kept only if the operator says so, scrubbed.
        community: Where it was given, or None in direct messages.
    """

    reply: str
    entry: str
    verdict: Verdict
    reason: str = ""
    community: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each verdict was given on one Entry, and the reasons kept, oldest first."""

    entry: str
    helpful: int = 0
    wrong: int = 0
    outdated: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that nothing answered: scrubbed, with the day it was asked, without a person.

    Attributes:
        nearest: Id of the Entry that came nearest, or None.
    """

    text: str
    nearest: str | None
    asked: date


@dataclass(frozen=True, slots=True)
class CommunitySettings:
    """What the moderators of one community (a Discord server, a Slack workspace) have chosen.

    Attributes:
        region: Country for help lines (ISO 3166, upper case), or None for the operator's.
        help_channels: Ids of channels whose questions are answered without being called.
        alerts_channel: Id of the moderators' channel that is told of emergency cards, or None.
        disabled: Ids of Entries that are switched off here.
    """

    region: str | None = None
    help_channels: frozenset[str] = frozenset()
    alerts_channel: str | None = None
    disabled: frozenset[str] = frozenset()
