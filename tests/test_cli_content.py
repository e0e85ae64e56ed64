"""The commands that moderators and operators use on content and on what was kept."""

import json
import shutil
from pathlib import Path

import pytest

from tests.command import BARE, TINY_FAQ, handrail, write_faq


def test_check_lists_every_problem_with_its_line_and_exits_1(tmp_path: Path) -> None:
    """Two broken files are both shown, each with file, line, level and rule."""
    faq = write_faq(tmp_path / "faq", a="title: [", b="titel: Trams\nask: no\nshort: x\n")

    result = handrail("check", faq)

    assert result.returncode == 1
    assert "a.yaml:2: [error]" in result.stdout
    assert "did you mean `title`?" in result.stdout
    assert "b.yaml:2: [error] YAML reads no as false" in result.stdout


@pytest.mark.parametrize(("form", "start"), [("github", "::error file="), ("json", '{"path"')])
def test_check_prints_for_machines(tmp_path: Path, form: str, start: str) -> None:
    """Pull requests and tools get their own forms."""
    faq = write_faq(tmp_path / "faq", a="title: [")

    assert handrail("check", faq, "--format", form).stdout.startswith(start)


def test_check_lays_a_folder_of_one_server_over_the_content(tmp_path: Path) -> None:
    """Its faults are shown beside the content's, and an error among them makes exit code 1."""
    name = write_faq(tmp_path / "discord-1", overlay="disabled: [lithium]\n")

    good = handrail("check", TINY_FAQ, "--overlay", name)
    write_faq(name, overlay="disabled: [no-dosing]\n", trams=BARE)
    bad = handrail("check", TINY_FAQ, "--overlay", name)

    assert good.returncode == 0, good.stdout
    assert str(name) not in good.stdout
    assert bad.returncode == 1
    assert f"{name}/overlay.yaml:1: [error] `no-dosing` is" in bad.stdout
    assert f"{name}/trams.yaml:2: [warning] `ask` has 2 phrasings" in bad.stdout


def test_check_escapes_what_would_cut_an_annotation_off(tmp_path: Path) -> None:
    """A comma in a path, or a percent sign in a message, is GitHub's own sign."""
    faq = write_faq(tmp_path / "faq, old", a="title: x\nask: [x]\nshort: x\ngrade: 100%\n")

    out = handrail("check", faq, "--format", "github").stdout

    assert "faq%2C old/a.yaml,line=4" in out
    assert "'100%25'" in out


def test_eval_chooses_thresholds_and_then_holds_what_they_reach(tmp_path: Path) -> None:
    """--calibrate keeps what it chose; a floor that is not reached ends eval with 1."""
    root = Path(shutil.copytree(TINY_FAQ, tmp_path / "faq"))
    (root / "eval").mkdir(exist_ok=True)
    rows = [("lithium and shrooms", "lithium"), ("nice weather today", "none")]
    lines = [json.dumps({"text": text, "label": label, "kind": "faq"}) for text, label in rows]
    (root / "eval" / "own.jsonl").write_text("\n".join(lines), encoding="utf-8")

    handrail("eval", "--lexical", "--calibrate", "--faq", root)
    kept = json.loads((root / "calibration.json").read_text(encoding="utf-8"))
    held = handrail("eval", "--lexical", "--faq", root)
    kept["lexical"]["floor"]["out of scope: answered"] = 0.0
    kept["lexical"]["floor"]["in scope: answered right"] = 1.0
    kept["lexical"]["thresholds"]["answer"] = dict.fromkeys(
        kept["lexical"]["thresholds"]["answer"], 1.0
    )
    (root / "calibration.json").write_text(json.dumps(kept), encoding="utf-8")
    fallen = handrail("eval", "--lexical", "--faq", root)

    assert kept["lexical"]["content"]
    assert held.returncode == 0, held.stderr
    assert fallen.returncode == 1
    assert "in scope: answered right: 0.0%; it must be at least 100.0%" in fallen.stderr


def test_eval_prints_every_figure(tmp_path: Path) -> None:
    """The figures come with their counts."""
    file = tmp_path / "q.jsonl"
    file.write_text('{"text": "lithium and shrooms", "label": "lithium", "kind": "faq"}\n')

    result = handrail("eval", file)

    assert "in scope: answered right     100.0%  (1 of 1)" in result.stdout


def test_eval_refuses_to_measure_nothing(tmp_path: Path) -> None:
    """A folder without labelled questions must not look like a passed evaluation."""
    result = handrail("eval", "--faq", write_faq(tmp_path / "faq", tram=BARE))

    assert result.returncode == 2
    assert "no labelled questions" in result.stderr


@pytest.mark.parametrize("what", ["entry", "config"])
def test_schema_prints_json_schema(what: str) -> None:
    """Editors can check a file while it is typed."""
    assert json.loads(handrail("schema", what).stdout)["type"] == "object"


def test_stale_names_the_answers_past_their_review_date(tmp_path: Path) -> None:
    """An overdue answer is listed and ends the command with 1; a fresh one is not."""
    old = BARE + "checked: 2020-01-01\nreview_by: 2020-07-01\n"
    faq = write_faq(tmp_path / "faq", tram=old, bus=BARE.replace("ram", "us"))

    result = handrail("stale", "--faq", faq)

    assert result.returncode == 1
    assert "tram.yaml:7: [warning] was due for a check on 2020-07-01" in result.stdout
    assert "bus" not in result.stdout


def test_unanswered_says_when_nothing_is_kept() -> None:
    """With the setting off there is nothing to list, and the command says why."""
    result = handrail("unanswered")

    assert (result.returncode, result.stdout) == (0, "")
    assert "store.keep_unanswered is false" in result.stderr


def test_unanswered_lists_what_a_conversation_left_behind(tmp_path: Path) -> None:
    """A question that nothing answered is kept, scrubbed, and can be read by the operator."""
    config = tmp_path / "config.yaml"
    config.write_text(
        "console: {enabled: true}\n"
        f"store: {{keep_unanswered: true, url: 'sqlite+aiosqlite:///{tmp_path}/kept.db'}}\n"
    )
    handrail("run", "--config", config, typed="zzyx qwfp jo@example.org\n")

    result = handrail("unanswered", "--config", config)

    assert result.returncode == 0, result.stderr
    assert "zzyx qwfp" in result.stdout
    assert "example.org" not in result.stdout
