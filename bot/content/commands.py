"""The words of commands, in every language, held to what Discord takes.

One name that Discord refuses keeps every command from being registered, so a word that it would
refuse never gets further than here. The keys are those of section `commands` of `messages.yaml`;
one that ends in `_about` is a description.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from bot.content.faults import did_you_mean
from bot.domain import Problem
from bot.yamlfile import Document

SECTION = "commands"
NAME_MAX = 32
ABOUT_MAX = 100
LOCALES = frozenset((
    "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "hi", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk",
    "vi", "zh-CN", "zh-TW",
))  # fmt: skip
# Names that stand side by side: commands, moderators' commands, their settings, options.
BESIDE = (
    ("ask", "faq", "resources", "privacy", "help", "admin"),
    ("status", "reload", "disable", "enable", "unanswered", "feedback", "preview", "settings"),
    ("show", "help_channel", "region", "alerts"),
    ("channel", "on"),
)
_ABOUT = "_about"
# It stands in the menu of a message, where capitals and spaces are taken.
_MENU = frozenset({"answer_message"})
# Thai and Hindi write vowels as marks, which are no letters by themselves.
_MARKS = (
    "\u0e31-\u0e3a\u0e47-\u0e4e\u0900-\u0903\u093a-\u093c\u093e-\u094f\u0955-\u0957\u0962\u0963"
)
_NAME = re.compile(rf"[-\w{_MARKS}]+")
_RULE = "commands"


def command_words(messages: Mapping[str, str]) -> dict[str, str]:
    """Return the English words of commands by key, without the section's name."""
    start = f"{SECTION}."
    return {
        key.removeprefix(start): words for key, words in messages.items() if key.startswith(start)
    }


def refusal(key: str, words: str) -> str:
    """Return why Discord would refuse `words` for `key` and what to do, or nothing."""
    described = key.endswith(_ABOUT)
    most = ABOUT_MAX if described else NAME_MAX
    if not words.strip():
        return f"`{key}` is empty; write something"
    if len(words) > most:
        return f"`{key}` has {len(words)} characters; at most {most} fit, so shorten it"
    if described or key in _MENU:
        return ""
    if not _NAME.fullmatch(words):
        return f'`{key}` is "{words}"; use letters, digits, - and _ only, with no space'
    small = words.lower()
    return "" if words == small else f'`{key}` is "{words}"; use small letters: "{small}"'


def same_names(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each key whose name a key beside it has already, with that other key."""
    for beside in BESIDE:
        owners: dict[str, str] = {}
        for key in (key for key in beside if key in names):
            owner = owners.setdefault(names[key], key)
            if owner != key:
                yield key, owner


def to_translations(
    document: Document, english: Mapping[str, str]
) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """Return the words that can be used, by locale and key, and every Problem.

    Args:
        document: The file.
        english: The English words by key; they stand in for what has no translation.
    """
    if document.data is not None and not isinstance(document.data, dict):
        message = "must be languages with words below them: `de:`, and under it `ask: fragen`"
        return {}, [document.problem((), message, _RULE)]
    problems: list[Problem] = []
    translations: dict[str, dict[str, str]] = {}
    for locale, items in document.mapping.items():
        fault = _locale_fault(locale, items)
        if fault or not isinstance(items, dict):
            problems.append(document.problem((locale,), fault, _RULE))
            continue
        words, faults = _usable(items, english)
        translations[locale] = words
        problems += [document.problem((locale, key), message, _RULE) for key, message in faults]
    return translations, problems


def _locale_fault(locale: str, items: object) -> str:
    if locale not in LOCALES:
        regional = " or ".join(sorted(name for name in LOCALES if name.startswith(f"{locale}-")))
        hint = did_you_mean(locale, LOCALES, f"they are {', '.join(sorted(LOCALES))}")
        hint = f"write {regional}" if regional else hint
        return f"Discord has no language `{locale}`; {hint}"
    return "" if isinstance(items, dict) else f"`{locale}` must hold words, one `key: words` a line"


def _usable(
    items: Mapping[str, object], english: Mapping[str, str]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the words of one language that can be used, and each fault with its key."""
    words: dict[str, str] = {}
    faults: list[tuple[str, str]] = []
    for key, value in items.items():
        # Some keyboards write a letter and its accent as two characters.
        said = unicodedata.normalize("NFC", value) if isinstance(value, str) else value
        if fault := _fault(key, said, english):
            faults.append((key, fault))
        else:
            words[key] = str(said)
    for key, other in same_names({**english, **words}):
        translated = key if key in words else other
        message = f'`{key}` and `{other}` are both "{words[translated]}"; names must differ'
        faults.append((translated, message))
    return {key: said for key, said in words.items() if key not in dict(faults)}, faults


def _fault(key: str, value: object, english: Collection[str]) -> str:
    if key not in english:
        hint = did_you_mean(key, english, "the keys are those of `commands` in messages.yaml")
        return f"there is no key `{key}`; {hint}"
    if not isinstance(value, str):
        return f"`{key}` must be words; put them in quotes"
    return refusal(key, value)
