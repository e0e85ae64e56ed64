"""The matcher ranks, keeps to the gate, and can say exactly why."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.domain import Answer, Entry, Library, Thing
from bot.matching.encoder import Encoder
from bot.matching.features import Vocabulary
from bot.matching.kept import Floats
from bot.matching.matcher import EntryMatcher
from bot.matching.model import load_model
from bot.matching.signals import SEMANTIC

ASKS = {
    "lithium": (
        "can i microdose on lithium",
        "lithium and shrooms",
        "is lithium dangerous with it",
    ),
    "driving": ("can i drive after a microdose", "driving to work on it", "is it ok to drive"),
    "legal-canada": ("is it legal in canada", "canada law on mushrooms", "canadian shops legal?"),
    "empty": (),
}


def build_matcher(
    *, synonyms: Sequence[tuple[str, ...]] = (), strays: Sequence[str] = ()
) -> EntryMatcher:
    """Build a matcher over four small entries, one without phrasings."""
    entries = [
        Entry(id=key, group="", title=key, ask=asks, answer=Answer(short="."))
        for key, asks in ASKS.items()
    ]
    lithium = Thing("lithium", "medicine", "lithium", ("lithium", "priadel"))
    library = Library(Path(), {}, {}, (), {}, things={"lithium": lithium}, synonyms=tuple(synonyms))
    return EntryMatcher(entries, Vocabulary(library), list, load_model(), strays=strays)


def everything(_entry: str) -> bool:
    """Let every entry take part."""
    return True


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("is it legal in canada", "legal-canada"),
        ("lithium ok with a microdose", "lithium"),
        ("priadel", "lithium"),
        ("may i drive", "driving"),
    ],
)
def test_ranks_the_entry_first_that_the_question_is_about(question: str, entry: str) -> None:
    """Phrasings, other forms of a word and brand names all lead to the entry."""
    assert build_matcher().rank(question.split(), everything)[0].entry == entry


def test_never_ranks_an_entry_that_the_gate_keeps_out() -> None:
    """However near, an entry that is not allowed does not appear."""
    ranked = build_matcher().rank(["lithium"], lambda entry: entry != "lithium")

    assert "lithium" not in {match.entry for match in ranked}


def test_ranks_nothing_when_the_gate_keeps_everything_out() -> None:
    """With no entry allowed there is no Match, and no error."""
    assert build_matcher().rank(["lithium"], lambda _: False) == []


def test_ranks_nothing_for_no_words() -> None:
    """A question without words has no Match."""
    assert build_matcher().rank([], everything) == []


def test_scores_are_probabilities_best_first() -> None:
    """Scores lie between 0 and 1 and never rise down the list."""
    scores = [match.score for match in build_matcher().rank(["drive", "canada"], everything)]

    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)


def test_explanation_adds_up_to_the_probability() -> None:
    """The shares and the constant are the whole logit, so nothing is left unexplained."""
    reason = build_matcher().explain(["drive", "after", "microdose"], everything)[0]

    logit = sum(share for _, share in reason.shares) + reason.bias
    assert reason.match.score == pytest.approx(1 / (1 + math.exp(-logit)))
    assert [name for name, _ in reason.shares] == list(load_model().inputs)
    assert reason.match.phrase == "can i drive after a microdose"
    assert "drive" in reason.shared


def test_a_synonym_counts_as_its_standard_word() -> None:
    """A word that no phrasing uses finds the entry through its group of synonyms."""
    without = build_matcher().rank(["lawful"], everything)[0].score
    found = build_matcher(synonyms=[("legal", "lawful")]).rank(["lawful"], everything)[0]

    assert found.entry == "legal-canada"
    assert found.score > without


def test_what_is_like_a_stray_is_less_likely_a_question() -> None:
    """Chat that shares a word with an entry is left alone once such chat is known."""
    question = ["driving", "to", "canada", "in", "july"]
    strays = ["driving to the lake in july", "we go to canada in july", "july is hot"]

    told = build_matcher(strays=strays).rank(question, everything)
    untold = build_matcher().rank(question, everything)

    assert {match.entry for match in told} == {match.entry for match in untold}
    assert told[0].score < untold[0].score


def test_a_question_of_its_own_words_is_answered_in_spite_of_strays() -> None:
    """Strays take nothing away from what is plainly asked."""
    strays = ["driving to the lake in july", "july is hot"]

    ranked = build_matcher(strays=strays).rank(["can", "i", "drive"], everything)

    assert ranked[0].entry == "driving"


def test_words_that_fold_to_nothing_are_no_error() -> None:
    """A stray or a question of signs alone has no features, and is near to nothing."""
    matcher = build_matcher(strays=["???", "july is hot"])

    assert matcher.rank([], everything) == []
    assert matcher.rank(["drive"], everything)[0].entry == "driving"


class FakeEncoder(Encoder):
    """Points at the word "law", whatever word for it is used; other words point elsewhere."""

    def __init__(self) -> None:
        super().__init__(None, {}, "fake")

    def encode(self, words: Sequence[str]) -> Floats:
        """Return one of two directions."""
        legal = {"legal", "law", "arrested"} & set(words)
        return np.asarray([1, 0] if legal else [0, 1], np.float32)


def build_by_meaning(folder: Path | None = None) -> EntryMatcher:
    """Build the matcher with the semantic stage."""
    entries = [
        Entry(id=k, group="", title=k, ask=a, answer=Answer(short=".")) for k, a in ASKS.items()
    ]
    library = Library(Path(), {}, {}, (), {})
    model = load_model(SEMANTIC)
    return EntryMatcher(
        entries, Vocabulary(library), list, model, encoder=FakeEncoder(), folder=folder
    )


def test_a_question_in_other_words_is_found_by_its_meaning() -> None:
    """No word of the question stands in the phrasing; its vector does the work."""
    assert build_by_meaning().rank(["arrested"], everything)[0].entry == "legal-canada"


def test_shares_add_up_with_meaning_as_well() -> None:
    """The semantic model is linear like the other one."""
    reason = build_by_meaning().explain(["arrested", "for", "it"], everything)[0]

    logit = sum(share for _, share in reason.shares) + reason.bias
    assert reason.match.score == pytest.approx(1 / (1 + math.exp(-logit)))
    assert "meaning" in dict(reason.shares)


def test_vectors_of_phrasings_are_kept(tmp_path: Path) -> None:
    """The next start encodes nothing, and ranks the same."""
    first = build_by_meaning(tmp_path).rank(["arrested"], everything)

    assert [path.name.partition("-")[0] for path in sorted(tmp_path.iterdir())] == [
        "meanings",
        "votes",
    ]
    assert build_by_meaning(tmp_path).rank(["arrested"], everything) == first


def test_one_entry_alone_can_be_ranked() -> None:
    """A folder with a single entry needs no rival."""
    ranked = build_matcher().rank(["lithium"], lambda entry: entry == "lithium")

    assert [match.entry for match in ranked] == ["lithium"]


def test_things_that_belong_to_each_other_are_read_once() -> None:
    """A slip in the vocabulary, a ring of parents, must not stop the program from starting."""
    ssri = Thing("ssri", "medicine", "SSRIs", ("ssri",), parents=("zoloft", "nowhere"))
    zoloft = Thing("zoloft", "medicine", "sertraline", ("zoloft",), parents=("ssri",))
    library = Library(Path(), {}, {}, (), {}, things={"ssri": ssri, "zoloft": zoloft})

    assert Vocabulary(library).expand(["zoloft"]) == ["zoloft", "@zoloft", "@ssri"]
