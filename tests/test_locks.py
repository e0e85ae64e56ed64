"""The lock files: they name no index, pin everything with hashes, and fit pyproject.toml."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RUN, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
SEMANTIC = ROOT / "requirements-semantic.lock"
ENCODER = ROOT / "deploy" / "encoder" / "requirements.lock"
WEIGHTS = ROOT / "deploy" / "encoder" / "weights.lock"
LOCKS = (RUN, DEV, SEMANTIC, ENCODER, WEIGHTS)
NPM = tuple(
    path
    for path in (*ROOT.glob("package-lock.json"), *ROOT.glob("tests/rigs/**/package-lock.json"))
    if "node_modules" not in path.parts
)
PIN = re.compile(r"([a-z0-9][a-z0-9-]*)==(\S+)")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def pins(lock: Path) -> Iterator[tuple[str, str, int]]:
    """Yield name, version with its marker, and number of hashes of each package."""
    for line in lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if line.strip() and not line.startswith("#"):
            found = PIN.match(line)
            assert found, f"{lock.name}: not pinned: {line[:60]}"
            version = line.partition("==")[2].partition("--hash")[0].strip()
            yield found[1], version, len(HASH.findall(line))


def strings(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string of a JSON document under its key; who funds a package is left out."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name != "funding":
                yield from strings(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part, key)
    elif isinstance(value, str):
        yield key, value


def declared() -> dict[str, list[str]]:
    """Return the packages that pyproject.toml asks for, as lock files write them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = {
        RUN.name: project["project"]["dependencies"],
        DEV.name: project["dependency-groups"]["dev"],
        SEMANTIC.name: project["project"]["optional-dependencies"]["semantic"],
    }
    return {
        lock: [re.split(r"[\[<>=!~; ]", asked)[0].lower().replace(".", "-") for asked in wanted]
        for lock, wanted in groups.items()
    }


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_names_no_index(lock: Path) -> None:
    """A clone installs from whatever index its own machine uses."""
    assert "://" not in lock.read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", NPM, ids=lambda path: str(path.relative_to(ROOT)))
def test_npm_lock_names_no_registry(lock: Path) -> None:
    """The same for npm: integrity stays, the place it came from does not."""
    document = json.loads(lock.read_text(encoding="utf-8"))
    assert [found for found in strings(document) if "://" in found[1]] == []
    packages = {name: package for name, package in document["packages"].items() if name}
    assert [name for name, package in packages.items() if "integrity" not in package] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_has_a_hash(lock: Path) -> None:
    """Nothing is installed that was not seen when the lock was made."""
    found = list(pins(lock))
    assert found
    assert [name for name, _, hashes in found if not hashes] == []


@pytest.mark.parametrize("lock", [RUN, DEV], ids=lambda path: path.name)
def test_lock_holds_what_the_project_asks_for(lock: Path) -> None:
    """A new line in pyproject.toml without `make lock` is seen here."""
    names = {name for name, _, _ in pins(lock)}
    assert [name for name in declared()[lock.name] if name not in names] == []


def test_development_runs_what_is_shipped() -> None:
    """Tests see the same versions as members."""
    shipped = {(name, version) for name, version, _ in pins(RUN)}
    assert shipped <= {(name, version) for name, version, _ in pins(DEV)}
