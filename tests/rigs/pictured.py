"""The questions in the pictures, and the engine's real replies to them."""

import functools
from datetime import date

from bot.bootstrap import build_engine, load_content
from bot.compose import Composer
from bot.config import EMBEDDED_FAQ
from bot.domain import Question, Reply
from bot.responder import Responder

QUESTIONS = {
    "answer": "can i microdose on lithium?",
    "urgent": "my friend wont wake up, we took acid",
    "choices": "shrooms with zoloft and lithium, ok?",
}
MORE_QUESTIONS = {
    "policy": "how much should i take",
    "fallback": "which crystals go with it",
    "check": "i dont want to be here anymore, does microdosing lift depression",
}
LONG_AFTER = date(2028, 1, 1)


@functools.cache
def responder() -> Responder:
    """Return the real engine's front door."""
    return build_engine(load_content(EMBEDDED_FAQ)).responder


def replies() -> dict[str, tuple[str, Reply]]:
    """Return question and Reply by the name of the picture, with help lines for Britain."""
    return _asked(QUESTIONS)


def every_reply() -> dict[str, tuple[str, Reply]]:
    """Return a question and a Reply of every kind, an overdue answer included."""
    entry = load_content(EMBEDDED_FAQ).entries["legal-uk"]
    late = Composer(load_content(EMBEDDED_FAQ), lambda: LONG_AFTER).answer(entry, "GB")
    return {
        **_asked(QUESTIONS | MORE_QUESTIONS),
        "overdue": ("is it legal in the uk?", late),
        "resources": ("", responder().resources("GB")),
    }


def _asked(questions: dict[str, str]) -> dict[str, tuple[str, Reply]]:
    return {
        name: (text, responder().trace(Question(text, "GB")).reply)
        for name, text in questions.items()
    }
