"""Chat messages as people and their platforms write them, folded into plain words."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import fold_words, normalise


def words(text: str) -> str:
    """Return the words of `text` in one line."""
    return " ".join(normalise(text).words)


def clauses(text: str) -> list[str]:
    """Return the clauses of `text`, each in one line."""
    return [" ".join(clause) for clause in normalise(text).clauses]


@pytest.mark.parametrize(
    "typed",
    [
        "i want to die",
        "I WANT TO DIE!!!",
        "ｉ ｗａｎｔ ｔｏ ｄｉｅ",
        "𝓲 𝔀𝓪𝓷𝓽 𝓽𝓸 𝓭𝓲𝓮",
        "ⓘ ⓦⓐⓝⓣ ⓣⓞ ⓓⓘⓔ",
        "ɪ ᴡᴀɴᴛ ᴛᴏ ᴅɪᴇ",
        "і wаnt tо dіе",
        "ι wαnt to dιe",
        "ı want to dıe",
        "í wánt tö dìê",
        "i̷̢̛ w̸͉̌a̷̰͐n̵̹̊t̸̝͝ ț̶̂o̴̥͑ d̵̬̾i̵̠͝e̸̘͌",
        "i w\u200ban\u200dt t\u2060o d\u00adi\ufeffe",
        "\u202ei want to die\u202c",
        "i\u00a0want\u2003to\u3000die",
        "i  w a n t  t o  d i e",
        "i   w a n t   t o   d i e",
        "i w*a*n*t to d.i.e",
        "i w_a_n_t to d-i-e",
        "i **want** to ~~die~~",
        "||i want to die||",
        "`i want to die`",
        "```i want to die```",
        "```\ni want\nto die",
        "i\x07want\tto\x00die",
        "@everyone i want to die <@!123456> <#99> <@&7> <t:17000:R>",
        "<:sad:123> i want <a:dance:99> to die :pleading_face: </ask:42> <id:guide>",
        "i want https://example.org/x?y=1 to die <https://example.org|the label> www.example.org",
        "🥺 i want 🇬🇧 to die 👩‍👩‍👧",
        "i wanna die",
    ],
)
def test_hears_the_same_words_however_they_are_written(typed: str) -> None:
    """No trick of Unicode or of a platform's markup hides a cry for help."""
    assert words(typed) == "i want to die"


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("Can I take it with Zoloft?", "can i take it with zoloft"),
        ("don't don’t don‘t don`t don´t don′t donʼt don＇t", " ".join(["dont"] * 8)),
        ("St. John's Wort", "st johns wort"),
        ("naïve café Straße ærø Łódź", "naive cafe strasse aero lodz"),
        ("ﬁne № ½", "fine no 1 2"),
        ("L.S.D. a lot, or l.s.d?", "lsd a lot or lsd"),
        ("D-M-T and m.d.m.a", "dmt and mdma"),
        ("e.g. this, i.e. that", "e g this i e that"),
        ("s u i c i d e", "suicide"),
        ("s  u  i  c  i  d  e", "suicide"),
        ("am i a b or c", "am i a b or c"),
        ("sooooo baaaad", "soo baad"),
        ("100µg 100 μg 20mg 1.5g", "100ug 100 ug 20mg 1.5g"),
        ("2c-b, 5-HTP, lsd-25, n,n-dmt", "2c b 5 htp lsd 25 and and dmt"),
        ("k1ll h3lp", "k1ll h3lp"),
        ("mdma,lsd+weed&alcohol/ketamine", "mdma lsd weed alcohol ketamine"),
        ('i said"no"', "i said no"),
        ("what_is_it", "what is it"),
        ("lsd@home me@example.org", "lsd home me example org"),
        ("i took <amount> of it", "i took amount of it"),
        ("at 10:30:45", "at 10 30 45"),
        ("🍄 💊 :mushroom: :pill:", "mushroom pill mushroom pill"),
        ("dead 💀 :skull: ☠️ 😂", "dead lol lol lol lol"),
        ("看医生 または", "看医生 または"),
        ("", ""),
        (" \n\t ", ""),
        ("?!… 🥺 <@1>", ""),
        ("https://example.org", ""),
    ],
)  # fmt: skip
def test_reads_words_as_a_person_would(typed: str, heard: str) -> None:
    """Punctuation, accents, abbreviations and emoji become what they stand for."""
    assert words(typed) == unicodedata.normalize("NFKD", heard)


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("r u ok", "are you ok"),
        ("idk wat 2 do b4 2nite tbh", "dont know what 2 do before tonight"),
        ("w/ zoloft, w/o lithium", "with zoloft without lithium"),
        ("b/c my bf n gf", "because my boyfriend and girlfriend"),
        ("im gonna, i'm gonna, I’m gonna", "i am going to i am going to i am going to"),
        ("ive gotta", "i have got to"),
        ("lsd vs shrooms imo", "lsd versus shrooms"),
        ("urgent run what", "urgent run what"),
    ],
)
def test_expands_shorthand_of_whole_words_only(typed: str, heard: str) -> None:
    """Short forms become the words they stand for, inside other words they stay."""
    assert words(typed) == heard


def test_parts_clauses_where_a_thought_ends() -> None:
    """Sentences, lines and dashes part; commas, hyphens, decimals and titles do not."""
    text = "One, two! Three?\nfour — five - six; seven... eight. Dr. Who says 1.5 e-mails"
    assert clauses(text) == [
        "one two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "dr who says 1.5 e mails",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
def test_parts_clauses_at_every_kind_of_new_line(end: str) -> None:
    """Whatever a platform sends for a new line ends a clause."""
    assert clauses(f"my dog{end}is ill") == ["my dog", "is ill"]


def test_passes_over_code_but_hears_words_in_a_code_block() -> None:
    """Pasted code is no question; a sentence that somebody put in a block is."""
    assert words("why ```if (die) { kill(pid); }``` fails") == "why fails"
    assert words("a note: ```i want to die``` from him") == "a note i want to die from him"
    assert words("```kill -9 = {die}```") == "kill 9 die"


def test_reads_a_very_long_message_whole() -> None:
    """A question may stand at the end of a long story."""
    assert normalise("and then we went home. " * 5_000 + "is it legal").clauses[-1] == (
        "is",
        "it",
        "legal",
    )


def test_folds_content_like_a_message() -> None:
    """A name in the vocabulary and the same name in a question meet."""
    assert fold_words("St. John’s-Wort") == normalise("st johns wort").words


@pytest.mark.parametrize(
    "piece",
    [
        "<https:",
        "```",
        "<@",
        "a ",
        ":a",
        "www.",
        "a.",
        "@a",
        "- ",
        "a'",
        "a\u0301",
        "http://",
        "💀",
    ],
)
def test_takes_time_linear_in_the_length(piece: str) -> None:
    """No row of signs makes a message expensive to read."""
    start = time.perf_counter()
    normalise(piece * 40_000)
    assert time.perf_counter() - start < 3


@given(st.text())
def test_gives_lower_case_words_whatever_is_typed(text: str) -> None:
    """Never raises; every word is there, in lower case, without blanks or punctuation."""
    for clause in normalise(text).clauses:
        assert clause
        for word in clause:
            assert word
            assert word == word.lower()
            assert all(char.isalnum() or char == "." for char in word)


@given(st.text())
def test_reads_its_own_words_as_they_are(text: str) -> None:
    """A word once folded is not folded into another."""
    for word in normalise(text).words:
        assert normalise(word).words == (word,)


PHRASES = st.lists(
    st.sampled_from(["want", "to", "die", "help", "lithium", "tonight", "zoloft", "micro"])
)


@given(PHRASES, st.sampled_from(["upper", "wide", "accent", "hidden"]))
def test_hears_disguised_words(plain: list[str], trick: str) -> None:
    """Each trick is undone for any words."""
    text = " ".join(plain)
    disguised = {
        "upper": text.upper(),
        "wide": "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in text),
        "accent": "".join(c + "\u0336\u0301" if c.isalpha() else c for c in text),
        "hidden": "\u200b".join(text),
    }[trick]
    assert list(normalise(disguised).words) == plain


@pytest.mark.parametrize(
    ("spaced", "words"),
    [
        ("i w a n t t o d i e", ("i", "want", "to", "die")),
        ("m y f r i e n d i s n t b r e a t h i n g", ("my", "friend", "isnt", "breathing")),
        ("m i c r o d o s i n g", ("microdosing",)),
        ("a b c d e f g h i j k", ("abcdefghijk",)),
    ],
)
def test_a_sentence_in_single_letters_is_parted_and_a_word_is_not(
    spaced: str, words: tuple[str, ...]
) -> None:
    """A cry for help with a space after every letter is read; one long word stays one."""
    assert normalise(spaced).words == words
