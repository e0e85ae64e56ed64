"""What each kind of file in `faq/` may hold; the JSON Schema for editors is made from this.

The descriptions are written for moderators: the field table of `faq/README.md` is generated
from them.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

TITLE_MAX = 75
SHORT_MAX = 600
SECTION_MAX = 1000
ASK_MIN = 8
KINDS = (
    "emergency", "crisis", "poison", "peer", "treatment", "checking", "directory",
    "animal-poison", "legal", "information",
)  # fmt: skip

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[_-][a-z0-9]+)*$")]
Grade = Literal["high", "moderate", "low", "very-low", "none"]
Severity = Literal["avoid", "caution", "unknown"]
Kind = Literal[
    "emergency", "crisis", "poison", "peer", "treatment", "checking", "directory",
    "animal-poison", "legal", "information",
]  # fmt: skip
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$")]


Countries = Annotated[
    list[Country],
    BeforeValidator(
        lambda value: [value] if isinstance(value, str) else value,
        json_schema_input_type=list[Country] | Country,
    ),
]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


class SectionFile(_File):
    """One section of the longer answer."""

    heading: Annotated[Words, Field(max_length=60)]
    text: Annotated[Words, Field(max_length=SECTION_MAX)]


class NearMiss(_File):
    """A message that must not set this entry off, and where it goes instead."""

    text: Words
    goes_to: Words


class EntryFile(_File):
    """One answer: `faq/<group>/<id>.yaml`."""

    title: Annotated[
        Words, Field(max_length=TITLE_MAX, description="What the answer is about, as a heading.")
    ]
    ask: list[Words] = Field(
        default=[],
        description="At least eight ways in which different people would really type it.",
    )
    about: list[Id] = Field(
        default=[], description="Named things it covers: ids from `faq/vocabulary/`."
    )
    short: Annotated[
        Words,
        Field(max_length=SHORT_MAX, description="The answer in plain words, safe to read alone."),
    ]
    details: Annotated[list[SectionFile], Field(max_length=5)] = Field(
        default=[], description="Up to five sections of `heading` and `text`, for who wants more."
    )
    severity: Severity | None = Field(
        default=None, description="Contraindications: avoid, caution or unknown. Never safe."
    )
    grade: Grade | None = Field(default=None, description="How sure we can be of the main claim.")
    grade_why: Annotated[str, Field(max_length=250)] = Field(
        default="", description="One sentence that says why this grade."
    )
    region: Countries = Field(
        default=[], description="Legality: country or state codes, such as GB or US-OR."
    )
    as_of: date | None = Field(default=None, description="Legality: the day the law was read.")
    sources: list[Id] = Field(
        default=[], description="Keys from `sources.yaml`; each is cited in the words as [key]."
    )
    see_also: list[Id] = Field(default=[], description="Ids of two to four related entries.")
    resources: list[Kind] = Field(default=[], description="Kinds of help to show under the answer.")
    checked: date | None = Field(default=None, description="The day its sources were last checked.")
    review_by: date | None = Field(default=None, description="The day the next check falls due.")
    signed_by: str = Field(
        default="",
        description="Name and profession of whoever has read and approved it; empty until then.",
    )
    enabled: bool = Field(default=True, description="`false` takes the answer out of use at once.")
    near_misses: list[NearMiss] = Field(
        default=[], description="Urgent and policy: messages that must not set it off."
    )
    signs: list[dict[str, Any]] = Field(
        default=[], description="Urgent: what sets it off (see `faq/urgent/README.md`)."
    )


class SourceFile(_File):
    """One record of the bibliography: `faq/sources.yaml`."""

    title: Words
    authors: str = ""
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    publisher: str = ""
    doi: Annotated[str, Field(pattern=r"^(?:10\.\d{4,9}/\S+)?$")] = ""
    url: Annotated[str, Field(pattern=r"^(?:https?://\S+)?$")] = ""
    design: str = ""
    read: date | None = None
    verified: Literal["page", "recall"] = "page"
    note: str = ""
    display: bool = True


class ResourceFile(_File):
    """One help line or service: `faq/resources.yaml`."""

    id: Id
    country: Annotated[str, StringConstraints(pattern=r"^(?:[A-Z]{2}|INT)$")]
    kind: Kind
    name: Words
    phone: str = ""
    text: str = ""
    url: Annotated[str, Field(pattern=r"^(?:https?://\S+)?$")] = ""
    hours: str = ""
    languages: str = ""
    audience: str = Field(default="", alias="for")
    note: str = ""
    checked: date
    source: Words
    ready_to_show: bool
    why: str = ""


class ThingFile(_File):
    """One named thing: a record of a file in `faq/vocabulary/`."""

    label: Words
    names: list[Words] = []
    unsure: list[Words] = []
    parents: list[Id] = Field(default=[], alias="is")
    core: bool = False


class OverlayFile(_File):
    """What one community leaves out: `overlay.yaml` in its own folder."""

    disabled: list[Words] = []


def field_table() -> str:
    """Return the rows of the field table in `faq/README.md`, one for each field of an entry."""
    rows = []
    for name, field in EntryFile.model_fields.items():
        needed = " Required." if field.is_required() else ""
        rows.append(f"| `{name}` | {field.description}{needed} |")
    return "\n".join(rows)
