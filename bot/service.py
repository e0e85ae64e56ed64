"""What every adapter holds: answers for each community, and what its moderators decide.

A community is a Discord server or Slack workspace, named like `discord-1234`; None stands for
direct messages. The Service knows communities, never people.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import structlog

from bot.domain import (
    CommunitySettings,
    Feedback,
    Library,
    Problem,
    Question,
    Reply,
    ReplyKind,
    Tally,
    Unanswered,
)
from bot.errors import ContentError, HandrailError, StoreError
from bot.ports import Store
from bot.responder import Responder

NO_SETTINGS = CommunitySettings()
# Nobody can switch off an emergency card or a refusal.
ALWAYS_ON = frozenset({"urgent", "policy"})
_STORE_S = 2.0
_MOST_WAITING = 100
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Content:
    """What was loaded at one moment, and the Responders over it.

    Attributes:
        base: Answers from the content that all share.
        library: That content.
        own: Answers for each community that brings entries of its own.
        libraries: The content of each community that has an overlay.
        problems: What is wrong with overlays; a community whose overlay has errors has none.
    """

    base: Responder
    library: Library
    own: Mapping[str, Responder] = field(default_factory=dict)
    libraries: Mapping[str, Library] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Keeps:
    """What the operator lets be kept."""

    unanswered: bool = False
    feedback: bool = False
    reasons: bool = False


@dataclass(frozen=True, slots=True)
class Reloaded:
    """How reading the content anew went.

    Attributes:
        changed: True if something else is answered now.
        faults: Why the content cannot be used, as `path:line: what`; the last good one stays.
        problems: What is wrong with overlays.
    """

    changed: bool
    faults: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand for one community.

    Attributes:
        version: Hash of the content.
        entries: How many Entries are answered from.
        disabled: Ids of the Entries that are switched off.
        overdue: Ids of the Entries past their review date.
        engine: semantic or lexical.
        overlay: True if the community has content of its own.
        problems: What is wrong with the community's overlay.
    """

    version: str
    entries: int
    disabled: tuple[str, ...]
    overdue: tuple[str, ...]
    engine: str
    overlay: bool
    problems: tuple[Problem, ...]


class Service:
    """Answers for every community from one program.

    Args:
        load: Loads the content and builds its Responders; takes seconds, so it runs in a thread.
            It may raise ContentError.
        content: What was loaded at the start.
        now: Gives the present time in UTC.
        engine: semantic or lexical.
        region: The operator's country for help lines, or None.
        store: Keeps settings, verdicts and unanswered questions; None keeps nothing.
        keeps: What of these the operator lets be kept.
    """

    def __init__(  # noqa: PLR0913 - one place where everything is handed in by name
        self,
        load: Callable[[], Content],
        content: Content,
        *,
        now: Callable[[], datetime],
        engine: str = "lexical",
        region: str | None = None,
        store: Store | None = None,
        keeps: Keeps | None = None,
    ) -> None:
        self._load = load
        self._content = content
        self._now = now
        self._engine = engine
        self._region = region
        self._store = store
        self._keeps = (keeps or Keeps()) if store else Keeps()
        self._settings: dict[str, CommunitySettings] = {}
        self._adapted: dict[str, Responder] = {}
        self._reloading = asyncio.Lock()
        self._writing: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Read every community's settings.

        Raises:
            StoreError: The store cannot be read.
        """
        if self._store is not None:
            self._settings = dict(await self._store.load_settings())

    async def close(self) -> None:
        """Give what is being kept a moment to be written."""
        if self._writing:
            _, late = await asyncio.wait(self._writing, timeout=_STORE_S)
            for task in late:
                task.cancel()

    # What members do ----------------------------------------------------------------------

    def responder(self, community: str | None = None) -> Responder:
        """Return what answers in `community`: with its own content, without what it switched off.

        Args:
            community: Such as `discord-1234`, or None in direct messages.
        """
        if community is None:
            return self._content.base
        if community not in self._adapted:
            self._adapted[community] = self._adapt(community)
        return self._adapted[community]

    async def respond(
        self, question: Question, community: str | None = None, *, alone: bool = False
    ) -> Reply:
        """Return the Reply to `question`, and keep it as unanswered if that is switched on.

        It is kept behind the Reply's back: a store that is slow or broken costs no answer.

        Args:
            question: What was asked.
            community: Where, such as `discord-1234`.
            alone: It was asked in a direct message, so no moderators of `community` may read it.
        """
        trace = self.responder(community).trace(question)
        if self._keeps.unanswered and trace.reply.kind is ReplyKind.FALLBACK and trace.words:
            ranked = trace.reply.ranked
            kept_for = None if alone else community
            self._keep(question.text, ranked[0].entry if ranked else None, kept_for)
        return trace.reply

    def privacy(self) -> Reply:
        """Return what is kept and what is not, as things are set."""
        message = self._content.base.message
        reasons = self._keeps.feedback and self._keeps.reasons
        kept = [message("info.privacy_keeps_unanswered")] if self._keeps.unanswered else []
        kept += [message("info.privacy_keeps_reasons")] if reasons else []
        words = " ".join(kept) or message("info.privacy_keeps_nothing")
        text = message("info.privacy_text", kept=words)
        return Reply(ReplyKind.INFO, text, title=message("info.privacy_title"))

    def region(self, community: str | None = None) -> str | None:
        """Return the country for help lines where nothing tells a member's own."""
        return self.settings(community).region or self._region

    @property
    def keeps(self) -> Keeps:
        """What is kept; nothing of it without a store."""
        return self._keeps

    async def give_feedback(self, feedback: Feedback) -> None:
        """Keep one verdict; a store that fails costs the verdict and nothing else."""
        known = feedback.entry in self._library(feedback.community).entries
        if self._store is None or not self._keeps.feedback or not known:
            return
        kept = feedback if self._keeps.reasons else replace(feedback, reason="")
        try:
            async with asyncio.timeout(_STORE_S):
                await self._store.put_feedback(kept, self._now())
        except (StoreError, TimeoutError) as error:
            _log.warning("verdict not kept", error=_why(error))

    # What moderators do -------------------------------------------------------------------

    def settings(self, community: str | None) -> CommunitySettings:
        """Return what the moderators of `community` have chosen."""
        return self._settings.get(community or "", NO_SETTINGS)

    async def change_settings(self, community: str, settings: CommunitySettings) -> None:
        """Keep and use what the moderators of `community` have chosen now.

        Raises:
            StoreError: It cannot be kept, so it is not used either.
        """
        if self._store is None:
            raise StoreError("nothing can be kept: there is no store")
        await self._store.put_settings(community, settings)
        self._settings[community] = settings
        self._adapted.pop(community, None)

    async def forget(self, community: str) -> None:
        """Delete what is kept for a community that has sent us away.

        Raises:
            StoreError: It cannot be deleted.
        """
        if self._store is not None:
            await self._store.forget_community(community)
        self._settings.pop(community, None)
        self._adapted.pop(community, None)

    async def unanswered(self, community: str) -> tuple[Unanswered, ...]:
        """Return the questions kept that nothing answered in `community`, oldest first.

        Raises:
            StoreError: The store cannot be read.
        """
        if self._store is None or not self._keeps.unanswered:
            return ()
        return await self._store.load_unanswered(community)

    async def feedback(self, community: str) -> tuple[Tally, ...]:
        """Return the verdicts given in `community`, the most doubted Entry first.

        Raises:
            StoreError: The store cannot be read.
        """
        return () if self._store is None else await self._store.load_feedback(community)

    async def reload(self) -> Reloaded:
        """Read the content anew and use it, if it has no errors; else the last good one stays."""
        async with self._reloading:
            try:
                content = await asyncio.to_thread(self._load)
            except ContentError as error:
                return Reloaded(changed=False, faults=error.faults)
            except HandrailError as error:  # what was calibrated for the content, for one
                return Reloaded(changed=False, faults=(str(error),))
            content = _with_last_good(content, self._content)
            changed = _versions(content) != _versions(self._content)
            self._content = content
            self._adapted = {}
        return Reloaded(changed=changed, problems=content.problems)

    @property
    def reloading(self) -> bool:
        """True while the content is being read."""
        return self._reloading.locked()

    def status(self, community: str | None = None) -> Status:
        """Return how things stand for `community`."""
        library = self._library(community)
        shown = [entry for entry in library.entries.values() if entry.enabled]
        today = self._now().date()
        return Status(
            version=library.version,
            entries=len(shown),
            disabled=tuple(e.id for e in library.entries.values() if not e.enabled),
            overdue=tuple(e.id for e in shown if (e.review_by or date.max) < today),
            engine=self._engine,
            overlay=(community or "") in self._content.libraries,
            problems=tuple(p for p in self._content.problems if community in p.path.parts),
        )

    def library(self, community: str | None = None) -> Library:
        """Return the content of `community`, with what its moderators switched off still on."""
        return self._content.libraries.get(community or "", self._content.library)

    def _library(self, community: str | None) -> Library:
        """Return the content of `community`, without the Entries that it switched off."""
        library = self.library(community)
        off = self.settings(community).disabled & library.entries.keys()
        off = frozenset(i for i in off if library.entries[i].group not in ALWAYS_ON)
        if not off:
            return library
        entries = {
            key: replace(entry, enabled=False) if key in off else entry
            for key, entry in library.entries.items()
        }
        return replace(library, entries=entries)

    def _adapt(self, community: str) -> Responder:
        base = self._content.own.get(community, self._content.base)
        library = self._library(community)
        plain = self._content.library if base is self._content.base else None
        region = self.settings(community).region
        if library is plain and region is None:
            return base
        return base.over(library, region)

    def _keep(self, text: str, nearest: str | None, community: str | None) -> None:
        # A database that does not answer must not fill the memory with what waits for it.
        if len(self._writing) < _MOST_WAITING:
            task = asyncio.create_task(self._write(text, nearest, community))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def _write(self, text: str, nearest: str | None, community: str | None) -> None:
        if self._store is None:
            return
        try:
            async with asyncio.timeout(_STORE_S):
                await self._store.add_unanswered(text, nearest, self._now(), community)
        except (StoreError, TimeoutError) as error:
            _log.warning("unanswered question not kept", error=_why(error))


def _with_last_good(content: Content, last: Content) -> Content:
    """Return `content` with the last good overlay of every community whose new one has errors.

    Without it, an answer that a community switched off in its files would come back.
    """
    broken = {
        name
        for name in last.libraries.keys() - content.libraries.keys()
        if any(p.level == "error" and name in p.path.parts for p in content.problems)
    }
    own = {name: last.own[name] for name in broken & last.own.keys()}
    libraries = {name: last.libraries[name] for name in broken}
    return replace(
        content, own={**content.own, **own}, libraries={**content.libraries, **libraries}
    )


def _versions(content: Content) -> tuple[str, ...]:
    own = sorted((name, library.version) for name, library in content.libraries.items())
    return (content.library.version, *(f"{name}:{version}" for name, version in own))


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, StoreError) else f"no answer in {_STORE_S} seconds"
