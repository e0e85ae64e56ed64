"""What most tests of the engine start from: tiny content, an engine over it, and questions."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bootstrap import Engine, build_engine, read_content
from bot.domain import Library, Question, Reply

TINY_FAQ = Path(__file__).parent / "data" / "faq"
BORROWED = {"missing-message"}
NOW = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def tiny_library() -> Library:
    """Return the content of `tests/data/faq`, which has no Problems."""
    library, problems = read_content(TINY_FAQ)
    own = [str(p) for p in problems if p.path.is_relative_to(TINY_FAQ) and p.rule not in BORROWED]
    assert own == []
    return library


@pytest.fixture(scope="session")
def tiny_engine(tiny_library: Library) -> Engine:
    """Return an engine over the tiny content, at noon on 1 February 2026."""
    return build_engine(tiny_library, now=lambda: NOW)


@pytest.fixture(scope="session")
def ask(tiny_engine: Engine) -> Callable[..., Reply]:
    """Return a function that asks the tiny engine: `ask("is it legal", region="GB")`."""

    def ask_engine(text: str, region: str | None = None) -> Reply:
        return tiny_engine.responder.trace(Question(text, region)).reply

    return ask_engine
