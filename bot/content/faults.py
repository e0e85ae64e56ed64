"""Says a schema fault in a moderator's words: what, where, why, and what to do."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.domain import Problem
from bot.yamlfile import Document, Loc

_TYPES = {
    "string_type": "must be words; put them in quotes",
    "list_type": "must be a list: one `- item` a line",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "model_type": "must be fields, one `name: value` a line",
    "dict_type": "must be fields, one `name: value` a line",
    "date_type": "must be a date such as 2026-11-22",
    "date_parsing": "must be a date such as 2026-11-22",
    "date_from_datetime_parsing": "must be a date such as 2026-11-22",
    "date_from_datetime_inexact": "must be a date such as 2026-11-22, without a time",
    "string_too_short": "is empty; write something or remove the field",
}

_FORMS = {
    "region": "write a code in capitals, such as GB or US-OR",
    "country": "write a code of two capitals, such as GB, or INT for everywhere",
    "doi": "write the bare number, such as 10.1234/abc",
    "url": "write an address that begins with https://",
}


def explain(
    document: Document, error: ValidationError, model: type[BaseModel], at: Loc = ()
) -> list[Problem]:
    """Return one Problem for every fault in `error`.

    Args:
        document: The file, for its lines.
        error: What pydantic found.
        model: What the record should have been, for "did you mean".
        at: Where in the file the record stands.
    """
    whole = "the record" if at else "the file"
    return [
        document.problem(
            (*at, *detail["loc"]), _message(detail, model, whole), f"schema-{detail['type']}"
        )
        for detail in error.errors()
    ]


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return a question that names the nearest of `known`, or `otherwise` if none is near."""
    near = get_close_matches(word, list(known), n=1)
    return f"did you mean `{near[0]}`?" if near else otherwise


def _message(detail: ErrorDetails, model: type[BaseModel], whole: str) -> str:
    name = ".".join(str(part) for part in detail["loc"])
    if not name:
        return f"{whole} {_TYPES.get(detail['type'], detail['msg'])}"
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind == "missing":
        return f"`{name}` is missing; add it"
    if kind == "extra_forbidden":
        known = _fields_beside(detail["loc"], model)
        hint = did_you_mean(str(detail["loc"][-1]), known, f"known fields: {', '.join(known)}")
        return f"there is no field `{name}`; {hint}"
    if kind == "string_too_long":
        length, most = len(str(detail["input"])), context["max_length"]
        return f"`{name}` has {length} characters; at most {most} fit, so shorten it"
    if kind == "too_long":
        return f"`{name}` has too many items; at most {context['max_length']}"
    if kind == "literal_error":
        return f"`{name}` is {detail['input']!r}; it must be one of {context['expected']}"
    if kind == "string_pattern_mismatch":
        field = next((part for part in reversed(detail["loc"]) if isinstance(part, str)), "")
        form = _FORMS.get(field, "use small letters and digits, with hyphens between words")
        return f"`{name}` is {detail['input']!r}; {form}"
    return f"`{name}` {_TYPES.get(kind) or _lower_first(detail['msg'])}"


def _fields_beside(loc: tuple[str | int, ...], model: type[BaseModel]) -> list[str]:
    """Return the fields that may stand at `loc` instead, in the records of a list as well."""
    for part in loc[:-1]:
        if isinstance(part, str):
            inner = (
                model.model_fields[part].annotation,
                *get_args(model.model_fields[part].annotation),
            )
            model = next(
                (k for k in inner if isinstance(k, type) and issubclass(k, BaseModel)), model
            )
    return [field.alias or key for key, field in model.model_fields.items()]


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]
