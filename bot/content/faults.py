"""Says a schema fault in a moderator's words: what, where, why, and what to do."""

from difflib import get_close_matches

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
    return [
        document.problem((*at, *detail["loc"]), _message(detail, model), f"schema-{detail['type']}")
        for detail in error.errors()
    ]


def _message(detail: ErrorDetails, model: type[BaseModel]) -> str:
    name = ".".join(str(part) for part in detail["loc"]) or "the file"
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind == "missing":
        return f"`{name}` is missing; add it"
    if kind == "extra_forbidden":
        known = [field.alias or key for key, field in model.model_fields.items()]
        near = get_close_matches(str(detail["loc"][-1]), known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known fields: {', '.join(known)}"
        return f"there is no field `{name}`; {hint}"
    if kind == "string_too_long":
        length, most = len(str(detail["input"])), context["max_length"]
        return f"`{name}` has {length} characters; at most {most} fit, so shorten it"
    if kind == "too_long":
        return f"`{name}` has too many items; at most {context['max_length']}"
    if kind == "literal_error":
        return f"`{name}` is {detail['input']!r}; it must be one of {context['expected']}"
    if kind == "string_pattern_mismatch":
        return f"`{name}` is {detail['input']!r}, which is not of the right form"
    return f"`{name}` {_TYPES.get(kind, detail['msg'])}"
