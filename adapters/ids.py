"""The custom ids of buttons, selects and forms: each says all there is to know about its press.

Nothing is remembered about a message that was sent, so controls work after a restart too, and
those of older versions as long as `read_press` understands them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain import Verdict

MAX_CUSTOM_ID = 100
SHOW = "handrail:show:"
DECLINE = "handrail:decline"
PICK = "handrail:pick"
TOPIC = "handrail:topic"
PAGE = "page:"

# A letter for each kind of Resource: their names together are longer than Discord lets an id be.
_LETTERS: Mapping[str, str] = {
    "emergency": "e",
    "crisis": "c",
    "poison": "p",
    "peer": "f",
    "treatment": "t",
    "checking": "k",
    "directory": "d",
    "animal-poison": "a",
    "legal": "l",
    "information": "i",
}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_ENTRY = r"(?P<entry>[^:\s]+)"
_CARD = r"(?P<card>[^:\s]+)"
_REGION = re.compile(r"[A-Z]{2}")
_HELP = rf"(?::(?P<kinds>[{''.join(_KINDS)}]*)(?::(?P<region>{_REGION.pattern}))?)?"
_REPLY = rf"(?P<verdict>helpful|wrong|outdated):{_ENTRY}:(?P<key>[0-9a-f]{{12}})"
_PAGE = re.compile(rf"{PAGE}([0-9]{{1,2}})")

Action = Literal["show", "decline", "details", "share", "verdict", "reason", "country", "topic"]
# Two forms may mean the same action: a button for one entry, a select for several.
_FORMS: tuple[tuple[Action, re.Pattern[str]], ...] = (
    ("show", re.compile(rf"{SHOW}(?P<entry>.+)")),
    ("show", re.compile(rf"{PICK}(?::[0-9])?")),
    ("decline", re.compile(DECLINE)),
    ("details", re.compile(rf"handrail:details:{_ENTRY}")),
    ("share", re.compile(rf"handrail:share:{_CARD}{_HELP}")),
    ("verdict", re.compile(rf"handrail:verdict:{_REPLY}")),
    ("reason", re.compile(rf"handrail:reason:{_REPLY}")),
    ("country", re.compile(rf"handrail:country:(?P<page>[0-9]{{1,2}}):{_CARD}{_HELP}")),
    ("topic", re.compile(TOPIC)),
)
_SELECTS = re.compile(rf"{PICK}(?::[0-9])?|{TOPIC}|handrail:country:.*")


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed, a select in which something was chosen, or a form sent off.

    Attributes:
        entry: The Entry to show, to detail or to judge.
        verdict: helpful, wrong or outdated.
        key: The random key of the Reply that is judged, 12 hexadecimal digits.
        card: Whose help lines are to change, or what is to be shared: an Entry's id, or `check`,
            `fallback` or `info`.
        kinds: The kinds of Resource on that card.
        region: The country whose help lines that card shows, or empty.
        page: The page of countries to turn to.
        values: What was chosen in a select.
    """

    action: Action
    entry: str = ""
    verdict: str = ""
    key: str = ""
    card: str = ""
    kinds: tuple[str, ...] = ()
    page: int = 0
    values: tuple[str, ...] = ()
    region: str = ""

    @property
    def country(self) -> str:
        """The country that was chosen, or nothing when another page of countries was."""
        chosen = self.values[0] if self.action == "country" and self.values else ""
        return "" if chosen.startswith(PAGE) else chosen


def read_press(custom_id: str, values: Sequence[str] = ()) -> Press | None:
    """Return what was pressed, or None when it is none of ours, or none that we still know.

    Args:
        custom_id: The control's id as Discord delivers it.
        values: What was chosen, if it is a select.
    """
    if _SELECTS.fullmatch(custom_id) and not values:
        return None
    for action, form in _FORMS:
        if found := form.fullmatch(custom_id):
            return _press(action, found.groupdict(default=""), tuple(values))
    return None


def details_id(entry: str) -> str:
    """Return the id of the button that shows the details and sources of `entry`."""
    return f"handrail:details:{entry}"


def share_id(card: str, kinds: Sequence[str] = (), region: str | None = None) -> str:
    """Return the id of the button that posts a card where others can read it."""
    return f"handrail:share:{card}{_help(kinds, region)}"


def verdict_id(verdict: Verdict, entry: str, key: str) -> str:
    """Return the id of the button that judges the Reply `key`, which showed `entry`."""
    return f"handrail:verdict:{verdict}:{entry}:{key}"


def reason_id(verdict: str, entry: str, key: str) -> str:
    """Return the id of the form that asks what is wrong."""
    return f"handrail:reason:{verdict}:{entry}:{key}"


def country_id(page: int, card: str, kinds: Sequence[str], region: str | None = None) -> str:
    """Return the id of the select, turned to `page`, that changes the help lines of a card."""
    return f"handrail:country:{page}:{card}{_help(kinds, region)}"


def pick_id(number: int) -> str:
    """Return the id of the select of entries with this number, 0 to 9, in its message."""
    return f"{PICK}:{number}" if number else PICK


def fits(custom_id: str) -> bool:
    """Return whether Discord takes `custom_id`."""
    return bool(custom_id.strip()) and len(custom_id.encode()) <= MAX_CUSTOM_ID


def _help(kinds: Sequence[str], region: str | None) -> str:
    letters = "".join(dict.fromkeys(_LETTERS.get(kind, "") for kind in kinds))
    if region and _REGION.fullmatch(region):
        return f":{letters}:{region}"
    return f":{letters}" if letters else ""


def _press(action: Action, found: Mapping[str, str], values: tuple[str, ...]) -> Press:
    turned = _PAGE.fullmatch(values[0]) if values else None
    picked = values[0] if action == "show" and values else ""
    return Press(
        action,
        entry=found.get("entry", "") or picked,
        verdict=found.get("verdict", ""),
        key=found.get("key", ""),
        card=found.get("card", ""),
        kinds=tuple(_KINDS[letter] for letter in found.get("kinds", "")),
        region=found.get("region", ""),
        page=int(turned[1] if turned else found.get("page", "") or 0),
        values=values,
    )
