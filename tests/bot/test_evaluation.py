"""Labelled questions become verdicts and figures."""

from pathlib import Path

import pytest

from bot.domain import Choice, Reply, ReplyKind
from bot.errors import ConfigError
from bot.evaluation import Case, evaluate, read_cases

ANSWER = Reply(ReplyKind.ANSWER, "words", entry="lithium")
OFFER = Reply(ReplyKind.CHOICES, "pick", choices=(Choice("lithium", "Lithium"),))
CARD = Reply(ReplyKind.URGENT, "call", entry="suicide-crisis")
NOTHING = Reply(ReplyKind.FALLBACK, "sorry")


@pytest.mark.parametrize(
    ("labels", "kind", "reply", "verdict"),
    [
        (["lithium"], "faq", ANSWER, "right"),
        (["maoi"], "faq", ANSWER, "wrong"),
        ([], "offtopic", ANSWER, "answered"),
        (["lithium"], "faq", OFFER, "offered"),
        (["maoi"], "faq", OFFER, "not offered"),
        ([], "offtopic", NOTHING, "left"),
        (["maoi"], "faq", NOTHING, "fallback"),
        (["suicide-crisis"], "urgent", CARD, "alarm"),
        (["suicide-crisis"], "urgent", Reply(ReplyKind.CHECK, "safe?"), "soft check"),
        (["suicide-crisis"], "urgent", ANSWER, "missed"),
        ([], "offtopic", CARD, "false alarm"),
        (["lithium"], "faq", Reply(ReplyKind.CHECK, "safe?", follow=ANSWER), "right"),
    ],
)
def test_judges_a_reply_by_its_label(
    labels: list[str], kind: str, reply: Reply, verdict: str
) -> None:
    """Each kind of reply to each kind of question has one verdict."""
    report = evaluate([Case("1", "text", frozenset(labels), kind)], lambda _: reply)

    assert report.outcomes[0].verdict == verdict


def test_figures_count_each_kind_of_question_apart() -> None:
    """In scope, out of scope and urgent questions never share a denominator."""
    cases = [
        Case("1", "a", frozenset({"lithium"}), "faq"),
        Case("2", "b", frozenset(), "offtopic"),
        Case("3", "c", frozenset({"suicide-crisis"}), "urgent"),
    ]

    figures = evaluate(cases, lambda _: ANSWER).figures()

    assert figures["in scope: answered right"] == (1, 1)
    assert figures["out of scope: answered"] == (1, 1)
    assert figures["urgent caught"] == (0, 1)
    assert figures["false urgent cards"] == (0, 2)


def test_reads_one_label_or_several_or_none(tmp_path: Path) -> None:
    """A label may be an id, a list of ids, or the word none."""
    file = tmp_path / "q.jsonl"
    file.write_text(
        '{"id": "q1", "text": "a", "label": "lithium", "kind": "faq"}\n\n'
        '{"text": "b", "label": ["lithium", "maoi"]}\n'
        '{"text": "c", "label": "none", "kind": "offtopic"}\n'
    )

    cases = read_cases(file)

    assert [sorted(case.labels) for case in cases] == [["lithium"], ["lithium", "maoi"], []]
    assert [case.id for case in cases] == ["q1", "3", "4"]


def test_a_line_ends_where_json_lines_end(tmp_path: Path) -> None:
    """A line separator inside the words, or a byte order mark, breaks nothing."""
    file = tmp_path / "q.jsonl"
    file.write_text('{"text": "a\u2028b", "label": "none"}\r\n', encoding="utf-8-sig")

    assert [case.text for case in read_cases(file)] == ["a\u2028b"]


@pytest.mark.parametrize("line", ["not json", "[]", '{"text": "a"}', '"words"'])
def test_names_the_line_that_is_no_labelled_question(tmp_path: Path, line: str) -> None:
    """A broken line is refused with its file and number."""
    file = tmp_path / "q.jsonl"
    file.write_text('{"text": "a", "label": "none"}\n' + line + "\n")

    with pytest.raises(ConfigError, match=r"q\.jsonl:2: not a labelled question"):
        read_cases(file)
