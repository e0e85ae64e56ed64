"""The one place that names concrete classes and puts them together."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from bot.calibration import load_calibration
from bot.compose import Composer
from bot.config import EMBEDDED_FAQ, Config, read_secret
from bot.content.kept import content_key, keep_library, load_kept
from bot.content.loader import load_library
from bot.content.overlay import load_overlays, own_entries
from bot.content.rules import check_library
from bot.domain import Library, Problem, Reply
from bot.errors import ContentError, StoreError
from bot.matching.encoder import Encoder, EncoderAbsent, open_encoder
from bot.matching.features import Vocabulary
from bot.matching.matcher import EntryMatcher
from bot.matching.model import load_model, load_thresholds
from bot.matching.signals import LEXICAL, SEMANTIC
from bot.named_things import NamedThings
from bot.ports import Adapter, Vault
from bot.responder import Responder, Thresholds
from bot.running import run_all
from bot.service import Content, Keeps, Service
from bot.text.complete import Completer
from bot.text.normalise import fold_words
from bot.text.repair import Repairer
from bot.text.signs import sign_words
from bot.triage import SignTriage

if TYPE_CHECKING:
    from bot.store.sql import SqlStore

# What takes seconds to compute from content is kept here; safe to delete at any time.
KEPT = EMBEDDED_FAQ.parent / "build" / "kept"
ENCODER = EMBEDDED_FAQ.parent / "build" / "encoder"
_DAY_S = 86_400
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Engine:
    """The wired engine: a Responder, and its parts for commands that look inside."""

    library: Library
    responder: Responder
    triage: SignTriage
    matcher: EntryMatcher
    things: NamedThings


def read_content(root: Path, *, examples: bool = True) -> tuple[Library, list[Problem]]:
    """Load `root` and return the Library with every Problem there is, rules included.

    Args:
        root: The folder.
        examples: Also try every example of the emergency cards, which takes seconds.
    """
    library, problems = load_library(root)
    found = [*problems, *check_library(library, examples=examples)]
    return library, sorted(found, key=lambda p: (str(p.path), p.line, p.message))


def load_content(root: Path, *, examples: bool = True) -> Library:
    """Load `root` for use; the arguments are those of `read_content`.

    What has passed every check is kept, and not read and checked again until something changes.

    Raises:
        ContentError: There is at least one Problem of level error.
    """
    key = content_key(root)
    kept = load_kept(KEPT, key)
    if kept is not None:
        return kept
    library, problems = read_content(root, examples=examples)
    errors = [str(problem) for problem in problems if problem.level == "error"]
    if errors:
        raise ContentError(errors)
    if examples and key and content_key(root) == key:
        keep_library(KEPT, key, library)
    return library


def build_engine(
    library: Library,
    *,
    region: str | None = None,
    encoder: Encoder | None = None,
    thresholds: Thresholds | None = None,
    now: Callable[[], datetime] | None = None,
) -> Engine:
    """Wire the engine over `library`.

    Args:
        library: The content.
        region: The operator's country for help lines, or None.
        encoder: Turns words into vectors for the semantic stage, or None: words alone.
        thresholds: When to answer and to offer; by default what was calibrated for the content.
        now: Gives the present time in UTC; the system's clock by default.
    """
    clock = now or _utc_now
    signals = SEMANTIC if encoder else LEXICAL
    repairer = Repairer(known_words(library))
    things = NamedThings(library)
    triage = SignTriage(library.signs, repairer.repair)
    entries = [e for e in library.entries.values() if e.enabled and e.group != "urgent"]
    matcher = EntryMatcher(
        entries,
        Vocabulary(library),
        repairer.repair,
        load_model(signals),
        encoder=encoder,
        strays=library.strays,
        folder=KEPT,
    )
    responder = Responder(
        library=library,
        triage=triage,
        things=things,
        matcher=matcher,
        repair=repairer.repair,
        completer=Completer(_typed_words(library)),
        composer=Composer(library, lambda: _day(clock), region),
        thresholds=thresholds or _thresholds(library, signals),
    )
    return Engine(library, responder, triage, matcher, things)


def stage_of(encoder: Encoder | None) -> str:
    """Return the name of the engine that runs with or without an encoder."""
    return "semantic" if encoder else "lexical"


def _thresholds(library: Library, signals: tuple[str, ...]) -> Thresholds:
    stage = "semantic" if signals == SEMANTIC else "lexical"
    calibration = load_calibration(library.root, stage)
    shipped = Thresholds(**load_thresholds(signals))
    if calibration is None:
        return shipped
    # A file of an older version may lack a sort of question.
    chosen = calibration.thresholds
    return Thresholds({**shipped.answer, **chosen.answer}, {**shipped.offer, **chosen.offer})


def find_encoder(*, semantic: bool = True) -> tuple[Encoder | None, str]:
    """Return the sentence encoder and nothing, or None and why there is none.

    Args:
        semantic: False leaves it out, even if it is built.
    """
    if not semantic:
        return None, "the semantic stage is switched off"
    try:
        return open_encoder(ENCODER), ""
    except EncoderAbsent as absent:
        return None, str(absent)


@contextlib.asynccontextmanager
async def open_service(config: Config) -> AsyncIterator[Service]:
    """Load the content, open the store if anything may be kept, and yield the Service.

    Raises:
        ContentError: The content forbids starting.
        StoreError: The store cannot be opened.
    """
    encoder, why = find_encoder(semantic=config.semantic)
    content = load_everything(config, encoder)
    async with contextlib.AsyncExitStack() as stack:
        store = None
        if config.discord.enabled or config.slack.enabled or config.store.keep_unanswered:
            store = await stack.enter_async_context(open_kept(config))
            tidying = asyncio.create_task(_forget_daily(store), name="forget old questions")
            stack.callback(tidying.cancel)
        _log.info("engine", stage=stage_of(encoder), **({"why": why} if why else {}))
        calibration = load_calibration(content.library.root, stage_of(encoder))
        if calibration is None or calibration.content != content.library.version:
            advice = "the content has changed since; run `handrail eval --calibrate`"
            _log.info("not calibrated for this content", advice=advice)
        service = Service(
            partial(load_everything, config, encoder),
            content,
            now=_utc_now,
            engine=stage_of(encoder),
            region=config.region,
            store=store,
            keeps=Keeps(
                unanswered=config.store.keep_unanswered,
                feedback=config.store.keep_feedback,
                reasons=config.store.keep_reasons,
            ),
        )
        await service.open()
        stack.push_async_callback(service.close)
        yield service


def load_everything(config: Config, encoder: Encoder | None) -> Content:
    """Load the content and every community's overlay, and build what answers from them.

    Raises:
        ContentError: The content that all share has at least one error.
    """
    library = load_content(config.faq)
    base = build_engine(library, region=config.region, encoder=encoder).responder
    if config.overlays is None:
        return Content(base, library)
    libraries, problems = load_overlays(library, config.overlays)
    for problem in problems:
        _log.warning("overlay", problem=str(problem))
    # Only new phrasings need an engine of their own.
    own = {
        name: build_engine(overlaid, region=config.region, encoder=encoder).responder
        for name, overlaid in libraries.items()
        if own_entries(library, overlaid)
    }
    return Content(base, library, own, libraries, tuple(problems))


def open_kept(config: Config) -> contextlib.AbstractAsyncContextManager["SqlStore"]:
    """Open the store of unanswered questions; what is past its days is deleted.

    Raises:
        StoreError: The store cannot be opened.
    """
    # The database library is large; whoever keeps nothing need not load it.
    from bot.store.sql import open_store  # noqa: PLC0415

    return open_store(config.store.url, config.store.keep_days, today=_utc_now().date())


async def _forget_daily(store: "SqlStore") -> None:
    """Delete old questions once a day, also where nothing new comes in."""
    while True:
        await asyncio.sleep(_DAY_S)
        try:
            await store.forget_old(_utc_now().date())
        except StoreError as error:
            _log.warning("old questions not deleted", error=str(error))


@contextlib.asynccontextmanager
async def open_tokens(config: Config, environ: Mapping[str, str]) -> AsyncIterator[Vault | None]:
    """Open what keeps the tokens of Slack workspaces; None where the operator has only one.

    Raises:
        ConfigError: The key that seals them is missing or wrong.
        StoreError: The store cannot be opened.
    """
    if not config.slack.enabled or config.slack.workspaces == "one":
        yield None
        return
    from bot.store.vault import KEY, open_vault  # noqa: PLC0415 - as large as the store

    variable = config.slack.encryption_key_env
    keys = read_secret(variable, environ, KEY)
    async with open_vault(config.store.url, keys, variable) as vault:
        yield vault


def build_adapters(
    config: Config, environ: Mapping[str, str], service: Service, tokens: Vault | None = None
) -> list[Adapter]:
    """Return the adapters that the config enables; with none enabled, the console.

    The platforms' libraries are imported here and only when their platform runs.

    Args:
        config: The settings.
        environ: The environment, which holds the secrets.
        service: Answers.
        tokens: Keeps those of Slack workspaces, from `open_tokens`.

    Raises:
        ConfigError: A token is missing.
    """
    adapters: list[Adapter] = []
    if config.discord.enabled:
        from adapters.discord.adapter import DiscordAdapter  # noqa: PLC0415

        adapters.append(DiscordAdapter.from_config(config, environ, service))
    if config.slack.enabled:
        from adapters.slack.adapter import SlackAdapter  # noqa: PLC0415

        adapters.append(SlackAdapter.from_config(config, environ, service, tokens))
    if config.console.enabled or not adapters:
        from adapters.console import ConsoleAdapter  # noqa: PLC0415

        adapters.append(ConsoleAdapter.from_config(config, environ, service))
    return adapters


def build_payloads(platform: str, responder: Responder, reply: Reply) -> list[dict[str, Any]]:
    """Return what `reply` is on `platform` (discord or slack): one payload a message."""
    if platform == "discord":
        from adapters.discord.payload import to_payloads as to_discord  # noqa: PLC0415

        return to_discord(reply, responder)
    from adapters.slack.payload import to_payloads as to_slack  # noqa: PLC0415

    return to_slack(reply, responder)


async def serve(config: Config, environ: Mapping[str, str]) -> None:
    """Run every enabled adapter until SIGTERM or Ctrl-C, then close everything in order.

    Raises:
        HandrailError: Something is wrong with content, settings, a platform or the store.
    """
    main = asyncio.current_task()
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()

    def stop() -> None:
        stopping.set()
        if main is not None:
            main.cancel()

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop)
    try:
        async with open_service(config) as service, open_tokens(config, environ) as tokens:
            await run_all(build_adapters(config, environ, service, tokens), config)
    except asyncio.CancelledError:
        if not stopping.is_set():
            raise
        _log.info("stopped")
    finally:
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(name)


def _typed_words(library: Library) -> Iterator[str]:
    """Yield the words that members' questions are likely to hold, as often as they stand there."""
    for entry in library.entries.values():
        for phrase in (entry.title, *entry.ask):
            yield from fold_words(phrase)
    for thing in library.things.values():
        for name in thing.names:
            yield from fold_words(name)


def known_words(library: Library) -> set[str]:
    """Return every word of the content that a misspelt word may be repaired to."""
    phrases = [ask for entry in library.entries.values() for ask in entry.ask]
    phrases += [entry.title for entry in library.entries.values()]
    phrases += [n for thing in library.things.values() for n in (*thing.names, *thing.unsure)]
    phrases += [phrase for group in library.synonyms for phrase in group]
    return {word for phrase in phrases for word in fold_words(phrase)} | sign_words(library.signs)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _day(clock: Callable[[], datetime]) -> date:
    return clock().date()
