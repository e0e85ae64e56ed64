"""The console as a platform: type a question, get the reply; also the example to copy.

Works with a terminal, a pipe, a file and /dev/null. Lines are read by a daemon thread, because a
read that blocks inside the event loop's threads would hold up Ctrl-C and SIGTERM until the next
line.
"""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Mapping
from typing import TextIO

import structlog
from rich.console import Console
from rich.markdown import Markdown

from bot.compose import to_text
from bot.config import Config
from bot.domain import Choice, Question, Reply, ReplyKind
from bot.responder import Responder
from bot.service import Service

_log = structlog.get_logger(__name__)
_LEAVE = frozenset({"/quit", "/exit", "quit", "exit"})


class ConsoleAdapter:
    """One conversation on standard input and output.

    Args:
        service: Answers.
        lines: Where questions are read from.
        out: Where replies are written to.
    """

    name = "console"

    def __init__(self, service: Service, lines: TextIO, out: TextIO) -> None:
        self._service = service
        self._lines = lines
        self._out = out
        self._choices: tuple[Choice, ...] = ()
        self._none_at = 0

    @classmethod
    def from_config(
        cls, _config: Config, _environ: Mapping[str, str], service: Service
    ) -> "ConsoleAdapter":
        """Build the adapter over the program's own input and output."""
        return cls(service, sys.stdin, sys.stdout)

    @property
    def ready(self) -> bool:
        """Always true: there is nothing to connect to."""
        return True

    @property
    def _responder(self) -> Responder:
        return self._service.responder()

    async def run(self) -> None:
        """Answer line after line until the input or the output ends, or somebody leaves."""
        try:
            await self._converse()
        except BrokenPipeError:
            # Whoever read our output has gone; what is left of it has nowhere to go.
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._out.fileno())

    async def _converse(self) -> None:
        self._say(self._responder.message("console.welcome"))
        queue = self._start_reading()
        while True:
            self._prompt()
            line = await queue.get()
            if line is None or line.strip().lower() in _LEAVE:
                break
            if line.strip():
                await self._answer(line.strip())
        self._say(self._responder.message("console.bye"))

    def _start_reading(self) -> "asyncio.Queue[str | None]":
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def put(line: str | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, line)

        def read() -> None:
            try:
                for line in self._lines:
                    put(line)
            except (OSError, ValueError, RuntimeError):
                pass  # the input was closed under us: the same as its end
            put(None)

        threading.Thread(target=read, name="console input", daemon=True).start()
        return queue

    async def _answer(self, line: str) -> None:
        try:
            reply = await self._reply_to(line)
        except Exception as error:  # noqa: BLE001 - the one catch-all: errs towards help
            # No traceback: an error's own words could hold a member's.
            _log.error("console failed", reason=type(error).__name__)
            reply = self._responder.in_trouble()
        if reply is None:
            self._say(self._responder.message("console.no_such_choice"))
        else:
            self._show(reply)

    async def _reply_to(self, line: str) -> Reply | None:
        if line.isascii() and line.isdigit() and self._choices:
            return self._picked(int(line))
        return await self._service.respond(Question(line))

    def _picked(self, number: int) -> Reply | None:
        if number == self._none_at:
            return self._responder.decline()
        if 1 <= number <= len(self._choices):
            return self._responder.show(self._choices[number - 1].entry)
        return None

    def _show(self, reply: Reply) -> None:
        shown = reply.follow or reply
        self._choices = shown.choices
        offers_none = shown.kind is ReplyKind.CHOICES
        self._none_at = len(self._choices) + 1 if offers_none else 0
        self._say(to_text(reply, self._numbered(offers_none=offers_none)))

    def _numbered(self, *, offers_none: bool) -> list[str]:
        titles = [choice.title for choice in self._choices]
        titles += [self._responder.message("reply.none_of_these")] if offers_none else []
        lines = [f"{i}. {title}" for i, title in enumerate(titles, 1)]
        return [*lines, "", self._responder.message("console.pick")] if lines else []

    def _prompt(self) -> None:
        if self._out.isatty():
            self._out.write(self._responder.message("console.prompt"))
            self._out.flush()

    def _say(self, text: str) -> None:
        """Write neutral Markdown: styled for a terminal, plain for everything else."""
        if self._out.isatty():
            Console(file=self._out).print(Markdown(text), "")
        else:
            self._out.write(f"{text}\n\n")
            self._out.flush()
