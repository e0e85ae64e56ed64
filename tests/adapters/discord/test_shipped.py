"""The program in a process of its own against the fake Discord: every check that the image passes.

shipped.sh runs the same checks over TLS, with nothing about the program changed.
"""

import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.rigs.discord_gateway import FakeDiscord
from tests.rigs.discord_program import redirected
from tests.rigs.discord_shipped import CHECKS
from tests.rigs.discord_stage import Absent, Check, Stage

pytestmark = [
    pytest.mark.wire,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        "SHIPPED_CHECKED" in os.environ, reason="the image has just passed the same checks"
    ),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """The fake Discord, and the program as it comes."""
    folder: Path = tmp_path_factory.mktemp("handrail")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with FakeDiscord() as fake:
        program = redirected(fake, folder, port)
        yield Stage(fake, program)
        if program.runs:
            await program.stop()


@pytest.mark.parametrize("check", [c for c in CHECKS if not c.slow], ids=lambda check: check.name)
async def test_holds_on_the_wire(stage: Stage, check: Check) -> None:
    """What the check's own sentence says."""
    await stage.begin()
    try:
        await check.run(stage)
    except Absent as absent:
        pytest.skip(str(absent))
