"""A thread that does what a loop asks of it: all that waits, at once.

While it is at work more comes to wait, so that batches are as large as the crowd, and who comes
alone waits for nobody.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

log = logging.getLogger(__name__)
MOST = 100  # of what is done at once


class Unanswered(Exception):
    """What was asked could not be done; the log says why."""


class Together(Generic[Asked, Answer]):
    """Hands batches to *do*, which returns an answer to each, in order, in a thread of its own.

    *weigh* tells what one weighs; a batch ends where it has *heaviest*.
    """

    def __init__(
        self,
        name: str,
        do: Callable[[Sequence[Asked]], Sequence[Answer]],
        *,
        weigh: Callable[[Asked], int] = lambda _asked: 1,
        heaviest: int = MOST,
    ) -> None:
        self._do, self._weigh, self._heaviest = do, weigh, heaviest
        self._waiting: queue.SimpleQueue[tuple[Asked, asyncio.Future[Answer]] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Do what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    async def ask(self, asked: Asked) -> Answer:
        """Return the answer to *asked*; raise Unanswered."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.put((asked, answer))
        return await answer

    def _run(self) -> None:
        more = True
        while more:
            batch, more = self._batch()
            if batch:
                self._answer(batch)

    def _batch(self) -> tuple[list[tuple[Asked, asyncio.Future[Answer]]], bool]:
        """Return what waits, once something does, and whether there may be more."""
        first = self._waiting.get()
        if first is None:
            return [], False
        batch, weight = [first], self._weigh(first[0])
        while len(batch) < MOST and weight < self._heaviest:
            try:
                following = self._waiting.get_nowait()
            except queue.Empty:
                break
            if following is None:
                return batch, False
            batch.append(following)
            weight += self._weigh(following[0])
        return batch, True

    def _answer(self, batch: Sequence[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        answers: Sequence[Answer] | None = None
        try:
            answers = self._do([asked for asked, _future in batch])
        except Exception:  # whatever happens to one batch, the next is worked on
            log.exception("%s failed", self._thread.name)
        futures = [future for _asked, future in batch]
        loop = futures[0].get_loop()
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, futures, answers)


def settle(futures: Sequence["asyncio.Future[Answer]"], answers: Sequence[Answer] | None) -> None:
    """Give each of *futures* that is still waited for its answer."""
    for number, future in enumerate(futures):
        if future.done():
            continue
        if answers is None:
            future.set_exception(Unanswered())
        else:
            future.set_result(answers[number])
