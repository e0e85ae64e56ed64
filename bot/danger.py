"""The nouns of danger, as plain immutable data: what in a message sets off an emergency card."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Sign:
    """What sets off an urgent Entry: patterns over the words of a message.

    The pattern language is described in `bot/text/patterns.py` and, for moderators, in
    `faq/urgent/README.md`.

    Attributes:
        patterns: Rows of words, of which `at_least` different ones must stand in the message.
        needs: Patterns that must all stand there too.
        within: How many words may lie between the parts, across sentences.
        foreign: Its words are not English; no English word is mended into one of them.
        unless: Names of guards, each of which lifts the sign.
        softer: Names of guards, each of which makes an urgent sign a soft check.
        examples: Messages that must set it off.
    """

    id: str
    entry: str
    patterns: tuple[str, ...]
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    softer: tuple[str, ...] = ()
    at_least: int = 1
    within: int = 40
    foreign: bool = False
    level: Literal["urgent", "check"] = "urgent"
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """What shows that a sign is no danger here: it was long ago, a film, a joke, a machine.

    Attributes:
        patterns: Rows of words, one of which must stand near the sign.
        but_not: Rows of words that make a guard's words mean something else.
        reach: Where they must stand: in the sign's own words, shortly before them, in the same
            sentence, in it or one beside it, or anywhere.
    """

    id: str
    patterns: tuple[str, ...]
    but_not: tuple[str, ...] = ()
    reach: Literal["within", "before", "sentence", "nearby", "anywhere"] = "sentence"


@dataclass(frozen=True, slots=True)
class Signs:
    """Everything triage reads (`faq/urgent/`).

    Attributes:
        signs: In order of precedence of their Entries.
        classes: The members of each word class.
        guards: By name; one that reaches the sentence only does not look past a turn.
        turns: Words behind which something new begins ("but", "now"), as patterns.
        read_as: Words that are read as other words ("cant" as "can not").
        precedence: Ids of the urgent Entries, the most pressing first.
    """

    signs: tuple[Sign, ...] = ()
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    guards: Mapping[str, Guard] = field(default_factory=dict)
    turns: tuple[str, ...] = ()
    read_as: Mapping[str, str] = field(default_factory=dict)
    precedence: tuple[str, ...] = ()
