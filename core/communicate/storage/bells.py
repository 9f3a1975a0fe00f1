"""Bells: who waits for a change of a thing in the tree hears of it once it has been committed.

Waiting costs no transaction.  What this process commits rings at once, in the thread that has
committed; what others commit rings with the next `Bells.look`, which asks the storage once for
all who wait.  Those of `communicate.bells` are rung by name, by whoever has work for a thread.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

Ring = Callable[[], object]


class Bells:
    """The bells of one database; *instance* returns a further view of its storage.

    It is None where no other process writes into that storage.
    """

    def __init__(self, instance: Callable[[], Any] | None) -> None:
        self._instance = instance
        self._view: Any = None
        self._lock = threading.Lock()
        self._looking = threading.Lock()
        self._hung: dict[bytes, list[Ring]] = {}
        self._commits = 0

    @property
    def commits(self) -> int | None:
        """How often something was committed, None where other processes do so too.

        While it stays the same nothing has changed, and nobody needs to look.  Whoever remembers
        it reads it before looking.
        """
        return self._commits if self._instance is None else None

    @contextmanager
    def hung(self, oids: Iterable[bytes], ring: Ring) -> Iterator[None]:
        """Call *ring* whenever one of *oids* has changed, or may have; from any thread, any time.

        Whoever hangs a bell looks once afterwards: what was committed before does not ring.
        *ring* returns at once, and raises nothing.
        """
        named = list(oids)
        with self._lock:
            for oid in named:
                self._hung.setdefault(oid, []).append(ring)
        try:
            yield
        finally:
            with self._lock:
                for oid in named:
                    self._take_off(oid, ring)

    def _take_off(self, oid: bytes, ring: Ring) -> None:
        rings = self._hung[oid]
        rings.remove(ring)
        if not rings:
            del self._hung[oid]

    def ring(self, oids: Iterable[bytes]) -> None:
        """Ring for the things *oids*, which have changed."""
        with self._lock:
            self._commits += 1
            heard = {ring for oid in oids for ring in self._hung.get(oid, ())}
        for ring in heard:
            ring()

    def look(self) -> None:
        """Ring for what other processes have committed since the last look, at the first for all.

        Nothing is asked while nobody waits.
        """
        if self._instance is None:
            return
        with self._looking:
            if not self._hung:
                self._forget()
                return
            try:
                changed = self._changed(self._instance)
            except Exception:
                self._forget()  # the next look is a first one: nothing is missed
                raise
        self.ring(list(self._hung) if changed is None else changed)

    def _changed(self, instance: Callable[[], Any]) -> Iterable[bytes] | None:
        """Return what has changed since the last look, None where nobody knows."""
        first = self._view is None
        if first:
            self._view = instance()
        self._view.sync(True)
        found: Iterable[bytes] | None = self._view.poll_invalidations()
        ended = getattr(self._view, "afterCompletion", None)
        if ended is not None:
            ended()  # no transaction of PostgreSQL stays open between two looks
        return None if first else found

    def _forget(self) -> None:
        """Let go of the view: it would gather what changes while nobody asks."""
        view, self._view = self._view, None
        if view is not None:
            view.release()

    def close(self) -> None:
        """Let go of the storage."""
        with self._looking, suppress(Exception):  # which may be closed already
            self._forget()
