"""What exists in the rig's workspace: people, open views, and the triggers to open them."""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.rigs.slack_payloads import (
    APP,
    BOT,
    BOT_ID,
    GROUP,
    MEMBER,
    TEAM,
    Fields,
    new_ts,
)

TRIGGER_LIFE = 3.0
MOST_VIEWS = 3
_KEPT = ("title", "submit", "close", "private_metadata", "callback_id", "external_id")


class Refused(Exception):  # noqa: N818 - Slack's word for what it does not take
    """Slack does not take a call; `str()` is its error word."""


class Workspace:
    """People, groups, what is shut to the bot, and the views that it opened.

    Attributes:
        people: Ids of members by name. `admin` is a workspace admin, `bob` and `mo` are not.
        owners: Ids of members who own the workspace.
        groups: Members of each user group, by its id.
        barred: What the bot is told when it writes to a channel or a member, by their id: Slack's
            error word, such as `not_in_channel` or `messages_tab_disabled`.
        modals: The modals that each member has open, the topmost last.
        homes: The home tab of each member.
        trigger_life: Seconds that a trigger is good for.
    """

    def __init__(self) -> None:
        self.people = {"admin": MEMBER, "bob": "U000000002", "mo": "U000000003"}
        self.owners: set[str] = set()
        self.groups: dict[str, list[str]] = {GROUP: []}
        self.barred: dict[str, str] = {}
        self.modals: dict[str, list[Fields]] = {}
        self.homes: dict[str, Fields] = {}
        self.trigger_life = TRIGGER_LIFE
        self._triggers: dict[str, tuple[float, str, str]] = {}
        self._exchanged: set[str] = set()

    def view(self, by: str = MEMBER) -> Fields:
        """Return the modal that a member sees.

        Raises:
            AssertionError: None is open.
        """
        assert self.modals.get(by), "no modal is open"
        return self.modals[by][-1]

    def new_trigger(self, user: str, view: str = "") -> str:
        """Return a trigger for what `user` did, in the modal `view` if in one."""
        trigger = secrets.token_hex(8)
        self._triggers[trigger] = (time.monotonic() + self.trigger_life, user, view)
        return trigger

    def use_trigger(self, trigger: str) -> tuple[str, str]:
        """Return whose trigger it is, and the modal that it came from.

        Raises:
            Refused: It is used up, too old or unknown.
        """
        if trigger in self._exchanged:
            raise Refused("exchanged_trigger_id")
        if trigger not in self._triggers:
            raise Refused("invalid_trigger_id")
        ends, user, view = self._triggers.pop(trigger)
        if ends < time.monotonic():
            raise Refused("expired_trigger_id")
        self._exchanged.add(trigger)
        return user, view

    # What is shown. Each keeps a view that Slack took, under the id that Slack gave it. --------

    def show(self, method: str, view: Fields, user: str) -> None:
        """Note that a call of `method` was taken, and what `user` sees now."""
        view = with_block_ids(view)
        if method == "views.publish":
            self.homes[user] = view
        elif method == "views.open":
            self.modals[user] = [view]
        elif method == "views.push":
            self.modals.setdefault(user, []).append(view)
        else:
            self._replace(view)

    def find_view(self, body: Mapping[str, Any]) -> Fields:
        """Return the view that a `views.update` is about.

        Raises:
            Refused: There is none, or it has changed meanwhile.
        """
        every = [*self.homes.values(), *(view for stack in self.modals.values() for view in stack)]
        for view in every:
            same = view["id"] == body.get("view_id")
            if same or (body.get("external_id") and view["external_id"] == body["external_id"]):
                if body.get("hash") and body["hash"] != view["hash"]:
                    raise Refused("hash_conflict")
                return view
        raise Refused("not_found")

    def finish(self, by: str, answer: Mapping[str, Any] | None, check: Callable[..., None]) -> None:
        """Do with a member's modal what the answer to its submission says.

        Args:
            by: The member.
            answer: What the bot answered; None closes the modal.
            check: Raises if Slack would not show a view.

        Raises:
            AssertionError: Slack would show "trouble" instead.
        """
        action, stack = (answer or {}).get("response_action"), self.modals[by]
        if answer and action == "errors":
            known = {block["block_id"] for block in stack[-1]["blocks"] if block["type"] == "input"}
            assert answer["errors"], "errors without an error"
            assert set(answer["errors"]) <= known, f"errors of unknown blocks: {answer['errors']}"
        elif answer and action in {"update", "push"}:
            check(answer["view"])
            old = stack[-1] if action == "update" else {}
            view = with_block_ids(new_view(answer["view"], old, root=stack[0]["id"]))
            stack[-1:] = [view] if action == "update" else [stack[-1], view]
        elif answer and action == "clear":
            stack.clear()
        else:
            assert not answer, f"no response_action of Slack's: {answer}"
            stack.pop()

    def _replace(self, view: Fields) -> None:
        for user, home in self.homes.items():
            if home["id"] == view["id"]:
                self.homes[user] = view
        for stack in self.modals.values():
            stack[:] = [view if old["id"] == view["id"] else old for old in stack]


def new_view(body: Mapping[str, Any], old: Mapping[str, Any], root: str = "") -> Fields:
    """Return a view as Slack keeps it, in the place of `old` if that is one."""
    identity = old.get("id") or f"V{secrets.token_hex(5).upper()}"
    nothing = {"title": None, "submit": None, "close": None}
    return {
        "id": identity,
        "team_id": TEAM,
        "type": body["type"],
        "blocks": body["blocks"],
        **{key: body.get(key, nothing.get(key, "")) for key in _KEPT},
        "state": {"values": {}},
        "hash": new_ts(),
        "clear_on_close": bool(body.get("clear_on_close")),
        "notify_on_close": bool(body.get("notify_on_close")),
        "previous_view_id": None,
        "root_view_id": old.get("root_view_id") or root or identity,
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT_ID,
    }


def with_block_ids(part: Mapping[str, Any]) -> Fields:
    """Return a message or view with an id for every block that the bot gave none."""
    blocks = part.get("blocks") or []
    named = [{"block_id": secrets.token_hex(3), **block} for block in blocks]
    return {**part, "blocks": named}


def person(user: str, *, admin: bool, owner: bool) -> Fields:
    """Return a member as `users.info` shows them."""
    name = {MEMBER: "admin", BOT: "handrail"}.get(user, "member")
    return {
        "id": user,
        "team_id": TEAM,
        "name": name,
        "deleted": False,
        "is_admin": admin or owner,
        "is_owner": owner,
        "is_primary_owner": False,
        "is_bot": user == BOT,
    }
