"""The manifest that operators paste into Slack, held against the code."""

import copy
import re
from typing import Any

import pytest
import yaml

from adapters.slack.departures import REVOKED, UNINSTALLED
from adapters.slack.listeners import COMMAND, MENTION, MESSAGE, SHORTCUT
from adapters.slack.oauth import BACK
from adapters.slack.presses import HOME, PROMPTS
from adapters.slack.scopes import SCOPES
from adapters.slack.views import MODERATE
from adapters.slack.web import EVENTS
from bot.config import EMBEDDED_FAQ
from tests.adapters.slack.conftest import MANIFEST

NEEDED = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.delete": "chat:write",
    "/ask": "commands",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "users.info": "users:read",
    "usergroups.users.list": "usergroups:read",
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """The manifest as Slack reads it."""
    return dict(yaml.safe_load(MANIFEST.read_text(encoding="utf-8")))


def test_subscribes_to_what_the_code_listens_to(manifest: dict[str, Any]) -> None:
    """Every subscribed event has a listener, and every listener its event."""
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    heard = {MENTION, MESSAGE, HOME, UNINSTALLED, REVOKED}
    assert {event.split(".")[0] for event in events} == heard
    assert [event for event in events if event.startswith("message.")] == ["message.im"]


def test_names_the_command(manifest: dict[str, Any]) -> None:
    """The slash command of the manifest is the one that is answered."""
    assert [c["command"] for c in manifest["features"]["slash_commands"]] == [COMMAND]


def test_names_the_shortcuts(manifest: dict[str, Any]) -> None:
    """Those in the menus are the ones that are answered, under their real names."""
    words = yaml.safe_load((EMBEDDED_FAQ / "messages.yaml").read_text(encoding="utf-8"))
    shortcuts = manifest["features"]["shortcuts"]
    assert [(s["type"], s["callback_id"], s["name"]) for s in shortcuts] == [
        ("message", SHORTCUT, words["commands"]["answer_message"]),
        ("global", MODERATE, words["slack"]["moderate"]),
    ]
    assert all(len(s["name"]) <= 24 and len(s["description"]) <= 150 for s in shortcuts)


def test_offers_the_same_questions_to_begin_with(manifest: dict[str, Any]) -> None:
    """What Slack shows before the bot has spoken is what the bot offers itself."""
    words = yaml.safe_load((EMBEDDED_FAQ / "messages.yaml").read_text(encoding="utf-8"))
    offered = [words["slack"][key.removeprefix("slack.")] for key in PROMPTS]
    view = manifest["features"]["agent_view"]
    assert [prompt["message"] for prompt in view["suggested_prompts"]] == offered
    assert "assistant_view" not in manifest["features"]


def test_asks_for_no_scope_that_is_not_needed(manifest: dict[str, Any]) -> None:
    """The scopes are those of the events, the command and the two calls, and no others.

    That these are enough is shown on the wire: the rig grants the bot nothing else.
    """
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == set(NEEDED.values())
    assert "user" not in manifest["oauth_config"]["scopes"]


def test_workspaces_that_install_the_app_are_asked_for_the_same_scopes(
    manifest: dict[str, Any],
) -> None:
    """What the page to install from asks for is what the manifest says."""
    assert list(SCOPES) == manifest["oauth_config"]["scopes"]["bot"]


def test_opens_what_the_code_relies_on(manifest: dict[str, Any]) -> None:
    """Socket Mode, buttons and writing to the bot are on; what is not built is off."""
    settings, home = manifest["settings"], manifest["features"]["app_home"]
    assert settings["socket_mode_enabled"]
    assert settings["interactivity"]["is_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert home["home_tab_enabled"]


def test_keeps_slacks_lengths(manifest: dict[str, Any]) -> None:
    """Slack refuses a manifest whose words are too long or too short."""
    about = manifest["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    for command in manifest["features"]["slash_commands"]:
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000


def switched_on() -> dict[str, Any]:
    """Return the manifest with the lines for HTTP and for many workspaces, as deploy/README.md."""
    text = MANIFEST.read_text(encoding="utf-8")
    text = re.sub(r"^( *)# (?:http|many): ", r"\1", text, flags=re.MULTILINE)
    return dict(yaml.safe_load(re.sub(r"true +# http: false", "false", text)))


def test_holds_the_lines_for_http_and_for_many_workspaces(manifest: dict[str, Any]) -> None:
    """Switched on, they are all that changes; the addresses are those that are listened on."""
    other, site = switched_on(), "https://bot.example.org"
    assert other["settings"].pop("socket_mode_enabled") is False
    assert other["settings"]["event_subscriptions"].pop("request_url") == f"{site}{EVENTS}"
    assert other["settings"]["interactivity"].pop("request_url") == f"{site}{EVENTS}"
    commands = other["features"]["slash_commands"]
    assert [command.pop("url") for command in commands] == [f"{site}{EVENTS}"] * len(commands)
    assert other["oauth_config"].pop("redirect_urls") == [f"{site}{BACK}"]
    shipped = copy.deepcopy(manifest)
    assert shipped["settings"].pop("socket_mode_enabled") is True
    assert other == shipped
