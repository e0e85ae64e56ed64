"""The words of commands: what Discord would refuse never gets past the loader."""

import re

import pytest
from discord.app_commands.commands import VALID_SLASH_COMMAND_NAME

from bot.config import EMBEDDED_FAQ
from bot.content.commands import BESIDE, LOCALES, command_words, refusal
from bot.content.loader import load_library
from bot.domain import Library
from tests.bot.content.conftest import BARE, Folder, told

NAMES = """
    ask fragen help-channel faq_admin thème příklad спросить спитати 質問 질문 ερώτηση câuhỏi
    कहो पूछें सवाल ถาม คำถาม ที่นี่ a1 x 'ask ask! ask. help/me a:b e\u0301 ½ ² _ - --
"""


@pytest.fixture(scope="module")
def shipped() -> Library:
    """Return the shipped content."""
    return load_library(EMBEDDED_FAQ)[0]


@pytest.mark.parametrize(
    "name", [*NAMES.split(), "two words", "", "x" * 32, "x" * 33, "Ask", "ÄRA"]
)
def test_takes_the_names_that_the_client_library_takes(name: str) -> None:
    """Neither more nor less: more would stop the start, less would tie translators' hands."""
    taken = bool(re.fullmatch(VALID_SLASH_COMMAND_NAME, name)) and name == name.lower()
    assert (refusal("ask", name) == "") is taken


@pytest.mark.parametrize(
    ("key", "words", "advice"),
    [
        ("ask", "ask me", '`ask` is "ask me"; use letters, digits, - and _ only, with no space'),
        ("ask", "Ask", '`ask` is "Ask"; use small letters: "ask"'),
        ("ask", "x" * 33, "`ask` has 33 characters; at most 32 fit, so shorten it"),
        ("ask", " ", "`ask` is empty; write something"),
        ("ask_about", "x" * 101, "`ask_about` has 101 characters; at most 100 fit, so shorten it"),
        ("ask_about", "", "`ask_about` is empty; write something"),
        ("answer_message", "x" * 33, "`answer_message` has 33 characters; at most 32 fit, so sho"),
        ("ask_about", "Ask me. Anything!" + "." * 83, ""),
        ("answer_message", "Answer from the FAQ", ""),
    ],
)
def test_says_why_and_what_to_do(key: str, words: str, advice: str) -> None:
    """Names, descriptions and the line in a message's menu each have rules of their own."""
    found = refusal(key, words)
    assert found.startswith(advice) if advice else not found


def test_knows_every_command_of_the_shipped_wording(shipped: Library) -> None:
    """Names beside each other are known by keys that exist."""
    keys = command_words(shipped.messages)
    assert {key for beside in BESIDE for key in beside} <= keys.keys()


def test_shipped_translations_are_of_known_languages(shipped: Library) -> None:
    """The words of each stand under the code that Discord sends, and by the same keys."""
    assert shipped.translations
    assert shipped.translations.keys() <= LOCALES
    keys = command_words(shipped.messages).keys()
    assert all(words.keys() <= keys for words in shipped.translations.values())


def test_loads_words_by_language_and_key(folder: Folder) -> None:
    """They stand as they are written, with an accent as one character."""
    root = folder(
        {"translations.yaml": 'de: {ask: fragen, ask_about: Frag!}\n"no":\n  topic: the\u0301me\n'}
    )
    library, problems = load_library(root)
    assert told(root, problems) == []
    assert library.translations == {
        "de": {"ask": "fragen", "ask_about": "Frag!"},
        "no": {"topic": "thém\u0065"},
    }


def test_borrows_the_shipped_translations(bare: Folder, shipped: Library) -> None:
    """A bare folder has commands in every language that the shipped one has."""
    assert load_library(bare({"a.yaml": BARE}))[0].translations == shipped.translations


def test_an_empty_file_switches_translations_off(folder: Folder) -> None:
    """Whoever wants English only can have it."""
    root = folder({"translations.yaml": "# none\n"})
    library, problems = load_library(root)
    assert (library.translations, told(root, problems)) == ({}, [])


@pytest.mark.parametrize(
    ("words", "kept", "line", "message"),
    [
        ("- de\n", {}, 1, "must be languages with words below them"),
        ("dee:\n  ask: fragen\n", {}, 1, "Discord has no language `dee`; did you mean `de`?"),
        ("pt: {ask: a}\n", {}, 1, "Discord has no language `pt`; write pt-BR"),
        ("en: {ask: a}\n", {}, 1, "Discord has no language `en`; write en-GB or en-US"),
        ("xx: {ask: a}\n", {}, 1, "Discord has no language `xx`; they are bg, cs, da"),
        ("de: fragen\n", {}, 1, "`de` must hold words, one `key: words` a line"),
        ("de:\n  asks: fragen\n", {"de": {}}, 2, "there is no key `asks`; did you mean `ask`?"),
        ("de:\n  zzz: fragen\n", {"de": {}}, 2, "there is no key `zzz`; the keys are those of"),
        ("de:\n  ask: [a]\n", {"de": {}}, 2, "`ask` must be words; put them in quotes"),
        ("de:\n  ask: 7\n", {"de": {}}, 2, "`ask` must be words; put them in quotes"),
        ("de:\n  ask:\n", {"de": {}}, 2, "`ask` must be words; put them in quotes"),
        (
            "de:\n  ask: Fragen\n  topic: thema\n",
            {"de": {"topic": "thema"}},
            2,
            '`ask` is "Fragen"; use small letters: "fragen"',
        ),
        (
            "de:\n  ask: hilfe\n  help: hilfe\n",
            {"de": {"ask": "hilfe"}},
            3,
            '`help` and `ask` are both "hilfe"; names must differ',
        ),
        (
            "de:\n  ask: faq\n",
            {"de": {}},
            2,
            '`faq` and `ask` are both "faq"; names must differ',
        ),
    ],
)
def test_leaves_out_what_discord_would_refuse(
    folder: Folder, words: str, kept: object, line: int, message: str
) -> None:
    """Each is an error on its line; no other word is lost with it."""
    root = folder({"translations.yaml": words})
    library, problems = load_library(root)
    found = told(root, problems)
    assert [problem[:3] for problem in found] == [("translations.yaml", line, "error")]
    assert found[0][3].startswith(message)
    assert library.translations == kept


def test_the_same_name_is_no_fault_where_commands_do_not_meet(folder: Folder) -> None:
    """An option may be called like a command, a setting like a moderators' command."""
    words = "de: {ask: frage, question: frage, preview: zeigen, show: zeigen}\n"
    root = folder({"translations.yaml": words})
    assert told(root, load_library(root)[1]) == []


@pytest.mark.parametrize(
    ("words", "line", "message"),
    [
        ("commands:\n  ask: Ask me\n", 2, '`ask` is "Ask me"; use letters, digits'),
        ("commands:\n  help:\n", 2, "`help` is empty; write something"),
        (f"commands:\n  ask_about: {'x' * 101}\n", 2, "`ask_about` has 101 characters; at mo"),
        ("commands:\n  ask: x\n  help: x\n", 3, "`help` and `ask` have the same name; names mu"),
    ],
)
def test_holds_english_words_to_the_same_rules(
    folder: Folder, words: str, line: int, message: str
) -> None:
    """A community that rewords a command is told before Discord refuses them all."""
    root = folder({"messages.yaml": words})
    found = told(root, load_library(root)[1])
    assert [problem[:3] for problem in found] == [("messages.yaml", line, "error")]
    assert found[0][3].startswith(message)


def test_borrowed_words_give_way_to_own_english_ones(bare: Folder, shipped: Library) -> None:
    """Nobody is told of a file that they cannot mend; the one clashing word is left out."""
    french = shipped.translations["fr"]["ask"]
    root = bare({"a.yaml": BARE, "messages.yaml": f"commands:\n  faq: {french}\n"})
    library, problems = load_library(root)
    assert [p for p in problems if p.rule == "commands"] == []
    assert library.translations["fr"].keys() == shipped.translations["fr"].keys() - {"ask"}
