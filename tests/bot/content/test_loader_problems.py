"""What a moderator is told of a folder that is not as it should be."""

from collections.abc import Mapping

import pytest

from bot.content.loader import load_library
from tests.bot.content.conftest import BARE, Folder, told


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"a.yml": BARE},
            ("a.yml", 1, "error", "ends in .yml and is not read; rename it to a.yaml"),
        ),
        (
            {"a.YAML": BARE},
            ("a.YAML", 1, "error", "ends in .YAML and is not read; rename it to a.yaml"),
        ),
        (
            {"My Entry.yaml": BARE},
            ("My Entry.yaml", 1, "warning", "the file's name is the id: use small letters"),
        ),
        (
            {"a/x.yaml": BARE, "b/x.yaml": BARE},
            ("b/x.yaml", 1, "error", "the name x is taken by "),
        ),
        (
            {"vocabulary/drugs.yaml": "a: {label: A}\n"},
            ("vocabulary/drugs.yaml", 1, "error", "is not read; the files here are conditions.y"),
        ),
        ({"a.yaml": ""}, ("a.yaml", 1, "error", "the file must be fields, one `name: value`")),
        ({"a.yaml": "- x\n"}, ("a.yaml", 1, "error", "the file must be fields, one `name: v")),
        (
            {"a.yaml": "title: T\nask: [x]\n"},
            ("a.yaml", 1, "error", "`short` is missing; add it"),
        ),
        (
            {"a.yaml": f"{BARE}deteils: []\n"},
            ("a.yaml", 5, "error", "there is no field `deteils`; did you mean `details`?"),
        ),
        (
            {"a.yaml": f"{BARE}colour: red\n"},
            ("a.yaml", 5, "error", "there is no field `colour`; known fields: title, ask, about"),
        ),
        (
            {"a.yaml": f"{BARE}details:\n  - heading: h\n    txt: t\n"},
            ("a.yaml", 7, "error", "there is no field `details.0.txt`; did you mean `text`?"),
        ),
        (
            {"a.yaml": f"{BARE}details:\n  - heading: h\n    text: t\n  - text: u\n"},
            ("a.yaml", 8, "error", "`details.1.heading` is missing; add it"),
        ),
        (
            {"a.yaml": BARE.replace("A title", "T" * 76)},
            ("a.yaml", 1, "error", "`title` has 76 characters; at most 75 fit, so shorten it"),
        ),
        (
            {"a.yaml": BARE + "details:" + "\n  - {heading: h, text: t}" * 6},
            ("a.yaml", 5, "error", "`details` has too many items; at most 5"),
        ),
        (
            {"a.yaml": "title: ' '\nask: [x]\nshort: y\n"},
            ("a.yaml", 1, "error", "`title` is empty; write something or remove the field"),
        ),
        (
            {"a.yaml": "title: T\nask: one question\nshort: y\n"},
            ("a.yaml", 2, "error", "`ask` must be a list: one `- item` a line"),
        ),
        (
            {"a.yaml": "title: T\nask: [x]\nshort: [y]\n"},
            ("a.yaml", 3, "error", "`short` must be words; put them in quotes"),
        ),
        (
            {"a.yaml": f"{BARE}checked: soon\n"},
            ("a.yaml", 5, "error", "`checked` must be a date such as 2026-11-22"),
        ),
        (
            {"a.yaml": f"{BARE}review_by: 2026-02-30\n"},
            ("a.yaml", 5, "error", "`review_by` must be a date such as 2026-11-22"),
        ),
        (
            {"a.yaml": f"{BARE}enabled: perhaps\n"},
            ("a.yaml", 5, "error", "`enabled` must be true or false"),
        ),
        (
            {"a.yaml": f"{BARE}severity: safe\n"},
            ("a.yaml", 5, "error", "`severity` is 'safe'; it must be one of 'avoid', 'caution'"),
        ),
        (
            {"a.yaml": f"{BARE}resources: [crisis, hugs]\n"},
            ("a.yaml", 5, "error", "`resources.1` is 'hugs'; it must be one of 'emergency'"),
        ),
        (
            {"a.yaml": f"{BARE}region: [GB, uk]\n"},
            ("a.yaml", 5, "error", "`region.1` is 'uk'; write a code in capitals, such as GB or"),
        ),
        (
            {"a.yaml": f"{BARE}about: [St Johns]\n"},
            ("a.yaml", 5, "error", "`about.0` is 'St Johns'; use small letters and digits, with"),
        ),
        (
            {"messages.yaml": "reply:\n  falback: x\n"},
            ("messages.yaml", 2, "error", "nothing in the program says `reply.falback`; remove"),
        ),
        (
            {"messages.yaml": "reply: hello\n"},
            ("messages.yaml", 1, "error", "nothing in the program says `reply`; remove it or"),
        ),
        (
            {"messages.yaml": "- hello\n"},
            ("messages.yaml", 1, "error", "must be sections with sentences below them"),
        ),
        (
            {"messages.yaml": "reply:\n  related: [a, b]\n"},
            ("messages.yaml", 2, "error", "`reply.related` must be words; put them in quotes"),
        ),
        (
            {"messages.yaml": "reply:\n  help_here: 'Help in {land}'\n"},
            ("messages.yaml", 2, "error", "`reply.help_here` holds {land}, which nothing fills"),
        ),
        (
            {"resources.yaml": "samaritans: {phone: 116 123}\n"},
            ("resources.yaml", 1, "error", "must be a list of help lines"),
        ),
        ({"resources.yaml": ""}, ("resources.yaml", 1, "error", "must be a list of help lines")),
        (
            {"resources.yaml": "- id: a\n  country: GBR\n"},
            ("resources.yaml", 2, "error", "`country` is 'GBR'; write a code of two capitals"),
        ),
        (
            {"resources.yaml": "- 0800 111\n"},
            ("resources.yaml", 1, "error", "the record must be fields, one `name: value` a line"),
        ),
        (
            {"sources.yaml": "- title: x\n"},
            ("sources.yaml", 1, "error", "must be a mapping: one `key:` a record"),
        ),
        (
            {"sources.yaml": "a2020:\n  title: x\n  doi: https://doi.org/10.1/x\n"},
            ("sources.yaml", 3, "error", "`doi` is 'https://doi.org/10.1/x'; write the bare num"),
        ),
        (
            {"sources.yaml": "a2020:\n  title: x\n  year: 20\n"},
            ("sources.yaml", 3, "error", "`year` input should be greater than or equal to 1900"),
        ),
        (
            {"vocabulary/places.yaml": "no:\n  label: Norway\n  name: [norway]\n"},
            ("vocabulary/places.yaml", 3, "error", "there is no field `name`; did you mean `name"),
        ),
        (
            {"strays.yaml": "- nice weather\n- [a, b]\n"},
            ("strays.yaml", 2, "error", "must be a list of messages, one `- words` a line"),
        ),
        (
            {"vocabulary/synonyms.yaml": "legal: lawful\n"},
            ("vocabulary/synonyms.yaml", 1, "error", "must be a list of lists of words, the stan"),
        ),
    ],
)
def test_names_file_line_and_remedy(
    folder: Folder, files: Mapping[str, str], problem: tuple[str, int, str, str]
) -> None:
    """Every fault says which file and line, what is wrong and what to do about it."""
    root = folder(files)
    _, problems = load_library(root)
    *where, message = problem
    found = [
        (p, line, level) for p, line, level, m in told(root, problems) if m.startswith(message)
    ]
    assert found == [tuple(where)]


def test_tells_every_problem_at_once_and_once(folder: Folder) -> None:
    """No fault hides another, be it in the same file, of YAML or in another file."""
    urgent = f"{BARE}signs:\n  - {{id: a, patterns: [help], examples: [help]}}\nfoo: 1\n"
    root = folder(
        {
            "a.yaml": "title: no\ntitle: T\nshot: x\ngrade: good\n",
            "b.yaml": "a:\tb: c\n",
            "urgent/c.yaml": urgent,
            "sources.yaml": "x: {}\ny: {year: old}\n",
        }
    )
    lines = [(path, line) for path, line, _, _ in told(root, load_library(root)[1])]
    assert lines == [
        ("a.yaml", 1),
        ("a.yaml", 1),
        ("a.yaml", 2),
        ("a.yaml", 3),
        ("a.yaml", 4),
        ("b.yaml", 1),
        ("sources.yaml", 1),
        ("sources.yaml", 2),
        ("sources.yaml", 2),
        ("urgent/c.yaml", 7),
    ]
