"""Starts Handrail on the fake Slack, in a process of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.rigs.program import Process
from tests.rigs.slack_front import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackFront

SOCKET, HTTP = "socket", "http"
SETTINGS = """\
slack: {{enabled: true, mode: {mode}, port: {port}{slack}}}
health: {{enabled: true, port: {health}}}
log: {{level: debug, format: json}}
store: {{keep_feedback: true, keep_reasons: true, keep_unanswered: true}}
"""


@dataclass(slots=True)
class Program(Process):
    """Handrail on Slack.

    Attributes:
        mode: How deliveries reach it: `SOCKET` or `HTTP`.
        events_port: Where it listens for them over HTTP.
        more: More settings for Slack, such as `, api_url: ...`.
        tokens: What it finds in its environment.
    """

    mode: str = SOCKET
    events_port: int = 3000
    more: str = ""
    tokens: dict[str, str] = field(
        default_factory=lambda: {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        }
    )

    @property
    def events_url(self) -> str:
        """Where Slack delivers over HTTP; in front of it a load balancer would decrypt."""
        return f"http://127.0.0.1:{self.events_port}/slack/events"

    async def begin(self, **tokens: str) -> None:
        """Start it, and do not wait; `tokens` take the place of the usual ones."""
        words = {"mode": self.mode, "port": self.events_port, "slack": self.more}
        settings = SETTINGS.format(health=self.port, **words)
        await self.launch(settings, {**self.tokens, **tokens})

    async def start(self) -> None:
        """Start it, and wait until members can reach it."""
        await self.begin()
        await self.until_ready()


def redirected(
    front: SlackFront, folder: Path, command: Sequence[str], ports: tuple[int, int]
) -> Program:
    """Return Handrail led to `front` by its own setting for that, without TLS.

    Args:
        front: What it takes for Slack.
        folder: Where it runs.
        command: What starts it.
        ports: Where it tells about its health, and where it listens over HTTP.
    """
    program = Program(folder, command, port=ports[0], more=f", api_url: {front.api_url}")
    program.events_port = ports[1]
    return program


def shipped(front: SlackFront, folder: Path, command: Sequence[str]) -> Program:
    """Return Handrail unchanged, where a hosts file leads Slack's names to `front`."""
    assert front.authority is not None
    certificate = folder / "ca.pem"
    certificate.write_bytes(front.authority.cert_pem.bytes())
    return Program(folder, command, {"SSL_CERT_FILE": str(certificate)})
