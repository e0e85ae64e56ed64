"""The Slack adapter before it connects: settings, tokens and what it says when they are wrong."""

from collections.abc import Mapping

import pytest
from pydantic import SecretStr

from adapters.slack.adapter import SlackAdapter
from adapters.slack.connection import build_app
from bot.config import Config, SlackConfig
from bot.errors import AdapterError, ConfigError
from bot.ports import Adapter
from tests.adapters.scripted import ScriptedService

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


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
