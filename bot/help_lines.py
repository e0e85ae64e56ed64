"""Chooses help lines for a country and puts each into a line of neutral Markdown."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from bot.domain import Country, Help, Library, Resource
from bot.phrasing import fill, link

ANYWHERE = "INT"
MOST_HELP = 6
# The order in which a country's whole list is shown.
KINDS = (
    "emergency",
    "crisis",
    "poison",
    "peer",
    "treatment",
    "checking",
    "directory",
    "legal",
    "information",
    "animal-poison",
)
_PER_KIND = 2
_MEANT = {"UK": "GB"}  # what people write, and what the standard says


class HelpParts(TypedDict):
    """The fields of a Reply that hold help lines."""

    help_heading: str
    help: tuple[Help, ...]
    help_kinds: tuple[str, ...]
    region: str | None


class HelpLines:
    """The help lines of one Library.

    Args:
        library: The content.
        region: The operator's country (ISO 3166, upper case), or None.
    """

    def __init__(self, library: Library, region: str | None = None) -> None:
        self._library = library
        self._codes = frozenset(resource.country for resource in library.resources)
        self._region = region

    def pick(self, kinds: Sequence[str], region: str | None) -> HelpParts:
        """Return the first help lines of each kind for `region`, else the operator's country."""
        country = self.country(region)
        chosen = pick_resources(self._library.resources, kinds, country)
        return self._parts(chosen, kinds, country)

    def fixed(self, kinds: Sequence[str], region: str | None) -> HelpParts:
        """Return the same for a Reply that is shown once and not again for another country."""
        return {**self.pick(kinds, region), "help_kinds": ()}

    def all(self, region: str | None) -> HelpParts:
        """Return every help line for `region`, else the operator's country."""
        country = self.country(region)
        chosen = pick_resources(self._library.resources, KINDS, country, None, None)
        return self._parts(chosen, KINDS, country)

    def countries(self) -> tuple[Country, ...]:
        """Return every country that has help lines of its own, by name."""
        found = (Country(code, self.place(code)) for code in self._codes - {ANYWHERE})
        # Nobody looks for the United States under T.
        return tuple(sorted(found, key=lambda c: c.name.removeprefix("the ").casefold()))

    def names(self) -> Mapping[str, Country]:
        """Return every such country by each of its names and its code, as `bare` writes them."""
        countries = self.countries()
        names = {bare(country.name): country for country in countries}
        names |= {country.code.casefold(): country for country in countries}
        for country in countries:
            thing = self._library.things.get(country.code.casefold())
            for name in thing.names if thing else ():
                names.setdefault(bare(name), country)
        return names

    def country(self, region: str | None) -> str | None:
        """Return the country to show: `region` if it has help lines, else the operator's."""
        return self._known(region) or self._known(self._region)

    def place(self, code: str) -> str:
        """Return a country's name, or its code where it has none."""
        thing = self._library.things.get(code.lower())
        return thing.label if thing else code

    def _known(self, region: str | None) -> str | None:
        country = region.split("-")[0].upper() if region else ""
        country = _MEANT.get(country, country)
        return country if country in self._codes - {ANYWHERE} else None

    def _parts(
        self, chosen: Sequence[Resource], kinds: Sequence[str], country: str | None
    ) -> HelpParts:
        words = self._library.messages
        local = country and any(resource.country == country for resource in chosen)
        heading = (
            fill(words.get("reply.help_here", ""), country=self.place(country))
            if country and local
            else words.get("reply.help_anywhere", "")
        )
        return {
            "help_heading": heading if chosen else "",
            "help": tuple(Help(r.id, self._line(r)) for r in chosen),
            "help_kinds": tuple(dict.fromkeys(kinds)),
            "region": country,
        }

    def _line(self, resource: Resource) -> str:
        ways = [f"**{resource.phone}**"] if resource.phone else []
        ways += [resource.text] if resource.text else []
        name = link(resource.name, resource.url)
        kind = self._library.messages.get(f"kinds.{resource.kind}", "")
        said = resource.name.casefold().startswith(kind.casefold())
        line = (name if said else f"{kind}: {name}") + (f" {', '.join(ways)}" if ways else "")
        rest = ". ".join(p.rstrip(".") for p in (resource.audience, resource.hours) if p)
        return f"{line} ({rest})" if rest else line


def bare(name: str) -> str:
    """Return a country's name as it is compared: small letters, no article."""
    return name.strip().casefold().removeprefix("the ")


def fitting(names: Mapping[str, Country], typed: str) -> tuple[Country, ...]:
    """Return the countries one of whose `names` begins with what is typed, then those that hold it.

    A name that is typed in full comes first: "us" is the United States before it is Australia.
    """
    start = bare(typed)
    exact = [names[start]] if start in names else []
    first = [country for name, country in names.items() if name.startswith(start)]
    inside = [country for name, country in names.items() if start in name]
    return tuple(dict.fromkeys([*exact, *first, *inside]))


def pick_resources(
    resources: Sequence[Resource],
    kinds: Sequence[str],
    country: str | None,
    per_kind: int | None = _PER_KIND,
    most: int | None = MOST_HELP,
) -> list[Resource]:
    """Return resources of `kinds`, in their order, for `country` or for anywhere.

    Services of the country come first; international ones fill in for a kind the country lacks.

    Args:
        resources: All there are.
        kinds: The kinds wanted, the most pressing first.
        country: ISO 3166 code in upper case, or None.
        per_kind: The most of one kind, or None for all.
        most: The most in all, or None for all.
    """
    chosen: list[Resource] = []
    for kind in dict.fromkeys(kinds):
        of_kind = [r for r in resources if r.kind == kind]
        local = [r for r in of_kind if r.country == country]
        chosen += (local or [r for r in of_kind if r.country == ANYWHERE])[:per_kind]
    return chosen[:most]
