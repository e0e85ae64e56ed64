"""What moderators read: how things stand, and what members left behind."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain import CommunitySettings, Feedback, Problem
from bot.errors import ContentError
from bot.moderation import RELOAD_PAUSE_S
from bot.service import Content, Keeps
from tests.bot.desk import HERE, LIBRARY, ROOT, THERE, Desk, entry, written
from tests.bot.small import make_responder

# Status and settings ------------------------------------------------------------------------


def test_status_says_what_is_answered_from() -> None:
    """Version, how many answers, how many are off, and which engine searches."""
    said = Desk().moderation.status(HERE, written)
    assert "Content abc123abc123: 6 answers, 1 of them switched off." in said
    assert "Search: lexical." in said
    assert "no answers or help lines of its own" in said
    assert "Due for a new check" not in said
    assert "Faults" not in said


def test_status_names_the_first_answers_that_are_overdue() -> None:
    """Some titles say where to begin; the rest is a number."""
    late = {
        f"late-{i}": replace(entry(f"late-{i}", f"Late {i}"), review_by=date(2026, 1, 1))
        for i in range(8)
    }
    said = Desk(replace(LIBRARY, entries=late)).moderation.status(HERE, written)
    assert "Due for a new check: 8." in said
    assert "- Late 4\n- and 3 more" in said


def test_status_adds_what_the_platform_has_to_say() -> None:
    """Whether it is connected, for one."""
    assert "Connection: fine." in Desk().moderation.status(HERE, written, ["Connection: fine."])


def test_status_names_faults_of_its_own_folder_without_the_folders_above() -> None:
    """Moderators mend their files; where these lie on the machine is the operator's business."""
    folder = Path("/srv/secret-customer/overlays")
    problems = [
        Problem(folder / HERE / "risks" / "own.yaml", 3, "error", "`short` is missing", "schema"),
        Problem(folder / THERE / "overlay.yaml", 1, "error", "not mine", "schema"),
    ]
    said = Desk(problems=problems, overlays={HERE: LIBRARY}).moderation.status(HERE, written)
    assert "has answers or help lines of its own" in said
    assert "Faults in the content: 1." in said
    assert "- discord-1/risks/own.yaml:3: [error] `short` is missing" in said
    assert "secret" not in said
    assert "not mine" not in said


async def test_settings_are_named_as_people_name_them() -> None:
    """Titles, countries and channels, no codes."""
    desk = Desk()
    await desk.service.change_settings(
        HERE, CommunitySettings("NL", frozenset({"5", "4"}), "9", frozenset({"sleep", "gone"}))
    )
    said = desk.moderation.settings(HERE, written)
    assert "Country for help lines: the Netherlands" in said
    assert "Help channels: <#4>, <#5>" in said
    assert "Alerts: <#9>" in said
    assert "Switched off here: Sleep after a small dose, gone" in said
    assert said in desk.moderation.status(HERE, written)


def test_settings_show_the_country_that_is_used() -> None:
    """Where moderators chose none, the operator's country counts."""
    assert "help lines: the United Kingdom" in Desk(region="GB").moderation.settings(HERE, written)
    assert "help lines: none" in Desk().moderation.settings(HERE, written)


# Reload -------------------------------------------------------------------------------------


async def test_reload_says_which_content_is_used_now() -> None:
    """A moderator sees that the words just written are answered from."""
    desk = Desk()
    newer = replace(LIBRARY, version="def456def456")
    desk.loads = Content(make_responder(library=newer), newer)
    assert "content def456def456" in await desk.moderation.reload(HERE)
    assert "def456def456" in desk.moderation.status(HERE, written)


async def test_reload_says_that_nothing_has_changed() -> None:
    """A file saved in the wrong folder is easier to notice that way."""
    assert "Nothing has changed" in await Desk().moderation.reload(HERE)


async def test_reload_lists_the_first_faults_and_keeps_the_last_good_content() -> None:
    """File and line, inside the content's folder; no operator's path, in the words neither."""
    desk = Desk()
    faults = [f"{ROOT}/risks/sleep.yaml:{i}: [error] wrong (schema)" for i in range(1, 8)]
    faults[1] = "/srv/secret-customer/calibration.json cannot be read; see https://a.example/b/c"
    desk.loads = ContentError(faults)
    said = await desk.moderation.reload(HERE)
    assert "they have faults: 7" in said
    assert "- risks/sleep.yaml:1: [error] wrong" in said
    assert "- calibration.json cannot be read; see https://a.example/b/c" in said
    assert said.endswith("- and 2 more")
    assert "secret" not in said
    assert "abc123abc123" in desk.moderation.status(HERE, written)


async def test_reload_shows_faults_of_its_own_folder() -> None:
    """The shared content may be new and the community's folder wrong."""
    desk = Desk()
    path = Path("/srv/secret-customer") / HERE / "overlay.yaml"
    problem = Problem(path, 2, "error", "there is no entry `x`", "overlay")
    desk.loads = replace(desk.service._content, problems=(problem,))
    assert "- discord-1/overlay.yaml:2: [error]" in await desk.moderation.reload(HERE)
    desk.clock += RELOAD_PAUSE_S
    assert "Faults" not in await desk.moderation.reload(THERE)


async def test_reload_is_refused_for_half_a_minute() -> None:
    """It takes seconds of the machine, which everybody's answers need."""
    desk = Desk()
    await desk.moderation.reload(HERE)
    desk.clock += RELOAD_PAUSE_S - 1
    assert "Please wait a minute" in await desk.moderation.reload(THERE)
    assert desk.reads == 1
    desk.clock += 1
    await desk.moderation.reload(HERE)
    assert desk.reads == 2


async def test_reload_runs_once_for_two_at_a_time() -> None:
    """Whoever comes second is told so."""
    desk = Desk()
    said = await asyncio.gather(desk.moderation.reload(HERE), desk.moderation.reload(THERE))
    assert desk.reads == 1
    assert "Please wait" in said[1]


# What members left behind -------------------------------------------------------------------


async def test_unanswered_questions_stand_under_what_came_nearest() -> None:
    """The group with the newest question comes last, and in it the newest question."""
    desk = Desk()
    desk.keep_questions(("one", "sleep"), ("two", None), ("three", "gone"), ("four", "sleep"))
    assert await desk.moderation.unanswered(HERE) == (
        "**Questions that nothing answered**\n"
        "\n**No answer was near**\n- 2026-11-02: two\n"
        "\nNearest answer: **gone**\n- 2026-11-03: three\n"
        "\nNearest answer: **Sleep after a small dose**\n- 2026-11-01: one\n- 2026-11-04: four"
    )


async def test_only_the_newest_unanswered_questions_are_shown() -> None:
    """Twenty fit on a screen; that there are more is said."""
    desk = Desk()
    desk.keep_questions(*((f"question {i}", "sleep") for i in range(25)))
    said = await desk.moderation.unanswered(HERE)
    assert "These are the newest 20 of 25." in said
    assert "question 4\n" not in said
    assert said.endswith("question 24")


async def test_other_communities_questions_are_not_shown() -> None:
    """What was asked elsewhere is nobody's business here."""
    desk = Desk()
    desk.keep_questions(("one", "sleep"))
    assert "There are none" in await desk.moderation.unanswered(THERE)


@pytest.mark.parametrize("command", ["unanswered", "feedback"])
async def test_what_is_not_kept_is_not_shown(command: str) -> None:
    """Moderators learn that the operator can switch it on, and read nothing of before."""
    desk = Desk(keeps=Keeps())
    desk.keep_questions(("one", "sleep"))
    assert "not kept" in await getattr(desk.moderation, command)(HERE)


async def test_nothing_is_said_when_nothing_was_marked() -> None:
    """An empty list would look broken."""
    assert "Nobody has marked" in await Desk().moderation.feedback(HERE)


async def test_feedback_begins_with_the_most_doubted_entry() -> None:
    """With the last reasons given, below the counts."""
    desk = Desk()
    await desk.judge("sleep", "helpful", "helpful", "outdated")
    for reason in ("first", "second", "third", "fourth"):
        await desk.judge("lithium", "wrong", reason=reason)
    said = (await desk.moderation.feedback(HERE)).splitlines()
    assert said[1] == "- **Lithium and psychedelics**: helpful 0, wrong 4, out of date 0"
    assert len([line for line in said if line.startswith("  - Reason given: ")]) == 3
    assert said[-1] == "- **Sleep after a small dose**: helpful 2, wrong 0, out of date 1"


async def test_feedback_on_many_entries_is_cut() -> None:
    """Fifteen lines show where to begin."""
    many = {f"e{i}": entry(f"e{i}", f"Entry {i}") for i in range(18)}
    desk = Desk(replace(LIBRARY, entries=many))
    for name in many:
        await desk.judge(name, "wrong")
    assert (await desk.moderation.feedback(HERE)).endswith("- and 3 more")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("[look](https://a.example)", "(look)(https://a.example)"),
        ("**loud** __under__ ~~gone~~", "∗∗loud∗∗ ＿＿under＿＿ ∼∼gone∼∼"),
        ("`code` ||hidden||", "ˋcodeˋ ¦¦hidden¦¦"),
        ("one\n# two\r\n- three\u2028four", "one # two - three four"),
        ("<@123> <#4> @everyone", "‹＠123› ‹#4› ＠everyone"),
        ("back\\slash", "back∖slash"),
        ("tur\u202ened a\u200bround\x07", "turned around"),
    ],
)
async def test_what_members_typed_formats_nothing_and_calls_nobody(typed: str, shown: str) -> None:
    """Their words are shown to moderators as words, whatever signs they hold."""
    desk = Desk()
    desk.keep_questions((typed, None))
    assert (await desk.moderation.unanswered(HERE)).endswith(f"- 2026-11-01: {shown}")
    kept = Feedback("key", "sleep", "wrong", typed, HERE)
    desk.store.verdicts["key"] = (kept, date(2026, 11, 1))
    assert (await desk.moderation.feedback(HERE)).endswith(f"- Reason given: {shown}")
