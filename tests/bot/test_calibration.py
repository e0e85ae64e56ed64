"""Thresholds chosen from labelled questions, and the floor under what they reach."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.calibration import (
    Calibration,
    below_floor,
    choose_thresholds,
    floor_of,
    load_calibration,
    open_thresholds,
    save_calibration,
)
from bot.domain import Match, Question, Reply, ReplyKind
from bot.errors import ConfigError
from bot.evaluation import Case, Report, evaluate
from bot.responder import Thresholds, Trace

SORT = "on topic"


class FakeResponder:
    """Answers every question with one entry, at the score that the question's words name."""

    def trace(self, question: Question) -> Trace:
        """Return "lithium 0.8" as an answer with the entry lithium at 0.8."""
        entry, score = question.text.split()
        ranked = (Match(entry, float(score)),)
        reply = Reply(ReplyKind.ANSWER, "", entry=entry, ranked=ranked)
        return Trace(reply, sort=SORT)


def cases(*rows: tuple[str, str]) -> list[Case]:
    """Return labelled questions from (words, label) pairs; "" is out of scope."""
    return [Case(t, t, frozenset({label} - {""}), "faq") for t, label in rows]


def chosen(*rows: tuple[str, str]) -> Thresholds:
    """Return the thresholds chosen over `rows`."""
    return choose_thresholds(cases(*rows), FakeResponder())  # type: ignore[arg-type]


def test_threshold_lies_above_what_would_be_wrong() -> None:
    """A wrong answer at 0.6 keeps everything up to 0.6 from being answered straight."""
    found = chosen(("a 0.8", "a"), ("a 0.7", "a"), ("a 0.6", "b"), ("a 0.5", "a"))

    assert found.answer[SORT] == 0.7


def test_a_stray_that_is_sure_of_itself_raises_the_threshold() -> None:
    """A message that no entry answers is worse to answer than a question is to leave open."""
    assert chosen(("a 0.85", ""), ("a 0.8", "a"), ("a 0.88", "a")).answer[SORT] > 0.85


def test_a_sort_without_questions_gets_the_most_careful_threshold() -> None:
    """What nobody has tried is not answered lightly."""
    assert chosen(("a 0.8", "a")).answer["short"] == 0.9


def test_what_was_kept_is_read_back_for_its_own_engine_alone(tmp_path: Path) -> None:
    """Each engine has its own numbers in the one file."""
    kept = Calibration("abc", open_thresholds(), {"in scope: answered right": 0.5})
    other = Calibration("abc", open_thresholds(), {})

    save_calibration(tmp_path, "lexical", kept)
    save_calibration(tmp_path, "semantic", other)

    assert load_calibration(tmp_path, "lexical") == kept
    assert load_calibration(tmp_path, "semantic") == other
    assert load_calibration(tmp_path / "nowhere", "lexical") is None


@pytest.mark.parametrize("text", ["{", "[]", '{"lexical": 3}', '{"lexical": {}}'])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    """Whoever edited it by hand is told which file, and what to do."""
    (tmp_path / "calibration.json").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"calibration\.json cannot be read.*--calibrate"):
        load_calibration(tmp_path, "lexical")


def test_a_damaged_file_is_written_over(tmp_path: Path) -> None:
    """The advice to calibrate again must work for the file it is given about."""
    (tmp_path / "calibration.json").write_text("{", encoding="utf-8")
    kept = Calibration("abc", open_thresholds(), {})

    save_calibration(tmp_path, "lexical", kept)

    assert load_calibration(tmp_path, "lexical") == kept


def test_a_threshold_never_parts_equal_scores() -> None:
    """Of a right and a wrong one with the same score both are answered, or neither."""
    assert chosen(("a 0.8", "a"), ("a 0.6", "a"), ("a 0.6", "")).answer[SORT] == 0.8


def report(entries: Sequence[str]) -> Report:
    """Return the report over one question for each of `entries`, of which "right" is right."""
    asked = [Case(str(i), e, frozenset({"right"}), "faq") for i, e in enumerate(entries)]
    return evaluate(asked, lambda text: Reply(ReplyKind.ANSWER, "", entry=text))


def test_worse_figures_than_the_floor_are_named() -> None:
    """A change that makes answers worse fails, whichever way a figure counts."""
    floor = floor_of(report(["right"] * 9 + ["wrong"]))

    faults = below_floor(report(["right"] * 5 + ["wrong"] * 5), floor)

    assert any("answered right: 50.0%; it must be at least" in fault for fault in faults)
    assert any("answered wrong: 50.0%; it must be at most" in fault for fault in faults)
    assert below_floor(report(["right"] * 9 + ["wrong"]), floor) == []
