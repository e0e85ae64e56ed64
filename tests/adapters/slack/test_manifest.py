"""The manifest that operators paste into Slack, held against the code."""

from typing import Any

import pytest
import yaml

from adapters.slack.listeners import COMMAND, MENTION, MESSAGE, SHORTCUT
from adapters.slack.presses import HOME, PROMPTS
from adapters.slack.views import MODERATE
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
    heard = {MENTION, MESSAGE, HOME, "app_uninstalled", "tokens_revoked"}
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
