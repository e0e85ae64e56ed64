"""What becomes of calls and deliveries on the fake Slack, shown on the real slack-bolt."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientConnectionError

from tests.adapters.slack.conftest import until
from tests.adapters.slack.rig_app import (
    BOARD,
    Echo,
    button,
    connected,
    listening,
)
from tests.rigs.slack_faults import RESPONSE, broken, late, limited, refused, reset
from tests.rigs.slack_front import (
    APP_TOKEN,
    CHANNEL,
    MEMBER,
    SECOND_CHANNEL,
    SlackFront,
    Untaken,
)
from tests.rigs.slack_payloads import Delivery, event_delivery
from tests.rigs.slack_sockets import CLOSE, CUT, REFRESH, WARNING

pytestmark = pytest.mark.wire


@pytest.fixture(params=["socket", "http"])
async def echo(front: SlackFront, request: pytest.FixtureRequest) -> AsyncIterator[Echo]:
    """An app that says everything back, in both modes."""
    async with (connected if request.param == "socket" else listening)(front) as found:
        yield found


@pytest.fixture
async def socket_echo(front: SlackFront) -> AsyncIterator[Echo]:
    """The same in Socket Mode."""
    async with connected(front) as found:
        yield found


@pytest.fixture
async def http_echo(front: SlackFront) -> AsyncIterator[Echo]:
    """The same with a web server of its own."""
    async with listening(front) as found:
        yield found


async def say_at(front: SlackFront, event_id: str = "") -> str:
    """Deliver a message in a channel and return the event's id."""
    event = {"type": "message", "channel_type": "channel", "user": MEMBER, "channel": CHANNEL}
    return await front.event({**event, "text": "hi", "ts": "1.1"}, event_id=event_id)


# Calls ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("socket_echo")
async def test_refuses_what_slack_would_not_show(front: SlackFront, socket_echo: Echo) -> None:
    """Messages, private ones, answers and views; without a word of the payload in the refusal."""
    client, wrong = socket_echo.app.client, [{"type": "sectoin"}]
    row = {"type": "actions", "elements": [button("same"), button("same")]}
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "x" * 25}, "blocks": BOARD}
    for blocks in (wrong, [row], [{"type": "divider"}] * 51):
        async with socket_echo.noted():
            await client.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks)
        async with socket_echo.noted():
            await client.chat_postEphemeral(channel=CHANNEL, user=MEMBER, text="x", blocks=blocks)
    async with socket_echo.noted():
        await client.views_open(trigger_id=front.new_trigger(MEMBER), view=modal)
    async with socket_echo.noted():
        await client.views_publish(user_id=MEMBER, view={"type": "home", "blocks": wrong})
    assert socket_echo.refused == ["invalid_blocks"] * 6 + ["invalid_arguments"] * 2
    assert len(front.invalid) >= 8
    assert not front.taken()


async def test_meets_calls_with_every_fault(front: SlackFront, echo: Echo) -> None:
    """A rate limit is waited out; a break after the fact leaves the message standing."""
    front.fail(limited("chat.postMessage", 0))
    await front.mention("limited")
    await until(front.taken)
    front.fail(refused("chat.postMessage", "not_in_channel"))
    front.fail(broken("chat.postMessage"))
    await front.mention("refused")
    await front.mention("broken")
    await until(lambda: len(echo.refused) == 2)
    assert echo.refused[0] == "not_in_channel"
    front.fail(late("chat.postMessage", 0.1))
    front.fail(reset("chat.postMessage", works=True))
    began = time.monotonic()
    await front.mention("late")
    await until(lambda: len(front.taken()) == 2)
    assert time.monotonic() - began < 2.0
    client = echo.app.client
    with pytest.raises(ClientConnectionError):
        await client.chat_postMessage(channel=CHANNEL, text="cut")
    assert front.taken()[-1].fields["text"] == "cut"
    assert not front.faults


async def test_meets_answers_with_faults_too(front: SlackFront, echo: Echo) -> None:
    """Response addresses can fail as calls can."""
    front.fail(broken(RESPONSE))
    _, answers = await front.command("broken")
    await until(lambda: echo.refused)
    assert echo.refused[0].startswith("503")
    assert not front.answers[answers]


async def test_keeps_the_bot_out_of_places(front: SlackFront, echo: Echo) -> None:
    """Of channels that it is not in, and of people who shut their direct messages."""
    front.barred[CHANNEL] = "not_in_channel"
    front.barred[MEMBER] = "messages_tab_disabled"
    for place in (CHANNEL, MEMBER):
        async with echo.noted():
            await echo.app.client.chat_postMessage(channel=place, text="x")
    assert echo.refused == ["not_in_channel", "messages_tab_disabled"]
    async with echo.noted():
        await echo.app.client.chat_postMessage(channel=SECOND_CHANNEL, text="x")
    assert len(front.taken()) == 1


async def test_limits_what_a_channel_takes(front: SlackFront, echo: Echo) -> None:
    """What is more is told in whole seconds when to come again, and comes then."""
    front.posts_allowed = (1, 1.0)
    await front.mention("one")
    await front.mention("two")
    await until(lambda: len(front.taken()) == 2)
    assert [call.answer.get("error") for call in front.sent()].count("ratelimited") >= 1
    assert not echo.refused


# Deliveries -----------------------------------------------------------------------------------


async def test_delivers_again_what_was_not_acknowledged(front: SlackFront, echo: Echo) -> None:
    """Up to as often as it is told, under the same event id, and says so; then it gives up."""
    front.retry_after = (0.0, 0.1)
    echo.quiet = True
    front.ack_timeout = 0.3
    if front.endpoint is not None:
        front.endpoint._ack_within = 0.3
    with pytest.raises(Untaken):
        await say_at(front, "EvLOST")
    assert front.lost == ["EvLOST"]
    delivering = asyncio.create_task(say_at(front, "EvLATE"))
    await asyncio.sleep(0.1)
    echo.quiet = False
    assert await delivering == "EvLATE"
    assert echo.event_ids[-1] == "EvLATE"
    assert echo.retries[-1] in {("1", "timeout"), ("1", "http_timeout")}
    assert front.tries == [2]


async def test_delivers_every_third_event_again(front: SlackFront, echo: Echo) -> None:
    """Although it was acknowledged: Slack may do so, and bolt does not notice."""
    front.repeat_every, front.repeat_after = 3, (0.0, 0.1)
    for number in range(6):
        await say_at(front, f"Ev{number}")
    expected = ["Ev0", "Ev1", "Ev2", "Ev2", "Ev3", "Ev4", "Ev5", "Ev5"]
    assert echo.event_ids == expected
    assert front.repeated == 2


@pytest.mark.parametrize("how", [REFRESH, WARNING, CUT, CLOSE])
async def test_a_socket_that_ends_is_replaced(
    front: SlackFront, socket_echo: Echo, how: str
) -> None:
    """Whatever ends it; what was on its way is delivered again on the next one."""
    front.retry_after = (0.5, 0.5, 1.0)
    front.ends_every, front.ends_by = 2, (how,)
    for number in range(4):
        await say_at(front, f"Ev{number}")
        if number == 1:
            await until(lambda: front.opened > 1)
    assert {f"Ev{n}" for n in range(4)} == set(socket_echo.event_ids)
    assert front.ended >= 1
    await until(lambda: front.opened >= 2 and front.connected)
    assert not front.lost


async def test_an_envelope_goes_to_one_of_several_sockets(front: SlackFront) -> None:
    """In turn; when one ends without an acknowledgement, another one gets it."""
    async with connected(front, sockets=3) as echo:
        assert len(front.sockets) == 3
        taken = [len(socket.waiting) for socket in front.sockets]
        for number in range(6):
            await say_at(front, f"Ev{number}")
        assert echo.event_ids == [f"Ev{n}" for n in range(6)]
        assert taken == [0, 0, 0]
        front.retry_after = (0.0,)
        echo.quiet = True
        delivering = asyncio.create_task(say_at(front, "EvAGAIN"))
        await until(lambda: any(socket.waiting for socket in front.sockets))
        (waiting,) = [socket for socket in front.sockets if socket.waiting]
        echo.quiet = False
        front.cut(waiting)
        await delivering
    assert echo.retries[-1] == ("1", "socket_closed")


async def test_says_how_long_a_socket_lasts_and_ends_it_then(front: SlackFront) -> None:
    """With a warning first, then the request to come back."""
    front.connection_time, front.refreshes = 0.5, True
    async with connected(front):
        await until(lambda: front.opened >= 2 and front.connected)


async def test_a_ticket_is_good_once_and_not_for_long(front: SlackFront) -> None:
    """And only an app-level token gets one."""
    echo = Echo(front)
    client = echo.app.client
    for life, again in ((30.0, True), (-1.0, False)):
        front.ticket_life = life
        url = (await client.apps_connections_open(app_token=APP_TOKEN))["url"]
        if again:
            async with front._http.ws_connect(url):
                assert front.connected
        answer = await front._http.get(url.replace("ws:", "http:"))
        assert answer.status == 408
    async with echo.noted():
        await client.apps_connections_open(app_token="xoxb-bot")
    assert echo.refused == ["not_allowed_token_type"]


async def test_no_socket_takes_no_command(front: SlackFront) -> None:
    """Slack tells the member so at once; events are tried again later."""
    with pytest.raises(Untaken, match="no_socket"):
        await front.command("hello")


# HTTP -----------------------------------------------------------------------------------------


async def test_signs_what_it_delivers(front: SlackFront, http_echo: Echo) -> None:
    """The right secret at the right time, and nothing else; the same request again is taken."""
    assert front.endpoint is not None
    event = event_delivery({"type": "message", "text": "x", "channel": CHANNEL}, "T1", "Ev1")
    told = [
        await front.endpoint.send(event),
        await front.endpoint.send(event, secret="wrong"),
        await front.endpoint.send(event, when=time.time() - 600),
        await front.endpoint.send(replace(event, headers={"X-Slack-Signature": "v0=0"})),
        await front.endpoint.verify("abc"),
    ]
    assert [answer.status for answer in told] == [200, 401, 401, 401, 200]
    assert "abc" in told[-1].text
    again = await front.endpoint.post(told[0].body, told[0].sent)
    assert again.status == 200
    assert http_echo.event_ids == ["Ev1", "Ev1"]


async def test_nobody_listens(front: SlackFront) -> None:
    """A web server that is away is told from one that does not answer well."""
    endpoint = front.deliver_to("http://127.0.0.1:9/slack/events")
    with pytest.raises(Untaken, match="connection_failed"):
        await endpoint.carry(Delivery("events_api", {}))
