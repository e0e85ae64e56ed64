"""Misspelt words, mended towards the words that the content knows."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.text.repair import COMMON_WORDS, Repairer, english_words

CONTENT = (
    "lithium lamotrigine lamictal zoloft wellbutrin psilocybin microdose microdosing legal japan "
    "seizure suicide lsd dmt shrooms prednisolone 2cb"
)


@pytest.fixture(scope="module")
def repairer() -> Repairer:
    """Return a Repairer that knows a few names."""
    return Repairer(CONTENT.split())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("lithum", "lithium"),
        ("litihum", "lithium"),
        ("lithhium", "lithium"),
        ("lithiun", "lithium"),
        ("ithium", "lithium"),
        ("kithium", "lithium"),
        ("ilthium", "lithium"),
        ("alithium", "lithium"),
        ("lamotrigene", "lamotrigine"),
        ("lamotragene", "lamotrigine"),
        ("welbutrn", "wellbutrin"),
        ("mircodosing", "microdosing"),
        ("psylocibin", "psilocybin"),
        ("seizre", "seizure"),
        ("heelp", "help"),
        ("wierd", "weird"),
        ("h3lp", "help"),
        ("k1ll", "kill"),
        ("5uicide", "suicide"),
        ("l1th1um", "lithium"),
    ],
)
def test_mends_a_slip_of_the_finger(repairer: Repairer, typed: str, read: str) -> None:
    """A letter wrong, missing, doubled, swapped or drawn as a digit is put right."""
    assert repairer.repair([typed]) == [read]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("lithium", "known to the content"),
        ("regal", "common English, although near to legal"),
        ("server", "common English"),
        ("dont", "common in chats"),
        ("lsx", "shorter than four letters"),
        ("dmy", "shorter than four letters"),
        ("2cb", "known to the content"),
        ("20mg", "an amount, not a word"),
        ("1.5g", "an amount, not a word"),
        ("lithxxm", "two edits in a short word"),
        ("kamotrogine", "two edits, the first letter among them"),
        ("lamotxxxine", "three edits"),
        ("quetiapine", "near to nothing known"),
        ("naloxone", "near to nothing known"),
        ("是否合法", "not Latin"),
        ("x" * 5_000, "no word at all"),
    ],
)
def test_leaves_alone(repairer: Repairer, word: str, reason: str) -> None:
    """A word that is right, or too far from every other, stays as typed."""
    assert repairer.repair([word]) == [word], reason


def test_prefers_content_to_common_english() -> None:
    """Of two words one edit away, the one members ask about is meant."""
    assert Repairer([]).repair(["trampp"]) == ["tramp"]
    assert Repairer(["tramps"]).repair(["trampp"]) == ["tramps"]


def test_prefers_the_nearer_word_to_content(repairer: Repairer) -> None:
    """A common word one edit away beats a content word two edits away."""
    assert Repairer(["prescriptins"]).repair(["prescriptoin"]) == ["prescription"]
    assert repairer.repair(["prednisolona"]) == ["prednisolone"]


def test_prefers_the_more_frequent_of_two_common_words() -> None:
    """Typed "thier", it is "their" and not "tier"."""
    assert Repairer([]).repair(["thier"]) == ["their"]


def test_knows_content_and_common_words_only(repairer: Repairer) -> None:
    """Whether a word is known decides how sure the Matcher may be."""
    assert [repairer.knows(word) for word in ("zoloft", "house", "zolfot")] == [True, True, False]


def test_lists_common_words_once_each_and_in_lower_case() -> None:
    """The list holds words that nothing may be mended away from."""
    listed = english_words()
    assert len(listed) > COMMON_WORDS * 0.9
    assert all(word.isalpha() and word == word.lower() for word in listed)
    assert {"the", "suicide", "dont", "kms"} <= set(listed)


@given(st.lists(st.text("abcdehilmnot1340", max_size=9), max_size=8))
def test_keeps_number_and_order_of_words(repairer: Repairer, words: list[str]) -> None:
    """Never raises; every word stands where it stood, and the same words give the same words."""
    read = repairer.repair(words)
    assert len(read) == len(words)
    assert all(a == b or not repairer.knows(a) for a, b in zip(words, read, strict=True))
    assert repairer.repair(words) == read
    assert repairer.repair(words[::-1]) == read[::-1]


def nearest(word: str) -> str:
    """Return what `word` is mended to, by comparing it to every known word."""
    content = [name for name in CONTENT.split() if name.isalpha()]
    rank = {name: i for i, name in enumerate(english_words())}
    limit = 1 if len(word) < 8 else 2
    found = []
    for name in {*content, *rank}:
        elsewhere = name[0] != word[0]
        edits = OSA.distance(word, name, score_cutoff=1 if elsewhere else limit)
        if len(name) >= 4 and edits <= (1 if elsewhere else limit):
            found.append((edits, name not in content, elsewhere, rank.get(name, 0), name))
    return min(found, default=(word,))[-1]


LETTER = st.sampled_from("abcdefghijklmnopqrstuvwxyzéß")


@st.composite
def slips(draw: st.DrawFn) -> str:
    """Return a known word with up to three slips of the finger."""
    word = draw(st.sampled_from([*CONTENT.split(), *english_words()[:3_000]]))
    for _ in range(draw(st.integers(1, 3))):
        at, letter = draw(st.integers(0, len(word))), draw(LETTER)
        before, here, after = word[:at], word[at : at + 1], word[at + 1 :]
        swapped = before + after[:1] + here + after[1:]
        word = draw(
            st.sampled_from([before + letter + after, before + after, swapped])
            | st.just(before + letter + here + after)
        )
    return word


@given(slips())
@settings(max_examples=150, deadline=None)
def test_finds_what_a_search_through_all_words_finds(repairer: Repairer, word: str) -> None:
    """The short cuts to the near words lose none of them."""
    if len(word) >= 4 and word.isalpha() and not repairer.knows(word):
        assert repairer.repair([word]) == [nearest(word)]


def test_mends_thousands_of_unknown_words_in_time(repairer: Repairer) -> None:
    """A long message of gibberish does not hold up everybody else's."""
    letters = str.maketrans("0123456789", "qwxzjkvbgh")
    words = [f"zq{i * 7919 % 100_000:05d}".translate(letters) for i in range(6_000)]
    start = time.perf_counter()
    repairer.repair(words)
    assert time.perf_counter() - start < 2
