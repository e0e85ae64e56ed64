"""Starts Handrail in a process of its own, as its operator does, and looks at it from outside."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]
# A first start on new content computes for half a minute; a later one takes two seconds.
STARTS_WITHIN, STOPS_WITHIN, _STEP = 180.0, 15.0, 0.02


@dataclass(slots=True)
class Process:
    """One way to start Handrail, on whatever platform.

    Attributes:
        folder: Where it runs: its settings, its store and its log are there.
        command: What `run --config FILE` follows.
        environ: Variables beside those of this process.
        port: Where it tells about its health.
        codes: The exit code of each process that ended.
        stopped_in: Seconds that the last one took to stop.
    """

    folder: Path
    command: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    port: int = 8080
    codes: list[int] = field(default_factory=list)
    stopped_in: float = 0.0
    _running: asyncio.subprocess.Process | None = None

    @property
    def runs(self) -> bool:
        """Whether it runs."""
        return self._running is not None and self._running.returncode is None

    @property
    def log(self) -> str:
        """Everything that it has written, over all its starts."""
        path = self.folder / "log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    async def launch(self, settings: str, environ: Mapping[str, str]) -> None:
        """Start it, and do not wait.

        Args:
            settings: What stands in its settings.
            environ: Variables beside its own, such as tokens.
        """
        path = self.folder / "config.yaml"
        path.write_text(settings)
        (self.folder / "data").mkdir(exist_ok=True)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("SSL_CERT")}
        own = {"PYTHONPATH": str(ROOT), **environ, **self.environ}
        with (self.folder / "log").open("ab") as log:
            self._running = await asyncio.create_subprocess_exec(
                *self.command,
                *("run", "--config", str(path)),
                cwd=self.folder,
                env=inherited | own,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def until_ready(self) -> None:
        """Wait until members can reach it."""
        async with asyncio.timeout(STARTS_WITHIN):
            while not await self.ready():
                assert self.runs, f"it ended at its start:\n{self.log[-2000:]}"
                await asyncio.sleep(_STEP)

    async def ended(self, seconds: float = 60.0) -> int:
        """Wait until it ends by itself, and return its exit code."""
        assert self._running is not None
        async with asyncio.timeout(seconds):
            code = await self._running.wait()
        self.codes.append(code)
        self._running = None
        return code

    async def stop(self) -> int:
        """Ask it to stop, as Docker does, and return its exit code."""
        assert self._running is not None
        began = time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            self._running.send_signal(signal.SIGTERM)
        try:
            return await self.ended(STOPS_WITHIN)
        except TimeoutError:
            self._running.kill()
            raise
        finally:
            self.stopped_in = time.monotonic() - began

    async def ready(self) -> bool:
        """Ask its health endpoint whether members can reach it."""
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{self.port}/readyz") as answer,
            ):
                return answer.status == 200
        except (aiohttp.ClientError, OSError):
            return False

    def memory(self) -> int:
        """Return the bytes of memory that it holds, container or not."""
        wanted = str(self.folder / "config.yaml").encode()
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if wanted in words and b"python" in words[0]:
                    pages = (entry / "statm").read_text().split()[1]
                    return int(pages) * os.sysconf("SC_PAGE_SIZE")
        raise LookupError("it does not run")
