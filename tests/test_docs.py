"""What the documents promise is what the program does."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from bot.cli import app
from bot.config import Config, load_config
from bot.content.schema import field_table

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "config.example.yaml"


def settings(model: BaseModel) -> dict[str, object]:
    """Return every setting's dotted name with its default; sections are opened."""
    found: dict[str, object] = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            found |= {f"{name}.{key}": inner for key, inner in settings(value).items()}
        else:
            found[name] = value
    return found


def test_example_settings_are_the_defaults() -> None:
    """Whoever copies the example and changes nothing has changed nothing."""
    assert load_config(EXAMPLE) == Config()


@pytest.mark.parametrize("setting", sorted(settings(Config())))
def test_example_shows_every_setting(setting: str) -> None:
    """Each stands in the example; faq alone is commented out, as it is relative to the file."""
    value: object = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8").replace("# faq:", "faq:"))
    for part in setting.split("."):
        assert isinstance(value, dict)
        assert part in value
        value = value[part]


def test_readme_names_every_command() -> None:
    """A command that the README does not name is one that nobody finds."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)", readme, re.MULTILINE))
    commands = {
        command.name or getattr(command.callback, "__name__", "")
        for command in app.registered_commands
    }
    assert named == commands


@pytest.mark.parametrize("row", field_table().splitlines())
def test_moderators_table_holds_every_field(row: str) -> None:
    """The table of faq/README.md says of each field what the schema says."""
    assert row in (ROOT / "faq" / "README.md").read_text(encoding="utf-8").splitlines()


def links(path: Path) -> list[str]:
    """Return the targets in this project that a document links to."""
    found = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    return [target for target in found if "://" not in target and not target.startswith("mailto:")]


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sorted(ROOT.rglob("*.md"))
        if not {".venv", "node_modules", ".git", ".pytest_cache"} & set(path.parts)
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_documents_link_to_files_that_are_there(path: Path) -> None:
    """No document sends its reader into the void."""
    assert [target for target in links(path) if not (path.parent / target).exists()] == []
