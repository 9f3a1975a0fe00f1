"""Who waits for news, and the one look for what other processes have changed that serves all."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

POLL = 1.0  # seconds between looks for what other processes have committed
log = logging.getLogger(__name__)


class Rounds:
    """Those that wait in one event loop; *bells* ring for them, *apart* calls in a thread.

    While nobody waits nothing is done.
    """

    def __init__(self, bells: Any, apart: Callable[[Callable[[], Any]], Awaitable[Any]]) -> None:
        self.poll = POLL
        self.waiting = 0
        self._bells = bells
        self._apart = apart
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def told(self, oids: Iterable[bytes], event: asyncio.Event) -> Iterator[None]:
        """Have *event* set whenever one of *oids* has changed, or may have.

        At once where this process changes it, else with the next round.
        """
        loop = asyncio.get_running_loop()

        def ring() -> None:
            with suppress(RuntimeError):  # the loop has just been closed
                loop.call_soon_threadsafe(event.set)

        with self._bells.hung(oids, ring):
            self.waiting += 1
            if self._task is None:
                self._task = loop.create_task(self._go())
            try:
                yield
            finally:
                self.waiting -= 1
                if not self.waiting:
                    self._task.cancel()
                    self._task = None

    async def _go(self) -> None:
        """Look, again and again; a look that fails is said once, and tried again."""
        well = True
        while True:
            try:
                await self._apart(self._bells.look)
                well = True
            except Exception:
                if well:
                    log.exception("nobody knows what other processes have changed")
                well = False
            await asyncio.sleep(self.poll)
