"""The rules about words, on words alone."""

import pytest

from bot.content.wording import BETTER, find_sellers, find_stigma, reading_grade


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Addicts and junkies", ["Addicts", "junkies"]),
        ("he committed suicide", ["committed suicide"]),
        ("a schizophrenic, an alcoholic", ["schizophrenic", "alcoholic"]),
        ("a person with an addiction who died by suicide", []),
        ("addictive, psychosis, alcohol, addiction", []),
        ("a drug [addict2020]", []),
    ],
)
def test_finds_words_that_make_a_person_smaller(words: str, found: list[str]) -> None:
    """Each is found as a whole word, with a better one, and source keys are left alone."""
    pairs = list(find_stigma(words))

    assert [word for word, _ in pairs] == found
    assert all(better in BETTER.values() for _, better in pairs)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Get it from a dealer", ["Get it from", "dealer"]),
        ("on the dark web", ["dark web"]),
        ("get them to call an ambulance, or buy time", []),
        ("the ordinance says [de-vendor-2025]", []),
    ],
)
def test_finds_words_that_lead_to_a_seller(words: str, found: list[str]) -> None:
    """Sellers and the way to them are found; help and sources are not."""
    assert list(find_sellers(words)) == found


def test_short_everyday_sentences_read_easier_than_long_learned_ones() -> None:
    """The grade rises with the length of sentences and of words, and is 0 for no words."""
    easy = reading_grade("Call for help now. Stay with her. Do not leave.")
    hard = reading_grade("Pharmacological investigations necessitate multidisciplinary expertise.")

    assert easy < 3
    assert hard > 12
    assert reading_grade("- [1]") == 0.0


def test_markers_and_addresses_do_not_count() -> None:
    """Only words that a member reads make a text hard."""
    plain = reading_grade("We do not know why.")

    assert (
        reading_grade("We do not [know](https://example.org/a/very/long/address) why [a2020].")
        == plain
    )
