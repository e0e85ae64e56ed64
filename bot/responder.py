"""From a Question to a Reply, whatever the platform: the one path that every adapter uses.

normalise → triage → named things (gate) → rank → choose → compose. The path is a pure function of
the content; it never learns who asked or where, and `bot.service` is what adapters hold.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from bot.compose import Composer
from bot.domain import (
    Alarm,
    Choice,
    Country,
    Entry,
    Library,
    Match,
    Question,
    Reply,
    ReplyKind,
    Thing,
    Topic,
)
from bot.help_lines import KINDS, bare, fitting
from bot.matching.features import stem
from bot.named_things import Named, NamedThings
from bot.ports import Matcher, Triage
from bot.text.complete import Completer
from bot.text.normalise import fold_words, normalise
from bot.text.stop_words import STOP_WORDS

NOT_LISTED = {
    "medicine": "medicine-not-listed",
    "condition": "condition-not-listed",
    "place": "legal-other-countries",
}
_MOST_OFFERED = 3
_WORTH_OFFERING = 0.03
_WORTH_SUGGESTING = 0.01
_RIVAL = 0.5
_GUARDED_RIVAL = 0.25
_REFUSE = 0.3
_FEW_WORDS = 6
_GUARDED_GROUPS = frozenset({"contraindications", "legality"})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability an entry is answered straight, and from which it is offered.

    Each maps the sort of question (`bot.matching.model.SORTS`) to a probability.
    """

    answer: Mapping[str, float]
    offer: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Trace:
    """How one Reply came about, for `ask --explain`.

    Attributes:
        words: The question's words, folded and repaired.
        repairs: Words that were repaired, as (typed, read).
        decision: Why this Reply and no other, in a few words.
        sort: Which thresholds applied.
        wanted: From which score on such a question is answered straight, and offered.
    """

    reply: Reply
    words: tuple[str, ...] = ()
    repairs: tuple[tuple[str, str], ...] = ()
    alarm: Alarm | None = None
    named: Named = field(default_factory=Named)
    decision: str = ""
    sort: str = ""
    wanted: tuple[float, float] = (0.0, 0.0)


class Responder:
    """Answers Questions from one Library.

    Args:
        library: The content.
        triage: Looks for danger first; there is no way to leave it out.
        things: Reads named things and gates the ranking.
        matcher: Ranks entries.
        repair: Repairs misspelt words.
        completer: Completes a question that is still being typed.
        composer: Puts the curated words together.
        thresholds: When to answer, when to offer.
    """

    def __init__(  # noqa: PLR0913 - one place where everything is handed in by name
        self,
        *,
        library: Library,
        triage: Triage,
        things: NamedThings,
        matcher: Matcher,
        repair: Callable[[Sequence[str]], list[str]],
        completer: Completer,
        composer: Composer,
        thresholds: Thresholds,
    ) -> None:
        self._library = library
        self._triage = triage
        self._things = things
        self._matcher = matcher
        self._repair = repair
        self._completer = completer
        self._composer = composer
        self._thresholds = thresholds

    def over(self, library: Library, region: str | None = None) -> "Responder":
        """Return a Responder for a community whose content differs a little; Pure.

        The parts that take seconds to build are shared, so `library` may lack phrasings of this
        one's and have other help lines, but bring no phrasings of its own.

        Args:
            library: The community's content.
            region: The community's country for help lines, or None.
        """
        return Responder(
            library=library,
            triage=self._triage,
            things=self._things.over(library),
            matcher=self._matcher,
            repair=self._repair,
            completer=self._completer,
            composer=self._composer.over(library, region),
            thresholds=self._thresholds,
        )

    def respond(self, question: Question) -> Reply:
        """Return the Reply to `question`. Pure."""
        return self.trace(question).reply

    def trace(self, question: Question) -> Trace:
        """Return the Reply to `question` and how it came about. Pure."""
        alarm = self._triage.assess(question.text)
        if alarm is not None and alarm.level == "urgent":
            words = tuple(self._repair(normalise(question.text).words))
            region = self._region(self._things.read(words), question)
            reply = self._composer.urgent(alarm, region)
            return Trace(reply, words, alarm=alarm, decision=f"urgent sign {alarm.sign}")
        trace = self._consult(question)
        if alarm is None:
            return trace
        follow = None if trace.reply.kind is ReplyKind.FALLBACK else trace.reply
        region = self._region(trace.named, question)
        kinds = self._library.entries[alarm.entry].answer.resources
        reply = self._composer.check(kinds, follow, region)
        decision = f"soft check for {alarm.sign}, then: {trace.decision}"
        return replace(trace, reply=reply, alarm=alarm, decision=decision)

    def show(self, entry: str, region: str | None = None) -> Reply:
        """Return the answer that a member picked, or the emergency card."""
        found = self._library.entries.get(entry)
        if found is None or not found.enabled:
            return self._composer.fallback(region, key="reply.gone")
        if found.group == "urgent":
            return self._composer.card(found, found.answer.resources, region)
        return self._composer.answer(found, region)

    def suggest(self, text: str, limit: int = 25) -> tuple[Choice, ...]:
        """Return the Entries nearest to a question that is still being typed, best first. Pure.

        An emergency card comes first where danger shows. Before anything is typed, and where
        nothing is near, these are the pinned Entries.

        Args:
            text: What is typed so far; its last word may be half a word.
            limit: The most to return.
        """
        alarm = self._triage.assess(text)
        found = dict.fromkeys([alarm.entry] if alarm else [])
        typed = normalise(text).words
        for words in self._completer.complete(typed):
            read = tuple(self._repair(words))
            named = self._things.read(read)
            ranked = self._matcher.rank(read, partial(self._allows, named), limit)
            found |= dict.fromkeys(m.entry for m in ranked if m.score > _WORTH_SUGGESTING)
        if not found.keys() - ({alarm.entry} if alarm else set()):
            found |= dict.fromkeys(self._library.pinned)
        choices = (self.choice(entry) for entry in found)
        return tuple(choice for choice in choices if choice)[:limit]

    def choice(self, entry: str) -> Choice | None:
        """Return the Entry with its title, or None if there is none or it is switched off."""
        found = self._library.entries.get(entry)
        return Choice(found.id, found.title) if found and found.enabled else None

    def topics(self) -> tuple[Topic, ...]:
        """Return the groups of the FAQ that can be browsed."""
        return self._composer.topics()

    def countries(self) -> tuple[Country, ...]:
        """Return every country that has help lines of its own, by name."""
        return self._composer.countries()

    def country_names(self) -> Mapping[str, Country]:
        """Return every such country by each of its names and its code, in small letters."""
        return self._composer.country_names()

    def find_country(self, typed: str) -> Country | None:
        """Return the country of which somebody typed a name or the code, or None."""
        return self.country_names().get(bare(typed))

    def find_countries(self, typed: str) -> tuple[Country, ...]:
        """Return the countries that fit a name that is still being typed, best first."""
        return fitting(self.country_names(), typed)

    def resources(self, region: str | None = None) -> Reply:
        """Return every help line of one country, or those for everywhere."""
        return self._composer.resources(region)

    def introduce(self, region: str | None = None, **names: str) -> Reply:
        """Return what Handrail is and how to ask it; `names` are those of the commands."""
        return self._composer.introduce(region, **names)

    def help_again(self, card: str, kinds: Sequence[str], region: str | None = None) -> Reply:
        """Return a Reply that was shown already: for others to read, or for another country.

        Args:
            card: Id of an Entry; or `check`, `info`, or anything else for the fallback.
            kinds: The kinds of Resource that the Reply had; what is no kind any more is left out.
            region: The country.
        """
        known = [kind for kind in kinds if kind in KINDS]
        found = self._library.entries.get(card)
        if found is not None and found.group == "urgent":
            return self._composer.card(found, known or found.answer.resources, region)
        if card == ReplyKind.CHECK:
            return self._composer.check(known, region=region)
        if card == ReplyKind.INFO:
            return self._composer.resources(region)
        return self._composer.fallback(region) if found is None else self.show(card, region)

    def translation(self, locale: str, key: str) -> str | None:
        """Return the words of a command in a platform's language, or None for English."""
        return self._library.translations.get(locale, {}).get(key)

    def decline(self, region: str | None = None) -> Reply:
        """Return what follows when none of the choices was meant."""
        return self._composer.fallback(region)

    def in_trouble(self, region: str | None = None) -> Reply:
        """Return what a member gets when something broke: the resources."""
        return self._composer.trouble(region)

    def message(self, key: str, **values: str) -> str:
        """Return one sentence of `messages.yaml` with its {braces} filled in."""
        return self._composer.message(key, **values)

    def _consult(self, question: Question) -> Trace:
        typed = normalise(question.text).words
        words = tuple(self._repair(typed))
        repairs = tuple((a, b) for a, b in zip(typed, words, strict=True) if a != b)
        named = self._things.read(words)
        region = self._region(named, question)
        if not words:
            reply = self._composer.fallback(region, key="reply.nothing_asked")
            return Trace(reply, decision="no words")
        ranked = self._matcher.rank(words, lambda entry: self._allows(named, entry))
        reply, decision = self._choose(named, ranked, words, region)
        sort = self._things.sort(named, words)
        wanted = (self._thresholds.answer[sort], self._thresholds.offer[sort])
        return Trace(reply, words, repairs, None, named, decision, sort, wanted)

    def _allows(self, named: Named, entry: str) -> bool:
        found = self._library.entries.get(entry)
        return found is not None and found.enabled and self._things.allows(named, found)

    def _choose(
        self, named: Named, ranked: Sequence[Match], words: Sequence[str], region: str | None
    ) -> tuple[Reply, str]:
        sort = self._things.sort(named, words)
        wanted, offered_from = self._thresholds.answer[sort], self._thresholds.offer[sort]
        if all(word in STOP_WORDS for word in words):
            offered_from = wanted  # "no", "is it?": what says so little is no question by itself
        sure = bool(ranked) and ranked[0].score >= wanted
        near = bool(ranked) and ranked[0].score >= offered_from
        missing = self._not_listed(named, ranked, sure=sure, near=near and len(words) <= _FEW_WORDS)
        if missing is not None:
            return self._answer(missing, ranked, region), "named, but no entry covers it"
        if not near:
            return self._composer.fallback(region, ranked), "nothing near enough"
        several = self._subjects(named, ranked)
        if len(several) > 1:
            reply = self._composer.choices(several, ranked, "reply.two_subjects")
            return reply, "more than one subject named"
        best = self._library.entries[ranked[0].entry]
        doubt = self._doubt(named, best, ranked, wanted)
        if not doubt and _only_place(named, best, words):
            doubt = "nothing but the place is shared"
        if not doubt:
            return self._answer(best, ranked, region), "sure enough"
        offered = [m.entry for m in ranked[:_MOST_OFFERED] if m.score > _WORTH_OFFERING]
        return self._composer.choices(offered, ranked), doubt

    def _doubt(self, named: Named, best: Entry, ranked: Sequence[Match], wanted: float) -> str:
        """Return why `best` should not be answered straight, or nothing."""
        if best.group == "policy":
            wanted = min(wanted, _REFUSE)  # a refusal too many does no harm; an answer might
        if ranked[0].score < wanted:
            return "not sure enough"
        refusal = best.group == "policy"  # what is asked for is refused whatever drug it names
        if not refusal and (missed := self._things.missed(named, best)):
            return f"it is not about {', '.join(thing.id for thing in missed)}"
        rival = ranked[1].score if len(ranked) > 1 else 0.0
        close = _GUARDED_RIVAL if best.group in _GUARDED_GROUPS else _RIVAL
        if rival > close * ranked[0].score:
            return "another entry is close"
        return ""

    def _answer(self, entry: Entry, ranked: Sequence[Match], region: str | None) -> Reply:
        return self._composer.answer(entry, region, ranked)

    def _subjects(self, named: Named, ranked: Sequence[Match]) -> list[str]:
        """Return the best entry for each named medicine, or for each place if one is the best."""
        medicines = self._best_for_each(named, named.of("medicine"), ranked)
        places = self._best_for_each(named, named.whereabouts, ranked)
        on_places = self._on_law(ranked) and ranked[0].entry in places
        return places if on_places and len(medicines) < len(places) else medicines

    def _best_for_each(
        self, named: Named, things: Sequence[Thing], ranked: Sequence[Match]
    ) -> list[str]:
        families = {thing: self._things.closure(thing) for thing in things}
        # "Oregon, USA" is one place.
        wider = {i for thing, family in families.items() for i in family - {thing.id}}
        found: dict[str, None] = {}
        for family in (family for thing, family in families.items() if thing.id not in wider):
            about = (m.entry for m in ranked if self._library.entries[m.entry].about & family)
            found |= dict.fromkeys(itertools.islice(about, 1))
        if found:
            missing = self._things.uncovered(named, *NOT_LISTED)
            found |= dict.fromkeys(NOT_LISTED[t.kind] for t in things if t in missing)
        return [i for i in found if i in self._library.entries and self._library.entries[i].enabled]

    def _on_law(self, ranked: Sequence[Match]) -> bool:
        return bool(ranked) and self._library.entries[ranked[0].entry].group == "legality"

    def _not_listed(
        self, named: Named, ranked: Sequence[Match], *, sure: bool, near: bool
    ) -> Entry | None:
        """Return the entry that says "not listed does not mean safe", where it applies.

        Args:
            named: What the question names.
            ranked: The Matches, best first.
            sure: True if the best could be answered straight.
            near: True if the question is short and the best could at least be offered.
        """
        missing = set(self._things.uncovered(named, *NOT_LISTED))
        for kind, entry_id in NOT_LISTED.items():
            entry = self._library.entries.get(entry_id)
            absent = any(thing.kind == kind for thing in missing)
            # A warning that exists must not be hidden behind the words for what has none.
            beside = named.whereabouts if kind == "place" else named.of("medicine", "condition")
            listed = any(thing not in missing for thing in beside)
            if entry is None or not entry.enabled or not absent or listed:
                continue
            # What a named illness is asked about may well have an answer that fits anybody.
            if kind == "condition" and sure:
                continue
            asked = named.on_topic or near
            if asked and (kind != "place" or self._on_law(ranked)):
                return entry
        return None

    def _region(self, named: Named, question: Question) -> str | None:
        for place in named.whereabouts:
            countries = [i for i in self._things.closure(place) if len(i) == len("xx")]
            if countries:
                return countries[0].upper()
        return question.region


def _only_place(named: Named, best: Entry, words: Sequence[str]) -> bool:
    """Tell whether a question off the topic has nothing but a place in common with a law.

    "What's the weather in Leeds" is no question about the law there.
    """
    if named.on_topic or not named.whereabouts or best.group != "legality":
        return False
    names = {word for thing in named.whereabouts for name in thing.names for word in name.split()}
    telling = {stem(word) for word in words if word not in STOP_WORDS and word not in names}
    asked = {stem(word) for ask in best.ask for word in fold_words(ask)}
    return bool(asked) and not telling & asked
