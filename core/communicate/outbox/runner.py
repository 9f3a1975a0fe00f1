"""The runner: the threads of ``communicate serve`` that do what waits in the outbox."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from communicate.clock import milliseconds
from communicate.courtesy import courtesy
from communicate.interfaces import IClock
from communicate.outbox import taking
from communicate.outbox.bell import bell_of
from communicate.outbox.handlers import handlers
from communicate.outbox.running import Run, execute_all
from communicate.storage.work import work

log = logging.getLogger(__name__)

THREADS = 3
LINGER = 0.4  # seconds for which who wakes lets requests go by: what they add is taken at once
POLL = 5.0  # seconds between looks at the outbox when no bell rings: other processes add jobs too
LEASE = timedelta(seconds=30)


class Turns:
    """Whose turn it is: names least recently served first, none taking every thread."""

    def __init__(self, names: list[str], threads: int) -> None:
        self._most = max(1, threads - 1)
        self._served = dict.fromkeys(names, 0)
        self._running = dict.fromkeys(names, 0)
        self._turn = 0
        self.lock = threading.Lock()

    def open(self) -> list[str]:
        """Return the names that may be taken now, in the order in which they should be."""
        free = [name for name, count in self._running.items() if count < self._most]
        return sorted(free, key=self._served.__getitem__)

    def began(self, name: str) -> None:
        """Count a worker that runs jobs of *name*."""
        self._turn += 1
        self._served[name] = self._turn
        self._running[name] += 1

    def ended(self, name: str) -> None:
        """Count it no more."""
        with self.lock:
            self._running[name] -= 1


class Runner:
    """Do the due jobs of *registry*'s site in *threads* threads, between `start` and `stop`.

    Each job runs at least once.  Should the process die, its jobs are free again after *lease*;
    at once where *alone* says that no other process can be running this site's jobs.
    """

    def __init__(
        self,
        registry: Any,
        *,
        threads: int = THREADS,
        poll: float = POLL,
        lease: timedelta = LEASE,
        alone: bool = False,
    ) -> None:
        self.registry = registry
        self.jobs = handlers(registry)
        self.poll, self.lease, self.alone = poll, lease, alone
        name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.workers = [f"{name}:{number}" for number in range(threads)]
        self.turns = Turns(list(self.jobs), threads)
        self._busy: set[str] = set()
        self._next_due: int | None = None
        self._stopping, self._ended = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Free what a dead process held, schedule the periodic jobs, and begin."""
        if self.alone:
            work(self.registry, _release_all)
        work(self.registry, partial(taking.schedule, self.jobs))
        loops: list[Callable[[], None]] = [partial(self._serve, worker) for worker in self.workers]
        for loop in (*loops, self._heartbeat):
            thread = threading.Thread(target=loop, name="communicate-jobs", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, timeout: float = 30.0) -> bool:
        """Finish the running jobs and free the rest; tell whether that took less than *timeout* s.

        What a handler that did not end still holds is free when its lease runs out.
        """
        self._stopping.set()
        bell_of(self.registry).ring()
        end = time.monotonic() + timeout
        for thread in self._threads[:-1]:
            thread.join(max(0.0, end - time.monotonic()))
        self._ended.set()
        self._threads[-1].join(max(1.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def turn(self, worker: str) -> bool:
        """Take and run one batch as *worker*; tell whether there was any."""
        taken = self._take(worker)
        if taken.name is None:
            self._next_due = taken.next_due
            return False
        self._busy.add(worker)
        try:
            runs = [Run(job_id, taken.name, worker) for job_id in taken.jobs]
            execute_all(self.registry, self.jobs, runs, self._stopping.is_set)
            if self._stopping.is_set():
                work(self.registry, partial(taking.release, [worker]))
        finally:
            self._busy.discard(worker)
            self.turns.ended(taken.name)
        return True

    def _take(self, worker: str) -> taking.Taken:
        with self.turns.lock:  # the workers of one process take in turn instead of conflicting
            jobs = [self.jobs[name] for name in self.turns.open()]
            taken = work(self.registry, partial(taking.take, jobs, worker, self.lease))
            if taken.name is not None:
                self.turns.began(taken.name)
        return taken

    def _serve(self, worker: str) -> None:
        bell = bell_of(self.registry)
        while not self._stopping.is_set():
            seen = bell.rings
            try:
                found = self.turn(worker)
            except Exception:  # a store that is away for a while must not end the thread
                log.exception("the outbox could not be read or written: trying again")
                found = False
            if not found and not self._stopping.is_set():
                bell.wait(seen, self._nap())
                courtesy.linger(LINGER)

    def _nap(self) -> float:
        if self._next_due is None:
            return self.poll
        present = milliseconds(self.registry.getUtility(IClock).now())
        return min(self.poll, max(0.01, (self._next_due - present) / 1000))

    def _heartbeat(self) -> None:
        while not self._ended.wait(self.lease.total_seconds() / 3):
            busy = list(self._busy)
            try:
                if busy:
                    work(self.registry, partial(taking.extend, busy, self.lease))
            except Exception:
                log.exception("the leases of running jobs could not be extended: trying again")


def _release_all(request: Any) -> int:
    return taking.release(list(request.root_map["outbox"].holds), request)


def run_due(registry: Any, most: int = 10_000) -> int:
    """Run what is due now, and what that adds, in the calling thread; return how many jobs ran.

    For tests and commands: a job that fails is tried again later, not within this call.
    """
    runner = Runner(registry, threads=1)
    work(registry, partial(taking.schedule, runner.jobs))
    ran = 0
    while ran < most:
        taken = runner._take(runner.workers[0])
        if taken.name is None:
            break
        runs = [Run(job_id, taken.name, runner.workers[0]) for job_id in taken.jobs]
        execute_all(registry, runner.jobs, runs, lambda: False)
        runner.turns.ended(taken.name)
        ran += len(taken.jobs)
    return ran
