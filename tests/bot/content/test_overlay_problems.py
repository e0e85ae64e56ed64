"""What a moderator is told of a community's own folder."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.bot.content.conftest import ENTRY, LINE, OWN, Lay, told


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"urgent/storm.yaml": ENTRY},
            ("urgent/storm.yaml", 1, "error", "emergencies are the same for everyone; give it an"),
        ),
        (
            {"urgent/signs.yaml": "turns: []\n"},
            ("urgent/signs.yaml", 1, "error", "emergencies are the same for everyone; give it an"),
        ),
        (
            {"about/urgent/storm.yaml": ENTRY},
            ("about/urgent/storm.yaml", 1, "error", "emergencies are the same for everyone; giv"),
        ),
        (
            {OWN: f"{ENTRY}signs: [{{id: a, patterns: [help], examples: [help]}}]\n"},
            (OWN, 6, "error", "only emergency cards have `signs`, and those are the same for ev"),
        ),
        (
            {"about/lithium.yaml": ENTRY},
            ("about/lithium.yaml", 1, "error", "the name lithium is taken by a shipped entry; "),
        ),
        (
            {"about/suicide-crisis.yaml": ENTRY},
            ("about/suicide-crisis.yaml", 1, "error", "the name suicide-crisis is taken by a sh"),
        ),
        (
            {"overlay.yaml": "disabled:\n  - lithium\n  - suicide-crisis\n"},
            ("overlay.yaml", 3, "error", "`suicide-crisis` is an emergency card or a refusal, wh"),
        ),
        (
            {"overlay.yaml": "disabled: [no-dosing]\n"},
            ("overlay.yaml", 1, "error", "`no-dosing` is an emergency card or a refusal, which st"),
        ),
        (
            {"overlay.yaml": "disabled:\n  - litium\n"},
            ("overlay.yaml", 2, "warning", "there is no entry `litium`; did you mean `lithium`?"),
        ),
        (
            {"overlay.yaml": "disabled: [zzz]\n"},
            ("overlay.yaml", 1, "warning", "there is no entry `zzz`; correct the id or remove i"),
        ),
        (
            {"overlay.yaml": "# why\ndisable: [lithium]\n"},
            ("overlay.yaml", 2, "error", "there is no field `disable`; did you mean `disabled`?"),
        ),
        (
            {"overlay.yaml": "disabled: lithium\n"},
            ("overlay.yaml", 1, "error", "`disabled` must be a list: one `- item` a line"),
        ),
        (
            {"overlay.yaml": "- lithium\n"},
            ("overlay.yaml", 1, "error", "the file must be fields, one `name: value` a line"),
        ),
        (
            {
                "resources.yaml": LINE.format("a", "GB", "peer", "A") * 2
                + LINE.format("gb-poison", "GB", "poison", "B")
            },
            ("resources.yaml", 3, "error", "the id gb-poison is taken by a shipped help line; gi"),
        ),
        (
            {"sources.yaml": "ours: {title: A}\nsmith2020: {title: Another}\n"},
            ("sources.yaml", 2, "error", "the key smith2020 is taken by another source; give yo"),
        ),
        (
            {"overlay.yml": "disabled: [lithium]\n"},
            ("overlay.yml", 1, "warning", "is not read; rename it to overlay.yaml"),
        ),
        (
            {"about/meetings.yml": ENTRY},
            ("about/meetings.yml", 1, "warning", "is not read; rename it to meetings.yaml"),
        ),
        (
            {"messages.yaml": "reply: {related: Less}\n"},
            ("messages.yaml", 1, "warning", "is not read; beside entries, only overlay.yaml, reso"),
        ),
        (
            {"pinned.yaml": "- lithium\n"},
            ("pinned.yaml", 1, "warning", "is not read; beside entries, only overlay.yaml, resour"),
        ),
        (
            {"vocabulary/places.yaml": "qq: {label: Q}\n"},
            ("vocabulary/places.yaml", 1, "warning", "is not read; beside entries, only overlay.y"),
        ),
        (
            {
                "abuot/meetings.yaml": f"{ENTRY}sources: [smith2020]\n".replace(
                    "s.", "s [smith2020]."
                )
            },
            ("abuot/meetings.yaml", 1, "warning", "there is no group `abuot`; did you mean `about"),
        ),
        ({OWN: "title: [\n"}, (OWN, 2, "error", "a value begins with a special character; put t")),
        ({OWN: ENTRY.replace("one a", "who are you")}, (OWN, 2, "error", '"who are you" also sta')),
        (
            {OWN: f"{ENTRY}see_also: [gone]\n"},
            (OWN, 6, "warning", "there is no entry `gone`; corr"),
        ),
        ({OWN: ENTRY.replace("Mondays", "20 mg")}, (OWN, 3, "error", '"20 mg" is an amount; answ')),
        ({OWN: f"{ENTRY}about: [lithum]\n"}, (OWN, 6, "error", "`lithum` is in no file of vocab")),
    ],
)
def test_names_file_line_and_remedy(
    lay: Lay, community: Path, files: Mapping[str, str], problem: tuple[str, int, str, str]
) -> None:
    """Every fault of the folder is told once, and nothing of what all share."""
    _, problems = lay(files)
    found = told(community, problems)
    assert [fault[:3] for fault in found] == [problem[:3]]
    assert found[0][3].startswith(problem[3])
    assert len(problems) == 1
