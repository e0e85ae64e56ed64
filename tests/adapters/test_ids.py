"""Custom ids, made and read back: what a press says after any restart, and what is none of ours."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.ids import (
    DECLINE,
    PICK,
    SHOW,
    TOPIC,
    Press,
    country_id,
    details_id,
    fits,
    pick_id,
    read_press,
    reason_id,
    share_id,
    verdict_id,
)
from bot.config import EMBEDDED_FAQ
from bot.content.schema import KINDS

KEY = "0123456789ab"
CARD = "emergency-medical"


@pytest.mark.parametrize(
    ("custom_id", "press"),
    [
        (f"{SHOW}lithium", Press("show", entry="lithium")),
        (DECLINE, Press("decline")),
        (details_id("lithium"), Press("details", entry="lithium")),
        (share_id("lithium"), Press("share", card="lithium")),
        (
            share_id(CARD, ("emergency", "poison"), "GB"),
            Press("share", card=CARD, kinds=("emergency", "poison"), region="GB"),
        ),
        (share_id(CARD, (), "GB"), Press("share", card=CARD, region="GB")),
        (
            verdict_id("helpful", "lithium", KEY),
            Press("verdict", entry="lithium", verdict="helpful", key=KEY),
        ),
        (
            reason_id("outdated", "lithium", KEY),
            Press("reason", entry="lithium", verdict="outdated", key=KEY),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_reads_back_what_a_button_or_form_says(custom_id: str, press: Press) -> None:
    """Nothing but the id is needed to know what was pressed."""
    assert read_press(custom_id) == press


@pytest.mark.parametrize(
    ("custom_id", "chosen", "press"),
    [
        (PICK, "lithium", Press("show", entry="lithium", values=("lithium",))),
        (pick_id(3), "lithium", Press("show", entry="lithium", values=("lithium",))),
        (TOPIC, "risks", Press("topic", values=("risks",))),
        (
            country_id(0, CARD, ("emergency", "poison"), "GB"),
            "FR",
            Press(
                "country",
                card=CARD,
                kinds=("emergency", "poison"),
                values=("FR",),
                region="GB",
            ),
        ),
        (
            country_id(1, "check", ("crisis",)),
            "page:0",
            Press("country", card="check", kinds=("crisis",), values=("page:0",)),
        ),
        (
            country_id(0, "fallback", (), "GB"),
            "page:2",
            Press("country", card="fallback", page=2, values=("page:2",), region="GB"),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_reads_back_what_was_chosen_in_a_select(custom_id: str, chosen: str, press: Press) -> None:
    """The id says what the choice is for, the value what was chosen."""
    assert read_press(custom_id, [chosen]) == press


@pytest.mark.parametrize(("chosen", "country"), [("FR", "FR"), ("page:1", "")])
def test_tells_a_country_from_a_page(chosen: str, country: str) -> None:
    """Turning the page of a select chooses no country."""
    press = read_press(country_id(0, CARD, ()), [chosen])
    assert press is not None
    assert press.country == country


@pytest.mark.parametrize(
    "custom_id",
    [
        "",
        "somebody-elses",
        "handrail:",
        "handrail:show:",
        "handrail:decline:x",
        "handrail:details:",
        "handrail:details:a:b",
        "handrail:share:",
        "handrail:share:a:xyz",
        "handrail:share:a:e:gb",
        f"handrail:verdict:lovely:lithium:{KEY}",
        "handrail:verdict:helpful:lithium",
        "handrail:verdict:helpful:lithium:0123",
        f"handrail:reason:wrong:{KEY}",
        "handrail:country:x:check:e",
        "handrail:pick:11",
    ],
)
@pytest.mark.parametrize("values", [(), ("lithium",)], ids=["button", "select"])
def test_passes_over_what_is_none_of_ours(custom_id: str, values: tuple[str, ...]) -> None:
    """Foreign, broken and forgotten ids are no press."""
    assert read_press(custom_id, values) is None


@pytest.mark.parametrize("custom_id", [PICK, TOPIC, country_id(0, CARD, ())])
def test_passes_over_a_select_without_a_choice(custom_id: str) -> None:
    """A select that says nothing asks for nothing."""
    assert read_press(custom_id) is None


def test_knows_a_letter_for_every_kind_of_resource() -> None:
    """No kind is lost on the way through an id, and their order is kept."""
    press = read_press(country_id(0, CARD, KINDS), ["GB"])
    assert press is not None
    assert press.kinds == KINDS


def test_every_entry_fits_into_every_id() -> None:
    """Discord takes the ids of all that the FAQ holds, at their longest."""
    for path in Path(EMBEDDED_FAQ).rglob("*.yaml"):
        entry = path.stem
        longest = [
            SHOW + entry,
            details_id(entry),
            share_id(entry, KINDS, "GB"),
            verdict_id("outdated", entry, KEY),
            reason_id("outdated", entry, KEY),
            country_id(10, entry, KINDS, "GB"),
        ]
        assert all(fits(custom_id) for custom_id in longest)


@pytest.mark.parametrize("custom_id", ["", " ", "x" * 101, "é" * 51])
def test_knows_what_discord_refuses(custom_id: str) -> None:
    """An id is 1 to 100 characters long."""
    assert not fits(custom_id)


@given(st.text(max_size=120) | st.from_regex(r"handrail:[a-z]+(:[a-z0-9]*)*"), st.lists(st.text()))
def test_never_raises_on_an_id(custom_id: str, values: list[str]) -> None:
    """Whatever is delivered is a press or it is not."""
    press = read_press(custom_id, values)
    assert press is None or press.values == tuple(values)
