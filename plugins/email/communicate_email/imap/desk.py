"""What all connections of the gateway share: threads for the tree, limits, who is connected."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from communicate.accounts.limits import TooMany, network_of
from communicate.interfaces import IDatabase, ILimits
from communicate.storage.work import work
from communicate.workers import Workers
from communicate_email.imap.guests import Guest, Guests
from communicate_email.imap.members import Members
from communicate_email.imap.rounds import Rounds
from communicate_email.imap.wire.framing import Sizes
from communicate_email.signing import Signed, signed

T = TypeVar("T")
THREADS = 6
LONG = 2  # threads for what may take long
TRIES = 20  # pages and deliveries change the same mailbox meanwhile
IDLE = 1_800.0  # seconds for which a client that has signed in may say nothing (RFC 9051, 5.4)
TEXT = 65_536  # octets of a command of somebody who has signed in


class Desk:
    """Connections, in one loop; what opens the tree is done in threads."""

    def __init__(self, registry: Any, context: Callable[[], Any]) -> None:
        settings = registry.settings
        self.registry = registry
        self.bells = registry.getUtility(IDatabase).bells
        self.rounds = Rounds(self.bells, self.apart)
        self.context = context
        self.patience = float(settings["email.programs_patience"])
        self.idle = IDLE
        size: int = settings["email.message_size"]
        self.before = Sizes()
        self.after = Sizes(TEXT, TEXT, size, 2 * size, size)
        self.guests = Guests(
            settings["email.programs_connections"], settings["email.programs_per_address"]
        )
        self.members = Members(self, settings["email.programs_per_member"])
        self.limits: Any = work(registry, lambda request: request.find_service(ILimits))
        self.drops: set[int] = set()  # members whose inbox is being fetched by POP3
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._threads = Workers(THREADS, "communicate-imap")
        self._room = asyncio.Semaphore(LONG)
        self._long = Workers(LONG, "communicate-imap-long")

    def stop(self) -> None:
        """Finish what was begun."""
        self._threads.shutdown()
        self._long.shutdown()

    async def work(
        self,
        func: Callable[[Any], T],
        turn: int | None = None,
        member: int | None = None,
        long: bool = False,
    ) -> T:
        """Return what *func* returns for a request, once its transaction has committed.

        What changes the mail of one member is done one after the other here, as the number of
        that member says it: *turn*.  Else each would undo what the others are about to commit.
        And the programs of one *member* have so many threads at most, so that some are left for
        everybody else's; what may take *long* has threads of its own.
        """
        act = partial(work, self.registry, func, tries=TRIES)
        one: Any = nullcontext() if turn is None else self._turns.setdefault(turn, asyncio.Lock())
        if member is None:
            share: Any = nullcontext()
        else:
            share = self.members.share(member, long=long)
        if long:  # nobody waits for the turn of who waits for a thread
            async with share, self._room, one:
                return await self.apart(act, long=True)
        async with one, share:
            return await self.apart(act)

    async def apart(self, func: Callable[[], T], *, long: bool = False) -> T:
        """Return what *func* returns, called in a thread."""
        threads = self._long if long else self._threads
        return await asyncio.get_running_loop().run_in_executor(threads, func)

    async def sign_in(self, name: str, password: str, peer: str) -> Signed | None:
        """Return who signs in, None where nobody does; raise TooMany."""
        return await self.apart(partial(signed, self.registry, name, password, peer))

    def enter(self, peer: str, end: Callable[[], object]) -> Guest | None:
        """Let a connection from *peer* in, which *end* ends; None where there is no room.

        And none where too many have come from there lately.
        """
        network = network_of(peer)
        try:
            self.limits.hit("email.programs_connects", network)
        except TooMany:
            return None
        return self.guests.enter(network, end)
