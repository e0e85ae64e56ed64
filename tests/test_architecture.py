"""The house itself: who may import whom, who may print, how large a room may grow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted(
    path
    for room in ("bot", "adapters")
    for path in (ROOT / room).rglob("*.py")
    if not path.name.startswith(".")
)
MAY_PRINT = {"bot/cli.py", "bot/printing.py", "adapters/console.py"}
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60
CHAT_LIBRARIES = {"discord", "slack_bolt", "slack_sdk"}
HEAVY_LIBRARIES = {"sqlalchemy", "alembic", "aiosqlite"}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the project, without writing anything into it."""
    return subprocess.run(
        [sys.executable, "-B", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def name(path: Path) -> str:
    """Return the path as it is written in this project's documents."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function and method of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def test_imports_keep_their_contracts() -> None:
    """Imports go one way, platforms stay in their rooms (contracts in pyproject.toml)."""
    script = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    done = run("-c", script.replace("lint_imports())", "lint_imports(no_cache=True))"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 broken" in done.stdout


@pytest.mark.parametrize("path", CODE, ids=name)
def test_only_the_command_and_the_console_print(path: Path) -> None:
    """Everything else says what it has to say in a Reply, an error or the log."""
    calls = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
    printed = [c.lineno for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"]
    assert printed == [] or name(path) in MAY_PRINT


def test_content_holds_nothing_executable() -> None:
    """Whoever may change words in faq/ can never let code through."""
    strange = [
        name(path)
        for path in (ROOT / "faq").rglob("*")
        if path.is_file() and path.suffix not in {".yaml", ".md", ".jsonl", ".json"}
    ]
    assert strange == []


@pytest.mark.parametrize("path", CODE, ids=name)
def test_modules_and_functions_stay_small(path: Path) -> None:
    """A module fits in one's head, a function on one screen."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    too_long = [
        function.name
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert too_long == []


@pytest.mark.parametrize("path", CODE, ids=name)
def test_modules_say_why_they_exist(path: Path) -> None:
    """The first thing in every module is a sentence."""
    assert (ast.get_docstring(ast.parse(path.read_bytes())) or "").strip()


@pytest.mark.parametrize(
    "arguments", [["check", "tests/data/faq"], ["ask", "--faq", "tests/data/faq", "who are you"]]
)
def test_commands_load_no_library_they_do_not_need(arguments: list[str]) -> None:
    """Checking words needs neither a chat platform nor a database."""
    script = (
        f"import sys; sys.argv = ['handrail', *{arguments!r}]\n"
        "from bot.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    print('LOADED', *sorted({m.partition('.')[0] for m in sys.modules}))\n"
    )
    done = run("-c", script)
    assert "LOADED" in done.stdout, done.stdout + done.stderr
    loaded = set(done.stdout.rpartition("LOADED")[2].split())
    assert "bot" in loaded
    assert loaded & (CHAT_LIBRARIES | HEAVY_LIBRARIES) == set()


def test_every_test_claims_something() -> None:
    """The docstring of a test is the claim that it holds."""
    silent = [
        f"{name(path)}:{function.lineno}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for function in functions(path)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    assert silent == []


def test_nothing_is_mocked() -> None:
    """Stand-ins are written by hand, at the ports (tests/fakes.py)."""
    mocked = [
        name(path)
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Import | ast.ImportFrom) and "mock" in ast.dump(node)
    ]
    assert mocked == []
