"""The key ring: one key per member, wrapped by the master key, outside the tree's transaction.

A key is committed before the tree uses it.  Destroying it makes everything sealed under it
unreadable, in the site and in every copy whose ring no longer holds it.
"""

import threading
import time
from collections.abc import Callable, Collection
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from zope.interface import implementer

from communicate.interfaces import IKeyRing
from communicate.sealing.errors import Destroyed, WrongMasterKey
from communicate.sealing.keys import KEY_SIZE, SITE, MemberKey, derive, unwrap, wrap
from communicate.sealing.ringstore import Change, RingStore, open_store

KEPT = 60.0
"""Seconds for which an unwrapped key stays in memory, at most."""
LOOK = 1.0
"""Seconds after which a process in use notices a key that another one destroyed."""
MOST = 10_000
"""Keys in memory, at most."""


@implementer(IKeyRing)
class KeyRing:
    """Keys of members and of the site; for use from any thread."""

    def __init__(
        self,
        store: RingStore,
        master: bytes,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._master = master
        self._monotonic = monotonic
        self._lock = threading.RLock()
        # uid -> (when it was loaded, its key or None), oldest first
        self._cache: dict[int, tuple[float, MemberKey | None]] = {}
        self._generation = store.generation()
        self._looked = monotonic()

    def __repr__(self) -> str:
        return f"<KeyRing {self._store.place}>"

    def create(self, uid: int) -> None:
        """Make and commit a key for *uid* at once; keep one that is there."""
        self.create_all((uid,))

    def create_all(self, uids: Collection[int]) -> None:
        """Make and commit a key for each of *uids* in one transaction, as `create` does."""
        for uid in uids:
            _check_uid(uid)
        with self._lock, self._store.change() as change:
            self._check_master(change)
            for uid in uids:
                if not change.holds(uid):
                    change.add(uid, wrap(self._master, uid, token_bytes(KEY_SIZE)))
        with self._lock:
            for uid in uids:
                self._forget_absence(uid)

    def key(self, uid: int) -> bytes:
        """Return the 32-byte key of *uid*; raise Destroyed if there is none."""
        return self.member_key(uid).secret

    def member_key(self, uid: int) -> MemberKey:
        """Return the key of *uid*, ready for use; raise Destroyed if there is none."""
        now = self._monotonic()
        if now - self._looked >= LOOK:
            self._look(now)
        loaded, key = self._cache.get(uid) or self._load(uid)
        if now - loaded >= KEPT:
            key = self._load(uid)[1]
        if key is None:
            raise Destroyed(uid)
        return key

    def holds(self, uid: int) -> bool:
        """Tell whether *uid* has a key, by asking the database."""
        return self._store.wrapped(uid) is not None

    def site_key(self, label: str) -> bytes:
        """Return 32 bytes derived from the site's key for the one use that *label* names."""
        return self.member_key(SITE).for_use(label)

    def destroy(self, uid: int) -> None:
        """Destroy the key of *uid* and wipe its bytes; done again, it completes what was cut off.

        This process forgets the key at once, others within `LOOK` seconds of use.
        """
        _check_uid(uid)
        if uid == SITE:
            raise ValueError("the site's own key is never destroyed")
        with self._store.change(announced=True) as change:
            change.remove(uid)
        with self._lock:
            self._cache.pop(uid, None)
        self.checkpoint()

    def rotate_master(self, new_key: bytes) -> None:
        """Wrap every key anew under *new_key*, all or none.

        Other processes refuse to load keys until they are started with the new one.
        """
        if len(new_key) != KEY_SIZE:
            raise ValueError(f"a master key has {KEY_SIZE} bytes, not {len(new_key)}")
        with self._lock:
            with self._store.change(announced=True) as change:
                self._check_master(change)
                rows = [
                    (uid, wrap(new_key, uid, self._unwrap(uid, wrapped)))
                    for uid, wrapped in change.all()
                ]
                change.replace(rows, fingerprint(new_key))
            self._master = new_key
            self._cache.clear()
        self.checkpoint()

    def copy(self) -> tuple[bytes, list[tuple[int, bytes]]]:
        """Return the fingerprint of the master key, and every uid with its wrapped key."""
        with self._store.change() as change:
            return change.master, change.all()

    def damage(self) -> list[str]:
        """Return what is wrong with the ring: its files, and each key that does not unwrap."""
        found = self._store.damage()
        for uid, wrapped in self.copy()[1]:
            try:
                unwrap(self._master, uid, wrapped)
            except InvalidTag:
                found.append(f"the key of member {uid} is not what was stored")
        return found

    def checkpoint(self) -> None:
        """Wipe what was deleted or replaced from the files; raise KeyRingBusy if it cannot."""
        self._store.clean()

    def close(self) -> None:
        """Forget every key and close the database."""
        with self._lock:
            self._cache.clear()
        self._store.engine.dispose()

    def _load(self, uid: int) -> tuple[float, MemberKey | None]:
        # Read and kept under one lock: a key destroyed in between cannot slip back in.
        with self._lock:
            loaded = self._monotonic()
            wrapped = self._store.wrapped(uid)
            key = None if wrapped is None else MemberKey(self._unwrap(uid, wrapped))
            self._cache.pop(uid, None)
            if len(self._cache) >= MOST:
                del self._cache[next(iter(self._cache))]
            entry = self._cache[uid] = (loaded, key)
            return entry

    def _look(self, now: float) -> None:
        """Drop what is too old, and all where another process destroyed a key."""
        with self._lock:
            generation = self._store.generation()
            if generation != self._generation:
                self._generation = generation
                self._cache.clear()
            for uid, (loaded, _key) in list(self._cache.items()):
                if now - loaded < KEPT:
                    break
                del self._cache[uid]
            self._looked = now

    def _forget_absence(self, uid: int) -> None:
        if self._cache.get(uid, (0, True))[1] is None:
            del self._cache[uid]

    def _check_master(self, change: Change) -> None:
        if change.master != fingerprint(self._master):
            raise WrongMasterKey(self._store.place)

    def _unwrap(self, uid: int, wrapped: bytes) -> bytes:
        try:
            return unwrap(self._master, uid, wrapped)
        except InvalidTag:
            raise WrongMasterKey(self._store.place) from None


def fingerprint(master: bytes) -> bytes:
    """Return 8 bytes that tell master keys apart and reveal nothing of them."""
    return derive(master, "master-id")[:8]


def open_keyring(
    url: str, master_key: bytes, *, monotonic: Callable[[], float] = time.monotonic
) -> KeyRing:
    """Return the ring in the database *url* (an SQLAlchemy URL), made with the site's key if new.

    Raise WrongMasterKey if another master key wraps it.
    """
    store = open_store(url)
    store.install(fingerprint(master_key))
    if store.master() != fingerprint(master_key):
        store.engine.dispose()
        raise WrongMasterKey(store.place)
    ring = KeyRing(store, master_key, monotonic=monotonic)
    ring.create(SITE)
    return ring


def _check_uid(uid: int) -> None:
    if not 0 <= uid < 2**63:
        raise ValueError(f"a uid lies between 0 and 2**63 - 1: {uid}")
