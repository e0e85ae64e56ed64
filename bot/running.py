"""Runs adapters side by side, so that one platform's failure never takes the other down."""

import asyncio
import contextlib
import traceback
from pathlib import Path

import structlog

from bot.config import Config
from bot.errors import AdapterError, HandrailError
from bot.health import open_health
from bot.ports import Adapter

_log = structlog.get_logger(__name__)


async def run_all(adapters: list[Adapter], config: Config) -> None:
    """Run `adapters`, and the health endpoint if it is switched on, until nothing is left to do.

    Raises:
        AdapterError: Every adapter has ended.
        ConfigError: Likewise, because of a setting; or the health endpoint has no address.
    """
    _log.info("starting", adapters=[adapter.name for adapter in adapters])
    async with contextlib.AsyncExitStack() as stack:
        if config.health.enabled:
            await stack.enter_async_context(open_health(config.health, adapters))
        running = [asyncio.create_task(adapter.run(), name=adapter.name) for adapter in adapters]
        try:
            await _until_over(running)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


async def _until_over(running: list["asyncio.Task[None]"]) -> None:
    """Wait until the console is done or every other adapter has ended.

    One platform's failure never takes the other down: the rest go on, and the failure ends the
    program only when nothing is left to serve.

    Raises:
        AdapterError: Nothing is left to serve.
        ConfigError: Likewise, because of a setting.
    """
    failure: HandrailError | None = None
    waiting = set(running)
    while waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            failure = _failure(task)
            if failure is None:
                return
            _log.error("adapter ended", adapter=task.get_name(), error=str(failure))
    if failure is not None:
        raise failure


def _failure(task: "asyncio.Task[None]") -> HandrailError | None:
    """Return why an adapter ended; None if it may, as the console alone does."""
    name = task.get_name()
    if task.cancelled():
        return AdapterError(f"{name} was cancelled from within; start again")
    error = task.exception()
    if error is None:
        return None if name == "console" else AdapterError(f"{name} stopped serving; start again")
    if isinstance(error, HandrailError):
        return error
    # Only its kind and place are named: an error's own words could hold a member's.
    places = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
    return AdapterError(
        f"{name} failed with {type(error).__name__}{where}; this is a fault of ours"
    )
