"""A Responder that replies as told, so that a test can ask for any kind of Reply by its name."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.config import EMBEDDED_FAQ
from bot.domain import Answer, Choice, Country, Entry, Library, Question, Reply, Topic
from bot.help_lines import bare
from bot.ports import Store
from bot.responder import Responder
from bot.service import Content, Keeps, Service
from bot.yamlfile import read_yaml
from tests.adapters.replies import (
    ANSWER,
    CHECK_ALONE,
    EVERY_REPLY,
    FALLBACK,
    GONE,
    INFO,
    TROUBLE,
    URGENT,
)

SECRET = "sertraline since Tuesday"
LITHIUM_TITLE = "Lithium and psychedelics"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LITHIUM = Entry("lithium", "contraindications", LITHIUM_TITLE, (), Answer(""))
LIBRARY = Library(Path(), {"lithium": LITHIUM}, {}, (), {})


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

    def respond(self, question: Question) -> Reply:
        """Return the sample that the question names."""
        self.asked.append(question)
        self._note(question.region)
        return EVERY_REPLY.get(question.text, FALLBACK)

    def over(self, library: Library, region: str | None = None) -> Responder:
        """Return itself: the samples are the same everywhere."""
        del library, region
        return self

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

    def suggest(self, text: str, limit: int = 25) -> tuple[Choice, ...]:
        """Return the lithium entry for whatever is typed."""
        self.asked.append(Question(text))
        self._note(None)
        return (Choice("lithium", LITHIUM_TITLE),)[:limit]

    def choice(self, entry: str) -> Choice | None:
        """Return the lithium entry, the only one there is."""
        return Choice(entry, LITHIUM_TITLE) if entry == ANSWER.entry else None

    def topics(self) -> tuple[Topic, ...]:
        """Return two topics, one of them too large for one select."""
        many = tuple(Choice(f"law-{i}", f"Law number {i}") for i in range(30))
        medicines = (Choice("lithium", LITHIUM_TITLE),)
        return (
            Topic("medicines", "Medicines and conditions", "What does not go together.", medicines),
            Topic("legality", "The law", "Where it is allowed, and where not.", many),
        )

    def countries(self) -> tuple[Country, ...]:
        """Return the United Kingdom and forty countries that do not exist."""
        named = [Country(f"{a}{b}", f"Country {a}{b}") for a in "QX" for b in LETTERS]
        return (*named[:40], Country("GB", "the United Kingdom"))

    def country_names(self) -> Mapping[str, Country]:
        """Return these countries by name and code, and the United Kingdom by another name."""
        countries = self.countries()
        names = {bare(country.name): country for country in countries}
        names |= {country.code.casefold(): country for country in countries}
        return {**names, "britain": countries[-1]}

    def resources(self, region: str | None = None) -> Reply:
        """Return the help lines of a country."""
        self._note(region)
        return replace(INFO, region=region or INFO.region)

    def introduce(self, region: str | None = None, **names: str) -> Reply:
        """Return an introduction that names the commands."""
        self._note(region)
        return replace(INFO, title="What I am", text=" ".join(sorted(names.values())))

    def help_again(self, card: str, kinds: Sequence[str], region: str | None = None) -> Reply:
        """Return the sample of that card with another country, whose kinds of help were `kinds`."""
        self._note(region)
        samples = {"check": CHECK_ALONE, "info": INFO, "fallback": FALLBACK, "lithium": ANSWER}
        return replace(samples.get(card, URGENT), region=region, help_kinds=tuple(kinds))

    def translation(self, locale: str, key: str) -> str | None:
        """Return one German word."""
        return "fragen" if (locale, key) == ("de", "ask") else None

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


class ScriptedService(Service):
    """The real Service around a ScriptedResponder.

    Attributes:
        scripted: The Responder.
    """

    def __init__(
        self,
        scripted: ScriptedResponder | None = None,
        *,
        store: Store | None = None,
        keeps: Keeps | None = None,
        region: str | None = None,
        library: Library = LIBRARY,
    ) -> None:
        self.scripted = scripted or ScriptedResponder()
        content = Content(self.scripted, library)
        super().__init__(
            lambda: content,
            content,
            now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
            region=region,
            store=store,
            keeps=keeps,
        )

    async def respond(
        self, question: Question, community: str | None = None, *, alone: bool = False
    ) -> Reply:
        """Return the sample that the question names, after the delay."""
        del community, alone
        reply = self.scripted.respond(question)
        await asyncio.sleep(self.scripted.delay)
        return reply
