"""Medicines, conditions, substances and places in a question, and the gate they close."""

import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Library
from bot.named_things import NamedThings
from bot.text.normalise import fold_words


@pytest.fixture(scope="module")
def things(tiny_library: Library) -> NamedThings:
    """Return the reader over the tiny vocabulary."""
    return NamedThings(tiny_library)


def allowed(things: NamedThings, library: Library, question: str) -> set[str]:
    """Return the ids of the entries that may answer `question`."""
    named = things.read(fold_words(question))
    return {entry.id for entry in library.entries.values() if things.allows(named, entry)}


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("can i take it", []),
        ("lithium with lsd", ["lithium", "lsd"]),
        ("lsd, lithium and more LSD", ["lsd", "lithium"]),
        ("priadel", ["lithium"]),
        ("St. John's Wort", ["st-johns-wort"]),
        ("st johns hospital", []),
        ("magic mushrooms in the united kingdom", ["psilocybin", "gb"]),
        ("lithiumish", []),
    ],
)
def test_reads_named_things_in_order_each_once(
    things: NamedThings, question: str, named: list[str]
) -> None:
    """By any of their names, whole words only."""
    assert [thing.id for thing in things.read(fold_words(question)).things] == named


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("molly", []),
        ("my dog molly ate my tabs", []),
        ("molly and acid", ["mdma", "lsd"]),
        ("molly on lithium", ["mdma", "lithium"]),
        ("subs", []),
        ("subs with shrooms", ["buprenorphine", "psilocybin"]),
        ("tell us about tabs", []),
    ],
)
def test_unsure_names_need_another_sign(
    things: NamedThings, question: str, named: list[str]
) -> None:
    """A name that also means something else counts only beside one that does not."""
    assert [thing.id for thing in things.read(fold_words(question)).things] == named


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("is lsd legal in the usa", ["us"]),
        ("is lsd legal in us", ["us"]),
        ("lsd from us", ["us"]),
        ("help us my friend took lsd", []),
        ("can lsd hurt us", []),
        ("us", []),
        ("lsd in tokyo, not london", ["jp", "gb"]),
        ("lithium and lsd", []),
    ],
)
def test_whereabouts_are_places_spoken_of_as_places(
    things: NamedThings, question: str, places: list[str]
) -> None:
    """Whoever cries "help us" gets the help lines of where they are."""
    assert [thing.id for thing in things.read(fold_words(question)).whereabouts] == places


@pytest.mark.parametrize(
    ("question", "on_topic"),
    [
        ("is microdosing legal", True),
        ("acid", True),
        ("mdma", False),
        ("lithium", False),
        ("tabs", False),
        ("tabs and lithium", False),
        ("beer", False),
    ],
)
def test_knows_what_the_faq_is_about(things: NamedThings, question: str, on_topic: bool) -> None:
    """Classic psychedelics and microdosing itself, by a sure name."""
    assert things.read(fold_words(question)).on_topic is on_topic


def test_tells_kinds_apart(things: NamedThings) -> None:
    """Each kind can be asked for alone, or several together."""
    named = things.read(fold_words("bipolar on lithium and lsd in japan"))
    assert [thing.id for thing in named.of("medicine")] == ["lithium"]
    assert [thing.id for thing in named.of("condition", "place")] == ["bipolar", "jp"]
    assert named.of("nothing") == ()


# The gate

MEDICINES = {"lithium", "lamotrigine"}
PLACES = {"legal-uk"}


@pytest.mark.parametrize(
    ("question", "kept_out"),
    [
        ("can i take it", set()),
        ("lamotrigine and shrooms", {"lithium"}),
        ("lamictal", {"lithium"}),
        ("lithium and shrooms", {"lamotrigine"}),
        ("lithium with lamotrigine", set()),
        ("zoloft and lsd", MEDICINES),
        ("any anticonvulsant with lsd", MEDICINES),
        ("is lsd legal in japan", PLACES),
        ("is lsd legal in oregon", PLACES),
        ("is lsd legal in the uk", set()),
        ("lamotrigine in japan", {"lithium", *PLACES}),
        ("bipolar", set()),
        ("beer and lsd", set()),
    ],
)
def test_gate_keeps_other_medicines_and_places_out(
    things: NamedThings, tiny_library: Library, question: str, kept_out: set[str]
) -> None:
    """Lamotrigine never gets lithium's answer, and Japan never the UK's."""
    assert set(tiny_library.entries) - allowed(things, tiny_library, question) == kept_out


def test_gate_lets_a_wider_answer_pass(tiny_library: Library) -> None:
    """An answer on all seizure medicines may answer for one, on a country for its states."""
    entries = dict(tiny_library.entries)
    entries["wide"] = replace(
        entries["lamotrigine"], id="wide", about=frozenset({"anticonvulsant"})
    )
    entries["usa"] = replace(entries["legal-uk"], id="usa", about=frozenset({"us"}))
    entries["oregon"] = replace(entries["legal-uk"], id="oregon", about=frozenset({"us-or"}))
    library = replace(tiny_library, entries=entries)
    things = NamedThings(library)
    assert {"wide", "lamotrigine"} <= allowed(things, library, "lamotrigine")
    assert {"usa", "oregon"} <= allowed(things, library, "portland")
    assert allowed(things, library, "america") & {"usa", "oregon"} == {"usa"}


def test_gate_keeps_answers_on_other_drugs_apart(tiny_library: Library) -> None:
    """A question on alcohol never gets the MDMA answer; classic psychedelics close no gate."""
    entries = dict(tiny_library.entries)
    base = entries["about-bot"]
    entries["mdma"] = replace(base, id="mdma", about=frozenset({"mdma", "lsd"}))
    entries["lsd"] = replace(base, id="lsd", about=frozenset({"lsd"}))
    library = replace(tiny_library, entries=entries)
    things = NamedThings(library)
    shown = {q: allowed(things, library, q) & {"mdma", "lsd"} for q in ("beer", "mdma", "shrooms")}
    assert shown == {"beer": {"lsd"}, "mdma": {"mdma", "lsd"}, "shrooms": {"mdma", "lsd"}}


@pytest.mark.parametrize(
    ("question", "entry", "missed"),
    [
        ("lithium and lsd", "lithium", []),
        ("lithium and lsd", "what-is-microdosing", ["lithium"]),
        ("lithium and lamotrigine", "lithium", ["lamotrigine"]),
        ("beer and lsd", "what-is-microdosing", ["alcohol"]),
        ("bipolar in japan", "what-is-microdosing", []),
    ],
)
def test_tells_what_an_answer_misses(
    things: NamedThings, tiny_library: Library, question: str, entry: str, missed: list[str]
) -> None:
    """An answer that says nothing of a named drug is not given straight."""
    named = things.read(fold_words(question))
    found = things.missed(named, tiny_library.entries[entry])
    assert [thing.id for thing in found] == missed


@pytest.mark.parametrize(
    ("question", "uncovered"),
    [
        ("lithium and lsd", []),
        ("zoloft and lithium", ["sertraline"]),
        ("an anticonvulsant", ["anticonvulsant"]),
        ("lamotrigine", []),
        ("zoloft in japan", ["sertraline"]),
    ],
)
def test_tells_what_no_answer_covers(
    things: NamedThings, question: str, uncovered: list[str]
) -> None:
    """For these there is the answer that says so."""
    named = things.read(fold_words(question))
    assert [thing.id for thing in things.uncovered(named, "medicine")] == uncovered


def test_switched_off_answer_covers_nothing(tiny_library: Library) -> None:
    """Once its answer is off, lithium is a medicine without an answer, there and only there."""
    off = replace(tiny_library.entries["lithium"], enabled=False)
    without = replace(tiny_library, entries={**tiny_library.entries, "lithium": off})
    base = NamedThings(tiny_library)
    named = base.read(("lithium",))
    for things in (NamedThings(without), base.over(without)):
        assert [thing.id for thing in things.uncovered(named, "medicine")] == ["lithium"]
    assert not base.uncovered(named, "medicine")


def test_a_community_costs_next_to_no_memory(tiny_library: Library) -> None:
    """What recognises names is shared: thousands of servers may switch something off."""
    base = NamedThings(tiny_library)
    off = replace(tiny_library.entries["lithium"], enabled=False)
    entries = {**tiny_library.entries, "lithium": off}
    others = [replace(tiny_library, entries=entries) for _ in range(100)]
    tracemalloc.start()
    try:
        kept = [base.over(other) for other in others]
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(kept) == len(others)
    assert used < 4_000 * len(others)


def test_a_community_with_other_names_reads_those(tiny_library: Library) -> None:
    """Sharing never hides a name that only the other content has."""
    names = {**tiny_library.things}
    names["lithium"] = replace(names["lithium"], names=("lithobid",))
    things = NamedThings(tiny_library).over(replace(tiny_library, things=names))
    assert [thing.id for thing in things.read(("lithobid",)).things] == ["lithium"]


def test_climbs_to_everything_a_thing_belongs_to(tiny_library: Library) -> None:
    """However far up, past unknown parents, and even round in a ring."""
    known = dict(tiny_library.things)
    known["ssri"] = replace(known["ssri"], parents=("sertraline", "unknown"))
    things = NamedThings(replace(tiny_library, things=known))
    assert things.closure(known["sertraline"]) == {"sertraline", "ssri"}
    assert things.closure(known["us-or"]) == {"us-or", "us"}


@given(st.text())
def test_reads_anything(things: NamedThings, text: str) -> None:
    """Never raises, and names only what the vocabulary holds."""
    named = things.read(fold_words(text))
    assert set(named.whereabouts) <= set(named.things)
