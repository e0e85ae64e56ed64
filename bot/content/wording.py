"""Rules about the words themselves: kind, plain, and nothing that leads to a seller."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import pyphen

from bot.compose import MARKER
from bot.domain import Entry

HARDEST_GRADE = 9.0
# The word and the better one, after the usage guides of addiction medicine.
BETTER = {
    r"addicts?": "a person with an addiction",
    r"junk(?:ie|y|ies)": "a person who uses drugs",
    r"drugg(?:ie|ies)": "a person who uses drugs",
    r"(?:drug|substance|alcohol) abuse": "drug use, or a use disorder",
    r"(?:drug|substance|alcohol) abusers?": "a person with a use disorder",
    r"alcoholics?": "a person who is dependent on alcohol",
    r"commit(?:s|ted|ting)? suicide": "die by suicide, or end one's life",
    r"(?:failed|successful) suicide(?: attempts?)?": "survived an attempt, or died by suicide",
    r"schizophrenics?": "a person with schizophrenia",
    r"epileptics?": "a person with epilepsy",
    r"psychos?|lunatics?|crazy|insane": "say what the person goes through",
}
_STIGMA = re.compile(
    rf"\b(?:{'|'.join(f'(?P<g{i}>{pattern})' for i, pattern in enumerate(BETTER))})\b",
    re.IGNORECASE,
)
_SELLERS = re.compile(
    r"\b(?:dark ?(?:web|net)|silk road|telegram|dealers?|vendors?|plug)\b"
    r"|\b(?:buy|order|get) (?:it|them|some) (?:online|from|at)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_SENTENCE_END = re.compile(r"[.!?:;]+(?:\s|$)|\n+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")

Loc = tuple[str | int, ...]


def prose(entry: Entry) -> Iterator[tuple[Loc, str]]:
    """Yield every piece of an entry's words with its place in the file."""
    yield ("title",), entry.title
    yield ("short",), entry.answer.short
    yield ("grade_why",), entry.answer.grade_why
    for i, section in enumerate(entry.answer.details):
        yield ("details", i, "heading"), section.heading
        yield ("details", i, "text"), section.text


def find_stigma(words: str) -> Iterator[tuple[str, str]]:
    """Yield each word that makes a person smaller, with the better one."""
    better = list(BETTER.values())
    for match in _STIGMA.finditer(MARKER.sub("", words)):
        yield match[0], better[int(str(match.lastgroup)[1:])]


def find_sellers(words: str) -> Iterator[str]:
    """Yield each phrase that leads towards a seller."""
    for match in _SELLERS.finditer(MARKER.sub("", words)):
        yield match[0]


def reading_grade(words: str) -> float:
    """Return the Flesch-Kincaid grade level (school years in the US) of English `words`.

    Syllables are counted by hyphenation points, which may miss one in a short word. List items
    and clauses behind a colon count as sentences. Kincaid et al. 1975.
    """
    plain = _LINK.sub(r"\1", MARKER.sub("", words)).replace("**", "")
    sentences = sum(bool(_WORD.search(part)) for part in _SENTENCE_END.split(plain))
    found = _WORD.findall(plain)
    if not sentences:
        return 0.0
    syllables = sum(map(_syllables, found))
    return 0.39 * len(found) / sentences + 11.8 * syllables / len(found) - 15.59


@lru_cache(maxsize=50_000)
def _syllables(word: str) -> int:
    return len(_hyphens().positions(word)) + 1


@cache
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_GB")
