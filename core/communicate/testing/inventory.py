"""What is really stored of members, compared with what core and the plugins declare of it.

Each object of the tree is read without loading any class.  One tells of a member where its state
holds something sealed, or the number of one of the members whom the test made; what a BTree holds
is told of the object that the BTree belongs to.
"""

import importlib
import pickle
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from communicate.interfaces import IDatabase, IPlugins

if TYPE_CHECKING:
    from communicate.testing.house import House

SEALING = "communicate.sealing.content"
OURS = "communicate"
ELSEWHERE = ("memory", "logs")  # kept by no store: said so in the declaration


@dataclass
class Stored:
    """One object: its class, the objects that it refers to, and what of members it holds."""

    class_: str = ""
    refers: set[bytes] = field(default_factory=set)
    holds: set[str] = field(default_factory=set)

    @property
    def passes_on(self) -> bool:
        """Whether what it holds is told of what it belongs to: a BTree, a blob, a sealed file."""
        return not self.class_.startswith(OURS) or self.class_.startswith(SEALING)


def undeclared(house: "House", uids: Collection[int]) -> list[str]:
    """Return each class that holds something of a member and is in no declaration, and what."""
    declared = set(stated(house))
    return sorted(
        f"{name} holds {', '.join(sorted(holds))}"
        for name, holds in personal(house, uids).items()
        if name not in declared
    )


def unknown(house: "House") -> list[str]:
    """Return each name that a declaration says to store in, and that does not exist."""
    return sorted({name for name in stated(house) if not exists(house, name)})


def stated(house: "House") -> Iterator[str]:
    """Yield every name that core and the plugins declare to store in."""
    for kind in house.registry.getUtility(IPlugins).gather("communicate_personal_data"):
        yield from kind.stored


def exists(house: "House", name: str) -> bool:
    """Tell whether *name* is a class, a table, a setting that names a file, or said elsewhere."""
    module, colon, class_ = name.partition(":")
    if colon:
        try:
            return hasattr(importlib.import_module(module), class_)
        except ImportError:
            return False
    return name in ELSEWHERE or name in tables() or name in house.registry.settings


def tables() -> set[str]:
    """Return the names of the tables of the catalog and of the key ring."""
    from communicate.catalog import tables as catalog
    from communicate.sealing import ringstore

    words = {"catalog_words"}  # made by each engine in its own way
    return {*catalog.metadata.tables, *ringstore.metadata.tables, *words}


def personal(house: "House", uids: Collection[int]) -> dict[str, set[str]]:
    """Return the classes that hold something of the members *uids*, and what each holds."""
    found = dict(objects(house, uids))
    above: dict[bytes, set[bytes]] = {}
    for oid, one in found.items():
        for below in one.refers:
            above.setdefault(below, set()).add(oid)
    holders: dict[str, set[str]] = {}
    for oid, one in found.items():
        for owner in owners(oid, found, above) if one.holds else ():
            holders.setdefault(owner, set()).update(one.holds)
    return holders


def owners(oid: bytes, found: dict[bytes, Stored], above: dict[bytes, set[bytes]]) -> set[str]:
    """Return the classes of the objects that the object *oid* belongs to."""
    names, seen, waiting = set(), {oid}, [oid]
    while waiting:
        present = waiting.pop()
        higher = above.get(present, set()) - {ROOT}
        if not found[present].passes_on or not higher:
            names.add(found[present].class_)
            continue
        waiting += higher - seen
        seen |= higher
    return names


ROOT = bytes(8)


def objects(house: "House", uids: Collection[int]) -> Iterator[tuple[bytes, Stored]]:
    """Yield number and description of every object in the tree."""
    storage, following = house.registry.getUtility(IDatabase).storage, None
    numbers, texts = set(uids), tuple(map(str, uids))
    while True:
        oid, _tid, data, following = storage.record_iternext(following)
        yield oid, read(data, numbers, texts)
        if following is None:
            return


class Stand:
    """Stands for an object of any class; what it was made of stays in it."""

    def __new__(cls, *arguments: Any) -> "Stand":
        """Keep the *arguments*, however many."""
        made = super().__new__(cls)
        made.__dict__["arguments"] = arguments
        return made

    def __init__(self, *_arguments: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        self.__dict__["state"] = state


def read(data: bytes, numbers: set[int], texts: tuple[str, ...]) -> Stored:
    """Return what the stored object *data* is and holds."""
    stored, made = Stored(), set[str]()

    class Reader(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            made.add(f"{module}:{name}")
            return type(name, (Stand,), {"__module__": module, "__qualname__": name})

        def persistent_load(self, reference: Any) -> Any:
            target = reference[0] if isinstance(reference, tuple) else reference
            if isinstance(target, bytes):
                stored.refers.add(target)
            return None

    both = Reader(BytesIO(data))
    class_ = both.load()
    class_ = class_[0] if isinstance(class_, tuple) else class_
    class_ = class_[0] if isinstance(class_, tuple) else class_
    stored.class_ = f"{class_.__module__}:{class_.__qualname__}"
    state = both.load()
    if any(name.startswith(SEALING) for name in made):
        stored.holds.add("sealed words")
    if any(tells(value, numbers, texts) for value in walk(state)):
        stored.holds.add("the number of a member")
    return stored


def tells(value: Any, numbers: set[int], texts: tuple[str, ...]) -> bool:
    """Tell whether *value* is, or names, one of the members."""
    if isinstance(value, str):
        return any(text in value for text in texts)
    return isinstance(value, int) and value in numbers


def walk(state: Any) -> Iterator[Any]:
    """Yield every plain value in *state*, however deep."""
    waiting = [state]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, tuple | list | set | frozenset):
            waiting += value
        elif isinstance(value, Stand):
            waiting.append(value.__dict__)
        else:
            yield value
