"""A message centre that speaks SMPP, on this machine: smpp34's server in a loop of its own."""

import asyncio
import inspect
import threading
import time
from collections.abc import Callable
from typing import Any

import smpp34

from communicate.testing.server import free_port

LONG = 30  # seconds that nothing here comes near


class Centre:
    """A message centre on this machine: what was submitted, and what it does with it."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.rule: Callable[[Any], Any] = lambda event: event.accept(f"id-{len(self.taken)}")
        self.esmes: list[Any] = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.port = free_port()
        self.run(self._listen())
        self.serving = asyncio.run_coroutine_threadsafe(self._serve(), self.loop)

    async def _listen(self) -> None:
        self.server = smpp34.Server("127.0.0.1", self.port)
        await self.server.start()

    async def _serve(self) -> None:
        while True:
            event = await self.server.next()
            if isinstance(event, smpp34.SubmitSmEvent):
                self.taken.append(event)
                answer = self.rule(event)
                if inspect.isawaitable(answer):
                    await answer
            elif isinstance(event, smpp34.Esme):
                self.esmes.append(event)

    def run(self, work: Any) -> Any:
        """Return what *work* comes to in the loop of the server."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(LONG)

    def wait(self, count: int) -> None:
        """Return when *count* messages were submitted."""
        until = time.monotonic() + LONG
        while len(self.taken) < count:
            assert time.monotonic() < until, f"{len(self.taken)} messages of {count} came"
            time.sleep(0.02)

    def bring(self, **fields: Any) -> Any:
        """Deliver to the one who bound last; return the answer."""
        return self.run(self._bring(fields))

    async def _bring(self, fields: dict[str, Any]) -> Any:
        while not self.esmes:
            await asyncio.sleep(0.01)
        return await self.esmes[-1].deliver_sm(**fields)

    def end(self) -> None:
        """Listen no more."""
        self.serving.cancel()
        self.run(self._stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def _stop(self) -> None:
        made = self.server.stop()
        if inspect.isawaitable(made):
            await made
