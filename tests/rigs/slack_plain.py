"""The rig's own answers to calls of the Web API, where no emulator is asked or knows one."""

import json
from collections.abc import Callable

from tests.rigs.slack_payloads import APP, BOT, BOT_ID, MEMBER, TEAM, Fields, new_ts
from tests.rigs.slack_workspace import Refused, Workspace, person

MOST_PROMPTS = 4


def own_answer(workspace: Workspace, method: str, fields: Fields) -> Fields:
    """Return what a call is told; nothing that is posted is kept here.

    Raises:
        Refused: The call is not known here, or what it is about.
    """
    channel, user = str(fields.get("channel", "")), str(fields.get("user", ""))
    named = {"url": "https://rig.slack.com/", "team": "Rig", "user": "handrail"}
    ids = {"team_id": TEAM, "user_id": BOT, "bot_id": BOT_ID, "app_id": APP}
    owner = user in workspace.owners
    known: dict[str, Callable[[], Fields]] = {
        "auth.test": lambda: {**named, **ids},
        "chat.postMessage": lambda: {"channel": direct_of(channel), "ts": new_ts()},
        "chat.postEphemeral": lambda: {"message_ts": new_ts()},
        "chat.update": lambda: {"channel": channel, "ts": fields.get("ts")},
        "chat.delete": lambda: {"channel": channel, "ts": fields.get("ts")},
        "conversations.open": lambda: {"channel": {"id": direct_of(str(fields["users"]))}},
        "users.info": lambda: {"user": person(user, admin=user == MEMBER, owner=owner)},
        "usergroups.users.list": lambda: {"users": _group(workspace, str(fields["usergroup"]))},
        "assistant.threads.setSuggestedPrompts": lambda: _prompts(fields),
    }
    if method not in known:
        raise Refused("unknown_method")
    return {"ok": True, **known[method]()}


def direct_of(place: str) -> str:
    """Return the conversation with a member, if `place` is one; a conversation stays what it is."""
    return f"D{place[1:]}" if place.startswith("U") else place


def _group(workspace: Workspace, group: str) -> list[str]:
    if group not in workspace.groups:
        raise Refused("no_such_subteam")
    return workspace.groups[group]


def _prompts(fields: Fields) -> Fields:
    """Take up to four questions to begin with."""
    prompts = fields["prompts"]
    prompts = json.loads(prompts) if isinstance(prompts, str) else prompts
    whole = all(prompt.get("title") and prompt.get("message") for prompt in prompts)
    if not (1 <= len(prompts) <= MOST_PROMPTS and whole):
        raise Refused("invalid_arguments")
    return {}
