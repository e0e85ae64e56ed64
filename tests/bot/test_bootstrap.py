"""The parts put together: calibration, content, store and Service."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import bootstrap
from bot.bootstrap import build_engine, load_content, open_service, open_tokens
from bot.calibration import Calibration, save_calibration
from bot.config import Config, SlackConfig, StoreConfig
from bot.domain import CommunitySettings, Feedback, Question, Tally
from bot.errors import ConfigError
from bot.responder import Thresholds
from bot.service import Keeps
from tests.conftest import TINY_FAQ

HERE = "slack-T1"
OFF = CommunitySettings(region="GB", disabled=frozenset({"lithium"}))


def test_a_calibration_of_an_older_version_lacks_nothing(tmp_path: Path) -> None:
    """Sorts of questions that the file does not know yet get the shipped thresholds."""
    root = Path(shutil.copytree(TINY_FAQ, tmp_path / "faq"))
    old = Calibration("x", Thresholds({"on topic": 0.0}, {"on topic": 0.0}), {})
    save_calibration(root, "lexical", old)

    engine = build_engine(load_content(root, examples=False))

    assert engine.responder.trace(Question("is it legal")).reply.text


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Config]:
    """Return a function that makes settings for the tiny content and a database of its own."""
    monkeypatch.setattr(bootstrap, "KEPT", tmp_path / "kept")
    url = f"sqlite+aiosqlite:///{tmp_path / 'data' / 'handrail.db'}"

    def make(*, slack: bool = False, **store: bool) -> Config:
        return Config(
            faq=TINY_FAQ,
            semantic=False,
            slack=SlackConfig(enabled=slack),
            store=StoreConfig.model_validate({"url": url, **store}),
        )

    return make


async def test_a_console_alone_opens_no_store(
    settings: Callable[..., Config], tmp_path: Path
) -> None:
    """Whoever tries it out leaves no database behind."""
    async with open_service(settings(keep_feedback=True)) as service:
        assert (await service.respond(Question("lithium and lsd"))).entry == "lithium"
        assert service.keeps == Keeps()

    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("store", "keeps"),
    [
        ({}, Keeps(feedback=True)),
        ({"keep_feedback": False}, Keeps()),
        ({"keep_reasons": True}, Keeps(feedback=True, reasons=True)),
        ({"keep_unanswered": True}, Keeps(unanswered=True, feedback=True)),
    ],
)
async def test_a_platform_opens_the_store_for_what_may_be_kept(
    settings: Callable[..., Config], store: dict[str, bool], keeps: Keeps
) -> None:
    """Of members' words nothing, unless the operator says so."""
    async with open_service(settings(slack=True, **store)) as service:
        assert service.keeps == keeps


async def test_what_was_decided_and_kept_outlives_the_program(
    settings: Callable[..., Config],
) -> None:
    """Also the question that was asked just before the end."""
    config = settings(slack=True, keep_unanswered=True)
    async with open_service(config) as service:
        await service.change_settings(HERE, OFF)
        await service.give_feedback(Feedback("r1", "lithium", "wrong", "", HERE))
        await service.respond(Question("zebra crossing"), HERE)

    async with open_service(config) as service:
        assert service.settings(HERE) == OFF
        assert service.responder(HERE).show("lithium").entry is None
        assert service.responder(HERE).decline().region == "GB"
        assert [kept.text for kept in await service.unanswered(HERE)] == ["zebra crossing"]
        assert await service.feedback(HERE) == (Tally("lithium", wrong=1),)


MANY = SlackConfig(enabled=True, workspaces="many", public_url="https://bot.example.org")


async def test_tokens_of_workspaces_lie_sealed_beside_the_store(
    settings: Callable[..., Config], tmp_path: Path
) -> None:
    """With one workspace, or without Slack, nothing is opened and no key is asked for."""
    config, key = settings(slack=True), {"SLACK_ENCRYPTION_KEY": "A" * 43 + "="}
    async with open_tokens(config, {}) as nothing:
        assert nothing is None
    assert not (tmp_path / "data").exists()
    shared = config.model_copy(update={"slack": MANY})
    async with open_service(shared), open_tokens(shared, key) as tokens:
        assert tokens is not None
        await tokens.put("slack-T1", "xoxb-sesame")
        assert await tokens.load("slack-T1") == "xoxb-sesame"
    assert b"sesame" not in (tmp_path / "data" / "handrail.db").read_bytes()


async def test_a_missing_key_is_named_with_how_to_make_one(
    settings: Callable[..., Config],
) -> None:
    """Said at the start, before any workspace installs the app."""
    config = settings().model_copy(update={"slack": MANY})
    with pytest.raises(ConfigError, match=r"SLACK_ENCRYPTION_KEY is not set.*openssl rand"):
        async with open_tokens(config, {}):
            pass
