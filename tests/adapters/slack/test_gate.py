"""The gate: what Slack signed a moment ago comes in once, and nothing else ever does."""

import pytest
from pydantic import SecretStr

from adapters.slack import gate as module
from adapters.slack.gate import OLDEST_S, Gate
from tests.rigs.slack_http import sign

SECRET = "not-a-secret"
NOW = 1_800_000_000
BODY = b'{"type":"event_callback"}'


class Clock:
    """A time that the test sets."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        """Return it."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The gate's clock."""
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    """A gate at noon."""
    return Gate(SecretStr(SECRET), now=clock)


def signed(body: bytes = BODY, when: float = NOW, secret: str = SECRET) -> dict[str, str]:
    """Return the headers of a request that Slack signed."""
    return sign(body, secret=secret, when=when)


@pytest.mark.parametrize("when", [NOW, NOW - OLDEST_S, NOW + OLDEST_S])
def test_what_slack_signed_a_moment_ago_comes_in(gate: Gate, when: int) -> None:
    """Clocks may differ by five minutes either way."""
    assert gate.refusal(BODY, signed(when=when)) == ""


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "not signed"),
        ({"X-Slack-Signature": "v0=1"}, "not signed"),
        ({"X-Slack-Request-Timestamp": str(NOW)}, "not signed"),
        (signed(when=NOW - OLDEST_S - 1), "old timestamp"),
        (signed(when=NOW + OLDEST_S + 1), "old timestamp"),
        (signed(secret="another"), "wrong signature"),
        (signed(b"other words"), "wrong signature"),
        ({**signed(), "X-Slack-Request-Timestamp": str(NOW - 1)}, "wrong signature"),
        ({**signed(), "X-Slack-Signature": "v0=" + "é" * 64}, "wrong signature"),
        ({**signed(), "X-Slack-Signature": signed()["X-Slack-Signature"].upper()}, "wrong sign"),
        *(
            ({**signed(), "X-Slack-Request-Timestamp": junk}, "no timestamp")
            for junk in ("soon", "-5", "1_0", "1e9", "٣", "9" * 5000, "1800000000.0")
        ),
    ],
)
def test_everything_else_is_refused(gate: Gate, headers: dict[str, str], why: str) -> None:
    """Whoever does not know the secret cannot write in a member's name, whatever they try."""
    assert gate.refusal(BODY, headers).startswith(why)


def test_bytes_that_are_no_text_are_refused(gate: Gate) -> None:
    """Also when they are signed: Slack sends text alone."""
    assert gate.refusal(b"\xff", signed(b"\xff")) == "wrong signature"


def test_the_same_request_does_not_come_in_twice(gate: Gate, clock: Clock) -> None:
    """Somebody who got hold of a request cannot use it, as long as its timestamp is good."""
    ahead = NOW + OLDEST_S
    assert gate.refusal(BODY, signed(when=ahead)) == ""
    assert gate.refusal(BODY, signed()) == ""
    clock.now = ahead + OLDEST_S
    assert gate.refusal(BODY, signed(when=ahead)) == "replayed"
    clock.now += 1
    assert gate.refusal(BODY, signed(when=ahead)) == "old timestamp"


def test_a_refused_request_takes_no_place(gate: Gate) -> None:
    """What was not let in is not remembered: a stranger can fill nothing."""
    assert gate.refusal(BODY, signed(secret="another"))
    assert not gate._until


def test_what_we_failed_to_take_comes_in_again(gate: Gate) -> None:
    """Slack repeats it, and within the same second it carries the same signature."""
    assert gate.refusal(BODY, signed()) == ""
    gate.forget(signed())
    assert gate.refusal(BODY, signed()) == ""


def test_memory_is_bounded(gate: Gate, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too old to come in again is forgotten, and before that the oldest gives way."""
    monkeypatch.setattr(module, "MOST_REMEMBERED", 3)
    for number in range(5):
        assert gate.refusal(BODY, signed(when=NOW + number)) == ""
    assert len(gate._until) == 3
    assert gate.refusal(BODY, signed(when=NOW + 4)) == "replayed"
    clock.now = NOW + 5 + OLDEST_S
    assert gate.refusal(BODY, signed(when=NOW + OLDEST_S)) == ""
    assert len(gate._until) == 1
