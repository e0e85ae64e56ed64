"""A Responder that replies as told, so that a test can ask for any kind of Reply by its name."""

import asyncio

from bot.config import EMBEDDED_FAQ
from bot.domain import Question, Reply
from bot.responder import Responder
from bot.yamlfile import read_yaml
from tests.adapters.replies import ANSWER, EVERY_REPLY, FALLBACK, GONE, TROUBLE

SECRET = "sertraline since Tuesday"


class ScriptedResponder(Responder):
    """Replies with the sample whose name is asked for, and with FALLBACK to anything else.

    Attributes:
        asked: The Questions that arrived.
        regions: The country given with each call, questions included.
        broken: Set it, and every way to an answer raises, with a member's words in the error;
            the resources stay.
        delay: Seconds that an answer takes.
    """

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.regions: list[str | None] = []
        self.broken = False
        self.delay = 0.0
        self._words = read_yaml(EMBEDDED_FAQ / "messages.yaml").mapping

    async def respond(self, question: Question) -> Reply:
        """Return the sample that the question names."""
        self.asked.append(question)
        self._note(question.region)
        await asyncio.sleep(self.delay)
        return EVERY_REPLY.get(question.text, FALLBACK)

    def show(self, entry: str, region: str | None = None) -> Reply:
        """Return the answer, or that it is gone."""
        self._note(region)
        return ANSWER if entry == ANSWER.entry else GONE

    def decline(self, region: str | None = None) -> Reply:
        """Return the fallback."""
        self._note(region)
        return FALLBACK

    def in_trouble(self, region: str | None = None) -> Reply:
        """Return the resources."""
        self.regions.append(region)
        return TROUBLE

    def message(self, key: str, **values: str) -> str:
        """Return the real sentence; a key that is not in `faq/messages.yaml` is an error."""
        section, name = key.split(".")
        sentences = self._words[section]
        assert isinstance(sentences, dict)
        return str(sentences[name]).format(**values)

    def _note(self, region: str | None) -> None:
        self.regions.append(region)
        if self.broken:
            raise RuntimeError(f"broken, as this test wants it: {SECRET}")
