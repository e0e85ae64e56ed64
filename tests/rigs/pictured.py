"""The questions in the pictures, and the engine's real replies to them."""

from bot.bootstrap import build_engine, load_content
from bot.config import EMBEDDED_FAQ
from bot.domain import Question, Reply

QUESTIONS = {
    "answer": "can i microdose on lithium?",
    "urgent": "my friend wont wake up, we took acid",
    "choices": "shrooms with zoloft and lithium, ok?",
}


def replies() -> dict[str, tuple[str, Reply]]:
    """Return question and Reply by the name of the picture, with help lines for Britain."""
    responder = build_engine(load_content(EMBEDDED_FAQ)).responder
    return {
        name: (text, responder.trace(Question(text, "GB")).reply)
        for name, text in QUESTIONS.items()
    }
