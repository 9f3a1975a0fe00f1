"""Threads that do what a loop cannot, each woken by itself.

All threads of `concurrent.futures.ThreadPoolExecutor` wait at one queue: whoever takes something
out of it wakes the next one, which finds nothing, and has meanwhile taken the interpreter away
from the first (half a millisecond each time).  Here who was busy last is asked first, and nobody
else is woken.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Task(NamedTuple):
    """What is to be done, and whom it is told."""

    future: "Future[Any]"
    func: Callable[[], Any]


def do(task: Task | None) -> None:
    """Do *task*, unless nobody wants it any more."""
    if task is None or not task.future.set_running_or_notify_cancel():
        return
    try:
        result = task.func()
    except BaseException as error:  # whatever it is, it is for whoever waits
        task.future.set_exception(error)
        task = None  # an error knows where it was raised: what is here must not know the error
    else:
        task.future.set_result(result)


class Workers(Executor):
    """At most *most* threads, started as they are needed; what is too much waits for its turn."""

    def __init__(self, most: int, name: str) -> None:
        self.most, self.name = most, name
        self._lock = Lock()
        self._threads: list[Thread] = []
        self._idle: list[
            SimpleQueue[Task | None]
        ] = []  # one of each, who was busy last at the end
        self._waiting: deque[Task] = deque()
        self._stopped = False

    def submit(self, func: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> "Future[T]":
        """Return the future of what *func* returns; raise RuntimeError after a shutdown."""
        future: Future[T] = Future()
        task = Task(future, lambda: func(*args, **named))
        with self._lock:
            if self._stopped:
                raise RuntimeError(f"{self.name} has been stopped")
            if self._idle:
                self._idle.pop().put(task)
            elif len(self._threads) < self.most:
                self._start(task)
            else:
                self._waiting.append(task)
        return future

    def _start(self, task: Task) -> None:
        mine: SimpleQueue[Task | None] = SimpleQueue()
        mine.put(task)
        name = f"{self.name}_{len(self._threads)}"
        thread = Thread(target=self._run, args=(mine,), name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _run(self, mine: "SimpleQueue[Task | None]") -> None:
        task = mine.get()
        while task is not None:
            do(task)
            task = None  # what it held is let go while nothing comes
            task = self._next(mine) or mine.get()

    def _next(self, mine: "SimpleQueue[Task | None]") -> Task | None:
        """Return what waits, else None: *mine* is where something will come."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            if self._stopped:
                mine.put(None)
            else:
                self._idle.append(mine)
        return None

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take nothing any more; with *wait* return when all that was taken is done."""
        with self._lock:
            self._stopped = True
            left = list(self._waiting) if cancel_futures else []
            if cancel_futures:
                self._waiting.clear()
            for queue in self._idle:
                queue.put(None)
            self._idle.clear()
        for task in left:
            task.future.cancel()
        if wait:
            for thread in self._threads:
                thread.join()
