"""The operator's settings and secrets, and every way to get them wrong."""

from pathlib import Path

import pytest

from bot.config import EMBEDDED_FAQ, Config, load_config, read_secret
from bot.errors import ConfigError

TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"


def load(folder: Path, content: str) -> Config:
    """Write `content` to a file and load it."""
    path = folder / "config.yaml"
    path.write_text(content, encoding="utf-8")
    return load_config(path)


def refused(folder: Path, content: str) -> list[str]:
    """Return the faults for which `content` is refused, without the path before each."""
    with pytest.raises(ConfigError) as caught:
        load(folder, content)
    path = f"{folder / 'config.yaml'}:"
    lines = str(caught.value).splitlines()
    assert all(line.startswith(path) for line in lines)
    return [line.removeprefix(path) for line in lines]


def test_defaults_need_no_file_and_keep_nothing() -> None:
    """Whoever starts without settings gets the shipped answers, no platform and no store."""
    config = load_config(None)
    assert config == Config()
    assert config.faq == EMBEDDED_FAQ
    assert EMBEDDED_FAQ.is_dir()
    assert not any([config.discord.enabled, config.slack.enabled, config.health.enabled])
    assert not config.store.keep_unanswered
    assert not config.store.keep_reasons


@pytest.mark.parametrize(
    "content", ["", "# nothing yet\n", "discord:\n#  enabled: true\nregion: null\nfaq:\n"]
)
def test_empty_file_and_empty_sections_are_the_defaults(tmp_path: Path, content: str) -> None:
    """A section of which every line is commented out is not a fault."""
    assert load(tmp_path, content) == Config()


def test_takes_what_is_set_and_leaves_the_rest(tmp_path: Path) -> None:
    """One changed line changes one setting."""
    config = load(tmp_path, "region: GB\nslack:\n  enabled: true\nstore: {keep_days: 7}\n")
    assert (config.region, config.slack.enabled, config.store.keep_days) == ("GB", True, 7)
    assert config.slack.bot_token_env == "SLACK_BOT_TOKEN"
    assert not config.discord.enabled


@pytest.mark.parametrize(
    ("typed", "folder"),
    [("answers", "{here}/answers"), ("/srv/faq", "/srv/faq"), ("~/x", "{home}/x")],
)
def test_reads_folders_relative_to_the_file(tmp_path: Path, typed: str, folder: str) -> None:
    """Folders are looked for beside the settings, wherever the program starts."""
    wanted = Path(folder.format(here=tmp_path, home=Path.home()))
    assert load(tmp_path, f"faq: {typed}\n").faq == wanted
    assert load(tmp_path, f"overlays: {typed}\n").overlays == wanted


@pytest.mark.parametrize(
    ("typed", "shards", "ids"),
    [("", 1, ()), ("shards: auto", "auto", ()), ("shards: 4, shard_ids: [0, 3]", 4, (0, 3))],
)
def test_connections_are_counted_left_to_discord_or_shared_out(
    tmp_path: Path, typed: str, shards: int | str, ids: tuple[int, ...]
) -> None:
    """One connection by default; as many as Discord advises; or some of them in this process."""
    discord = load(tmp_path, f"discord: {{{typed}}}\n").discord
    assert (discord.shards, discord.shard_ids) == (shards, ids)


@pytest.mark.parametrize(
    ("typed", "listens"),
    [
        ("", False),
        ("mode: http", True),
        ("workspaces: many, public_url: 'https://bot.example.org'", True),
        ("public_url: 'http://127.0.0.1:3000'", False),
    ],
)
def test_slack_needs_a_port_only_when_something_is_to_come_in(
    tmp_path: Path, typed: str, *, listens: bool
) -> None:
    """The default opens none, and then shares a number with the health endpoint without harm."""
    health = "health: {enabled: true, port: 3000}\n" if not listens else ""
    config = load(tmp_path, f"slack: {{enabled: true, {typed}}}\n{health}")
    assert config.slack.listens is listens


def test_settings_cannot_be_changed_afterwards() -> None:
    """A running program's settings stay what they were."""
    with pytest.raises(ValueError, match="frozen"):
        setattr(Config(), "region", "GB")  # noqa: B010 - mypy sees the plain assignment


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("- a\n", "1: this must be settings, one `name: value` a line"),
        ("hello\n", "1: this must be settings, one `name: value` a line"),
        ("region: GB\nregion: US\n", "2: `region` stands here again (first on line 1)"),
        ("faq: 3\n", "1: `faq` is 3; it must be the path of a folder"),
        ("\nregion: gb\n", "2: `region` is 'gb'; it must be a country's two-letter code in"),
        ("region: GBR\n", "1: `region` is 'GBR'; it must be a country's two-letter code in"),
        ("slak:\n  enabled: true\n", "1: there is no setting `slak`; did you mean `slack`?"),
        ("xyz: 1\n", "1: there is no setting `xyz`; known here: faq, overlays, region"),
        ("log:\n  levle: info\n", "2: there is no setting `log.levle`; did you mean `level`?"),
        ("log:\n  colour: no\n", "2: there is no setting `log.colour`; known here: level, format"),
        ("discord: true\n", "1: `discord` is True; it must be a section"),
        ("discord:\n  enabled: maybe\n", "2: `discord.enabled` is 'maybe'; it must be true or f"),
        ("store:\n  keep_days: 0\n", "2: `store.keep_days` is 0; input should be greater than"),
        ("store:\n  keep_days: 366\n", "2: `store.keep_days` is 366; input should be less than"),
        ("store:\n  keep_days: x\n", "2: `store.keep_days` is 'x'; it must be a whole number"),
        ("health:\n  port: 99999\n", "2: `health.port` is 99999; input should be less than"),
        ("health:\n  host: 1\n", "2: `health.host` is 1; it must be words"),
        ("log:\n  level: LOUD\n", "2: `log.level` is 'LOUD'; input should be 'debug', 'info'"),
        ("slack:\n  api_url: slack.com\n", "2: `slack.api_url` is 'slack.com'; it must be an ad"),
        ("discord:\n  answer_mentions_in: DM\n", "2: `discord.answer_mentions_in` is 'DM'; inp"),
        ("discord:\n  shards: many\n", "2: `discord.shards` is 'many'; it must be auto, or a whol"),
        ("discord:\n  shards: 0\n", "2: `discord.shards` is 0; it must be auto, or a whole numb"),
        ("discord:\n  shard_ids: 1\n", "2: `discord.shard_ids` is 1; it must be a list of number"),
        ("discord:\n  shards: 2\n  shard_ids: [2]\n", "1: in `discord`, `shard_ids` count from"),
        ("discord:\n  shards: auto\n  shard_ids: [0]\n", "1: in `discord`, name the number of"),
        ("slack:\n  mode: HTTP\n", "2: `slack.mode` is 'HTTP'; input should be 'socket' or 'http'"),
        ("slack:\n  port: 0\n", "2: `slack.port` is 0; input should be greater than"),
        ("slack:\n  host: ''\n", "2: `slack.host` is ''; string should have at least 1"),
        ("slack:\n  workspaces: all\n", "2: `slack.workspaces` is 'all'; input should be 'one'"),
        ("slack:\n  workspaces: many\n", "1: in `slack`, `workspaces: many` needs `public_url`"),
        ("slack:\n  public_url: https://a.org/\n", "2: `slack.public_url` is 'https://a.org/'; it"),
        ("slack:\n  public_url: http://a.org\n", "2: `slack.public_url` is 'http://a.org'; it mu"),
        ("slack:\n  public_url: https://u@a.org\n", "2: `slack.public_url` is 'https://u@a.org'; "),
        ("slack:\n  more_scopes: [a b]\n", "2: `slack.more_scopes.0` is 'a b'; it must be a list"),
        ("slack:\n  moderator_groups: S1\n", "2: `slack.moderator_groups` is 'S1'; it must be a l"),
        ("slack:\n  moderator_groups: [mods]\n", "2: `slack.moderator_groups.0` is 'mods'; it mus"),
        (
            "slack: {enabled: true, mode: http, port: 80}\nhealth: {enabled: true, port: 80}\n",
            "1: `slack.port` and `health.port` are both 80; give each a port of its own",
        ),
        ("overlays: 3\n", "1: `overlays` is 3; it must be the path of a folder"),
        ("discord:\n  enabled: yes\n", "2: YAML reads yes as true; write true, or 'yes' in quo"),
    ],
)  # fmt: skip
def test_refusal_names_line_key_and_remedy(tmp_path: Path, content: str, fault: str) -> None:
    """The operator reads where, what and what to do, and needs no manual."""
    assert any(line.startswith(fault) for line in refused(tmp_path, content))


def test_lists_every_fault_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    """Faults of YAML and of settings stand in one list."""
    content = "store:\n  keep_days: 0\nregion: no\nlog:\n  level: x\n  level: info\nfoo: 1\n"
    lines = [int(fault.partition(":")[0]) for fault in refused(tmp_path, content)]
    assert lines == sorted(lines)
    assert set(lines) == {2, 3, 5, 6, 7}


@pytest.mark.parametrize(
    "content",
    [
        f"discord:\n  token_env: {TOKEN}\n",
        f"discord:\n  token: {TOKEN}\n",
        "slack:\n  bot_token_env: xoxb-1234-MTk4NjIyNDgz\n",
        "slack:\n  app_token_env: xapp-1-MTk4NjIyNDgz\n",
    ],
)
def test_pasted_token_is_refused_and_never_repeated(tmp_path: Path, content: str) -> None:
    """Refusals end up in logs; a secret must not."""
    (fault,) = refused(tmp_path, content)
    assert "MTk4NjIyNDgz" not in fault
    assert "never the token itself" in fault or "did you mean `token_env`" in fault


def test_missing_file_says_what_to_copy(tmp_path: Path) -> None:
    """A path with a slip in it is not taken for an empty file."""
    with pytest.raises(ConfigError, match=r"gone\.yaml does not exist; copy config\.example\.ya"):
        load_config(tmp_path / "gone.yaml")


def test_reads_secret_from_variable_or_file(tmp_path: Path) -> None:
    """The variable wins over the file; blanks and byte order marks around it do not count."""
    path = tmp_path / "token"
    path.write_bytes(b"\xef\xbb\xbffrom-file\r\n")
    both = {"TOKEN": " from-env\n", "TOKEN_FILE": str(path)}
    assert read_secret("TOKEN", both, "x").get_secret_value() == "from-env"
    blank = {"TOKEN": " ", "TOKEN_FILE": str(path)}
    assert read_secret("TOKEN", blank, "x").get_secret_value() == "from-file"


def test_secret_shows_nothing_when_printed() -> None:
    """A secret that slips into a log is a row of stars."""
    assert TOKEN not in repr(read_secret("TOKEN", {"TOKEN": TOKEN}, "x"))


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({}, "variable TOKEN is not set; it must hold the bot's token (or let TOKEN_FILE name"),
        ({"TOKEN": ""}, "variable TOKEN is not set"),
        ({"TOKEN": " \n"}, "variable TOKEN is not set"),
        ({"TOKEN": "open sesame"}, "variable TOKEN holds a space"),
        ({"TOKEN": "open\nsesame"}, "variable TOKEN holds a space, a line break"),
        ({"TOKEN": "'sesame'"}, "a quote beside the token; paste the token again, alone"),
        ({"TOKEN_FILE": "{here}/gone"}, "TOKEN_FILE names {here}/gone, which cannot be read: "),
        ({"TOKEN_FILE": "{here}"}, "TOKEN_FILE names {here}, which cannot be read: "),
        ({"TOKEN_FILE": "{here}/latin"}, "TOKEN_FILE names {here}/latin, which cannot be read: "),
        ({"TOKEN_FILE": "{here}/empty"}, "{here}/empty, the file that TOKEN_FILE names, is empty"),
        ({"TOKEN_FILE": "{here}/two"}, "{here}/two, the file that TOKEN_FILE names, holds a space"),
    ],
)
def test_bad_secret_is_refused_without_repeating_it(
    tmp_path: Path, environ: dict[str, str], told: str
) -> None:
    """The refusal names the variable or the file and what belongs there, never what is there."""
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    (tmp_path / "two").write_text("open sesame", encoding="utf-8")
    (tmp_path / "latin").write_bytes(b"sesam\xe9")
    filled = {name: value.format(here=tmp_path) for name, value in environ.items()}
    with pytest.raises(ConfigError) as caught:
        read_secret("TOKEN", filled, "the bot's token")
    assert told.format(here=tmp_path) in str(caught.value)
    assert "sesam" not in str(caught.value)
