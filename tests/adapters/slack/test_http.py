"""HTTP mode: what is let in, what is turned away, and how the web server begins and ends."""

import asyncio
import contextlib
import gzip
import io
import logging
import socket
import time
import urllib.parse
from typing import Any

import pytest
from aiohttp import ClientSession

from adapters.slack import web as module
from adapters.slack.adapter import SlackAdapter
from adapters.slack.web import LARGEST, Door
from bot.config import SlackConfig
from bot.errors import AdapterError, ConfigError
from tests.adapters.scripted import ScriptedResponder
from tests.adapters.slack.conftest import (
    Start,
    accepted,
    build_adapter,
    one_answer,
    running,
    site_of,
    until,
)
from tests.rigs.slack_front import MEMBER, SlackFront
from tests.rigs.slack_http import Endpoint, Posted, sign, to_body
from tests.rigs.slack_payloads import TEAM, command_delivery

pytestmark = pytest.mark.wire
SECRET_WORDS = "my cat's canary"
HTTP = SlackConfig(mode="http")


@pytest.fixture
def mode() -> str:
    """Every test here is of HTTP mode."""
    return "http"


@pytest.fixture
def endpoint(adapter: SlackAdapter, front: SlackFront) -> Endpoint:
    """Where the running adapter takes deliveries."""
    del adapter
    assert front.endpoint is not None
    return front.endpoint


def asked(
    front: SlackFront, text: str = SECRET_WORDS, by: str = MEMBER
) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of `/ask`, not signed."""
    answers = front.new_response_id()
    return to_body(
        command_delivery(
            command="/ask",
            text=text,
            channel="C000000001",
            user=by,
            team=TEAM,
            url=front.address_of(answers),
            trigger="1.2",
        )
    )


async def post(
    front: SlackFront, endpoint: Endpoint, text: str = SECRET_WORDS, **signing: Any
) -> Posted:
    """Ask over HTTP, signed with any secret and at any time."""
    body, headers = asked(front, text)
    return await endpoint.post(body, {**headers, **sign(body, **signing)})


async def test_serves_until_it_is_stopped(front: SlackFront, responder: ScriptedResponder) -> None:
    """Ready once the token is tried and the address is listened on, and not a moment longer."""
    adapter = build_adapter(front, responder, HTTP)
    ready = [adapter.ready]
    async with running(adapter, front):
        assert [call.method for call in front.calls] == ["auth.test"]
        _, answers = await front.command("answer")
        await one_answer(front, answers)
        ready.append(adapter.ready)
    ready.append(adapter.ready)
    assert ready == [False, True, False]
    assert front.opened == 0
    with pytest.raises(TimeoutError, match="connection_failed"):
        await front.command("answer")


async def test_answers_slacks_question_whether_it_is_there(endpoint: Endpoint) -> None:
    """Slack asks when the address is entered, and looks at the certificate from time to time."""
    verified = await endpoint.verify("a-challenge")
    assert (verified.status, verified.text) == (200, '{"challenge": "a-challenge"}')
    async with ClientSession() as http, http.get(f"{endpoint.url}?ssl_check=1") as looked:
        assert looked.status == 200


@pytest.mark.parametrize(
    ("signing", "why"),
    [
        ({"secret": "another"}, "wrong signature"),
        ({"when": 1_000_000_000}, "old timestamp"),
        ({"when": 4_000_000_000}, "old timestamp"),
    ],
)
async def test_what_slack_did_not_just_sign_is_refused(  # noqa: PLR0913, PLR0917 - fixtures
    front: SlackFront,
    endpoint: Endpoint,
    responder: ScriptedResponder,
    signing: dict[str, Any],
    why: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Nobody is answered, and the log says why without a word of what was asked."""
    refused = await post(front, endpoint, **signing)
    assert (refused.status, refused.text) == (401, f"refused: {why}\n")
    told = "".join(capfd.readouterr())
    assert "slack request refused" in told
    assert why in told
    assert "canary" not in told
    assert not responder.asked


async def test_nobody_can_ask_in_somebody_elses_name(
    front: SlackFront, endpoint: Endpoint, responder: ScriptedResponder
) -> None:
    """The member's id is signed with the rest: another one in its place is no longer Slack's."""
    body, headers = asked(front)
    signature = sign(body)
    forged, _ = asked(front, by="U-victim")
    refused = await endpoint.post(forged, {**headers, **signature})
    assert refused.status == 401
    unsigned = await endpoint.post(body, headers)
    assert (unsigned.status, unsigned.text) == (401, "refused: not signed\n")
    assert not responder.asked


async def test_the_same_request_is_taken_once(
    front: SlackFront, endpoint: Endpoint, responder: ScriptedResponder
) -> None:
    """Whoever got hold of a request cannot repeat it, whatever they write beside the signature."""
    taken = await post(front, endpoint, "answer")
    assert taken.status == 200
    again = await endpoint.post(taken.body, {**taken.sent, "User-Agent": "another"})
    assert (again.status, again.text) == (409, "refused: replayed\n")
    as_slack_would = await endpoint.post(taken.body, {**taken.sent, "X-Slack-Retry-Num": "1"})
    assert (as_slack_would.status, as_slack_would.text) == (200, "")
    await until(lambda: responder.asked)
    assert len(responder.asked) == 1


async def test_slacks_own_repetition_is_taken_and_answered_once(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """Told that all is well: by the signature within the second, later by the event's id."""
    async with running(build_adapter(front, responder, HTTP), front):
        event = {"type": "message", "channel_type": "im", "user": MEMBER, "text": "policy"}
        event |= {"channel": await front.open_direct(), "ts": "7.2"}
        await front.event(event, event_id="EvSAME")
        await front.event(event, event_id="EvSAME", retry=1)
        await asyncio.sleep(1.1)
        await front.event(event, event_id="EvSAME", retry=2)
        await front.direct("answer")
        await until(lambda: len(accepted(front)) == 2)
    assert [question.text for question in responder.asked] == ["policy", "answer"]


async def test_what_could_not_be_taken_may_come_again_at_once(
    front: SlackFront, endpoint: Endpoint, adapter: SlackAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack's first repetition follows within the second, with the same signature."""

    async def breaks(*_: object) -> None:
        raise RuntimeError(SECRET_WORDS)

    app = adapter._app
    middleware = app._async_middleware_list[2]
    with monkeypatch.context() as broken:
        broken.setattr(middleware, "async_process", breaks)
        failed = await post(front, endpoint)
    assert failed.status == 500
    again = await endpoint.post(failed.body, failed.sent)
    assert again.status == 200


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'"words"', "application/json"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"payload=1", "application/x-www-form-urlencoded"),
    ],
)
async def test_what_cannot_be_read_is_refused(endpoint: Endpoint, body: bytes, kind: str) -> None:
    """Even if it is signed."""
    refused = await endpoint.post(body, {"Content-Type": kind, **sign(body)})
    assert (refused.status, refused.text) == (400, "refused: unreadable\n")


async def test_too_large_a_request_is_refused_before_it_is_read(
    endpoint: Endpoint, capfd: pytest.CaptureFixture[str]
) -> None:
    """A stranger cannot fill the memory, compressed or not."""
    body = b"x" * (LARGEST + 1)
    for sent, headers in ((body, {}), (gzip.compress(body), {"Content-Encoding": "gzip"})):
        async with (
            ClientSession(headers={**headers, **sign(body)}) as http,
            http.post(endpoint.url, data=io.BytesIO(sent)) as refused,
        ):
            assert refused.status == 413
    assert "request entity too large" in "".join(capfd.readouterr())


async def test_a_request_that_does_not_end_is_given_up(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger cannot hold connections by sending a byte now and then."""
    monkeypatch.setattr(module, "_READING_S", 0.2)
    where = urllib.parse.urlsplit(endpoint.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nabc")
    status = await asyncio.wait_for(reader.readline(), 2)
    writer.close()
    assert b"408" in status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("POST", "/", 404),
        ("GET", "/", 404),
        ("GET", "/slack/install", 404),
        ("GET", "/readyz", 404),
        ("POST", "/slack/events/%0d%0acanary", 404),
    ],
)
async def test_there_is_nothing_else_at_the_address(
    adapter: SlackAdapter, method: str, path: str, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    """One path, one method; what strangers try is counted, and not repeated in the log."""
    async with ClientSession() as http, http.request(method, site_of(adapter) + path) as answer:
        assert answer.status == status
    told = "".join(capfd.readouterr())
    assert "slack request refused" in told
    assert "canary" not in told


async def test_the_app_hears_nothing_of_strangers_headers(
    front: SlackFront, endpoint: Endpoint, responder: ScriptedResponder
) -> None:
    """Bolt has headers that change what it does; they are not signed, so they count for nothing."""
    body, headers = asked(front, "answer")
    more = {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "x"}
    taken = await endpoint.post(body, {**headers, **sign(body), **more})
    assert taken.status == 200
    await until(lambda: responder.asked)


async def test_many_refusals_do_not_fill_the_log(
    front: SlackFront, endpoint: Endpoint, capfd: pytest.CaptureFixture[str]
) -> None:
    """The first of a kind is logged, the rest counted: the address is open to everybody."""
    for _ in range(20):
        await post(front, endpoint, secret="another")
        await endpoint.post(b"", {})
    told = "".join(capfd.readouterr())
    assert told.count("slack request refused") == 2


async def test_a_fault_of_ours_shows_nothing_of_the_member(
    front: SlackFront,
    endpoint: Endpoint,
    adapter: SlackAdapter,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Neither in the answer nor in the log."""

    async def breaks(*_: object) -> None:
        raise RuntimeError(SECRET_WORDS)

    monkeypatch.setattr(adapter._app, "async_dispatch", breaks)
    failed = await post(front, endpoint)
    told = failed.text + "".join(capfd.readouterr())
    assert failed.status == 500
    assert "slack request failed" in told
    assert "canary" not in told


@pytest.mark.parametrize("delay", [0.0, 60.0], ids=["idle", "answer"])
async def test_ends_within_two_seconds_of_being_stopped(
    front: SlackFront, responder: ScriptedResponder, delay: float
) -> None:
    """Also while an answer hangs, and while somebody holds a connection open."""
    adapter = build_adapter(front, responder, HTTP)
    async with running(adapter, front):
        responder.delay = delay
        await front.command("answer")
        where = urllib.parse.urlsplit(site_of(adapter))
        _, writer = await asyncio.open_connection(where.hostname, where.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nContent-Length: 9\r\n\r\n")
        await writer.drain()
        began = time.monotonic()
    assert time.monotonic() - began < 2.0
    writer.close()


async def test_replies_under_way_arrive_before_the_end(
    front: SlackFront, responder: ScriptedResponder, start: Start
) -> None:
    """Stopping waits a moment for an answer that is nearly there."""
    responder.delay = 0.3
    async with start():
        _, answers = await front.command("answer")
    assert len(front.answers[answers]) == 1


async def test_an_address_that_is_taken_is_said_with_what_to_change(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """The message names the address and both settings."""
    adapter = build_adapter(front, responder, HTTP)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        adapter._door._port = taken.getsockname()[1]  # type: ignore[union-attr]
        with pytest.raises(ConfigError, match=r"cannot listen on 127\.0\.0\.1.*slack\.port"):
            await asyncio.wait_for(adapter.run(), 5)
    assert not adapter.ready


@pytest.mark.parametrize("host", ["nowhere.invalid", "203.0.113.7", "a" * 300])
async def test_an_address_that_is_not_ours_is_said_too(
    front: SlackFront, responder: ScriptedResponder, host: str
) -> None:
    """A slip in the host, or the load balancer's address in the place of our own."""
    app = build_adapter(front, responder, HTTP)._app
    door = Door(app, host, 0)
    with pytest.raises(ConfigError, match=r"cannot listen on .*slack\.host"):
        await door.open()


async def test_a_refused_token_ends_the_adapter_before_anything_listens(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """A load balancer sees nobody there, and the operator reads why."""
    adapter = build_adapter(front, responder, HTTP, bot_token="xoxb-wrong")
    with pytest.raises(AdapterError, match="SLACK_BOT_TOKEN"):
        await asyncio.wait_for(adapter.run(), 5)


async def test_waits_for_slack_at_the_start_but_not_for_ever(
    front: SlackFront, responder: ScriptedResponder
) -> None:
    """Nothing of Socket Mode is in the advice."""
    front.fault("auth.test", "internal_error", times=9)
    adapter = build_adapter(front, responder, HTTP, patience=0.5)
    with pytest.raises(AdapterError, match="out of reach") as ended:
        await asyncio.wait_for(adapter.run(), 5)
    assert "Socket Mode" not in str(ended.value)


async def test_no_log_holds_what_members_wrote(
    front: SlackFront,
    start: Start,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At level DEBUG neither the libraries nor the web server show anything of a member's."""
    caplog.set_level(logging.DEBUG)
    async with start():
        await front.command("canary in a command")
        await front.mention("canary in a mention")
        await front.direct("canary in a direct message")
        await until(lambda: len(accepted(front)) == 2)
    printed = capsys.readouterr()
    for written in (caplog.text, printed.out, printed.err):
        assert "canary" not in written
        assert MEMBER not in written
