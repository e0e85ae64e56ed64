"""The operator's settings: one frozen Config, read from one YAML file and the environment.

The file never holds a secret, only the names of the environment variables that do. For every
such variable NAME, NAME_FILE may name a file to read it from (Docker and Kubernetes secrets).
Every setting is documented in `config.example.yaml`; a test holds the two together.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic_core import ErrorDetails

from bot.errors import ConfigError
from bot.yamlfile import Document, read_yaml

EMBEDDED_FAQ = Path(__file__).resolve().parent.parent / "faq"
EnvName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Place = Literal["channel", "dm"]
_PUBLIC = r"^(https://[^\s/?#@]+|http://(127\.0\.0\.1|localhost)(:\d+)?)$"  # Slack asks for https
# What to do about a fault, by the setting's name or by its kind.
_ADVICE = {
    "region": "it must be a country's two-letter code in capitals, such as GB",
    "api_url": "it must be an address that begins with https:// and ends with /",
    "public_url": "it must be the address alone, without a path, such as https://bot.example.org",
    "more_scopes": "it must be a list of Slack's names for them, such as [channels:history]",
    "moderator_groups": "it must be a list of ids of user groups, such as [S0123ABCD]",
    "path_type": "it must be the path of a folder",
    "model_type": "it must be a section: its settings stand indented below it",
    "string_type": "it must be words; put them in quotes",
    "bool_type": "it must be true or false",
    "bool_parsing": "it must be true or false",
    "int_type": "it must be a whole number",
    "int_parsing": "it must be a whole number",
    "tuple_type": "it must be a list of numbers, such as [0, 1]",
}


def _auto_or_number(value: object, check: ValidatorFunctionWrapHandler) -> object:
    """Say in one sentence what pydantic would say once for each half of a union."""
    try:
        return check(value)
    except ValidationError:
        raise ValueError("it must be auto, or a whole number from 1 to 10000") from None


Shards = Annotated[
    Literal["auto"] | Annotated[int, Field(ge=1, le=10_000)], WrapValidator(_auto_or_number)
]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConsoleConfig(_Settings):
    """The console adapter."""

    enabled: bool = False


class DiscordConfig(_Settings):
    """The Discord adapter."""

    enabled: bool = False
    token_env: EnvName = "DISCORD_TOKEN"
    answer_mentions_in: Place = "channel"
    message_content: bool = False
    help_channel_pause_s: Annotated[int, Field(ge=0, le=86_400)] = 60
    age_restricted: bool = False
    shards: Shards = 1
    shard_ids: tuple[Annotated[int, Field(ge=0)], ...] = ()

    @model_validator(mode="after")
    def _shards_exist(self) -> Self:
        if self.shard_ids and self.shards == "auto":
            raise ValueError("name the number of `shards` when you give `shard_ids`")
        if self.shards != "auto" and any(i >= self.shards for i in self.shard_ids):
            raise ValueError(f"`shard_ids` count from 0 to `shards` - 1, here {self.shards - 1}")
        return self


class SlackConfig(_Settings):
    """The Slack adapter: how deliveries reach us, and whether for one workspace or for many."""

    enabled: bool = False
    mode: Literal["socket", "http"] = "socket"
    bot_token_env: EnvName = "SLACK_BOT_TOKEN"
    app_token_env: EnvName = "SLACK_APP_TOKEN"
    signing_secret_env: EnvName = "SLACK_SIGNING_SECRET"
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 3000
    workspaces: Literal["one", "many"] = "one"
    client_id_env: EnvName = "SLACK_CLIENT_ID"
    client_secret_env: EnvName = "SLACK_CLIENT_SECRET"
    encryption_key_env: EnvName = "SLACK_ENCRYPTION_KEY"
    public_url: Annotated[str, Field(pattern=_PUBLIC)] | None = None
    more_scopes: tuple[Annotated[str, Field(pattern=r"^[a-z.:_]+$")], ...] = ()
    answer_mentions_in: Place = "channel"
    help_channel_pause_s: Annotated[int, Field(ge=0, le=86_400)] = 60
    moderator_groups: tuple[Annotated[str, Field(pattern=r"^S[A-Z0-9]+$")], ...] = ()
    api_url: Annotated[str, Field(pattern=r"^https?://.+/$")] = "https://slack.com/api/"

    @property
    def listens(self) -> bool:
        """True when a web server is needed: for deliveries, or for the page to install from."""
        return self.mode == "http" or self.workspaces == "many"

    @model_validator(mode="after")
    def _many_can_be_installed(self) -> Self:
        if self.workspaces == "many" and self.public_url is None:
            raise ValueError(
                "`workspaces: many` needs `public_url`, the address under which Slack and the "
                "people who install the app reach this program, such as https://bot.example.org"
            )
        return self


class StoreConfig(_Settings):
    """What is kept, and where; of members' words nothing by default."""

    url: str = "sqlite+aiosqlite:///data/handrail.db"
    keep_feedback: bool = True
    keep_reasons: bool = False
    keep_unanswered: bool = False
    keep_days: Annotated[int, Field(ge=1, le=365)] = 30


class HealthConfig(_Settings):
    """The health endpoint for container platforms."""

    enabled: bool = False
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080


class LogConfig(_Settings):
    """What the program writes about itself; never a member's words."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Config(_Settings):
    """Every setting. Built by `load_config`; the defaults alone start the console."""

    faq: Path = EMBEDDED_FAQ
    overlays: Path | None = None
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    semantic: bool = True
    console: ConsoleConfig = ConsoleConfig()
    discord: DiscordConfig = DiscordConfig()
    slack: SlackConfig = SlackConfig()
    store: StoreConfig = StoreConfig()
    health: HealthConfig = HealthConfig()
    log: LogConfig = LogConfig()

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        slack = self.slack.port if self.slack.enabled and self.slack.listens else None
        if self.health.enabled and self.health.port == slack:
            raise ValueError(
                f"`slack.port` and `health.port` are both {slack}; give each a port of its own"
            )
        return self


def load_config(path: Path | None) -> Config:
    """Read the settings from `path`, or take the defaults when it is None.

    Paths in the file are relative to the file.

    Raises:
        ConfigError: The file is missing or something in it is wrong; the message lists every
            fault as `path:line: what; what to do`.
    """
    if path is None:
        return Config()
    if not path.exists():
        raise ConfigError(f"{path} does not exist; copy config.example.yaml to it and edit that")
    document = read_yaml(path)
    faults = [(p.line, f"{p.path}:{p.line}: {p.message}") for p in document.problems]
    if document.data is not None and not isinstance(document.data, dict):
        faults = [(1, f"{path}:1: this must be settings, one `name: value` a line")]
    # A section of which every line is commented out is one that nobody changed.
    given = {key: value for key, value in document.mapping.items() if value is not None}
    config = Config()
    try:
        config = Config.model_validate(given)
    except ValidationError as error:
        faults += [(document.line(e["loc"]), _fault(document, e)) for e in error.errors()]
    if faults:
        raise ConfigError("\n".join(fault for _, fault in sorted(faults)))
    if "faq" in given:
        config = config.model_copy(update={"faq": path.parent / config.faq.expanduser()})
    if config.overlays is not None:
        overlays = path.parent / config.overlays.expanduser()
        config = config.model_copy(update={"overlays": overlays})
    return config


def read_secret(name: str, environ: Mapping[str, str], purpose: str) -> SecretStr:
    """Return the secret in the environment variable `name`, or in the file that NAME_FILE names.

    Args:
        name: The environment variable.
        environ: The environment.
        purpose: What the secret is and where to get it, for the error.

    Raises:
        ConfigError: The variable is missing or empty, or the file cannot be read.
    """
    value = environ.get(name, "").strip()
    file = environ.get(f"{name}_FILE", "").strip()
    holder = f"the environment variable {name}"
    if not value and file:
        holder = f"{file}, the file that {name}_FILE names,"
        try:
            value = Path(file).read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{name}_FILE names {file}, which cannot be read: {error}") from None
    if not value:
        state = "is empty" if file else "is not set"
        raise ConfigError(
            f"{holder} {state}; it must hold {purpose} "
            f"(or let {name}_FILE name a file that holds it)"
        )
    if any(character.isspace() or character in "'\"" for character in value):
        raise ConfigError(
            f"{holder} holds a space, a line break or a quote beside the token; "
            "paste the token again, alone"
        )
    return SecretStr(value)


def _fault(document: Document, detail: ErrorDetails) -> str:
    loc = detail["loc"]
    key = ".".join(str(part) for part in loc)
    where = f"{document.path}:{document.line(loc)}"
    if not loc:  # two sections that do not go together
        return f"{where}: {_advice(detail)}"
    if detail["type"] == "extra_forbidden":
        known = _keys_beside(loc)
        near = get_close_matches(str(loc[-1]), known, n=1)
        advice = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(known)}"
        return f"{where}: there is no setting `{key}`; {advice}"
    if str(loc[-1]).endswith("_env"):
        # What stands there may be the token itself, and refusals are logged: it is not repeated.
        advice = "must be the NAME of an environment variable, never the token itself"
        return f"{where}: `{key}` {advice}"
    if isinstance(detail["input"], dict) and detail["type"] == "value_error":
        return f"{where}: in `{key}`, {_advice(detail)}"
    return f"{where}: `{key}` is {detail['input']!r}; {_advice(detail)}"


def _keys_beside(loc: tuple[str | int, ...]) -> list[str]:
    model: type[BaseModel] = Config
    for part in loc[:-1]:
        kind = model.model_fields[str(part)].annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            model = kind
    return list(model.model_fields)


def _advice(detail: ErrorDetails) -> str:
    name = next((part for part in reversed(detail["loc"]) if isinstance(part, str)), "")
    known = _ADVICE.get(name) or _ADVICE.get(detail["type"])
    words = detail["msg"].removeprefix("Value error, ")
    return known or words[0].lower() + words[1:]
