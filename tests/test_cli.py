"""The commands as an operator or a moderator types them, in a process of their own."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command import BARE, COMMAND, ROOT, TINY_FAQ, handrail, write_faq


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
