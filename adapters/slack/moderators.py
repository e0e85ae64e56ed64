"""Tells who may moderate on Slack: the workspace's admins, and groups that the operator named."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.convert import to_community
from adapters.slack.places import UNDELIVERED, reason

KEPT_S = 60.0
MOST_KEPT = 1000
PATIENCE_S = 10.0
_RIGHTS = ("is_admin", "is_owner", "is_primary_owner")
_NOBODY_HERE = ("deleted", "is_bot", "is_stranger")
# The operator's list may name groups of several workspaces.
_NOT_OF_HERE = frozenset({"no_such_subteam", "subteam_not_found"})
Payload = Mapping[str, Any]
Who = tuple[str, str]
log = structlog.get_logger()


class Moderators:
    """Looks up whether somebody may moderate, when they try to, and soon forgets it again.

    Args:
        groups: Ids of the user groups whose members may.
        kept_s: Seconds for which a result is kept in memory.
    """

    def __init__(self, groups: Collection[str] = (), *, kept_s: float = KEPT_S) -> None:
        self._groups = tuple(groups)
        self._kept_s = kept_s
        self._known: dict[Who, bool] = {}

    async def refusal(
        self, client: AsyncWebClient, body: Payload, patience: float = PATIENCE_S
    ) -> str:
        """Return the key of why whoever used something may not moderate, or nothing.

        Args:
            client: The Web API, as the workspace lets us use it.
            body: The delivery of what was used.
            patience: Seconds to wait for Slack; without an answer they may not.
        """
        community, user = to_community(body) or "", str((body.get("user") or {}).get("id") or "")
        who = (community, user)
        try:
            async with asyncio.timeout(patience):
                allowed = self._known.get(who)
                if allowed is None:
                    allowed = await self._may(client, community, user)
        except UNDELIVERED as error:
            log.warning("slack moderator not looked up", reason=reason(error))
            return "slack.rights_unknown"
        self._keep(who, allowed=allowed)
        return "" if allowed else "slack.not_moderator"

    async def _may(self, client: AsyncWebClient, community: str, user: str) -> bool:
        if not (community and user):
            return False
        found = (await client.users_info(user=user)).get("user") or {}
        place = community.removeprefix("slack-")
        if not _belongs(found, place):
            return False
        organisation = found.get("enterprise_user") or {}
        whole = place == organisation.get("enterprise_id")
        rights = organisation if whole else found
        return any(rights.get(right) for right in _RIGHTS) or await self._grouped(
            client, user, place
        )

    async def _grouped(self, client: AsyncWebClient, user: str, place: str) -> bool:
        """Return whether somebody is in one of the groups; one that fails is no reason for a no.

        Raises:
            SlackApiError: They are in none, as far as Slack tells.
        """
        failed: SlackApiError | None = None
        team = place if place.startswith("T") else None
        for group in self._groups:
            try:
                found = await client.usergroups_users_list(usergroup=group, team_id=team)
            except SlackApiError as error:
                failed = failed if error.response.get("error") in _NOT_OF_HERE else error
            else:
                if user in (found.get("users") or ()):
                    return True
        if failed is not None:
            raise failed
        return False

    def _keep(self, who: Who, *, allowed: bool) -> None:
        if who in self._known:
            return
        if len(self._known) >= MOST_KEPT:
            self._known.pop(next(iter(self._known)))
        self._known[who] = allowed
        asyncio.get_running_loop().call_later(self._kept_s, self._known.pop, who, None)


def _belongs(user: Payload, place: str) -> bool:
    """Return whether a person is of the workspace or organisation `place`, and no stranger."""
    if any(user.get(kind) for kind in _NOBODY_HERE):
        return False
    organisation = user.get("enterprise_user") or {}
    homes = [user.get("team_id"), organisation.get("enterprise_id")]
    return place in [*homes, *(organisation.get("teams") or ())]
