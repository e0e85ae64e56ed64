"""What is suggested while a question is still being typed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bootstrap import Engine, build_engine
from bot.domain import Alarm, Choice, Library, Match
from bot.responder import Responder
from tests.bot.small import CHECK, LIBRARY, URGENT, make_entry, make_responder
from tests.conftest import NOW
from tests.fakes import FakeMatcher

PINNED = ("suicide-crisis", "sleep", "driving")
NEAR = Match("tolerance", 0.3)


def ids(choices: tuple[Choice, ...]) -> list[str]:
    """Return the ids of what is suggested."""
    return [choice.entry for choice in choices]


def pinning(*matches: Match, alarm: Alarm | None = None, off: tuple[str, ...] = ()) -> Responder:
    """Return a Responder whose content pins three entries, with some switched off."""
    entries = {
        key: replace(entry, enabled=key not in off) for key, entry in LIBRARY.entries.items()
    }
    library = replace(LIBRARY, entries=entries, pinned=PINNED)
    return make_responder(*matches, alarm=alarm, library=library)


@pytest.mark.parametrize("text", ["", "   ", "?!", "👀", "\u200b"])
def test_pinned_entries_come_before_anything_is_typed(text: str) -> None:
    """In their order, emergency cards among them; what has no words is nothing yet."""
    assert ids(pinning(NEAR).suggest(text)) == list(PINNED)


@pytest.mark.parametrize("matches", [[], [Match("tolerance", 0.01)]], ids=["none", "hopeless"])
def test_pinned_entries_come_where_nothing_is_near(matches: list[Match]) -> None:
    """An empty list would look as if nothing could be asked."""
    assert ids(pinning(*matches).suggest("zebra crossing")) == list(PINNED)


def test_what_is_near_comes_in_the_engines_order_without_the_pinned() -> None:
    """The ranking is the one that answers, and as soon as it finds something it stands alone."""
    matches = [NEAR, Match("driving", 0.2), Match("lithium", 0.02), Match("sleep", 0.001)]

    assert ids(pinning(*matches).suggest("words")) == ["tolerance", "driving", "lithium"]


@pytest.mark.parametrize("alarm", [URGENT, CHECK], ids=["urgent", "check"])
@pytest.mark.parametrize(
    ("matches", "after"),
    [([NEAR], ["tolerance"]), ([], ["sleep", "driving"])],
    ids=["something near", "nothing near"],
)
def test_the_card_comes_first_where_danger_shows(
    alarm: Alarm, matches: list[Match], after: list[str]
) -> None:
    """It stands once, before what is near or pinned."""
    suggested = ids(pinning(*matches, alarm=alarm).suggest("i want to end it"))

    assert suggested == ["suicide-crisis", *after]


@pytest.mark.parametrize("text", ["words", ""])
def test_what_is_switched_off_is_never_suggested(text: str) -> None:
    """Neither as something near nor as pinned."""
    suggested = ids(pinning(NEAR, Match("driving", 0.9), off=("driving",)).suggest(text))

    assert "driving" not in suggested
    assert suggested


@pytest.mark.parametrize("alarm", [None, URGENT], ids=["no danger", "danger"])
@pytest.mark.parametrize(("limit", "shown"), [(None, 25), (25, 25), (10, 10), (1, 1)])
def test_no_more_are_suggested_than_can_be_shown(
    limit: int | None, shown: int, alarm: Alarm | None
) -> None:
    """Twenty-five is what Discord takes; the best of more stand there, the card among them."""
    many = [make_entry(f"entry-{i:02}") for i in range(40)]
    if alarm:
        many.insert(0, LIBRARY.entries[alarm.entry])
    library = replace(LIBRARY, entries={entry.id: entry for entry in many})
    near = [Match(e.id, 0.9) for e in many if e.group != "urgent"]
    responder = make_responder(*near, library=library, alarm=alarm)
    suggested = responder.suggest("words") if limit is None else responder.suggest("words", limit)

    assert ids(suggested) == [entry.id for entry in many][:shown]


def test_a_half_word_is_read_as_the_words_it_may_become() -> None:
    """The likeliest first, and what stands before it stays."""
    matcher = FakeMatcher()
    typed = ("lithium", "lithium", "lithuania", "light")
    make_responder(matcher=matcher, typed=typed).suggest("Can I lith")

    assert matcher.asked == [("can", "i", "lithium"), ("can", "i", "lithuania")]


def test_the_gate_holds_for_every_way_to_read_a_question() -> None:
    """A medicine lets no other's entry through, also while its name is half typed."""
    matches = [Match("lithium", 0.9), Match("maoi", 0.8), Match("driving", 0.7)]
    responder = make_responder(*matches, typed=("lithium", "maoi"))

    assert ids(responder.suggest("maoi")) == ["maoi", "driving"]
    assert ids(responder.suggest("lith")) == ["lithium", "driving"]


# Over the real engine


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("lith", "lithium"),
        ("can i take lit", "lithium"),
        ("lithuim", "lithium"),
        ("LAMOT", "lamotrigine"),
        ("is it legal in engl", "legal-uk"),
        ("my friend is not breath", "emergency-medical"),
    ],
)
def test_half_a_question_finds_its_entry(tiny_engine: Engine, text: str, first: str) -> None:
    """Half words, slips and capitals lead where the whole question would."""
    assert ids(tiny_engine.responder.suggest(text))[0] == first


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("lamotrigine and shr", "lithium"),
        ("shrooms with lamotrigine", "lithium"),
        ("lithium and mushrooms", "lamotrigine"),
        ("is it legal in japan", "legal-uk"),
    ],
)
def test_one_things_question_is_never_led_to_anothers_entry(
    tiny_engine: Engine, text: str, never: str
) -> None:
    """The gate that holds for answers holds for suggestions."""
    assert never not in ids(tiny_engine.responder.suggest(text))


@pytest.fixture(scope="module")
def pinned_engine(tiny_library: Library) -> Engine:
    """Return an engine over the tiny content, with one entry pinned."""
    return build_engine(replace(tiny_library, pinned=("lithium",)), now=lambda: NOW)


@given(st.text(max_size=60))
def test_whatever_is_typed_something_is_suggested(pinned_engine: Engine, text: str) -> None:
    """Each key press gets a list that can be shown: each entry once, with its title."""
    suggested = pinned_engine.responder.suggest(text)

    assert 1 <= len(suggested) <= 25
    assert len(set(suggested)) == len(suggested)
    assert all(choice.title for choice in suggested)
