"""The container files keep what deploy/README.md promises; the rigs build and run them for real."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import StoreConfig

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
README = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "handrail.service").read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    """Return the one service of compose.yaml."""
    document = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return dict(document["services"]["handrail"])


def final_stage() -> str:
    """Return what the image itself is made of."""
    return DOCKERFILE.rpartition("\nFROM ")[2]


def test_image_ends_with_the_words() -> None:
    """A change of words rebuilds thin layers only: nothing but what the words give comes after."""
    after = final_stage().partition("COPY faq ")[2]
    assert after
    assert not re.search(r"^(COPY|ADD) ", after, re.MULTILINE)
    assert re.findall(r"^RUN .*", after, re.MULTILINE) == [
        'RUN python -m bot chat </dev/null && python -m bot ask --lexical "is it legal" >/dev/null'
    ]


def test_image_runs_as_a_fixed_user_that_is_not_root() -> None:
    """The number is fixed, so that volumes and secrets can be given to it."""
    assert "\nUSER 10001:10001\n" in final_stage()
    assert "10001" in README


def test_image_installs_by_hash_from_the_lock() -> None:
    """Nothing that the lock does not name gets in, and nothing is compiled on the way."""
    lock = "/requirements-semantic.lock"
    assert f"--require-hashes --only-binary :all: -r {lock}\n" in DOCKERFILE


def test_image_has_a_python_that_the_project_supports() -> None:
    """All stages stand on the same one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest = tuple(int(part) for part in project["requires-python"].lstrip(">=").split("."))
    versions = re.findall(r"^FROM python:(\d+)\.(\d+)-slim", DOCKERFILE, re.MULTILINE)
    assert len(versions) == 3
    assert len(set(versions)) == 1
    assert tuple(int(part) for part in versions[0]) >= lowest


def test_default_store_lies_in_the_volume() -> None:
    """The settings that work on a desk work in the container: the same relative path."""
    inside = Path("/app") / StoreConfig().url.partition(":///")[2]
    volumes = [volume for volume in compose()["volumes"] if isinstance(volume, str)]
    assert [volume.partition(":")[2] for volume in volumes] == [str(inside.parent)]
    assert f"{inside.parent}\n" in final_stage()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("read_only", True),
        ("cap_drop", ["ALL"]),
        ("security_opt", ["no-new-privileges:true"]),
        ("restart", "unless-stopped"),
        ("mem_limit", "512m"),
    ],
)
def test_compose_takes_away_what_is_not_needed(key: str, value: object) -> None:
    """The container may write one folder, gain nothing and grow no further."""
    assert compose()[key] == value


def test_compose_opens_no_port_and_holds_no_secret() -> None:
    """Both platforms are reached from inside; tokens come from a file beside it."""
    service = compose()
    assert "ports" not in service
    assert "environment" not in service


def test_compose_mounts_the_settings_read_only() -> None:
    """A missing file is said, instead of a folder made in its place."""
    mount = next(volume for volume in compose()["volumes"] if isinstance(volume, dict))
    assert mount["target"] == "/app/config.yaml"
    assert mount["read_only"] is True
    assert mount["bind"]["create_host_path"] is False


def test_plain_docker_command_is_as_strict_as_compose() -> None:
    """Whoever does not use Compose gets the same protection by copying the command."""
    command = README.partition("docker run -d")[2].partition("```")[0]
    wanted = {"--read-only", "--cap-drop ALL", "no-new-privileges", "--memory 512m", "--tmpfs /tmp"}
    assert {flag for flag in wanted if flag not in command} == set()


def test_service_does_not_start_again_what_starting_cannot_mend() -> None:
    """Faults of content and settings wait for a person; a platform out of reach is tried again."""
    assert "\nRestart=on-failure\n" in UNIT
    assert "\nRestartPreventExitStatus=1 2\n" in UNIT
