"""Help lines: which are chosen for a country, and how each is put into one line."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.schema import KINDS as SCHEMA_KINDS
from bot.domain import Country, Library, Resource, Thing
from bot.help_lines import KINDS, MOST_HELP, HelpLines, HelpParts, fitting, pick_resources

POISONED = ("emergency", "poison")


@pytest.fixture
def lines(tiny_library: Library) -> HelpLines:
    """Return the tiny content's help lines, with no country of the operator's."""
    return HelpLines(tiny_library)


def ids(parts: HelpParts) -> list[str]:
    """Return the ids of the help lines."""
    return [line.id for line in parts["help"]]


@pytest.mark.parametrize(
    ("region", "heading", "shown"),
    [
        ("GB", "Help in the United Kingdom", ["gb-emergency", "gb-poison"]),
        ("gb", "Help in the United Kingdom", ["gb-emergency", "gb-poison"]),
        ("UK", "Help in the United Kingdom", ["gb-emergency", "gb-poison"]),
        ("GB-SCT", "Help in the United Kingdom", ["gb-emergency", "gb-poison"]),
        ("US", "Help in the United States", ["us-emergency"]),
        ("JP", "Help, wherever you are", ["int-emergency"]),
        ("INT", "Help, wherever you are", ["int-emergency"]),
        (None, "Help, wherever you are", ["int-emergency"]),
        ("", "Help, wherever you are", ["int-emergency"]),
    ],
)
def test_help_lines_are_the_countrys_or_international(
    lines: HelpLines, region: str | None, heading: str, shown: list[str]
) -> None:
    """Known countries get their own lines; for a kind they lack, and for others, INT's."""
    parts = lines.pick(POISONED, region)
    assert (parts["help_heading"], ids(parts)) == (heading, shown)


@pytest.mark.parametrize(
    ("region", "shown"), [("US", "us-emergency"), ("JP", "gb-emergency"), (None, "gb-emergency")]
)
def test_operators_country_fills_in_for_an_unknown_one(
    tiny_library: Library, region: str | None, shown: str
) -> None:
    """The member's country wins; the operator's is next; INT's lines are last."""
    assert ids(HelpLines(tiny_library, "GB").pick(POISONED, region))[0] == shown


def test_heading_names_a_country_only_over_its_own_lines(lines: HelpLines) -> None:
    """An international line is not passed off as the country's."""
    parts = lines.pick(["peer"], "US")
    assert (parts["help_heading"], ids(parts)) == ("Help, wherever you are", ["int-peer"])


@pytest.mark.parametrize("kinds", [[], ["legal"], ["no such kind"]])
def test_no_lines_no_heading(lines: HelpLines, kinds: Sequence[str]) -> None:
    """Where no help is asked for, and for a kind that nobody offers, nothing is shown."""
    parts = lines.pick(kinds, "GB")
    assert (parts["help_heading"], ids(parts)) == ("", [])


def test_says_what_was_looked_for_and_where(lines: HelpLines) -> None:
    """With the kinds, each once, and the country, the lines of another one can follow."""
    parts = lines.pick(["poison", "peer", "poison"], "gb-sct")
    assert (parts["help_kinds"], parts["region"]) == (("poison", "peer"), "GB")
    assert lines.pick(["peer"], "JP")["region"] is None


def test_help_line_says_all_that_is_needed_to_reach_it(lines: HelpLines) -> None:
    """Kind, name, number, text, for whom and when; a link if there is one."""
    here = [line.text for line in lines.pick(["crisis", "emergency"], "GB")["help"]]
    assert here[0] == ("Crisis line: First Line **0800 111**, text HI to 85258 (everyone. always)")
    assert here[2] == "Emergency services **999**"
    abroad = lines.pick(["crisis"], None)["help"]
    assert abroad[0].text == "Crisis line: [Find a line](https://example.org/lines)"


# Every line of a country


def test_the_whole_list_of_a_country_leaves_nothing_out(
    tiny_library: Library,
) -> None:
    """All of its own lines, the most pressing first, and INT's for the kinds it lacks."""
    more = [Resource(f"gb-treatment-{i}", "GB", "treatment", "x") for i in range(4)]
    library = replace(tiny_library, resources=(*tiny_library.resources, *more))
    shown = ids(HelpLines(library).all("GB"))
    own = {resource.id for resource in library.resources if resource.country == "GB"}
    assert shown[0] == "gb-emergency"
    assert shown.index("gb-crisis-3") < shown.index("gb-poison")
    assert set(shown) == own | {"int-peer"}


@pytest.mark.parametrize("region", ["JP", "XX", "", None])
def test_the_list_of_a_country_without_lines_is_the_international_one(
    lines: HelpLines, region: str | None
) -> None:
    """Whoever lives where no line is known still gets every line that is for everywhere."""
    parts = lines.all(region)
    assert ids(parts) == ["int-emergency", "int-crisis", "int-peer"]
    assert parts["region"] is None


def test_the_whole_list_holds_every_kind_there_is() -> None:
    """A kind that content may have and the list does not would never be shown in it."""
    assert set(KINDS) == set(SCHEMA_KINDS)
    assert KINDS[0] == "emergency"


def test_countries_are_listed_by_name_without_the_article(tiny_library: Library) -> None:
    """Those with lines of their own, in the order in which a member looks for them."""
    more = [Resource(code, code, "peer", "x") for code in ("JP", "QQ", "INT")]
    library = replace(tiny_library, resources=(*tiny_library.resources, *more))
    assert HelpLines(library).countries() == (
        Country("JP", "Japan"),
        Country("QQ", "QQ"),
        Country("GB", "the United Kingdom"),
        Country("US", "the United States"),
    )


def test_countries_are_found_by_every_name(tiny_library: Library) -> None:
    """A whole name first, then what begins so, then what holds it; nothing else."""
    lines = [Resource(code, code, "peer", "x") for code in ("US", "GB", "RU", "JP", "INT")]
    names = {"us": "United States", "gb": "United Kingdom", "ru": "Russia", "jp": "Japan"}
    things = {
        key: Thing(key, "place", f"the {name}", (name.casefold(),)) for key, name in names.items()
    }
    found = HelpLines(replace(tiny_library, resources=tuple(lines), things=things)).names()
    assert [c.code for c in fitting(found, "the US")] == ["US", "RU"]
    assert [c.code for c in fitting(found, "United")] == ["GB", "US"]
    assert [c.code for c in fitting(found, "")] == ["JP", "RU", "GB", "US"]
    assert fitting(found, "Mars") == ()


PICKED = ("emergency", "crisis", "poison", "peer", "treatment", "directory")


@given(
    st.lists(st.sampled_from(PICKED)),
    st.sampled_from(["GB", "US", "JP", None]),
    st.lists(st.tuples(st.sampled_from(["GB", "US", "INT"]), st.sampled_from(PICKED)), max_size=30),
)
def test_picks_few_lines_that_fit(
    kinds: list[str], country: str | None, made: list[tuple[str, str]]
) -> None:
    """Each once, at most two of a kind and six in all, none of another country."""
    resources = [Resource(str(i), where, kind, "x") for i, (where, kind) in enumerate(made)]
    picked = pick_resources(resources, kinds, country)
    assert len({r.id for r in picked}) == len(picked) <= MOST_HELP
    assert all(r.kind in kinds and r.country in {country, "INT"} for r in picked)
    assert all(sum(r.kind == kind for r in picked) <= 2 for kind in PICKED)
    if kinds and any(r.kind == kinds[0] and r.country in {country, "INT"} for r in resources):
        assert picked[0].kind == kinds[0]
