"""The `handrail` command: parse, call, print, exit code. Besides the console, all that prints."""

import asyncio
import io
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import structlog
import typer

from bot.bootstrap import (
    Engine,
    build_engine,
    build_payloads,
    find_encoder,
    load_content,
    open_kept,
    read_content,
    serve,
    stage_of,
)
from bot.calibration import (
    Calibration,
    below_floor,
    choose_thresholds,
    floor_of,
    load_calibration,
    open_thresholds,
    save_calibration,
)
from bot.compose import to_record, to_text
from bot.config import EMBEDDED_FAQ, Config, ConsoleConfig, LogConfig, load_config
from bot.content.overlay import load_overlay, own_part
from bot.content.rules import overdue
from bot.content.schema import EntryFile, field_table
from bot.domain import Question
from bot.errors import ConfigError, ContentError, HandrailError
from bot.evaluation import Report, evaluate, read_cases
from bot.health import check_health
from bot.printing import Format, print_explanation, print_problems, print_report

if TYPE_CHECKING:
    from bot.domain import Unanswered

NEVER_CALIBRATED = ("unseen", "urgent")
app = typer.Typer(
    name="handrail",
    help="A harm-reduction FAQ bot about microdosing. It matches; it never generates text.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FaqOption = Annotated[
    Path | None, typer.Option("--faq", help="Content folder; the shipped one by default.")
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", envvar="HANDRAIL_CONFIG", help="Settings; see config.example.yaml."),
]
LexicalOption = Annotated[
    bool, typer.Option("--lexical", help="Leave the sentence encoder out, if there is one.")
]
RegionOption = Annotated[
    str | None, typer.Option("--region", help="Country for help lines, such as GB.")
]


class Platform(StrEnum):
    """Whose payload `ask --platform` prints."""

    DISCORD = "discord"
    SLACK = "slack"


class Schema(StrEnum):
    """What `schema` can print."""

    ENTRY = "entry"
    CONFIG = "config"
    FIELDS = "fields"


def main() -> None:
    """Run the command; show a HandrailError as its message, and exit with its code."""
    _mend_streams()
    try:
        app()
    except ContentError as error:
        print(*error.faults, sep="\n", file=sys.stderr)
        _fail(error)
    except HandrailError as error:
        _fail(error)


def _mend_streams() -> None:
    """Let nothing that is read or printed fail: closed streams are empty, strange signs escaped."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            empty = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - open to the end
            setattr(sys, name, empty)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace" if mode == "r" else "backslashreplace")


def _fail(error: HandrailError) -> None:
    print(f"handrail: {error}", file=sys.stderr)
    sys.exit(error.exit_code)


@app.command()
def run(config: ConfigOption = None, faq: FaqOption = None) -> None:
    """Start the adapters that the settings enable; with no settings, the console."""
    settings = load_config(_config_path(config))
    if faq is not None:
        settings = settings.model_copy(update={"faq": faq})
    platforms = settings.discord.enabled or settings.slack.enabled
    if not platforms and not settings.console.enabled and not sys.stdin.isatty():
        raise ConfigError(
            "nothing to run: no settings enable Discord or Slack, and there is no terminal for "
            "the console. Give --config PATH or set HANDRAIL_CONFIG (see config.example.yaml), "
            "or use `handrail chat`"
        )
    _set_up_log(settings.log, quiet=not platforms)
    asyncio.run(serve(settings, os.environ))


@app.command()
def chat(config: ConfigOption = None, faq: FaqOption = None) -> None:
    """Ask at the console: type, get replies, choose by number. Nothing is kept."""
    settings = load_config(_config_path(config))
    off = {"enabled": False}
    update: dict[str, Any] = {
        "console": ConsoleConfig(enabled=True),
        "discord": settings.discord.model_copy(update=off),
        "slack": settings.slack.model_copy(update=off),
        "health": settings.health.model_copy(update=off),
        "store": settings.store.model_copy(update={"keep_unanswered": False}),
    }
    if faq is not None:
        update["faq"] = faq
    _set_up_log(settings.log, quiet=True)
    asyncio.run(serve(settings.model_copy(update=update), os.environ))


@app.command()
def ask(  # noqa: PLR0913 - every option is one of the command's promises
    text: Annotated[str | None, typer.Argument(help="The question.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reply as JSON.")] = False,
    jsonl: Annotated[
        str | None,
        typer.Option(help="Answer a batch: a file (or -) of JSON objects with `text`, one a line."),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say how it came about.")] = False,
    platform: Annotated[
        Platform | None, typer.Option(help="Print the payload that platform would get.")
    ] = None,
    region: RegionOption = None,
    lexical: LexicalOption = False,
    faq: FaqOption = None,
) -> None:
    """Print one reply as members see it."""
    if (text is None) == (jsonl is None):
        raise ConfigError('give either a question, as in `handrail ask "is it legal in oslo"`, '
                          "or a batch with --jsonl FILE")  # fmt: skip
    library = load_content(faq or EMBEDDED_FAQ, examples=False)
    encoder, absent = find_encoder(semantic=not lexical)
    engine = build_engine(library, region=region, encoder=encoder)
    if jsonl is not None:
        _answer_batch(engine, jsonl, region)
        return
    question = Question(text or "", region)
    trace = engine.responder.trace(question)
    if explain:
        because = f" ({absent})" if absent else ""
        print(f"engine    {stage_of(encoder)}{because}")
        print_explanation(engine, question, trace)
    elif platform is not None:
        payloads = build_payloads(platform.value, engine.responder, trace.reply)
        print(json.dumps(payloads, indent=2, ensure_ascii=False))
    elif as_json:
        print(json.dumps(to_record(trace.reply)))
    else:
        print(to_text(trace.reply))


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Content folder.")] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    overlay: Annotated[
        Path | None, typer.Option(help="Also a community's own folder, laid over the content.")
    ] = None,
) -> None:
    """Print every Problem in the content; exit 1 if one is an error."""
    library, problems = read_content(folder or EMBEDDED_FAQ)
    today = datetime.now(UTC).date()
    problems += overdue(library, today)
    if overlay is not None:
        base, (library, found) = library, load_overlay(library, overlay)
        problems += [*found, *overdue(own_part(base, library, overlay), today)]
    print_problems(problems, output)
    errors = sum(p.level == "error" for p in problems)
    if output is Format.TEXT:
        warnings = len(problems) - errors
        print(f"{len(library.entries)} entries: {errors} errors, {warnings} warnings")
    if errors:
        raise typer.Exit(1)


@app.command("eval")
def evaluate_files(  # noqa: PLR0913 - its options
    files: Annotated[list[Path] | None, typer.Argument(help="Labelled questions.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    show: Annotated[bool, typer.Option("--show", help="List what went wrong.")] = False,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Choose the thresholds anew and keep them.")
    ] = False,
    lexical: LexicalOption = False,
    faq: FaqOption = None,
) -> None:
    """Print how labelled questions are answered; exit 1 below the floor kept with the content.

    Without FILES, all of the content's. --calibrate chooses on FILES, by default all but those
    named unseen… (they only measure) and urgent… (they are about triage), and measures the floor
    on all.
    """
    root = faq or EMBEDDED_FAQ
    own = sorted((root / "eval").glob("*.jsonl"))
    paths = own if calibrate else files or own
    everything = [case for path in paths for case in read_cases(path)]
    if not everything:
        raise ConfigError(
            f"no labelled questions in {root}/eval/*.jsonl; name a file that has some"
        )
    library = load_content(root, examples=False)
    encoder, _ = find_encoder(semantic=not lexical)
    stage, thresholds = stage_of(encoder), None
    if calibrate:
        chosen = files or [path for path in own if not path.name.startswith(NEVER_CALIBRATED)]
        seen = [case for path in chosen for case in read_cases(path)]
        trial = build_engine(library, encoder=encoder, thresholds=open_thresholds())
        thresholds = choose_thresholds(seen, trial.responder)
    engine = build_engine(library, encoder=encoder, thresholds=thresholds)
    report = evaluate(everything, lambda text: engine.responder.trace(Question(text)).reply)
    if as_json:
        print(json.dumps(report.figures()))
    else:
        print(f"engine: {stage}")
        print_report(report, show=show)
    if thresholds is not None:
        calibration = Calibration(library.version, thresholds, floor_of(report))
        print(f"kept in {save_calibration(root, stage, calibration)}", file=sys.stderr)
    elif not files:
        _hold_floor(report, root, library.version, stage)


def _hold_floor(report: Report, root: Path, version: str, stage: str) -> None:
    """Say what is below the floor, and end with exit code 1 if anything is."""
    calibration = load_calibration(root, stage)
    if calibration is None:
        return
    if calibration.content != version:
        print("the content has changed since; `handrail eval --calibrate`", file=sys.stderr)
    faults = below_floor(report, calibration.floor)
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    if faults:
        raise typer.Exit(1)


@app.command()
def schema(what: Annotated[Schema, typer.Argument(help="What to print.")] = Schema.ENTRY) -> None:
    """Print a JSON Schema for editors, or the field table of faq/README.md."""
    if what is Schema.FIELDS:
        print(field_table())
        return
    model = EntryFile if what is Schema.ENTRY else Config
    print(json.dumps(model.model_json_schema(), indent=2))


@app.command()
def health(config: ConfigOption = None) -> None:
    """Ask the running program whether it is ready; exit 1 if not (the container's check)."""
    settings = load_config(_config_path(config))
    if settings.health.enabled and not check_health(settings.health):
        print("not ready", file=sys.stderr)
        raise typer.Exit(1)


@app.command()
def stale(faq: FaqOption = None) -> None:
    """List the answers and help lines that nobody has looked at in time; exit 1 if any."""
    library = load_content(faq or EMBEDDED_FAQ, examples=False)
    due = list(overdue(library, datetime.now(UTC).date()))
    print_problems(due, Format.TEXT)
    if due:
        raise typer.Exit(1)


@app.command()
def unanswered(config: ConfigOption = None) -> None:
    """List the questions that nobody answered, by the entry that came nearest."""
    settings = load_config(_config_path(config))
    kept = asyncio.run(_load_unanswered(settings))
    for item in sorted(kept, key=lambda item: (item.nearest or "", item.asked)):
        print(f"{item.asked}  {item.nearest or '-':34} {item.text}")
    if not kept and not settings.store.keep_unanswered:
        print("nothing is kept: store.keep_unanswered is false", file=sys.stderr)


async def _load_unanswered(settings: Config) -> "Sequence[Unanswered]":
    if not settings.store.keep_unanswered:
        return ()
    async with open_kept(settings) as store:
        return await store.load_unanswered()


def _config_path(given: Path | None) -> Path | None:
    default = Path("config.yaml")
    return given or (default if default.exists() else None)


def _set_up_log(config: LogConfig, *, quiet: bool) -> None:
    """Send our log to standard error."""
    level = logging.WARNING if quiet else getattr(logging, config.level.upper())
    renderer = (
        structlog.processors.JSONRenderer()
        if config.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # The libraries may log payloads, which hold members' words: nothing short of the end passes.
    # The limit stands at the handler, because libraries set the levels of their own loggers.
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.CRITICAL)
    logging.basicConfig(level=logging.CRITICAL, handlers=[handler])


def _answer_batch(engine: Engine, name: str, region: str | None) -> None:
    for number, line in enumerate(_lines(name), 1):
        if not line.strip():
            continue
        record = _to_record(name, number, line)
        where = record.get("region") or region
        question = Question(record["text"], where if isinstance(where, str) else None)
        reply = engine.responder.trace(question).reply
        print(json.dumps({**record, "reply": to_record(reply)}))


def _lines(name: str) -> Iterator[str]:
    if name == "-":
        yield from sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8-sig") as file:
            yield from file
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name} cannot be read: {error}") from None


def _to_record(name: str, number: int, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{name}:{number}: this line is not JSON: {error}") from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ConfigError(f"{name}:{number}: each line must be an object with a `text` of words")
    return record
