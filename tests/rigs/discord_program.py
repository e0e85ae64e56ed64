"""Starts Handrail on the fake Discord, in a process of its own."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.rigs.discord_gateway import FakeDiscord
from tests.rigs.discord_rest import TOKEN
from tests.rigs.program import Process

SETTINGS = """\
discord: {{enabled: true{discord}}}
health: {{enabled: true, port: {port}}}
log: {{level: debug, format: json}}
store: {{keep_unanswered: true{store}}}
"""


@dataclass(slots=True)
class Program(Process):
    """Handrail on Discord."""

    async def begin(self, *, token: str = TOKEN, discord: str = "", store: str = "") -> None:
        """Start it, and do not wait.

        Args:
            token: The bot's token.
            discord: More settings for Discord, such as `, shards: 2`.
            store: More settings for the store.
        """
        settings = SETTINGS.format(discord=discord, store=store, port=self.port)
        await self.launch(settings, {"DISCORD_TOKEN": token})

    async def start(self, *, token: str = TOKEN, discord: str = "", store: str = "") -> None:
        """Start it, and wait until members can reach it; the arguments are those of `begin`."""
        await self.begin(token=token, discord=discord, store=store)
        await self.until_ready()


def redirected(fake: FakeDiscord, folder: Path, port: int) -> Program:
    """Return Handrail led to `fake` by its addresses, without TLS."""
    command = (sys.executable, "-m", "tests.rigs.discord_redirect")
    addresses = {"RIG_REST": fake.rest, "RIG_GATEWAY": fake.gateway}
    return Program(folder, command, addresses, port)


def shipped(fake: FakeDiscord, folder: Path, command: Sequence[str]) -> Program:
    """Return Handrail unchanged, where a hosts file leads Discord's names to `fake`."""
    assert fake.authority is not None
    certificate = folder / "ca.pem"
    certificate.write_bytes(fake.authority.cert_pem.bytes())
    return Program(folder, command, {"SSL_CERT_FILE": str(certificate)})
