"""Folds a chat message into lower-case words, clause by clause.

Unicode tricks (full-width letters, stacked accents, look-alike letters, zero-width characters,
letters spaced apart), platform markup (mentions, links, code fences, custom emoji) and the usual
chat shorthand are undone, so that later stages see the words a person would read aloud.
Nothing is cut: a very long message is read whole.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.text.repair import english_words

# Letters and signs drawn like the Latin ones (a small part of Unicode's confusables list).
_LOOK_ALIKES = str.maketrans(
    dict(zip("авекмнорстухіїјѕԁԛԝɡɩıɑοανειτυκρℓ", "abekmhopctyxiijsdqwgiiaoaveitukpl", strict=True))
    | dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
    | {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ß": "ss", "μ": "u"}
    | {"’": "'", "‘": "'", "ʼ": "'", "′": "'", "–": "-", "—": " - ", "−": "-"}
)

# Emoji that carry meaning here are read as words; every other one is a space.
_EMOJI = {
    "💀": " lol ", "☠": " lol ", "😂": " lol ", "🤣": " lol ", "😆": " lol ", "😹": " lol ",
    "🎵": " song ", "🎶": " song ", "🎤": " song ",
    "🍄": " mushroom ", "🚑": " ambulance ", "🤮": " vomiting ", "🔪": " knife ", "🔫": " gun ",
    "🐶": " dog ", "🐕": " dog ", "🐱": " cat ", "🐈": " cat ", "👶": " baby ", "💊": " pill ",
}  # fmt: skip

# The same by the names that Slack sends (":mushroom:").
_SHORTCODES = dict.fromkeys(("skull", "joy", "rofl", "laughing", "joy_cat"), " lol ") | {
    "notes": " song ", "musical_note": " song ", "microphone": " song ", "mushroom": " mushroom ",
    "ambulance": " ambulance ", "face_vomiting": " vomiting ", "hocho": " knife ", "gun": " gun ",
    "dog": " dog ", "dog2": " dog ", "cat": " cat ", "cat2": " cat ", "baby": " baby ",
    "pill": " pill ",
}  # fmt: skip

_SHORTHAND = {
    "u": "you", "ur": "your", "r": "are", "n": "and", "w": "with", "wit": "with", "wo": "without",
    "b4": "before", "2day": "today", "2nite": "tonight", "2night": "tonight", "tn": "tonight",
    "tmrw": "tomorrow", "tmr": "tomorrow", "pls": "please", "plz": "please", "ppl": "people",
    "bc": "because", "cuz": "because", "coz": "because", "cos": "because", "bcs": "because",
    "thx": "thanks", "ty": "thanks", "sth": "something", "smth": "something",
    "smn": "someone", "sm1": "someone", "abt": "about", "wat": "what", "wut": "what",
    "whats": "what is", "hows": "how is", "whos": "who is", "wheres": "where is",
    "gonna": "going to", "gunna": "going to", "wanna": "want to", "gotta": "got to",
    "dunno": "dont know", "idk": "dont know", "imo": "", "imho": "", "tbh": "", "btw": "",
    "ive": "i have", "im": "i am", "hw": "how", "teh": "the", "hav": "have", "cud": "could",
    "shud": "should", "wud": "would", "bf": "boyfriend", "gf": "girlfriend", "bff": "friend",
    "hubby": "husband", "vs": "versus", "evry": "every", "rly": "really",
}  # fmt: skip

# Stacked accents and invisible characters vanish; control characters part words; a new line stays.
_KEEP = {"Mn": "", "Me": "", "Cf": "", "Zl": "\n", "Zp": "\n"}
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"[`´<@:|]|www\.", re.IGNORECASE)  # most messages hold none of it
_FENCE = re.compile(r"```.*?```", re.DOTALL)
_CODE = re.compile(r"[{}<>=;\\]")
_URL = re.compile(r"(?:https?://|www\.)\S+|<https?:[^<>]*>", re.IGNORECASE)
_PLATFORM = re.compile(
    r"<(?:[@#!:]|a:|t:|id:)[^>\s]{0,80}>|</[^<>\n]{1,80}:\d+>"
    r"|(?<!\w)@[\w.-]{2,32}|:([a-z][a-z0-9_+-]{1,40}):"
)
_JOINED = re.compile(r"[./'*_-]")  # what may stand within a word
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_ABBREVIATION = re.compile(r"\b(st|dr|mr|mrs|ms|vs|etc|approx)\.")
_OVERDOSE = re.compile(r"(?<![\w.])o(?:d'|\.d\.?'?)(ed|d|ing|s)?(?!\w)")
_SLASHED = {"w/o": "without", "b/c": "because"}
_OVERDOSED = {"d": "overdosed", "ed": "overdosed", "ing": "overdosing"}
_SLASH = re.compile(r"\b(?:w/o|b/c)\b")
_SPACED = re.compile(r"(?<![^\W_])(?:[a-z] {1,3}){3,}[a-z](?![^\W_])")
_DOTTED = re.compile(r"(?<![^\W_])[a-z]([.\-_*] ?)(?:[a-z]\1)+[a-z](?![^\W_])")
_RUN = (8, 60)  # letters; a shorter run is one word, a longer one nobody reads
_LONGEST = 12  # letters of a word in such a run
_COMMON = 12_000  # words that such a run may be made of
_SELF = frozenset({"i", "im", "my", "me", "myself", "he", "she", "him", "her", "they", "you"})
_REPEATED = re.compile(r"([a-z])\1{2,}")
_END = re.compile(r"(?:[!?;\n]|\.(?=\s|$|\.)|(?<=\s)-(?=\s))+")
_WORD = re.compile(r"[a-z]+(?:[0-9][a-z0-9]*)?|[0-9]+(?:\.[0-9]+)?[a-z0-9]*|[^\W_]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A message as words.

    Attributes:
        clauses: Its sentences and lines, each a tuple of lower-case words without punctuation.
    """

    clauses: tuple[tuple[str, ...], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """All words of all clauses, in order."""
        return tuple(word for clause in self.clauses for word in clause)


def normalise(raw: str) -> Text:
    """Return the words of `raw`. Pure; never raises; linear in the length of `raw`."""
    text = _fold(_strip_markup(raw))
    clauses = (_words(clause) for clause in _END.split(text))
    return Text(tuple(clause for clause in clauses if clause))


@lru_cache(maxsize=32_768)
def fold_words(phrase: str) -> tuple[str, ...]:
    """Return the words of one phrase of the content, folded exactly like a message."""
    return normalise(phrase).words


def _strip_markup(raw: str) -> str:
    if not _MARKUP.search(raw):
        return raw
    without = _FENCE.sub(lambda m: " " if _CODE.search(m[0]) else m[0], raw)
    # Whoever puts a cry for help in a code block must be heard all the same.
    text = _URL.sub(" ", without if without.strip() else raw)
    text = _PLATFORM.sub(lambda m: _SHORTCODES.get(m[1] or "", " "), text)
    # An acute accent that stands alone is an apostrophe; folding would make it a space.
    return text.replace("||", " ").replace("`", "'").replace("´", "'")


def _fold(text: str) -> str:
    text = _CONTROL.sub(" ", text.replace("\r", "\n"))
    text = text.lower() if text.isascii() else _to_latin(text)
    if _JOINED.search(text):
        text = _ABBREVIATION.sub(r"\1", text)
        text = _OVERDOSE.sub(lambda m: _OVERDOSED.get(m[1], "overdose"), text)
        text = _SLASH.sub(lambda m: _SLASHED[m[0]], _APOSTROPHE.sub("", text))
        text = _DOTTED.sub(lambda m: re.sub(r"[^a-z]", "", m[0]), text)
    text = _SPACED.sub(lambda m: _join_letters(m[0]), text)
    return _REPEATED.sub(r"\1\1", text)


def _to_latin(text: str) -> str:
    for emoji, word in _EMOJI.items():
        if emoji in text:
            text = text.replace(emoji, word)
    text = unicodedata.normalize("NFKD", text).lower()
    text = "".join(_KEEP.get(unicodedata.category(c), c) for c in text)
    return text.translate(_LOOK_ALIKES)


def _join_letters(spaced: str) -> str:
    """Return "s a d" as "sad"; wider gaps part words, if there are narrow ones as well."""
    words = re.split(" {2,}", spaced)
    if all(len(word) == 1 for word in words):
        return "".join(words)
    joined = [word.replace(" ", "") for word in words]
    return " ".join(part for word in joined for part in _part(word))


def _part(letters: str) -> list[str]:
    """Return "iwanttodie" as words; what names nobody ("microdosing") stays as it is."""
    if not _RUN[0] <= len(letters) <= _RUN[1]:
        return [letters]
    ranks = {word: rank for rank, word in enumerate(english_words()[:_COMMON]) if len(word) > 1}
    ranks |= {"a": 1, "i": 1}
    best: list[tuple[float, list[str]] | None] = [(0.0, []), *[None] * len(letters)]
    for end in range(1, len(letters) + 1):
        ways = (
            (before[0] + math.log(ranks[word] + 2), [*before[1], word])
            for start in range(max(0, end - _LONGEST), end)
            if (before := best[start]) and (word := letters[start:end]) in ranks
        )
        best[end] = min(ways, default=None)
    whole = best[-1]
    return whole[1] if whole and _SELF.intersection(whole[1]) else [letters]


def _words(clause: str) -> tuple[str, ...]:
    out: list[str] = []
    for word in _WORD.findall(clause):
        out += _SHORTHAND[word].split() if word in _SHORTHAND else (word,)
    return tuple(out)
