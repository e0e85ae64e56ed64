"""Takes out of a question what could lead back to a person, before it is stored.

It knows forms (addresses, numbers, links, names with an @), not meaning: a name written as a plain
word stays. That is why questions are kept only if the operator says so, and only for some days.
"""

import re
import unicodedata

MAX_LENGTH = 300
"""Characters of a question that are kept."""

_MAX_READ = 4_000
_MORE = " ..."
# Endings that are no English words: people forget the space after a full stop.
_TOP_LEVEL = "com|org|net|edu|gov|io|gg|co|app|dev|xyz|ly|tv|cc|uk|de|fr|nl|ch|eu|ca|au|ru|pl|br|nz"
_SPELLED_DOT = r"(?:\s*[\[(]dot[\])]\s*|\sdot\s)"
_SPELLED = (
    rf"(?<!\S)\S+(?:\s*[\[(]at[\])]\s*[a-z0-9-]{{1,63}}(?:\.|{_SPELLED_DOT})"
    rf"|\sat\s[a-z0-9-]{{1,63}}{_SPELLED_DOT})(?:{_TOP_LEVEL})\b"
)

_RULES = (
    # Discord and Slack mark mentions, emoji, times and links up with angle brackets.
    (r"<(?:https?|mailto|tel|slack):[^<>]*>", "[link]"),
    (r"<(?:[@#!:/]|a:|t:|id:)[^<>]*>", "[name]"),
    (r"\b[a-z][a-z0-9+.-]{1,20}://\S*", "[link]"),
    (r"(?<!\S)\S+@\S+", "[e-mail]"),
    (_SPELLED, "[e-mail]"),
    (r"\bwww\.\S*", "[link]"),
    (rf"\b(?:[a-z0-9-]{{1,63}}\.){{1,5}}(?:[a-z]{{2,24}}/\S*|(?:{_TOP_LEVEL})\b)", "[link]"),
    (r"@[^\s,;:!?]+", "[name]"),
    (r"(?<!\w)/?u/[\w-]{3,}", "[name]"),
    (r"[\w.]{2,32}#\d{4}\b", "[name]"),
    (r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?!\w)", "[number]"),
    (r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:])", "[number]"),
    # Seven digits or more with nothing but signs and single spaces between them.
    (r"\+?\(?\d(?:[ ().\-/_]{0,3}\d){6,}", "[number]"),
    (r"\d{5,}", "[number]"),
    (r"@", " "),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), put) for pattern, put in _RULES)


def scrub(text: str) -> str:
    """Return `text` without e-mail addresses, links, names with an @, and numbers that identify.

    What was taken out leaves a word in square brackets, white space shrinks to single spaces, and
    at most MAX_LENGTH characters stay. May return an empty string; never raises.
    """
    clean = _plain(_cut(text, _MAX_READ))
    for pattern, put in _COMPILED:
        clean = pattern.sub(put, clean)
    return _cut(" ".join(clean.split()), MAX_LENGTH)


def _plain(text: str) -> str:
    """Fold look-alike forms (full-width letters and signs) and drop what cannot be seen."""
    folded = unicodedata.normalize("NFKC", text)
    shown = (
        " " if character.isspace() else character
        for character in folded
        if character.isspace() or not unicodedata.category(character).startswith("C")
    )
    return " ".join("".join(shown).split())


def _cut(text: str, length: int) -> str:
    """Shorten to `length` at a space, so that no half of an address is left at the end."""
    if len(text) <= length:
        return text
    words = text[: length - len(_MORE)].rsplit(maxsplit=1)
    return (words[0] if words else "") + _MORE
