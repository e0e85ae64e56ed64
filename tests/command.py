"""Runs the commands as people type them, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TINY_FAQ = ROOT / "tests" / "data" / "faq"
COMMAND = [sys.executable, "-m", "bot"]


def handrail(
    *arguments: str | Path, typed: str | bytes = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run a command with a clean environment and return what it printed and its exit code."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=ROOT,
        input=typed if isinstance(typed, str) else typed.decode(),
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def write_faq(folder: Path, **files: str) -> Path:
    """Write a bare content folder: three fields an entry."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


BARE = "title: Trams\nask:\n  - when does the tram leave\n  - tram times\nshort: At noon.\n"
