"""Checks of the program on the wire, whatever the platform: what they are, and how they are run."""

import asyncio
import functools
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import yaml

from tests.rigs.program import ROOT

LONGEST = 300.0
STEP = 0.02


class Absent(Exception):  # noqa: N818 - it is no error
    """The program does not have what a check is about."""


class Ready(Protocol):
    """What a check works with."""

    async def begin(self) -> None:
        """Put everything in order for the next check."""


S = TypeVar("S", bound=Ready)
S_contra = TypeVar("S_contra", bound=Ready, contravariant=True)


@dataclass(frozen=True)  # no slots: with them, Python 3.11 cannot say what it is generic over
class Check(Generic[S_contra]):
    """One thing that must hold.

    Attributes:
        name: It in words.
        run: Raises AssertionError if it does not hold, and Absent if it cannot be tried.
        slow: Whether it takes a minute or more.
    """

    name: str
    run: Callable[[S_contra], Awaitable[None]]
    slow: bool = False


def named(*runs: Callable[[S], Awaitable[None]]) -> tuple[Check[S], ...]:
    """Return checks named after their functions."""
    return tuple(Check(getattr(run, "__name__").replace("_", " "), run) for run in runs)  # noqa: B009


async def run_checks(stage: S, checks: Sequence[Check[S]]) -> int:
    """Run `checks` in order, print how each went, and return how many did not hold."""
    failed = 0
    for number, check in enumerate(checks, start=1):
        began, why = time.monotonic(), ""
        try:
            async with asyncio.timeout(LONGEST):
                await stage.begin()
                await check.run(stage)
            verdict = "ok"
        except Absent as absent:
            verdict, why = "skipped", f": {absent}"
        except Exception as error:  # noqa: BLE001 - whatever breaks, the others are run
            verdict, why = "NOT OK", "".join(traceback.format_exception(error, limit=-2))
            why = "\n    | " + why.strip().replace("\n", "\n    | ")
            failed += 1
        took = f"({time.monotonic() - began:.1f} s)"
        sys.stdout.write(f"{verdict} {number} {check.name} {took}{why}\n")
        sys.stdout.flush()
    return failed


async def until(condition: Callable[[], Any], what: str = "it", seconds: float = 10.0) -> None:
    """Wait until `condition` holds; a check fails when it does not within `seconds`.

    Raises:
        AssertionError: It did not; the words name `what`.
    """
    try:
        async with asyncio.timeout(seconds):
            while True:
                found = condition()
                if await found if asyncio.iscoroutine(found) else found:
                    return
                await asyncio.sleep(STEP)
    except TimeoutError:
        raise AssertionError(f"{what} did not come within {seconds:.0f} s") from None


@functools.cache
def title_of(entry: str) -> str:
    """Return the title of an entry of the shipped content."""
    (path,) = (ROOT / "faq").glob(f"*/{entry}.yaml")
    return str(_read(path)["title"])


@functools.cache
def sentence(key: str) -> str:
    """Return a sentence of `faq/messages.yaml` by `section.name`, up to its first blank to fill."""
    section, _, name = key.partition(".")
    found = str(_read(ROOT / "faq" / "messages.yaml")[section][name])
    return found.partition("{")[0].strip()


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
