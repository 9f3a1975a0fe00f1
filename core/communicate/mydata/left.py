"""What plugins that are off keep of a member: read as it lies in the tree, none of their code run.

A thing is the member's where it says so (``owner``), where it hangs under the member's number, or
where it holds something sealed under the member's key; of the last only that is taken.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from BTrees.Interfaces import IBTree, ITreeSet
from persistent import Persistent
from persistent.list import PersistentList
from persistent.mapping import PersistentMapping
from ZODB.interfaces import IBroken

from communicate.clock import moment
from communicate.interfaces import ISeals
from communicate.operate.plugins import kept_mounts
from communicate.sealing.content import Sealed, SealedBlob
from communicate.sealing.errors import Destroyed

Row = dict[str, Any]
OWNER, KEY, SEAL = "owner", "key", "seal"
MOST = 10_000  # entries of one mapping that are written
DEPTH = 6  # of values inside each other
EARLIEST, LATEST = 10**11, 10**13  # what milliseconds since 1970 look like, from 1973 to 2286


@dataclass(frozen=True)
class Place:
    """A container of a plugin that is off: the plugin, its address, whether it is a member's."""

    plugin: str
    path: str
    container: Any
    own: bool


def places(request: Any, account: Any) -> list[Place]:
    """Return the containers of plugins that are off: the site's, and those in the space."""
    found = []
    for folder, own in ((request.site, False), (account, True)):
        for plugin, mounts in kept_mounts(folder).items():
            for name in mounts:
                thing = folder.raw(name)
                if IBroken.providedBy(thing):
                    path = f"/members/{account.login}/{name}" if own else f"/{name}"
                    found.append(Place(plugin, path, thing, own))
    return found


class Left:
    """What lies in one place of one member."""

    def __init__(self, request: Any, uid: int, archive: Any) -> None:
        self.uid, self.archive = uid, archive
        self.seals = request.find_service(ISeals)

    def rows(self, place: Place) -> Iterator[Row]:
        """Yield a record for each thing of the member's in *place*."""
        for thing, why in walk(place.container, self.uid, self.archive.tick):
            state = state_of(thing)
            why = why or (OWNER if place.own or state.get("owner") == self.uid else SEAL)
            row = self._row(place, thing, state, why)
            if row is not None:
                yield row

    def _row(self, place: Place, thing: Any, state: Mapping[str, Any], why: str) -> Row | None:
        sealed = {name: self._opened(value) for name, value in state.items()}
        sealed = {name: value for name, value in sealed.items() if value not in (None, [], {})}
        if why == SEAL and not sealed:
            return None
        plain = {} if why == SEAL else self._plain_state(state, whole=why == KEY or place.own)
        return {
            "class": f"{type(thing).__module__}.{type(thing).__name__}",
            "place": place.path,
            **({"created": _moment(state.get("created"))} if why != SEAL else {}),
            **({"sealed": sealed} if sealed else {}),
            **({"state": plain} if plain else {}),
        }

    def _opened(self, value: Any, depth: int = 0) -> Any:
        """Return what the member's seals in *value* hold, None where there are none."""
        if isinstance(value, Sealed):
            return self._text(value) if value.uid == self.uid else None
        if isinstance(value, SealedBlob):
            return self._file(value) if value.uid == self.uid else None
        if isinstance(value, list | tuple) and depth < DEPTH:
            found = [self._opened(each, depth + 1) for each in value]
            return [each for each in found if each is not None]
        if isinstance(value, dict) and depth < DEPTH:
            pairs = {str(key): self._opened(each, depth + 1) for key, each in value.items()}
            return {key: each for key, each in pairs.items() if each is not None}
        return None

    def _text(self, sealed: Sealed) -> str | None:
        try:
            data = self.seals.open(sealed)
        except Destroyed:
            return None
        return str(data.decode("utf-8", "replace"))

    def _file(self, blob: SealedBlob) -> str:
        name = f"{int.from_bytes(blob._p_oid or b'', 'big'):x}.bin"
        path: str = self.archive.file(name, lambda: self.seals.open_range(blob))
        return path

    def _plain_state(self, state: Mapping[str, Any], *, whole: bool) -> Row:
        found = {}
        for name, value in state.items():
            if name.startswith("__") or isinstance(value, Sealed | SealedBlob):
                continue
            plain = _plain(value, whole=whole)
            if plain is not None:
                found[name] = plain
        return found


def walk(container: Any, uid: int, tick: Any) -> Iterator[tuple[Any, str]]:
    """Yield each broken thing below *container*, and KEY where it hangs under *uid*.

    What else it may belong to is for its state to say.
    """
    seen: set[bytes] = set()
    waiting: list[tuple[Any, str]] = [(container, "")]
    while waiting:
        thing, why = waiting.pop()
        if thing._p_oid is None or thing._p_oid in seen:
            continue
        seen.add(thing._p_oid)
        if len(seen) % 250 == 0:
            tick()
        if IBroken.providedBy(thing):
            yield thing, why
        waiting.extend(_below(thing, uid, why))


def _below(thing: Any, uid: int, why: str) -> Iterator[tuple[Any, str]]:
    if IBroken.providedBy(thing):
        for name, value in state_of(thing).items():
            if name != "__parent__":
                yield from ((each, "") for each in _followed(value))
    elif IBTree.providedBy(thing) or isinstance(thing, PersistentMapping):
        for key, value in thing.items():
            yield from ((each, KEY if key == uid else why) for each in _followed(value))
    elif isinstance(thing, PersistentList):
        yield from ((each, why) for each in _followed(thing))


def _followed(value: Any) -> Iterator[Any]:
    """Yield the objects in *value* that a plugin's container may be made of."""
    if isinstance(value, Persistent):
        known = IBTree.providedBy(value) or isinstance(value, PersistentMapping | PersistentList)
        if known or IBroken.providedBy(value):
            yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _followed(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _followed(each)


def state_of(thing: Any) -> Mapping[str, Any]:
    """Return the state of a broken *thing*, empty where it is no mapping."""
    thing._p_activate()
    state = thing.__getstate__()
    return state if isinstance(state, dict) else {}


def _plain(value: Any, *, whole: bool, depth: int = 0) -> Any:
    """Return *value* as a record can have it; None for what is another object, or bytes.

    Sets and trees hold what others do as well: they are taken where all of it is one member's.
    """
    if isinstance(value, bool | int | float | str):
        return value
    if depth >= DEPTH:
        return None
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each, whole=whole, depth=depth + 1) for each in list(value)[:MOST]]
    if isinstance(value, dict):
        return _pairs(value.items(), whole, depth)
    if whole and IBTree.providedBy(value):
        return _pairs(value.items(), whole, depth)
    if whole and ITreeSet.providedBy(value):
        return [each for each, _number in zip(value, range(MOST), strict=False)]
    return None


def _pairs(pairs: Any, whole: bool, depth: int) -> Row:
    found = {}
    for (key, value), _number in zip(pairs, range(MOST), strict=False):
        plain = _plain(value, whole=whole, depth=depth + 1)
        if plain is not None:
            found[str(key)] = plain
    return found


def _moment(value: Any) -> Any:
    return moment(value) if isinstance(value, int) and EARLIEST < value < LATEST else None
