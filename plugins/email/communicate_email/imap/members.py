"""Members whose programs are connected: how many of them, and for as long as they may be.

An app password that is taken back, or an account that is suspended or closed, ends what has
signed in with it at once, whatever it is waiting for.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from communicate.interfaces import IAppPasswords, IFactors, IMembers
from communicate.storage.work import work

log = logging.getLogger(__name__)
SHARE = 2  # threads that one member's programs have at most
PACE = 0.2  # seconds between two looks at what a member may
OVER = "Your app password, or your account, is not valid any more"


class Programs:
    """The programs of one member that are connected, and their share of the threads."""

    def __init__(self) -> None:
        self.sessions: set[Any] = set()
        self.share = asyncio.Semaphore(SHARE)
        self.long = asyncio.Semaphore(1)
        self.watch: asyncio.Task[None] | None = None
        self.changed = asyncio.Event()  # what the member may, perhaps


class Members:
    """The members whose programs are connected: *most* of each, asked about through *desk*."""

    def __init__(self, desk: Any, most: int) -> None:
        self._desk, self._most = desk, most
        self._programs: dict[int, Programs] = {}

    def begin(self, session: Any) -> bool:
        """Count *session*, which has signed in; tell whether there was room."""
        uid: int = session.signed.uid
        found = self._programs.setdefault(uid, Programs())
        if len(found.sessions) >= self._most:
            return False
        found.sessions.add(session)
        found.changed.set()  # something may have changed while it signed in
        if found.watch is None:
            found.watch = asyncio.get_running_loop().create_task(self._watch(uid, found))
        return True

    def end(self, session: Any) -> None:
        """Count one less; done again, nothing happens."""
        uid: int = session.signed.uid
        found = self._programs.get(uid)
        if found is None:
            return
        found.sessions.discard(session)
        if not found.sessions:
            del self._programs[uid]
            if found.watch is not None:
                found.watch.cancel()

    def share(self, uid: int, *, long: bool) -> asyncio.Semaphore:
        """Return what the programs of member *uid* have of the threads, or of those for *long*."""
        programs = self._programs[uid]
        return programs.long if long else programs.share

    async def _watch(self, uid: int, programs: Programs) -> None:
        """End what may not go on, as soon as that is known, for as long as somebody is there."""
        changed = programs.changed
        while not (oids := await self._asked(partial(watched, uid), ())):
            await asyncio.sleep(PACE)
        with self._desk.rounds.told(oids, changed):
            while True:
                await changed.wait()
                changed.clear()
                numbers = {session.signed.number for session in programs.sessions}
                over = numbers - await self._asked(partial(valid, uid, numbers), numbers)
                for session in list(programs.sessions):  # others have come in meanwhile
                    if session.signed.number in over:
                        session.stream.dismiss(OVER)
                await asyncio.sleep(PACE)

    async def _asked(self, func: Callable[[Any], Any], otherwise: Any) -> Any:
        """Return what *func* says, *otherwise* where it cannot be asked now."""
        try:
            return await self._desk.apart(partial(work, self._desk.registry, func))
        except Exception:
            log.exception("it is not known whether mail programs may go on")
            return otherwise


def watched(uid: int, request: Any) -> list[bytes]:
    """Return what changes when member *uid* may less than before."""
    members, factors = request.find_service(IMembers), request.find_service(IFactors)
    things = members.by_uid(uid, closed=True), factors.of(uid)
    return [thing._p_oid for thing in things if thing is not None]


def valid(uid: int, numbers: Iterable[int], request: Any) -> set[int]:
    """Return those of the app passwords *numbers* of member *uid* that still open anything."""
    stands = request.find_service(IAppPasswords).stands
    return {number for number in numbers if stands(uid, number)}
