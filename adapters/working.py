"""Knows which replies are under way, so that a stop can wait a moment for them."""

import asyncio

import structlog

log = structlog.get_logger()


class Working:
    """The replies under way on one platform.

    Args:
        platform: Its name, for the log.
    """

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """Count the task that calls this as one, until it ends."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def finish(self, grace: float) -> None:
        """Wait at most `grace` seconds for all of them, then give them up."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=grace)
        for task in late:
            task.cancel()
        if late:
            log.warning("replies given up at the end", platform=self._platform, count=len(late))
