"""The Slack adapter before it connects: settings, tokens and what it says when they are wrong."""

import subprocess
import sys
from collections.abc import Mapping

import pytest
from pydantic import SecretStr

from adapters.slack.adapter import SlackAdapter
from adapters.slack.connection import build_app
from bot.config import Config, SlackConfig
from bot.errors import AdapterError, ConfigError
from bot.ports import Adapter
from tests.adapters.scripted import ScriptedService
from tests.fakes import MemoryVault

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
SHARED = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "c"}
MANY = {"workspaces": "many", "public_url": "https://bot.example.org"}


def test_is_built_from_settings_and_environment() -> None:
    """With both tokens there, the adapter stands ready to run, and is not connected yet."""
    adapter: Adapter = SlackAdapter.from_config(Config(), TOKENS, ScriptedService())
    assert adapter.name == "slack"
    assert not adapter.ready


@pytest.mark.parametrize("missing", TOKENS)
def test_missing_token_is_named_with_where_to_get_it(missing: str) -> None:
    """A missing token is refused before anything connects."""
    environ = {name: value for name, value in TOKENS.items() if name != missing}
    with pytest.raises(ConfigError, match=rf"{missing} is not set.*api\.slack\.com/apps"):
        SlackAdapter.from_config(Config(), environ, ScriptedService())


@pytest.mark.parametrize(
    ("settings", "environ"),
    [
        ({"mode": "http"}, HTTP),
        (MANY, {**SHARED, "SLACK_APP_TOKEN": "xapp-1"}),
        ({**MANY, "mode": "http"}, {**SHARED, "SLACK_SIGNING_SECRET": "s"}),
    ],
    ids=["http", "many", "many over http"],
)
def test_each_mode_needs_its_own_secrets_and_no_others(
    settings: dict[str, str], environ: dict[str, str]
) -> None:
    """Each that is missing is named, with where to get it, before anything connects."""
    config = Config(slack=SlackConfig.model_validate(settings))
    vault = MemoryVault()
    assert not SlackAdapter.from_config(config, environ, ScriptedService(), vault).ready
    for missing in environ:
        less = {name: value for name, value in environ.items() if name != missing}
        with pytest.raises(ConfigError, match=rf"{missing} is not set.*api\.slack\.com/apps"):
            SlackAdapter.from_config(config, less, ScriptedService(), vault)


def test_many_workspaces_need_a_place_to_keep_their_tokens() -> None:
    """A slip of ours, said as plainly as one of the operator's."""
    config = Config(slack=SlackConfig.model_validate(MANY))
    with pytest.raises(ConfigError, match="store"):
        SlackAdapter.from_config(config, {**TOKENS, **SHARED}, ScriptedService())


def test_the_default_loads_no_encryption() -> None:
    """Socket Mode for one workspace needs none of it, nor the database that would hold tokens."""
    script = (
        "import sys; from adapters.slack.adapter import SlackAdapter; "
        "print({'cryptography', 'sqlalchemy'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().strip() == "set()"


def test_tokens_come_from_the_variables_the_operator_names() -> None:
    """The operator may name other variables."""
    config = Config(slack=SlackConfig(bot_token_env="MY_BOT", app_token_env="MY_APP"))
    environ = {"MY_BOT": "xoxb-1", "MY_APP": "xapp-1"}
    assert SlackAdapter.from_config(config, environ, ScriptedService())


@pytest.mark.parametrize(
    "environ",
    [{}, {"SLACK_BOT_TOKEN": "xoxb-other"}],
    ids=["none", "bot token"],
)
def test_bolts_own_environment_changes_nothing(
    environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The token handed in is used, quietly, whatever slack-bolt finds in the environment."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    app = build_app(SecretStr("xoxb-1"), "https://slack.example/api/")
    assert app.client.token == "xoxb-1"
    assert app.client.base_url == "https://slack.example/api/"
    assert not caplog.records


def test_bolts_own_sign_in_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two variables would make slack-bolt drop our token without a word: said at the start."""
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "x")
    with pytest.raises(ConfigError, match="SLACK_CLIENT_ID"):
        build_app(SecretStr("xoxb-1"), "https://slack.example/api/")


async def test_unreachable_slack_is_said_with_advice() -> None:
    """An address where nobody answers ends the adapter after its patience, with what to check."""
    app = build_app(SecretStr("xoxb-1"), "http://127.0.0.1:1/api/")
    settings = SlackConfig(api_url="http://127.0.0.1:1/api/")
    adapter = SlackAdapter(
        app, SecretStr("xapp-1"), ScriptedService(), settings=settings, patience=0.1
    )
    with pytest.raises(AdapterError, match=r"out of reach.*127\.0\.0\.1:1"):
        await adapter.run()
