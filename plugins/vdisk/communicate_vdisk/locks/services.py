"""Locks: `ILocks`, which every way to write into a disk asks.

They lie in the tree, so that the site, the gateways and every process see the same ones, and a
lock is granted in one transaction with the question whether it may be.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import uuid4

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.interfaces import IMembers, ISeals
from communicate.permissions import VIEW
from communicate.principals import Viewer
from communicate.security import decide, permits
from communicate_vdisk.content import NAME, Disk, Disks, Node
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.locks.content import Lock, Locks
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.permissions import CHANGE

_ = TranslationStringFactory("communicate_vdisk")

HOLDER = "vdisk.lock"  # the kind under which what a program says of its user is sealed
LONGEST = 3600  # seconds
MOST = 1000  # locks of one member
WORDS = 4096  # bytes
SWEPT = 20  # locks that a new one sweeps away

BUSY = _("“${name}” is being edited by ${who} until ${time}. Wait until then, or ask them.")
OWN = _("You have “${name}” open in another program, until ${time}: close it there first.")
WHOLE = _("The whole disk is being edited by ${who} until ${time}. Wait until then, or ask them.")
UNSEEN = _("Something here is being edited until ${time}. Wait until then.")
MANY = _("You have too many files open at once: close some.")


class Locked(Refused):
    """Somebody is at work on it: ``locks`` says which locks stand against it."""

    def __init__(self, reason: Any, locks: list[Lock]) -> None:
        super().__init__(reason)
        self.locks = locks


@implementer(ILocks)
class LockService:
    """The locks of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.uid: int | None = None
        self.tokens: frozenset[str] = frozenset()

    @property
    def presented(self) -> tuple[int, frozenset[str]] | None:
        """Who does the rest of this request, and which tokens they know; None if nobody said."""
        return None if self.uid is None else (self.uid, self.tokens)

    def present(self, uid: int, tokens: Iterable[str]) -> None:
        """Let the rest of this request be done by member *uid*, who knows *tokens*."""
        self.uid, self.tokens = uid, frozenset(tokens)

    # Asking

    def check(self, *nodes: Node, below: bool = False) -> None:
        """Raise Locked where somebody is at work on one of *nodes*; *below*: on what is in one."""
        if self._store() is None:
            return
        for node in nodes:
            self._refuse(self.on(node) + (self.below(node) if below else []))

    def check_leaving(self, node: Node) -> None:
        """Raise Locked where somebody is at work on the folder of *node*, which leaves its list.

        Only locks of those who may change *node* count: what they may not, they do not hold up.
        """
        if self._store() is not None:
            held = self.on(node.__parent__)
            self._refuse([lock for lock in held if self._may_change(lock.holder, node)])

    def _refuse(self, found: list[Lock]) -> None:
        against = [lock for lock in found if not self._opens(lock)]
        if against:
            raise Locked(self.sentence(against[0]), against)

    def _opens(self, lock: Lock) -> bool:
        """Tell whether the request presents *lock* as its holder's, or shares it with others."""
        return lock.holder == self.uid and lock.token in self.tokens

    def on(self, node: Node) -> list[Lock]:
        """Return the locks on *node*, on itself and on what holds it."""
        return [
            lock
            for each in node.lineage()
            for lock in self._direct(each)
            if each is node or (lock.deep and self._may_change(lock.holder, node))
        ]

    def below(self, node: Node) -> list[Lock]:
        """Return the locks on what lies in *node*."""
        store, found = self._store(), []
        if store is None or not node.is_folder:
            return []
        for lock in pick(store, store.disks, int(node.owner or 0)):
            thing = self._thing(lock)
            if thing is not None and thing is not node and node in thing.lineage():
                found.append(lock)
        return [lock for lock in found if self._counts(lock)]

    def _reached(self, node: Node, uid: int) -> list[Lock]:
        """Return the locks on what lies in *node* and member *uid* may change."""
        found = ((lock, self._thing(lock)) for lock in self.below(node))
        return [
            lock for lock, thing in found if thing is not None and self._may_change(uid, thing)
        ]

    def _direct(self, node: Node) -> list[Lock]:
        store = self._store()
        found = () if store is None else pick(store, store.nodes, node.id)
        return [lock for lock in found if self._counts(lock)]

    def _counts(self, lock: Lock) -> bool:
        """Tell whether *lock* has not ended, and its holder may still change the thing."""
        if lock.until <= self._now():
            return False
        thing = self._thing(lock)
        return thing is not None and self._may_change(lock.holder, thing)

    def _may_change(self, uid: int, thing: Node) -> bool:
        member = self.request.find_service(IMembers).by_uid(uid)
        if member is None:
            return False
        viewer = Viewer(member, self.request.site.get("members"))
        return bool(decide(viewer, thing, CHANGE))

    def _thing(self, lock: Lock) -> Node | None:
        found: Node | None = self.request.find_service(IDisk).find(lock.node)
        if found is None:  # a disk is found by whose it is
            member = self.request.find_service(IMembers).by_uid(lock.disk)
            disk = None if member is None else member.get(NAME)
            found = disk if isinstance(disk, Disk) and disk.id == lock.node else None
        return found

    def sentence(self, lock: Lock) -> Any:
        """Return what somebody is told whom *lock* keeps from writing.

        What they may not see is not named, nor is who is at work on it.
        """
        page, thing = self.request.page, self._thing(lock)
        time = page.formats.clock(lock.until)
        if thing is not None and not permits(self.request, thing, VIEW):
            return _(UNSEEN, mapping={"time": time})
        who = page.login_of(lock.holder) or "?"
        name = "" if thing is None else self.request.find_service(IDisk).name(thing)
        if lock.holder == self._viewer():
            return _(OWN, mapping={"name": name or "/", "time": time})
        if not name:
            return _(WHOLE, mapping={"who": who, "time": time})
        return _(BUSY, mapping={"name": name, "who": who, "time": time})

    def _viewer(self) -> int | None:
        if self.uid is not None:
            return self.uid
        member = self.request.member
        return None if member is None else int(member.uid)

    # Holding

    def lock(  # what a lock is made of
        self,
        node: Node,
        uid: int,
        *,
        seconds: int | None = None,
        deep: bool = False,
        shared: bool = False,
        words: bytes | None = None,
    ) -> Lock:
        """Return a new lock of member *uid* on *node*; raise Locked where one stands against it.

        So does every other one, this member's too, unless both may be shared; not one on what
        this member may not change: there, theirs would not count.
        """
        found = self.on(node) + (self._reached(node, uid) if deep else [])
        against = [lock for lock in found if not (shared and lock.shared)]
        if against:
            raise Locked(self.sentence(against[0]), against)
        store = self._made()
        self.sweep(SWEPT)
        if sum(1 for _lock in islice(pick(store, store.holders, uid), MOST)) >= MOST:
            raise Refused(MANY)
        made = Lock(f"urn:uuid:{uuid4()}", node.id, uid, self._until(seconds))
        made.disk, made.deep, made.shared = int(node.owner or 0), deep and node.is_folder, shared
        if words:
            made.words = self.request.find_service(ISeals).seal(uid, HOLDER, words[:WORDS])
        self._put(store, made)
        # Whoever writes at this moment reads the same object: one of the two is tried again.
        node._p_changed = True
        return made

    def refresh(self, token: str, uid: int, seconds: int | None = None) -> Lock | None:
        """Let the lock last *seconds* from now; return it, or None where *uid* holds none such."""
        store = self._store()
        lock = None if store is None else store.by_token.get(token)
        if store is None or lock is None or lock.holder != uid or not self._counts(lock):
            return None
        self._drop(store, lock)
        lock.until = self._until(seconds)
        self._put(store, lock)
        return lock  # type: ignore[no-any-return]  # trees are untyped

    def unlock(self, token: str, uid: int) -> bool:
        """End a lock of member *uid*; tell whether there was one."""
        store = self._store()
        lock = None if store is None else store.by_token.get(token)
        if store is None or lock is None or lock.holder != uid:
            return False
        self._drop(store, lock)
        return True

    def release(self, node: Node) -> None:
        """End every lock on *node* and what lies in it, whoever holds it."""
        store = self._store()
        if store is not None:
            for lock in [*pick(store, store.nodes, node.id), *self.below(node)]:
                self._drop(store, lock)

    def held(self, uid: int) -> list[Lock]:
        """Return the locks that member *uid* holds."""
        store = self._store()
        return [] if store is None else list(pick(store, store.holders, uid))

    def forget(self, uid: int) -> int:
        """End every lock that member *uid* holds; return how many there were."""
        found = self.held(uid)
        for lock in found:
            self._drop(self._store(), lock)
        return len(found)

    def sweep(self, most: int) -> int:
        """Forget up to *most* locks that have ended; return how many there were."""
        store = self._store()
        if store is None:
            return 0
        ended = list(islice(store.ends.keys(None, (self._now(), "")), most))
        for _until, token in ended:
            self._drop(store, store.by_token[token])
        return len(ended)

    def _until(self, seconds: int | None) -> int:
        lasts = LONGEST if seconds is None or seconds < 0 else min(max(seconds, 1), LONGEST)
        return self._now() + lasts * 1000

    def _now(self) -> int:
        return milliseconds(now(self.request))

    def _store(self) -> Locks | None:
        disks = self.request.site.get(NAME)
        found: Locks | None = None if disks is None else disks.locks
        return found

    def _made(self) -> Locks:
        disks: Disks = self.request.site[NAME]
        if disks.locks is None:
            disks.locks = Locks()
        return disks.locks

    def _put(self, store: Locks, lock: Lock) -> None:
        store.by_token[lock.token] = lock
        for index, key in places(store, lock):
            index.add((key, lock.token))

    def _drop(self, store: Any, lock: Lock) -> None:
        store.by_token.pop(lock.token, None)
        for index, key in places(store, lock):
            if (key, lock.token) in index:
                index.remove((key, lock.token))


def places(store: Locks, lock: Lock) -> Iterator[tuple[Any, int]]:
    """Yield each index that knows *lock*, and its key there."""
    yield store.nodes, lock.node
    yield store.disks, lock.disk
    yield store.holders, lock.holder
    yield store.ends, lock.until


def pick(store: Locks, index: Any, key: int) -> Iterator[Lock]:
    """Yield the locks that *index* has under *key*."""
    for _key, token in index.keys((key, ""), (key + 1, ""), excludemax=True):
        yield store.by_token[token]


def lock_service(_context: Any, request: Request) -> LockService:
    """Return the service for one request."""
    return LockService(request)
