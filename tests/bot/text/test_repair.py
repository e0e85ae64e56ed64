"""Misspelt words, mended towards the words that the content knows."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_mends_thousands_of_unknown_words_in_time(repairer: Repairer) -> None:
    """A long message of gibberish does not hold up everybody else's."""
    letters = str.maketrans("0123456789", "qwxzjkvbgh")
    words = [f"zq{i * 7919 % 100_000:05d}".translate(letters) for i in range(6_000)]
    start = time.perf_counter()
    repairer.repair(words)
    assert time.perf_counter() - start < 5
