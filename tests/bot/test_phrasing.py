"""The two smallest things done to curated words."""

import pytest

from bot.phrasing import fill, link


@pytest.mark.parametrize(
    ("template", "values", "filled"),
    [
        ("Help in {country}", {"country": "Japan"}, "Help in Japan"),
        ("{a} and {a}", {"a": "x"}, "x and x"),
        ("{a} {b}", {"a": "{b}", "b": "x"}, "{b} x"),
        ("{unknown} {a}", {"a": ""}, "{unknown} "),
        ("no braces", {"a": "x"}, "no braces"),
        ("{a.b} {0} {", {"a": "x"}, "{a.b} {0} {"),
    ],
)
def test_fills_braces_once(template: str, values: dict[str, str], filled: str) -> None:
    """What is filled in is never read as a template itself."""
    assert fill(template, **values) == filled


@pytest.mark.parametrize(
    ("label", "address", "shown"),
    [
        ("A board", "https://example.org/x", "[A board](https://example.org/x)"),
        ("A board", "", "A board"),
        ("A study", "https://doi.org/10.1/a(2)b", "[A study](https://doi.org/10.1/a%282%29b)"),
    ],
)
def test_links_whole_addresses(label: str, address: str, shown: str) -> None:
    """Without an address the words stand alone; brackets in one do not end it early."""
    assert link(label, address) == shown
