"""Each rule of the content: what it finds, on which line, and what it lets pass."""

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.bootstrap import read_content
from bot.compose import REPLY_MAX
from bot.content.rules import RULES, check_library, overdue
from bot.domain import Library, Problem
from tests.conftest import BORROWED, TINY_FAQ

ENTRY = """title: What the studies found
ask: [one a, two b, three c, four d, five e, six f, seven g, eight h]
about: [lsd]
short: It helps a little [smith2020].
details:
  - heading: More
    text: |-
      First line.
      Nobody knows why [jones2021, smith2020].
grade: low
grade_why: Two small studies.
sources: [smith2020, jones2021]
see_also: [about-bot]
resources: [crisis]
checked: 2026-01-10
review_by: 2027-01-10
"""
HARD = (
    "Pharmacological characterisation of heterogeneous psychoactive preparations necessitates "
    "comprehensive multidisciplinary investigation involving sophisticated instrumentation and "
    "extraordinarily experienced international collaborators throughout universities"
)
PATH = "evidence/studies.yaml"
Check = Callable[..., list[Problem]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Return a function that checks the tiny content with files changed or added to it."""

    def check_with(files: Mapping[str, str] | None = None, **texts: str) -> list[Problem]:
        entry = ENTRY
        for old, new in zip(texts["old"].split("|"), texts["new"].split("|"), strict=True):
            assert old in entry
            entry = entry.replace(old, new)
        root = Path(shutil.copytree(TINY_FAQ, tmp_path / "faq"))
        for name, content in {PATH: entry, **(files or {})}.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(content, encoding="utf-8")
        return [p for p in read_content(root)[1] if p.rule not in BORROWED]

    return check_with


def own(problems: list[Problem], rule: str) -> list[tuple[str, int, str]]:
    """Return name, line and level of the Problems of one rule."""
    return [(p.path.name, p.line, p.level) for p in problems if p.rule == rule]


def test_refuses_a_folder_without_answers(tmp_path: Path) -> None:
    """An empty folder borrows the emergency cards, and still is no FAQ."""
    found = [p for p in read_content(tmp_path)[1] if p.rule not in BORROWED]

    assert [(p.path, p.level, p.rule) for p in found] == [(tmp_path, "error", "no-answers")]


def test_finds_nothing_in_good_content(check: Check, tiny_library: Library) -> None:
    """The entry that the cases below spoil has no Problem, nor has the content around it."""
    assert check(old="", new="") == []
    assert check_library(tiny_library) == []


@pytest.mark.parametrize(
    ("rule", "old", "new", "where"),
    [
        ("missing-field", "checked: 2026-01-10\n", "", (1, "warning")),
        ("missing-field", "review_by: 2027-01-10\n", "", (1, "warning")),
        ("missing-field", "grade: low\n", "", (1, "warning")),
        ("missing-field", "grade_why: Two small studies.\n", "", (1, "warning")),
        ("few-phrasings", ", eight h]", "]", (2, "warning")),
        ("unknown-source", "smith2020", "smyth2020", (12, "error")),
        (
            "unknown-source",
            "sources: [smith2020, jones2021]",
            "sources: [smith2020]",
            (12, "error"),
        ),
        ("unknown-source", "jones2021]\nsee", "jones2021, healthboard]\nsee", (12, "warning")),
        (
            "bare-bracket",
            "why [jones2021, smith2020]",
            "why [jones2021; smith2020]",
            (7, "warning"),
        ),
        ("bare-bracket", "a little [smith2020].", "a little [smith2020] [Sic].", (4, "warning")),
        ("bare-bracket", "heading: More", "heading: More [smith2020]", (6, "warning")),
        ("bare-bracket", "Two small studies.", "Two small studies [smith2020].", (11, "warning")),
        ("unknown-entry", "[about-bot]", "[about-bot, gone]", (13, "warning")),
        ("unknown-entry", "[about-bot]", "[studies]", (13, "warning")),
        ("unknown-thing", "about: [lsd]", "about: [lsd, lds]", (3, "error")),
        ("shared-phrasing", "two b", "Who are you?", (2, "error")),
        ("shared-phrasing", "two b", "'???'", (2, "error")),
        ("stigmatising-word", "First line.", "Addicts feel it.", (7, "error")),
        ("stigmatising-word", "a little [", "a little against drug abuse [", (4, "error")),
        ("leads-to-seller", "First line.", "Order it online.", (7, "warning")),
        ("leads-to-seller", "heading: More", "heading: Ask a dealer", (6, "warning")),
        ("hard-to-read", "It helps a little", HARD, (4, "error")),
        ("unknown-place", "about: [lsd]", "about: [lsd]\nregion: QQ", (4, "error")),
        ("amount-in-answer", "a little [", "a little at 20 mg [", (4, "error")),
        ("amount-in-answer", "First line.", "In the first line, 0.1g.", (7, "error")),
        ("amount-in-answer", "heading: More", "heading: 100µg", (6, "error")),
        (
            "amount-in-answer",
            "Two small studies.",
            "Two studies of 10-microgram doses.",
            (11, "error"),
        ),
        ("amount-in-answer", "title: What", "title: What 3 drops do, what", (1, "error")),
        ("claim-of-safety", "It helps", "It is safe to combine and helps", (4, "error")),
        ("claim-of-safety", "First line.", "They are perfectly safe to take.", (7, "error")),
        ("claim-of-safety", "First line.", "It can be safely mixed.", (7, "error")),
    ],
)
def test_finds_fault_on_its_line(
    check: Check, rule: str, old: str, new: str, where: tuple[int, str]
) -> None:
    """One thing spoilt in a good entry is found by one rule, where it stands."""
    assert own(check(old=old, new=new), rule) == [("studies.yaml", *where)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a little [", "a little, see [a page](https://example.org) ["),
        ("First line.", "At 20 or 30, in 2020."),
        ("First line.", "It is not safe to combine, and nobody calls it safe."),
        ("First line.", "Ask whether it is safe for you."),
        ("First line.", "3 grammar books, 5 mgs apart from 2 tablets."),
        ("two b", "who am i"),
        ("resources: [crisis]\n", ""),
        ("see_also: [about-bot]\n", ""),
        ("about: [lsd]\n", ""),
    ],
)
def test_lets_pass(check: Check, old: str, new: str) -> None:
    """What only resembles a fault, or may be left out, is none."""
    assert check(old=old, new=new) == []


def test_lets_an_entry_that_is_switched_off_have_a_successor(check: Check) -> None:
    """Nobody is led to the one that is off, so the same phrasings are no fault."""
    other = ENTRY.replace("see_also: [about-bot]\n", "enabled: false\n")
    assert check({"evidence/old-studies.yaml": other}, old="", new="") == []


@pytest.mark.parametrize(
    ("group", "field"),
    [
        ("evidence", "sources"),
        ("evidence", "grade"),
        ("risks", "grade_why"),
        ("contraindications", "severity"),
        ("legality", "as_of"),
    ],
)
def test_asks_each_group_for_its_own_fields(tmp_path: Path, group: str, field: str) -> None:
    """An answer about the law needs its day, one about a medicine its severity."""
    bare = "title: T\nask: [a b]\nshort: S.\n"
    for folder in (group, "about", "policy"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"in-{folder}.yaml").write_text(bare.replace("a b", folder))
    shutil.copytree(TINY_FAQ / "urgent", tmp_path / "urgent")
    told = [
        p.path.parent.name
        for p in read_content(tmp_path)[1]
        if p.message == f"`{field}` is missing; add it"
    ]
    assert told == [group]


def test_reads_brackets_as_words_where_no_source_is_listed(tmp_path: Path) -> None:
    """A bare folder may use brackets; it is warned, not refused."""
    entry = "title: T\nask: [x y]\nshort: Read this [1] or that [note].\n"
    (tmp_path / "a.yaml").write_text(entry, encoding="utf-8")
    shutil.copytree(TINY_FAQ / "urgent", tmp_path / "urgent")
    told = [p for p in read_content(tmp_path)[1] if p.rule == "unknown-source"]
    assert [p.level for p in told] == ["warning", "warning"]


@pytest.mark.parametrize(
    ("rule", "files", "where"),
    [
        (
            "unknown-thing",
            {"vocabulary/conditions.yaml": "a:\n  label: A\n  names: [a b]\n  is:\n    - zz\n"},
            ("conditions.yaml", 5, "error"),
        ),
        (
            "shared-name",
            {"vocabulary/conditions.yaml": "a:\n  label: A\n  names:\n    - x\n    - Zoloft!\n"},
            ("conditions.yaml", 5, "error"),
        ),
        (
            "shared-name",
            {"vocabulary/conditions.yaml": "a:\n  label: A\n  unsure: [one, molly]\n"},
            ("substances.yaml", 17, "error"),
        ),
        (
            "shared-name",
            {"vocabulary/conditions.yaml": "a:\n  label: A\n  names: ['...']\n"},
            ("conditions.yaml", 3, "error"),
        ),
    ],
)
def test_finds_fault_of_the_vocabulary_on_its_line(
    check: Check, rule: str, files: Mapping[str, str], where: tuple[str, int, str]
) -> None:
    """The record that is wrong, or the second of two, is shown in its own file."""
    problems = check(files, old="", new="")
    assert where in own(problems, rule)


def test_same_name_twice_in_one_thing_is_no_fault(check: Check) -> None:
    """Two spellings that fold into one gate nothing away."""
    files = {
        "vocabulary/conditions.yaml": "bipolar: {label: B, names: [bipolar, Bi-polar, BIPOLAR]}\n"
    }
    assert own(check(files, old="", new=""), "shared-name") == []


def lines(count: int, length: int) -> str:
    """Return sections that make an answer long."""
    return "".join(f"  - heading: H{i}\n    text: {'x' * length}\n" for i in range(count))


def test_refuses_a_reply_that_fits_no_platform(check: Check) -> None:
    """What would have to be cut when it is sent is refused when it is checked."""
    long, short = lines(4, 900), lines(3, 900)
    assert REPLY_MAX == 3_800
    details = "  - heading: More\n"
    problems = check(old=details, new=f"{long}{details}")
    assert own(problems, "too-long") == [("studies.yaml", 1, "error")]
    shutil.rmtree(problems[0].path.parent.parent)
    assert check(old=details, new=f"{short}{details}") == []


def test_measures_a_reply_with_the_longest_help_lines(check: Check) -> None:
    """An answer that fits at home must fit where the help lines are longer."""
    template = (
        "- {{id: {0}, country: {1}, kind: crisis, name: {2}, phone: '1', checked: 2026-01-10, "
    )
    template += "source: x, ready_to_show: true}}\n"
    files = {
        "resources.yaml": template.format("a", "INT", "A") + template.format("b", "JP", "B" * 600)
    }
    details = "  - heading: More\n"
    problems = check(files, old=details, new=f"{lines(3, 1000)}{details}")
    assert own(problems, "too-long") == [("studies.yaml", 1, "error")]


def test_measures_emergency_cards_as_well(check: Check) -> None:
    """A card that would be cut is the worst of all."""
    card = (TINY_FAQ / "urgent" / "suicide-crisis.yaml").read_text(encoding="utf-8")
    files = {
        "urgent/suicide-crisis.yaml": card.replace(
            "resources:", f"details:\n{lines(4, 950)}resources:"
        )
    }
    assert own(check(files, old="", new=""), "too-long") == [("suicide-crisis.yaml", 1, "error")]


def test_tells_problems_in_the_order_of_files_and_lines(check: Check) -> None:
    """A moderator goes through a file from top to bottom."""
    old, new = "a little|two b|[about-bot]", "a little at 20 mg|who are you|[gone]"
    problems = check({"about/zz.yaml": "title: T\nask: [x]\nshort: 2 g.\n"}, old=old, new=new)
    places = [(str(p.path), p.line) for p in problems]
    assert places == sorted(places)
    assert len(places) >= 5


def test_every_rule_says_why_it_is_there() -> None:
    """The docstring is what a moderator may ask about."""
    assert all(rule.__doc__ and rule.__doc__.strip() for rule in RULES)
    assert len({rule.__name__ for rule in RULES}) == len(RULES)


def test_leaves_borrowed_content_to_its_own_check(tmp_path: Path) -> None:
    """A folder is not told of faults in files that it cannot mend."""
    (tmp_path / "a.yaml").write_text("title: T\nask: [x y]\nshort: S.\n", encoding="utf-8")
    problems = read_content(tmp_path)[1]
    rules = {rule.__name__.replace("_", "-") for rule in RULES}
    assert all(p.path.is_relative_to(tmp_path) for p in problems if p.rule in rules)


def test_examples_of_cards_are_tried_only_when_asked_for(tmp_path: Path) -> None:
    """Trying hundreds of messages takes seconds, which a single question need not wait for."""
    root = Path(shutil.copytree(TINY_FAQ, tmp_path / "faq"))
    card = root / "urgent" / "suicide-crisis.yaml"
    card.write_text(card.read_text().replace("examples:\n", "examples:\n      - good morning\n", 1))

    with_examples, without = (
        {p.rule for p in read_content(root, examples=examples)[1]} for examples in (True, False)
    )

    assert with_examples - without == {"failing-example"}


def test_refuses_a_card_that_nothing_spares(check: Check) -> None:
    """An emergency card brings the messages that must not set it off."""
    name = "urgent/emergency-medical.yaml"
    card = (TINY_FAQ / name).read_text(encoding="utf-8")
    without, _, rest = card.partition("near_misses:")
    dates = rest[rest.index("checked:") :]

    problems = check({name: without + dates}, old="", new="")

    assert own(problems, "card-without-near-misses") == [("emergency-medical.yaml", 1, "error")]


def test_names_the_topics_that_have_no_entry(check: Check) -> None:
    """The topic map is a promise: what it lists must be there."""
    topics = "evidence:\n  studies: what they found\n  gone: not written yet\n"

    problems = check({"topics.yaml": topics}, old="", new="")

    assert own(problems, "missing-topic") == [("topics.yaml", 3, "error")]


def test_names_what_nobody_has_looked_at_in_time(tiny_library: Library) -> None:
    """Answers fall due on their own date, help lines after a year."""
    assert list(overdue(tiny_library, date(2026, 1, 11))) == []

    late = list(overdue(tiny_library, date(2030, 1, 1)))

    assert {p.rule for p in late} == {"overdue"}
    assert {p.path.name for p in late} >= {"lithium.yaml", "resources.yaml"}
    assert {p.level for p in late} == {"warning"}


def test_a_stray_says_something_that_no_phrasing_says(check: Check) -> None:
    """A message cannot be both a question for an entry and none; the second of two is idle."""
    strays = "- Two B!\n- nice weather\n- nice weather\n- '???'\n"

    found = check({"strays.yaml": strays}, old="", new="")

    assert own(found, "answered-stray") == [
        ("strays.yaml", 1, "warning"),
        ("strays.yaml", 3, "warning"),
        ("strays.yaml", 4, "error"),
    ]
