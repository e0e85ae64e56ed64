"""Content read anew while the program runs, from real folders through the real loader."""

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import bootstrap
from bot.bootstrap import load_everything
from bot.config import Config
from bot.domain import CommunitySettings, Question, ReplyKind
from bot.errors import ContentError
from bot.service import Content, Service
from tests.bot.small import HERE, LIBRARY, NOW, THERE, make_responder
from tests.conftest import TINY_FAQ
from tests.fakes import MemoryStore

ASKS = "[where do we meet, when is the meeting, next meetup, is there a circle on monday, "
ASKS += "meeting place please, whens the next circle, who comes to the meetings, meetup time]"
DATES = "checked: 2026-01-10\nreview_by: 2027-01-10\n"
MEETINGS = f"title: Our meetings\nask: {ASKS}\nshort: They are on Mondays.\n{DATES}"
LINE = (
    "- {{id: {0}, country: GB, kind: {1}, name: {0}, phone: '1', checked: 2026-01-10, "
    "source: x, ready_to_show: true}}\n"
)
ASKED = Question("where do we meet")
OUR_SETTINGS = CommunitySettings(disabled=frozenset({"lithium"}))


class Folders:
    """The folders of one operator: `faq/`, and `overlays/` with one folder a community."""

    def __init__(self, root: Path) -> None:
        self._root = root
        shutil.copytree(TINY_FAQ, root / "faq")
        (root / "overlays").mkdir()
        self.config = Config(faq=root / "faq", overlays=root / "overlays")

    def write(self, name: str, words: str) -> None:
        """Write a file, given by its path."""
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")

    def remove(self, name: str) -> None:
        """Remove a file."""
        (self._root / name).unlink()

    def open(self, store: MemoryStore | None = None) -> Service:
        """Return a Service over what stands there now."""
        content = load_everything(self.config, None)
        return Service(
            lambda: load_everything(self.config, None), content, now=lambda: NOW, store=store
        )


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """Return the tiny content in a folder that can be written to."""
    monkeypatch.setattr(bootstrap, "KEPT", tmp_path / "kept")
    return Folders(tmp_path)


def mondays(service: Service, community: str | None = None) -> bool:
    """Tell whether the question about meetings is answered."""
    return service.responder(community).respond(ASKED).entry == "meetings"


# New content


async def test_new_content_is_used_at_once(folders: Folders) -> None:
    """A moderator's new entry is answered without a restart."""
    service = folders.open()
    version = service.status().version
    assert not mondays(service)

    folders.write("faq/about/meetings.yaml", MEETINGS)
    reloaded = await service.reload()

    assert (reloaded.changed, reloaded.faults) == (True, ())
    assert mondays(service)
    assert mondays(service, HERE)
    assert service.status().version != version


async def test_the_same_content_read_again_is_no_change(folders: Folders) -> None:
    """Moderators are told that nothing is new."""
    assert not (await folders.open().reload()).changed


@pytest.mark.parametrize(
    ("name", "words", "fault"),
    [
        ("about/meetings.yaml", "title: [\n", "about/meetings.yaml:2: "),
        ("about/meetings.yaml", MEETINGS.replace("Mondays", "20 mg"), "about/meetings.yaml:3: "),
        ("about/lithium.yaml", MEETINGS, "contraindications/lithium.yaml:1: "),
        ("about/no-sources.yaml", f"{MEETINGS}sources: [gone]\n", "about/no-sources.yaml:6: "),
        ("calibration.json", "{", "calibration.json cannot be read"),
    ],
)
async def test_content_with_errors_leaves_the_last_good_one(
    folders: Folders, name: str, words: str, fault: str
) -> None:
    """A slip costs no answer: what stood before goes on, and the reply names where to look."""
    service = folders.open()
    version = service.status().version
    folders.write(f"faq/{name}", words)

    reloaded = await service.reload()

    assert not reloaded.changed
    assert any(fault in line for line in reloaded.faults), reloaded.faults
    assert service.status().version == version
    assert service.responder().show("lithium").entry == "lithium"


async def test_mended_content_is_used_after_all(folders: Folders) -> None:
    """An error leaves nothing behind."""
    service = folders.open()
    folders.write("faq/about/meetings.yaml", "title: [\n")
    await service.reload()
    folders.write("faq/about/meetings.yaml", MEETINGS)

    assert (await service.reload()).changed
    assert mondays(service)


async def test_what_moderators_switched_off_stays_off(folders: Folders) -> None:
    """New content is no new choice."""
    service = folders.open(MemoryStore())
    await service.change_settings(HERE, OUR_SETTINGS)
    folders.write("faq/about/meetings.yaml", MEETINGS)

    await service.reload()

    assert service.responder(HERE).show("lithium").kind is ReplyKind.FALLBACK
    assert service.responder().show("lithium").kind is ReplyKind.ANSWER
    assert service.status(HERE).disabled == ("lithium",)


# While content is being read


class SlowLoad:
    """Loads content when a test says so.

    Attributes:
        gate: Set it, and what is being loaded is there.
        begun: How many times it was begun.
        most: How many times at most at once.
    """

    def __init__(self, content: Content) -> None:
        self._content = content
        self._running = 0
        self.gate = threading.Event()
        self.begun = 0
        self.most = 0

    def __call__(self) -> Content:
        """Wait for the gate."""
        self.begun += 1
        self._running += 1
        self.most = max(self.most, self._running)
        assert self.gate.wait(timeout=10)
        self._running -= 1
        return self._content


def small_content(words: str) -> Content:
    """Return the small library, in which the driving entry says `words`."""
    driving = LIBRARY.entries["driving"]
    answer = replace(driving.answer, short=words)
    entries = {**LIBRARY.entries, "driving": replace(driving, answer=answer)}
    library = replace(LIBRARY, entries=entries, version=words)
    return Content(make_responder(library=library), library)


@pytest.fixture
def slow() -> Iterator[SlowLoad]:
    """Return a load that yields new content, and let it end with the test."""
    load = SlowLoad(small_content("new"))
    yield load
    load.gate.set()


async def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - a thread has no event for it
            await asyncio.sleep(0.001)


async def test_questions_are_answered_while_content_is_read(slow: SlowLoad) -> None:
    """From the old content, until the new one is there as a whole."""
    service = Service(slow, small_content("old"), now=lambda: NOW)
    reading = asyncio.create_task(service.reload())
    await until(lambda: slow.begun == 1)

    assert service.responder(HERE).show("driving").text == "old"
    assert (await service.respond(Question("zebra"), HERE)).kind is ReplyKind.FALLBACK
    while_reading = service.reloading

    slow.gate.set()
    assert (await reading).changed
    assert (while_reading, service.reloading) == (True, False)
    assert service.responder(HERE).show("driving").text == "new"


async def test_settings_changed_while_content_is_read_hold_for_the_new_one(slow: SlowLoad) -> None:
    """Neither of two moderators' decisions is lost."""
    service = Service(slow, small_content("old"), now=lambda: NOW, store=MemoryStore())
    reading = asyncio.create_task(service.reload())
    await until(lambda: slow.begun == 1)
    await service.change_settings(HERE, CommunitySettings(disabled=frozenset({"driving"})))
    slow.gate.set()
    await reading

    assert service.responder(HERE).show("driving").entry is None
    assert service.responder(THERE).show("driving").text == "new"


async def test_content_is_read_once_at_a_time(slow: SlowLoad) -> None:
    """Two moderators who press at once do not load the machine twice over."""
    service = Service(slow, small_content("old"), now=lambda: NOW)
    reading = [asyncio.create_task(service.reload()) for _ in range(2)]
    await until(lambda: slow.begun == 1)
    slow.gate.set()

    assert [done.changed for done in await asyncio.gather(*reading)] == [True, False]
    assert (slow.begun, slow.most) == (2, 1)


# Communities' own folders


async def test_own_entries_are_answered_in_that_community_only(folders: Folders) -> None:
    """Its question finds nothing elsewhere, and its answer cannot be shown there either."""
    service = folders.open()
    folders.write(f"overlays/{HERE}/about/meetings.yaml", MEETINGS)

    assert (await service.reload()).changed

    assert [mondays(service, where) for where in (HERE, THERE, None)] == [True, False, False]
    assert service.responder(HERE).suggest("whens the next mee")[0].entry == "meetings"
    assert service.responder(HERE).respond(Question("lithium and lsd")).entry == "lithium"
    assert service.responder(THERE).show("meetings").kind is ReplyKind.FALLBACK
    assert (service.status(HERE).overlay, service.status(THERE).overlay) == (True, False)
    assert service.status(HERE).entries == service.status(THERE).entries + 1


async def test_a_folder_that_is_gone_leaves_what_all_share(folders: Folders) -> None:
    """Its entries go with it."""
    folders.write(f"overlays/{HERE}/about/meetings.yaml", MEETINGS)
    service = folders.open()
    assert mondays(service, HERE)

    folders.remove(f"overlays/{HERE}/about/meetings.yaml")

    assert (await service.reload()).changed
    assert not mondays(service, HERE)


def test_a_community_switches_off_its_own_and_shared_entries(folders: Folders) -> None:
    """What its folder and what its moderators switch off add up, there and only there."""
    folders.write(f"overlays/{HERE}/overlay.yaml", "disabled: [lithium]\n")
    service = folders.open()

    reply = service.responder(HERE).respond(Question("lithium and lsd"))

    assert reply.entry == "medicine-not-listed"
    assert service.status(HERE).disabled == ("lithium",)
    assert service.responder(THERE).respond(Question("lithium and lsd")).entry == "lithium"


async def test_moderators_can_switch_off_what_their_folder_brings(folders: Folders) -> None:
    """A community's own entry is switched off like any other."""
    folders.write(f"overlays/{HERE}/about/meetings.yaml", MEETINGS)
    service = folders.open(MemoryStore())

    await service.change_settings(HERE, CommunitySettings(disabled=frozenset({"meetings"})))

    assert not mondays(service, HERE)
    assert service.status(HERE).disabled == ("meetings",)


def test_local_help_lines_come_first_there_and_only_there(folders: Folders) -> None:
    """A local crisis line stands before the country's; the emergency number stays on top."""
    lines = LINE.format("gb-ours", "crisis") + LINE.format("gb-guard", "emergency")
    folders.write(f"overlays/{HERE}/resources.yaml", lines)
    service = folders.open()

    here = [line.id for line in service.responder(HERE).decline("GB").help]
    there = [line.id for line in service.responder(THERE).decline("GB").help]

    assert here[:4] == ["gb-emergency", "gb-guard", "gb-ours", "gb-crisis-1"]
    assert not {"gb-ours", "gb-guard"} & set(there)


def test_local_help_lines_stand_on_emergency_cards(folders: Folders) -> None:
    """In danger the nearest help counts most."""
    folders.write(f"overlays/{HERE}/resources.yaml", LINE.format("gb-ours", "crisis"))
    card = folders.open().responder(HERE).show("suicide-crisis", "GB")

    assert "gb-ours" in [line.id for line in card.help]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("about/meetings.yaml", f"{MEETINGS}source: [x]\n"),
        ("about/meetings.yaml", "title: [\n"),
        ("overlay.yaml", "disabled: [suicide-crisis]\n"),
        ("urgent/storm.yaml", MEETINGS),
    ],
)
async def test_a_folder_with_errors_costs_its_own_words_and_nothing_else(
    folders: Folders, name: str, words: str
) -> None:
    """That community keeps its last good words and is told why; the others have their own."""
    folders.write(f"overlays/{THERE}/about/meetings.yaml", MEETINGS)
    folders.write(f"overlays/{HERE}/about/circle.yaml", MEETINGS)
    service = folders.open()
    folders.write(f"overlays/{HERE}/{name}", words)

    reloaded = await service.reload()

    assert reloaded.faults == ()
    assert service.responder(HERE).respond(Question("lithium and lsd")).entry == "lithium"
    assert service.responder(HERE).show("circle").kind is ReplyKind.ANSWER
    assert mondays(service, THERE)
    problems = service.status(HERE).problems
    assert problems == reloaded.problems
    assert {problem.path.name for problem in problems} == {Path(name).name}
    assert (service.status(HERE).overlay, service.status(THERE).problems) == (True, ())


def test_errors_in_what_all_share_forbid_starting(folders: Folders) -> None:
    """There is no last good content yet."""
    folders.write("faq/about/meetings.yaml", "title: [\n")

    with pytest.raises(ContentError):
        folders.open()


def test_a_missing_folder_of_folders_forbids_nothing(folders: Folders) -> None:
    """The shared content is answered, and the operator is told."""
    (folders.config.overlays or Path()).rmdir()
    service = folders.open()

    assert service.responder(HERE).show("lithium").entry == "lithium"
    assert not service.status(HERE).overlay


async def test_overlay_that_breaks_keeps_its_last_good_state(folders: Folders) -> None:
    """An answer that a community switched off in its files must not come back by a slip."""
    folders.write(f"overlays/{HERE}/overlay.yaml", "disabled: [lithium]\n")
    service = folders.open()
    folders.write(f"overlays/{HERE}/overlay.yaml", "disabled: [lithium\n")
    reloaded = await service.reload()
    assert reloaded.problems
    assert service.responder(HERE).choice("lithium") is None
    assert service.status(HERE).problems
    folders.write(f"overlays/{HERE}/overlay.yaml", "disabled: []\n")
    await service.reload()
    assert service.responder(HERE).choice("lithium") is not None
