"""Holds what we send against what Discord and Slack themselves publish about it.

`make rigs` writes the JSON Schemas. They know the shapes, Discord's also most lengths; the limits
that they do not know are in `limits_discord` and `limits_slack`. A payload with a wrong shape is
refused for that alone, since the limits count on it.
"""

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema  # type: ignore[import-untyped]
import pytest

from tests.rigs import limits_discord, limits_slack
from tests.rigs.emulator import must_run

FOLDER = Path(__file__).parents[2] / "build" / "schemas"
Limits = Callable[[Mapping[str, Any]], Iterator[str]]
_FORMATS = jsonschema.FormatChecker(formats=())


class Kind(StrEnum):
    """What a payload is for."""

    DISCORD_MESSAGE = "discord-message"
    DISCORD_EDIT = "discord-edit"
    DISCORD_FOLLOW_UP = "discord-follow-up"
    DISCORD_FOLLOW_UP_EDIT = "discord-follow-up-edit"
    DISCORD_CALLBACK = "discord-callback"
    DISCORD_COMMAND = "discord-command"
    SLACK_MESSAGE = "slack-message"
    SLACK_MODAL = "slack-modal"
    SLACK_HOME = "slack-home"


_LIMITS: Mapping[Kind, Limits] = {
    Kind.DISCORD_MESSAGE: limits_discord.message,
    Kind.DISCORD_EDIT: limits_discord.edit,
    Kind.DISCORD_FOLLOW_UP: limits_discord.message,
    Kind.DISCORD_FOLLOW_UP_EDIT: limits_discord.edit,
    Kind.DISCORD_CALLBACK: limits_discord.callback,
    Kind.DISCORD_COMMAND: limits_discord.command,
    Kind.SLACK_MESSAGE: limits_slack.message,
    Kind.SLACK_MODAL: limits_slack.view,
    Kind.SLACK_HOME: limits_slack.view,
}


_ROUTES: Sequence[tuple[str, str, Kind]] = (
    ("POST", r".*/channels/\d+/messages", Kind.DISCORD_MESSAGE),
    ("PATCH", r".*/channels/\d+/messages/\d+", Kind.DISCORD_EDIT),
    ("POST", r".*/interactions/\d+/[^/]+/callback", Kind.DISCORD_CALLBACK),
    ("POST", r".*/webhooks/\d+/[^/]+", Kind.DISCORD_FOLLOW_UP),
    ("PATCH", r".*/webhooks/\d+/[^/]+/messages/[^/]+", Kind.DISCORD_FOLLOW_UP_EDIT),
)


def missing() -> str:
    """Return what keeps payloads from being checked, or nothing."""
    absent = [kind for kind in Kind if not (FOLDER / f"{kind}.json").is_file()]
    return f"build/schemas lacks {', '.join(absent)}; run `make rigs`" if absent else ""


def require() -> None:
    """Skip the test when the schemas are missing; in CI, fail."""
    if reason := missing():
        (pytest.fail if must_run() else pytest.skip)(reason)


def refusals(kind: Kind, payload: Mapping[str, Any]) -> list[str]:
    """Return why the platform would refuse `payload`; an empty list if it would not.

    Raises:
        FileNotFoundError: The schemas are missing.
    """
    errors = _validator(kind).iter_errors(payload)
    shape = [f"{error.json_path}: {_short(error.message)}" for error in errors]
    return shape or list(_LIMITS[kind](payload))


def kind_of(method: str, path: str) -> Kind | None:
    """Return what the body of a call to Discord is, or None if no schema here is for it."""
    fitting = (k for m, route, k in _ROUTES if m == method and re.fullmatch(route, path))
    return next(fitting, None)


@functools.cache
def _validator(kind: Kind) -> Any:
    schema = json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    chooser = _Chooser(schema)
    keywords = {"anyOf": chooser.any_of, "$ref": chooser.ref}
    plain = jsonschema.validators.validator_for(schema)
    return jsonschema.validators.extend(plain, keywords)(schema, format_checker=_FORMATS)


class _Chooser:
    """Goes straight to the branch that a payload's own `type` names.

    Unlike the library's way it says what is wrong there instead of "not valid under any", and it
    is about ten times as quick.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema

    def ref(self, validator: Any, ref: str, instance: Any, _: Any) -> Iterator[Any]:
        yield from validator.descend(instance, self._resolved({"$ref": ref}))

    def any_of(self, validator: Any, branches: Any, instance: Any, _: Any) -> Iterator[Any]:
        fitting = [branch for branch in branches if self._fits(validator, branch, instance)]
        found = [list(validator.descend(instance, branch)) for branch in fitting]
        if not found:
            yield jsonschema.ValidationError(f"{_short(repr(instance))} has no place here")
        elif all(found):
            yield from min(found, key=len)

    def _fits(self, validator: Any, branch: Any, instance: Any) -> bool:
        branch = self._resolved(branch)
        if "anyOf" in branch:
            return any(self._fits(validator, part, instance) for part in branch["anyOf"])
        kinds = branch.get("type", ())
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(validator.is_type(instance, kind) for kind in kinds):
            return False
        return not isinstance(instance, dict) or self._is_named(branch, instance)

    def _is_named(self, branch: Any, instance: dict[str, Any]) -> bool:
        wanted = self._resolved(branch.get("properties", {}).get("type", {}))
        if "const" in wanted:
            return bool(instance.get("type") == wanted["const"])
        return "enum" not in wanted or instance.get("type") in wanted["enum"]

    def _resolved(self, branch: Any) -> Any:
        while "$ref" in branch:
            _, section, name = branch["$ref"].split("/", 2)
            branch = self._schema[section][unquote(name)]
        return branch


@_FORMATS.checks("uri")  # type: ignore[untyped-decorator]
def _is_address(value: object) -> bool:
    if not isinstance(value, str):
        return True
    found = urlsplit(value)
    return found.scheme in {"http", "https", "discord", "attachment"} and bool(found.netloc)


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:100]} … {text[-90:]}"
