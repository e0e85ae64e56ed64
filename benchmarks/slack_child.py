"""The process that `benchmarks.slack` measures: Handrail, or an app that says one sentence.

Usage: python -m benchmarks.slack_child handrail|constant. The environment says where Slack is
(BENCH_API), where to listen in HTTP mode (BENCH_PORT), and where to write what each answer took
(BENCH_SPENT), if anywhere. It imports nothing of the fake Slack.
"""

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.web.async_client import AsyncWebClient

CONSTANT = "Please ask somebody who knows you, and take your time."
PATH = "/slack/events"
Call = Callable[..., Awaitable[Any]]
Wrap = Callable[[Any], Any]


@dataclass(slots=True)
class Spent:
    """Where the time for one answer went, in seconds.

    Attributes:
        question: What is answered.
        began: When our listener was called.
        engine: In the engine, from a question to its Reply.
        ours: From the call of our listener to our call of what sends; None until then.
    """

    question: str
    began: float
    engine: float = 0.0
    ours: float | None = None


_spent: ContextVar[Spent | None] = ContextVar("_spent", default=None)


async def run_constant(environ: dict[str, str]) -> None:
    """Run what slack-bolt itself costs: the same ways to ask, and nothing to think about."""
    client = AsyncWebClient(token=environ["SLACK_BOT_TOKEN"], base_url=environ["BENCH_API"])
    app = AsyncApp(client=client, signing_secret=environ["SLACK_SIGNING_SECRET"])
    # As Handrail's are: what every delivery writes to the log would count as its time.
    app.logger.setLevel(logging.WARNING)

    @app.command("/ask")
    async def on_command(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond(text=CONSTANT, response_type="ephemeral")

    @app.event("app_mention")
    async def on_mention(event: dict[str, Any], client: AsyncWebClient) -> None:
        thread = event.get("thread_ts") or event["ts"]
        await client.chat_postMessage(channel=event["channel"], thread_ts=thread, text=CONSTANT)

    if port := environ.get("BENCH_PORT"):
        runner = web.AppRunner(app.web_app(path=PATH), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(port)).start()
    else:
        opener = AsyncSocketModeHandler(app, environ["SLACK_APP_TOKEN"])
        await opener.connect_async()  # type: ignore[no-untyped-call]
    await asyncio.Event().wait()


def install(out: TextIO) -> None:
    """Let every answer write a line to `out`; the program's files stay as they are shipped."""
    from adapters.slack.listeners import Listeners  # noqa: PLC0415 - the other bot needs none
    from bot.service import Service  # noqa: PLC0415

    for name in ("_on_command", "_on_message"):
        _wrap(Listeners, name, _begun)
    _wrap(Service, "respond", _thought)
    _wrap(AsyncRespond, "__call__", lambda call: _sent(call, out))
    _wrap(AsyncWebClient, "chat_postMessage", lambda call: _sent(call, out))


def _wrap(owner: type, name: str, wrap: Wrap) -> None:
    setattr(owner, name, wrap(getattr(owner, name)))


def _begun(call: Call) -> Call:
    async def begun(self: Any, args: AsyncArgs) -> Any:
        # Every delivery has a task and therefore a context of its own.
        known = str(args.body.get("response_url") or args.body["event"]["ts"])
        _spent.set(Spent(known.rpartition("/")[2], time.perf_counter()))
        return await call(self, args)

    return begun


def _thought(call: Call) -> Call:
    async def thought(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return await call(*args, **kwargs)
        finally:
            if spent := _spent.get():
                spent.engine += time.perf_counter() - began

    return thought


def _sent(call: Call, out: TextIO) -> Call:
    async def sent(*args: Any, **kwargs: Any) -> Any:
        spent = _spent.get()
        first = spent is not None and spent.ours is None
        if spent is not None and first:
            spent.ours = time.perf_counter() - spent.began
        try:
            return await call(*args, **kwargs)
        finally:
            if spent is not None and first:  # only now, so that writing holds nothing up
                line = {"id": spent.question, "ours": spent.ours, "engine": spent.engine}
                out.write(json.dumps(line) + "\n")

    return sent


def main() -> None:
    """Run until the process is ended."""
    if sys.argv[1] == "constant":
        asyncio.run(run_constant(dict(os.environ)))
        return
    from bot import cli  # noqa: PLC0415 - the other bot needs none of it

    if path := os.environ.get("BENCH_SPENT"):
        with Path(path).open("a", buffering=1, encoding="utf-8") as out:
            install(out)
            _run(cli.main)
    else:
        _run(cli.main)


def _run(command: Callable[[], None]) -> None:
    sys.argv[1:] = ["run", "--config", "config.yaml"]
    command()


if __name__ == "__main__":
    main()
