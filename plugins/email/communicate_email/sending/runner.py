"""What sends: letters that are due are taken, handed over side by side, and settled.

Network and transactions never wait for each other: a part is taken in one transaction, under a
lease that is extended while it is worked on; how that ended is written in another.  A process
that dies in between sends again what it had taken, once the lease runs out: at least once.
"""

import asyncio
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from communicate.bells import bells_of
from communicate.clock import milliseconds
from communicate.interfaces import IClock
from communicate.outbox.errors import reason
from communicate.outbox.gate import Leaving
from communicate.storage.work import work
from communicate.workers import Workers
from communicate_email.sending.alone import alone
from communicate_email.sending.content import NAME
from communicate_email.sending.queue import Errand, Queue, Taken
from communicate_email.sending.results import Result
from communicate_email.sending.settling import (
    deliver_here,
    keep_sent,
    leave_to_author,
    put_off,
    put_off_unread,
    record,
    settle,
)
from communicate_email.sending.signing import Keys
from communicate_email.sending.ways import Ways

log = logging.getLogger(__name__)

T = TypeVar("T")
LEASE = timedelta(seconds=60)
POLL = 5.0  # seconds between looks where no bell rings: other processes queue letters too
THREADS = 4  # for transactions
HEAVY = 2 * 2**20  # bytes from which a letter is large: not many of these are in memory at once
HEAVY_AT_ONCE = 3


class Runner:
    """Send what is due on the site of *registry*, in one event loop."""

    def __init__(
        self,
        registry: Any,
        *,
        ways: Ways | None = None,
        lease: timedelta = LEASE,
        poll: float = POLL,
    ) -> None:
        self.registry = registry
        self.ways = ways or Ways(registry)
        self.lease, self.poll = lease, poll
        self.patience: float = registry.settings["communicate.stop_timeout"]
        # Where no other process can have the tree open, what a dead one had taken is free at once.
        self.alone: bool = registry.settings["communicate.database"].startswith("file:")
        self.most: int = registry.settings["email.out_at_once"]
        self.each: int = registry.settings["email.out_per_domain"]
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.share = max(1, self.most // 2)  # of one author
        self.ending = False
        self.tasks: dict[asyncio.Task[None], Taken] = {}
        self.settling: set[asyncio.Future[None]] = set()
        self._threads = Workers(THREADS, "communicate-mail-out")

    async def serve(self, stop: asyncio.Event) -> None:
        """Send until *stop* is set; what is on its way then soon is cut off, and sent again."""
        loop = asyncio.get_running_loop()
        self._wake, self._heavy = asyncio.Event(), asyncio.Semaphore(HEAVY_AT_ONCE)
        if self.alone:
            await self._work(lambda request: Queue(request).free(None))
        ring = partial(loop.call_soon_threadsafe, self._wake.set)
        bells_of(self.registry, NAME).add(ring)
        beat = asyncio.create_task(self._beat())
        try:
            while not stop.is_set():
                self._wake.clear()
                await self._turn()
                await self._rest(stop)
        finally:
            bells_of(self.registry, NAME).remove(ring)
            await self._end(beat)

    async def drain(self) -> int:
        """Send what is due now, and what that adds; return how many parts that were."""
        self._wake, self._heavy = asyncio.Event(), asyncio.Semaphore(HEAVY_AT_ONCE)
        count = 0
        try:
            while (taken := await self._turn()) or self.tasks:
                count += taken
                if self.tasks:
                    await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._end(None)
        return count

    async def _turn(self) -> int:
        """Take what there is room for, and begin; return how many parts that were."""
        room = self.most - len(self.tasks)
        if room <= 0:
            return 0
        try:
            taken = await self._work(self._take, room)
        except Exception:  # a store that is away for a while must not end the loop
            log.exception("the queue of mail could not be read or written: trying again")
            return 0
        for part in taken:
            task = asyncio.create_task(self._errand(part))
            self.tasks[task] = part
            task.add_done_callback(self._done)
        return len(taken)

    def _done(self, task: "asyncio.Task[None]") -> None:
        del self.tasks[task]
        self._wake.set()

    def _take(self, room: int, request: Any) -> list[Taken]:
        way = tuple(self.tasks.values())
        return Queue(request).take(self.holder, room, self.each, self.share, way, self.lease)

    async def _rest(self, stop: asyncio.Event) -> None:
        """Wait until something may be due, something has ended, or *stop*."""
        nap = self.poll
        with suppress(Exception):
            due = await self._work(lambda request: Queue(request).tree.next_due())
            if due is not None:
                present = milliseconds(self.registry.getUtility(IClock).now())
                # What is due and stays there waits for room at its domain: that wakes us.
                least = 0.5 if self.tasks else 0.05
                nap = min(self.poll, max(least, (due - present) / 1000))
        waits = [asyncio.ensure_future(self._wake.wait()), asyncio.ensure_future(stop.wait())]
        try:
            await asyncio.wait(waits, timeout=nap, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()

    async def _errand(self, taken: Taken) -> None:
        try:
            if taken.size > HEAVY:
                async with self._heavy:
                    await self._carry(taken)
            else:
                await self._carry(taken)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # ours: the letter waits, operators read why
            why = reason(error)
            log.warning("a letter could not be sent: %s", why)
            await self._put_off(taken, why)

    async def _put_off(self, taken: Taken, why: str) -> None:
        try:
            await self._work(lambda request: put_off(request, taken.id, self.holder, why))
        except Exception:
            with suppress(Exception):
                await self._work(lambda r: put_off_unread(r, taken.id, self.holder, why))

    async def _carry(self, taken: Taken) -> None:
        errand = await self._work(self._open, taken)
        if errand is None:
            return
        if taken.local:
            await self._work(lambda request: deliver_here(request, errand, self.holder))
            return
        if errand.may_have_left:
            await self._work(lambda request: leave_to_author(request, errand, self.holder))
            return
        left: list[Leaving] = []
        result = await self.ways.send(errand, left)
        # Whatever ends this task now: what the other machine has taken must not be sent again.
        settled = asyncio.ensure_future(self._settle(errand, result, left))
        self.settling.add(settled)
        settled.add_done_callback(self.settling.discard)
        await asyncio.shield(settled)

    async def _settle(self, errand: Errand, result: Result, left: list[Leaving]) -> None:
        """Write down what became of *errand*; who has it is, however often that takes."""
        try:
            await self._work(lambda request: settle(request, errand, self.holder, result, left))
        except Exception as error:
            why = reason(error)
            log.warning("what became of a letter could not be written down: %s", why)
            await self._keep_sent(lambda r: keep_sent(r, errand, self.holder, result, why))
            with suppress(Exception):
                await self._work(partial(record, left))

    async def _keep_sent(self, keep: Callable[[Any], None]) -> None:
        """Call *keep* until it is done, or the runner ends."""
        while True:
            try:
                return await self._work(keep)
            except Exception:  # the store is away: what was sent is not sent again for that
                if self.ending:
                    raise
                await asyncio.sleep(self.poll)

    def _open(self, taken: Taken, request: Any) -> Errand | None:
        """Return what is to be done, the letter signed where it leaves."""
        errand = Queue(request).open(taken.id, self.holder)
        if errand is None or taken.local:
            return errand
        return replace(errand, letter=Keys(request).sign(errand.letter))

    async def _work(self, func: Callable[..., T], *arguments: Any) -> T:
        loop = asyncio.get_running_loop()
        called = partial(func, *arguments)
        return await loop.run_in_executor(self._threads, work, self.registry, called)

    async def _beat(self) -> None:
        """Extend the leases of what is worked on."""
        while True:
            await asyncio.sleep(self.lease.total_seconds() / 3)
            with suppress(Exception):
                await self._work(self._extend, [part.id for part in self.tasks.values()])

    def _extend(self, numbers: list[int], request: Any) -> None:
        Queue(request).extend(numbers, self.holder, self.lease)

    async def _end(self, beat: "asyncio.Task[None] | None") -> None:
        """Let what is on its way come to an end, for a while, and others have the rest at once."""
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=self.patience)
        self.ending = True
        ending = [*self.tasks, *([beat] if beat else ())]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await asyncio.gather(*self.settling, return_exceptions=True)
        with suppress(Exception):
            await self._work(lambda request: Queue(request).free(self.holder))
        self._threads.shutdown()


class Server:
    """A runner in a thread of its own."""

    def __init__(self, registry: Any, **options: Any) -> None:
        self.registry, self.options = registry, options
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="communicate-mail-out", daemon=True)

    def start(self) -> "Server":
        """Begin to send."""
        self._thread.start()
        self._started.wait()
        return self

    def stop(self) -> None:
        """End."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._started.set()
        await Runner(self.registry, **self.options).serve(self._stop)


def start(registry: Any) -> Server:
    """Start the gateway that sends."""
    return Server(registry).start()


def send_due(registry: Any, **options: Any) -> int:
    """Send what is due now; return how many parts that were, once it is done."""
    return alone(Runner(registry, **options).drain())
