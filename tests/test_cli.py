"""The commands as an operator or a moderator types them, in a process of their own."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TINY_FAQ = ROOT / "tests" / "data" / "faq"
COMMAND = [sys.executable, "-m", "bot"]


def handrail(
    *arguments: str | Path, typed: str | bytes = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run a command with a clean environment and return what it printed and its exit code."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=ROOT,
        input=typed if isinstance(typed, str) else typed.decode(),
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def write_faq(folder: Path, **files: str) -> Path:
    """Write a bare content folder: three fields an entry."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


BARE = "title: Trams\nask:\n  - when does the tram leave\n  - tram times\nshort: At noon.\n"


def test_ask_prints_the_answer_with_its_sources_and_its_date() -> None:
    """A real question gets a real answer: words, grade, sources, day of the last check."""
    result = handrail("ask", "lithium and shrooms")

    assert result.returncode == 0, result.stderr
    assert "lithium" in result.stdout.lower()
    assert "**Sources**" in result.stdout
    assert "Sources last checked on" in result.stdout


def test_ask_json_keeps_to_the_contract() -> None:
    """Tools outside read this form; its keys do not change."""
    record = json.loads(handrail("ask", "lithium and shrooms", "--json").stdout)

    assert list(record) == ["kind", "entry", "choices", "score", "ranked", "resources", "text"]
    assert (record["kind"], record["entry"]) == ("answer", "lithium")
    assert record["ranked"][0][0] == "lithium"
    assert 0 < record["ranked"][0][1] <= 1


def test_ask_jsonl_answers_a_batch_and_keeps_the_other_fields() -> None:
    """Each output line is the input line plus `reply`."""
    lines = '{"text": "i want to die", "id": 7}\n\n{"text": "good morning all"}\n'

    records = [
        json.loads(line)
        for line in handrail("ask", "--jsonl", "-", typed=lines).stdout.splitlines()
    ]

    assert [record.get("id") for record in records] == [7, None]
    assert [record["reply"]["kind"] for record in records] == ["urgent", "fallback"]


@pytest.mark.parametrize(
    "line",
    ["not json", "[1]", '{"no": "text"}', '{"text": 5}', "[" * 100_000],
    ids=["no JSON", "a list", "no text", "no words", "bottomless"],
)
def test_ask_jsonl_names_the_line_it_cannot_read(line: str) -> None:
    """A broken line of a batch is named and nothing is guessed."""
    result = handrail("ask", "--jsonl", "-", typed=line + "\n")

    assert result.returncode == 2
    assert "-:1:" in result.stderr


@pytest.mark.parametrize("platform", ["discord", "slack"])
def test_ask_platform_prints_a_payload_with_the_whole_help(platform: str) -> None:
    """The real payload of a platform carries every help line."""
    result = handrail("ask", "i want to die", "--platform", platform, "--region", "GB")

    assert result.returncode == 0, result.stderr
    assert "116 123" in json.dumps(json.loads(result.stdout))


def test_explain_says_what_was_read_and_why() -> None:
    """A moderator sees what was read, what was wanted, the shares that add up, and what to add."""
    out = handrail("ask", "--explain", "lithiun and shrooms", "--faq", TINY_FAQ).stdout

    assert "lithiun -> lithium" in out
    assert "named     lithium (medicine)" in out
    assert re.search(r"wanted    0\.\d{4} to answer, 0\.\d{4} to offer \(on topic\)", out)
    assert "words that met: lithium" in out
    shares = re.search(r"logit ([+-][\d.]+): (.*)", out)
    assert shares
    parts = [float(part) for part in re.findall(r"[+-]\d+\.\d{4}", shares[2])]
    assert sum(parts) == pytest.approx(float(shares[1]), abs=0.001)
    assert '- "lithiun and shrooms"' in out
    assert "strays.yaml" in out


def test_explain_says_which_engine_ran() -> None:
    """Words alone on request; the reason is given where there is no encoder."""
    out = handrail("ask", "--lexical", "--explain", "lithium", "--faq", TINY_FAQ).stdout

    assert out.startswith("engine    lexical (the semantic stage is switched off)\n")


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


@pytest.mark.parametrize(
    "text", ["", " \x00\x07\u200b", "word " * 8000, "\u202eknird", "@everyone <!channel> [x](y)"]
)
def test_any_question_gets_help_and_no_crash(text: str) -> None:
    """Empty, control-character, 40,000-character and hostile questions end with resources."""
    lines = json.dumps({"text": text}) + "\n"
    result = handrail("ask", "--jsonl", "-", typed=lines)

    assert result.returncode == 0, result.stderr
    reply = json.loads(result.stdout)["reply"]
    assert reply["resources"] or reply["kind"] in {"choices", "answer", "policy"}
    assert "everyone" not in reply["text"]


def test_half_a_character_costs_no_reply() -> None:
    """A lone surrogate, which no encoding can print, comes back as it came."""
    result = handrail("ask", "--jsonl", "-", typed='{"text": "\\ud800 lithium and shrooms"}\n')

    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["reply"]["entry"] == "lithium"


def test_a_batch_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    """Windows editors write one."""
    file = tmp_path / "batch.jsonl"
    file.write_text('{"text": "good morning all"}\n', encoding="utf-8-sig")

    assert handrail("ask", "--jsonl", file).returncode == 0


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "JSON"])
def test_a_terminal_that_knows_only_ascii_gets_the_answer(form: tuple[str, ...]) -> None:
    """Letters that it cannot show are escaped, and JSON stays JSON."""
    result = handrail("ask", "lithium and shrooms", *form, PYTHONIOENCODING="ascii")

    assert result.returncode == 0, result.stderr
    if form:
        assert json.loads(result.stdout)["entry"] == "lithium"


@pytest.mark.parametrize("command", ["chat", "run"])
def test_closed_input_and_output_end_the_conversation(command: str) -> None:
    """Without a standard input or output there is nobody to talk to, and no traceback."""
    shell = f"{sys.executable} -m bot {command} <&- >&-"
    result = subprocess.run(
        shell, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert result.returncode == (0 if command == "chat" else 2)
    assert "Traceback" not in result.stderr


def test_ask_without_a_question_says_what_to_type() -> None:
    """Neither a text nor a batch is an error with an example."""
    result = handrail("ask")

    assert result.returncode == 2
    assert 'handrail ask "' in result.stderr


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


def test_a_bare_folder_is_answered_from(tmp_path: Path) -> None:
    """Title, phrasings and a short answer are enough; triage comes with the program."""
    faq = write_faq(tmp_path / "faq", tram=BARE, bus=BARE.replace("ram", "us"))
    lines = '{"text": "when does the tram leave"}\n{"text": "i want to kill myself"}\n'

    result = handrail("ask", "--jsonl", "-", "--faq", faq, typed=lines)

    replies = [json.loads(line)["reply"] for line in result.stdout.splitlines()]
    assert replies[0]["ranked"][0][0] == "tram"
    assert (replies[1]["kind"], replies[1]["entry"]) == ("urgent", "suicide-crisis")


@pytest.mark.parametrize(
    ("config", "code", "says"),
    [
        ("discord: {enabled: true}\n", 2, "DISCORD_TOKEN is not set"),
        ("slack: {enabled: true}\n", 2, "SLACK_BOT_TOKEN is not set"),
        (
            "discrod: {}\n",
            2,
            "config.yaml:1: there is no setting `discrod`; did you mean `discord`?",
        ),
        ("region: uk\n", 2, "config.yaml:1: `region` is 'uk'"),
        ("faq: nowhere\n", 1, "is not a folder"),
        ("region: [\n", 2, "config.yaml:2"),
    ],
    ids=["no token", "no slack token", "misspelt", "bad value", "no content", "broken"],
)
def test_run_refuses_bad_settings_with_what_where_and_what_to_do(
    tmp_path: Path, config: str, code: int, says: str
) -> None:
    """A wrong setting ends the program with the right code and a sentence that helps."""
    path = tmp_path / "config.yaml"
    path.write_text(config + ("console: {enabled: true}\n" if "nowhere" in config else ""))

    result = handrail("run", "--config", path)

    assert result.returncode == code, result.stderr
    assert says in result.stderr + result.stdout
    assert "Traceback" not in result.stderr


def test_run_names_the_settings_file_that_is_missing() -> None:
    """A path that does not exist is named, with what to copy."""
    result = handrail("run", "--config", "nowhere.yaml")

    assert result.returncode == 2
    assert "nowhere.yaml does not exist; copy config.example.yaml" in result.stderr


@pytest.mark.parametrize("level", ["debug", "info"])
def test_no_library_writes_to_the_log(level: str) -> None:
    """A chat library's lines may hold a member's words, whatever level it gives its logger."""
    program = f"""
import logging
from bot.cli import _set_up_log
from bot.config import LogConfig
_set_up_log(LogConfig(level={level!r}), quiet=False)
library = logging.getLogger("discord.gateway")
library.setLevel(logging.DEBUG)
library.error("a member's words")
"""
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert result.stderr + result.stdout == ""


def test_run_without_settings_or_terminal_says_what_is_missing() -> None:
    """In a container without settings there is nothing to run, and it says so."""
    result = handrail("run")

    assert result.returncode == 2
    assert "HANDRAIL_CONFIG" in result.stderr


def test_chat_keeps_nothing_whatever_the_settings_say(tmp_path: Path) -> None:
    """It says so in its first words, so the store is not even opened."""
    config = tmp_path / "config.yaml"
    kept = tmp_path / "kept.db"
    config.write_text(f"store: {{keep_unanswered: true, url: 'sqlite+aiosqlite:///{kept}'}}\n")

    result = handrail("chat", "--config", config, typed="zebra crossing\n")

    assert result.returncode == 0, result.stderr
    assert not kept.exists()


def test_chat_answers_a_pipe_and_ends_with_it() -> None:
    """A piped question is answered, a number picks, and the end of the pipe is the end."""
    result = handrail("chat", typed="lithium and shrooms\n")

    assert result.returncode == 0, result.stderr
    assert "lithium" in result.stdout.lower()
    assert result.stderr == ""


def test_chat_ends_quietly_when_nobody_reads_any_more() -> None:
    """`handrail chat | head -1` is no failure."""
    with subprocess.Popen(
        [*COMMAND, "chat"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write("lithium and shrooms\n" * 9)
        process.stdin.flush()

        assert process.wait(timeout=20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_chat_stops_at_sigterm_within_two_seconds() -> None:
    """SIGTERM ends a waiting conversation at once, with exit code 0."""
    with subprocess.Popen(
        [*COMMAND, "chat"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=10) == 0
        assert time.monotonic() - started < 2


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
