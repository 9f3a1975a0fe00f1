"""Look at everything in a site: every object, reference, seal, blob and key.

Faults are named by object and class, never by what members wrote or are called.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from persistent import Persistent
from persistent.wref import WeakRef
from ZODB.blob import Blob
from ZODB.broken import Broken
from ZODB.FileStorage import FileStorage
from ZODB.serialize import referencesf
from ZODB.utils import p64, u64

from communicate.erasure.services import erasures_of, ledger_of
from communicate.interfaces import IKeyRing
from communicate.sealing.content import Sealed, SealedBlob
from communicate.sealing.envelope import open_envelope
from communicate.sealing.errors import Destroyed, SealBroken
from communicate.sealing.files import SealedReader
from communicate.storage.sums import Sums
from communicate.storage.work import work
from communicate.stores import stores_of

BATCH = 500  # objects in one transaction
MOST = 20  # objects named for one place in the file
TOLD = 5_000  # objects between two words of progress
CURE = "restore it from a backup"
Say = Callable[[str], None]


@dataclass
class Look:
    """What is found out on the way: the numbers of all objects, and of what each refers to."""

    registry: Any
    gone: set[int]  # uids whose keys were destroyed
    oids: list[int] = field(default_factory=list)
    named: dict[int, int] = field(default_factory=dict)  # oid -> one that refers to it
    seals: int = 0
    blobs: int = 0


def faults(registry: Any, say: Say) -> Iterator[str]:
    """Yield a sentence for each fault."""
    yield from broken_keys(registry, say)
    yield from changed_bytes(registry, say)
    look = Look(registry, work(registry, erased))
    yield from broken_records(look, say)
    yield from broken_objects(look, say)
    say(f"{len(look.oids)} objects, {look.seals} seals, {look.blobs} blobs looked at")


def erased(request: Any) -> set[int]:
    """Return the uids of those who were erased, by the tree or by the ledger."""
    named = {line.uid for line in ledger_of(request.registry).lines()}
    return named | set(erasures_of(request).by_uid)


def broken_keys(registry: Any, say: Say) -> Iterator[str]:
    """Find keys that the master key does not unwrap, and damage to the ring's files."""
    try:
        damage = registry.getUtility(IKeyRing).damage()
    except Exception as error:  # whatever the database makes of its files
        damage = [f"it cannot be read ({type(error).__name__})"]
    for one in damage:
        yield f"The key ring is damaged, {one}: put it back from its copy."
    say("key ring: every key looked at")


def changed_bytes(registry: Any, say: Say) -> Iterator[str]:
    """Find bytes of the tree's file that are not what was written there."""
    database = stores_of(registry).database
    if database.sums is None:
        return
    found = list(changed(database.sums))
    if not found:
        database.keep_sums()
    say(f"tree: {database.storage.getSize()} bytes looked at")
    yield from found


def changed(sums: Sums) -> Iterator[str]:
    """Yield a sentence for each place in the file of *sums* that has changed by itself."""
    for start, stop in sums.changed():
        near = ", ".join(f"{oid:#x}" for oid in sums.objects(start, stop)[:MOST])
        yield (
            f"{sums.storage.getName()} has changed by itself between byte {start} and {stop}, "
            f"where objects {near} are, or what they were before: {CURE}."
        )


def unopened(path: Path) -> Iterator[str]:
    """Yield what can be said of the tree in the file *path* where the site does not open."""
    storage = FileStorage(str(path), read_only=True)
    try:
        yield from changed(Sums(storage))
    finally:
        storage.close()


def broken_records(look: Look, say: Say) -> Iterator[str]:
    """Find records that cannot be read, and references that lead nowhere."""
    for oid, data in records(look.registry):
        look.oids.append(oid)
        try:
            refers = referencesf(data)
        except Exception as error:  # whatever a byte that is wrong makes of a pickle
            yield f"The record of object {oid:#x} cannot be read ({describe(error)}): {CURE}."
        else:
            look.named.update((u64(other), oid) for other in refers)
        if len(look.oids) % TOLD == 0:
            say(f"references: {len(look.oids)} objects")
    there = set(look.oids)
    for other, oid in look.named.items():
        if other not in there:
            yield f"Object {oid:#x} refers to {other:#x}, which is not there: {CURE}."


def records(registry: Any) -> Iterator[tuple[int, bytes]]:
    """Yield number and record of each object in the tree."""
    storage, following = stores_of(registry).database.storage, None
    while True:
        oid, _tid, data, following = storage.record_iternext(following)
        yield u64(oid), data
        if following is None:
            return


def broken_objects(look: Look, say: Say) -> Iterator[str]:
    """Load every object, and open every seal and blob in it."""
    for start in range(0, len(look.oids), BATCH):
        batch = look.oids[start : start + BATCH]
        yield from work(look.registry, partial(_batch, look, batch))
        done = start + len(batch)
        if done % TOLD < BATCH:
            say(f"seals: {done} of {len(look.oids)} objects")


def _batch(look: Look, oids: list[int], request: Any) -> list[str]:
    return [fault for oid in oids for fault in look_at(look, request.root_map._p_jar, oid)]


def look_at(look: Look, jar: Any, oid: int) -> Iterator[str]:
    """Yield what is wrong with the object *oid*."""
    name = f"object {oid:#x}"
    try:
        thing = jar.get(p64(oid))
        name = f"{name} ({type(thing).__module__}.{type(thing).__name__})"
        if isinstance(thing, Blob):
            look.blobs += 1
            thing.open("r").close()
            return
        thing._p_activate()
        state = state_of(thing)
    except Exception as error:  # whatever keeps it from being read
        yield f"The {name} cannot be read ({describe(error)}): {CURE}."
        return
    for sealed in seals_in(state):
        look.seals += 1
        yield from broken_seal(look, name, sealed)
    if isinstance(thing, SealedBlob):
        yield from broken_blob(look, name, thing)


def state_of(thing: Any) -> Any:
    """Return the state of *thing*, whose class may be absent."""
    return thing.__Broken_state__ if isinstance(thing, Broken) else thing.__getstate__()


def seals_in(state: Any) -> Iterator[Sealed]:
    """Yield every seal in *state*, but not in the objects that it refers to."""
    waiting = [state]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Sealed):
            yield value
        elif isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list | tuple | set | frozenset):
            waiting += value
        elif not isinstance(value, Persistent | WeakRef) and hasattr(value, "__dict__"):
            waiting.append(vars(value))


def broken_seal(look: Look, name: str, sealed: Sealed) -> Iterator[str]:
    """Yield a sentence where *sealed* does not open."""
    try:
        key = look.registry.getUtility(IKeyRing).member_key(sealed.uid)
        open_envelope(key, sealed.uid, sealed.kind, sealed.envelope)
    except Destroyed:
        yield from unless_erased(look, name, sealed.uid, sealed.kind)
    except Exception as error:
        yield f"A seal ({sealed.kind}) in {name} does not open ({describe(error)}): {CURE}."


def broken_blob(look: Look, name: str, blob: SealedBlob) -> Iterator[str]:
    """Yield a sentence where the file of *blob* does not open from its first byte to its last."""
    try:
        key = look.registry.getUtility(IKeyRing).member_key(blob.uid)
        with blob.blob.open("r") as file:
            for _piece in SealedReader(file, key, blob.uid, blob.kind).pieces():
                pass
    except Destroyed:
        yield from unless_erased(look, name, blob.uid, blob.kind)
    except Exception as error:
        yield f"The sealed file ({blob.kind}) of {name} does not open ({describe(error)}): {CURE}."


def unless_erased(look: Look, name: str, uid: int, kind: str) -> Iterator[str]:
    """Yield a sentence where a seal lacks its key though nobody erased *uid*."""
    if uid not in look.gone:
        yield (
            f"A seal ({kind}) in {name} is of member {uid}, whose key is not the one that sealed "
            f"it, and who was not erased: {CURE}, or the key ring from its copy."
        )


def describe(error: Exception) -> str:
    """Return what *error* says, without the words of members that foreign errors might quote."""
    if isinstance(error, SealBroken | OSError):
        return str(error)
    return type(error).__name__
