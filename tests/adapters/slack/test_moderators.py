"""Who may moderate on Slack: looked up only when they try, kept for a minute, and errs on no."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import pytest
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.moderators import MOST_KEPT, Moderators

USER, TEAM, ORG = "U1", "T1", "E1"
UNKNOWN, NO = "slack.rights_unknown", "slack.not_moderator"


class Directory:
    """What Slack knows of people and groups, behind the two calls that ask for it.

    Attributes:
        asked: What was asked, in order.
        delay: Seconds that an answer takes.
    """

    def __init__(
        self, person: Mapping[str, Any] | str = "", groups: Mapping[str, Any] | None = None
    ) -> None:
        self._person = person or {"id": USER, "team_id": TEAM}
        self._groups = groups or {}
        self.asked: list[str] = []
        self.delay = 0.0

    async def users_info(self, *, user: str) -> dict[str, Any]:
        """Return a person, or raise Slack's error word."""
        self.asked.append(user)
        await asyncio.sleep(self.delay)
        return {"user": _given(self._person)}

    async def usergroups_users_list(self, *, usergroup: str, team_id: str | None) -> dict[str, Any]:
        """Return who is in a group, or raise Slack's error word."""
        self.asked.append(f"{usergroup} of {team_id}")
        return {"users": _given(self._groups.get(usergroup, "no_such_subteam"))}

    @property
    def client(self) -> AsyncWebClient:
        """Itself, as far as it is a client."""
        return cast("AsyncWebClient", self)


def _given(answer: Any) -> Any:
    if isinstance(answer, str):
        told = {"ok": False, "error": answer}
        raise SlackApiError("refused", told)  # type: ignore[no-untyped-call]
    return answer


def person(**more: Any) -> dict[str, Any]:
    """Return a member of the workspace."""
    return {"id": USER, "team_id": TEAM, "is_admin": False, **more}


def used(team: str | None = TEAM, user: str = USER, **more: Any) -> dict[str, Any]:
    """Return the delivery of something that was used."""
    return {"team": {"id": team} if team else None, "user": {"id": user}, **more}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (person(), NO),
        (person(is_admin=True), ""),
        (person(is_owner=True), ""),
        (person(is_primary_owner=True), ""),
        (person(is_admin=True, deleted=True), NO),
        (person(is_admin=True, is_stranger=True), NO),
        (person(is_admin=True, is_bot=True), NO),
        (person(is_admin=True, team_id="T2"), NO),
        ({"is_admin": True}, NO),
        (person(is_admin=True, team_id="T2", enterprise_user={"teams": [TEAM, "T2"]}), ""),
        (person(is_admin=True, team_id="T2", enterprise_user={"teams": ["T2"]}), NO),
        (person(enterprise_user={"enterprise_id": ORG, "is_owner": True}), NO),
        ("user_not_found", UNKNOWN),
        ("ratelimited", UNKNOWN),
    ],
)
async def test_rights_are_those_in_this_workspace(found: Any, expected: str) -> None:
    """An admin of another workspace, or somebody whom Slack does not tell us of, may not."""
    assert await Moderators().refusal(Directory(found).client, used()) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (person(is_admin=True, enterprise_user={"enterprise_id": ORG}), NO),
        (person(enterprise_user={"enterprise_id": ORG, "is_admin": True}), ""),
        (person(enterprise_user={"enterprise_id": "E2", "is_admin": True}), NO),
    ],
)
async def test_organisation_is_for_its_own_admins(found: Any, expected: str) -> None:
    """Where no workspace is named, the admin of one of many decides nothing for all."""
    body = used(None, enterprise={"id": ORG})
    assert await Moderators().refusal(Directory(found).client, body) == expected


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"S1": [USER]}, ""),
        ({"S1": ["U2"], "S2": ["U3", USER]}, ""),
        ({"S1": "missing_scope", "S2": [USER]}, ""),
        ({"S2": [USER]}, ""),
        ({"S1": ["U2"]}, NO),
        ({"S3": [USER]}, NO),
        ({"S1": "missing_scope"}, UNKNOWN),
    ],
)
async def test_members_of_named_groups_may(groups: Mapping[str, Any], expected: str) -> None:
    """A group of another workspace is none of ours; one that fails does not shut the next."""
    moderators = Moderators(["S1", "S2"])
    assert await moderators.refusal(Directory(groups=groups).client, used()) == expected


async def test_group_of_another_workspace_gives_no_power_here() -> None:
    """One list of groups may be for several workspaces."""
    directory = Directory(person(team_id="T2"), {"S1": [USER]})
    assert await Moderators(["S1"]).refusal(directory.client, used()) == NO
    assert directory.asked == [USER]


@pytest.mark.parametrize("body", [{}, used(None), used(user=""), {"team": {"id": TEAM}}])
async def test_nobody_from_nowhere_may(body: dict[str, Any]) -> None:
    """A delivery that says neither who nor where is not worth a look."""
    directory = Directory(person(is_admin=True))
    assert await Moderators().refusal(directory.client, body) == NO
    assert directory.asked == []


async def test_result_is_kept_for_a_while_and_no_longer() -> None:
    """Somebody who is no admin any more stays one for a minute at most."""
    directory, moderators = Directory(person(is_admin=True)), Moderators(kept_s=0.05)
    for _ in range(3):
        assert await moderators.refusal(directory.client, used()) == ""
    assert directory.asked == [USER]
    await asyncio.sleep(0.1)
    assert moderators._known == {}
    assert await moderators.refusal(directory.client, used()) == ""
    assert directory.asked == [USER, USER]


async def test_result_holds_for_one_workspace() -> None:
    """The same person may be an admin of one and a guest of another."""
    directory, moderators = Directory(person(is_admin=True)), Moderators()
    assert await moderators.refusal(directory.client, used()) == ""
    assert await moderators.refusal(directory.client, used("T2")) == NO
    assert await moderators.refusal(directory.client, used()) == ""


async def test_failure_is_not_kept() -> None:
    """Trying again in a moment may work."""
    moderators = Moderators()
    assert await moderators.refusal(Directory("ratelimited").client, used()) == UNKNOWN
    assert await moderators.refusal(Directory(person(is_admin=True)).client, used()) == ""


async def test_silence_is_a_no() -> None:
    """Whoever waits is told so after a while."""
    directory = Directory(person(is_admin=True))
    directory.delay = 1.0
    assert await Moderators().refusal(directory.client, used(), 0.02) == UNKNOWN


async def test_memory_is_bounded() -> None:
    """Many people pressing within a minute fill no memory."""
    directory, moderators = Directory(), Moderators(kept_s=0.5)
    for i in range(MOST_KEPT + 5):
        await moderators.refusal(directory.client, used(user=f"U{i}"))
    assert len(moderators._known) == MOST_KEPT


async def test_log_names_nobody() -> None:
    """Why a look-up failed is said, not about whom."""
    with structlog.testing.capture_logs() as logs:
        await Moderators().refusal(Directory("user_not_found").client, used(user="U1SECRET"))
    assert [line["reason"] for line in logs] == ["SlackApiError: user_not_found"]
    assert "U1SECRET" not in str(logs)
