"""Typing slips as fingers make them on a keyboard: the same text always gets the same ones."""

import math
import random
import re

LETTERS = 4  # shorter words are mistyped less often than they are mistaken for others
_WORD = re.compile(r"[^\W\d_]+")
_ROWS = (("qwertyuiop", 0.0), ("asdfghjkl", 0.25), ("zxcvbnm", 0.75))
_PLACES = {
    key: (x + indent, y) for y, (row, indent) in enumerate(_ROWS) for x, key in enumerate(row)
}
_REACH = 1.3
_NEAR = {
    key: [other for other in _PLACES if other != key and math.dist(at, _PLACES[other]) < _REACH]
    for key, at in _PLACES.items()
}


def mistype(text: str, words: int = 2, seed: int = 0) -> str:
    """Return `text` with one slip in each of up to `words` words of at least four letters."""
    lot = random.Random(f"{seed} {text}")
    long = [found for found in _WORD.finditer(text) if len(found[0]) >= LETTERS]
    for found in sorted(lot.sample(long, min(words, len(long))), key=lambda f: -f.start()):
        text = text[: found.start()] + _slip(found[0], lot) + text[found.end() :]
    return text


def _slip(word: str, lot: random.Random) -> str:
    """Return `word` with one slip, never at its first letter, which people seldom get wrong."""
    at = lot.randrange(1, len(word))
    slip = lot.choice([_miss, _double, _swap, _stray, _brush])
    return slip(word, at, lot)


def _miss(word: str, at: int, _: random.Random) -> str:
    return word[:at] + word[at + 1 :]


def _double(word: str, at: int, _: random.Random) -> str:
    return word[:at] + word[at] + word[at:]


def _swap(word: str, at: int, _: random.Random) -> str:
    """Swap two neighbours, or lose one of them if they are the same letter."""
    at = max(at, 2)
    if word[at] == word[at - 1]:
        return word[:at] + word[at + 1 :]
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def _stray(word: str, at: int, lot: random.Random) -> str:
    return word[:at] + _near(word[at], lot) + word[at + 1 :]


def _brush(word: str, at: int, lot: random.Random) -> str:
    return word[:at] + _near(word[at], lot) + word[at:]


def _near(letter: str, lot: random.Random) -> str:
    return lot.choice(_NEAR.get(letter.lower(), ["e"]))
