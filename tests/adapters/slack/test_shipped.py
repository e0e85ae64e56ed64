"""The program in a process of its own against the fake Slack: every check that the image passes.

shipped.sh runs the same checks over TLS, with nothing about the program changed.
"""

import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.rigs.checks import Absent
from tests.rigs.slack_checks_life import CHECKS
from tests.rigs.slack_front import SlackFront
from tests.rigs.slack_program import SOCKET, redirected
from tests.rigs.slack_stage import Check, Stage

pytestmark = [
    pytest.mark.wire,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        "SHIPPED_CHECKED" in os.environ, reason="the image has just passed the same checks"
    ),
]


def free_port() -> int:
    """Return a port of the loopback address that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(
    tmp_path_factory: pytest.TempPathFactory, emulator: str, scopes: list[str]
) -> AsyncIterator[Stage]:
    """The fake Slack, and the program as it comes."""
    folder: Path = tmp_path_factory.mktemp("handrail")
    async with SlackFront(emulator, scopes=scopes) as front:
        command, ports = (sys.executable, "-m", "bot"), (free_port(), free_port())
        program = redirected(front, folder, command, ports)
        yield Stage(front, program, SOCKET)
        if program.runs:
            await program.stop()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
async def test_holds_on_the_wire(stage: Stage, check: Check) -> None:
    """What the check's own sentence says."""
    await stage.begin()
    try:
        await check.run(stage)
    except Absent as absent:
        pytest.skip(str(absent))
