"""Every object in the tree and what each of its attributes holds, read without loading a class.

Only what can be reached counts: what was deleted stays in the file until the next pack.  What lies
in a BTree belongs to the attribute that leads there.
"""

import pickle
from collections import deque
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from ZODB.utils import z64

from communicate.interfaces import IDatabase

if TYPE_CHECKING:
    from communicate.testing.house import House

OWN = "BTrees."
SEALED = "communicate.sealing.content:Sealed"


class Reference(NamedTuple):
    """A pointer to another object."""

    oid: bytes


class Held(NamedTuple):
    """One attribute of one object: the class as ``module:Class``, its name, and what it holds.

    *atoms* are numbers, texts, bytes and `Made` things, in no order.
    """

    class_: str
    attribute: str
    atoms: tuple[Any, ...]

    @property
    def package(self) -> str:
        """The top-level package of the class."""
        return self.class_.partition(".")[0].partition(":")[0]

    @property
    def place(self) -> str:
        """What the kit calls the attribute."""
        return f"{self.class_}.{self.attribute}" if self.attribute else self.class_


class Made:
    """Stands for what calling a class would make: its name, arguments and state."""

    name = ""

    def __init__(self, *arguments: Any) -> None:
        self.parts: list[Any] = list(arguments)

    def __setstate__(self, state: Any) -> None:
        self.parts.append(state)


def attributes(house: "House") -> Iterator[Held]:
    """Yield every attribute of every object that can be reached in the tree of *house*."""
    storage = house.registry.getUtility(IDatabase).storage
    waiting, known = deque([(z64, ("", ""))]), {z64}
    while waiting:
        oid, above = waiting.popleft()
        data, _tid = storage.load(oid, "")
        for held, references in read(data, above):
            yield held
            for reference in references:
                if reference not in known:
                    known.add(reference)
                    waiting.append((reference, (held.class_, held.attribute)))


def read(data: bytes, above: tuple[str, str]) -> Iterator[tuple[Held, list[bytes]]]:
    """Yield what the record *data* holds, with the objects it leads to.

    *above* is class and attribute of what led here: a BTree is part of that.
    """
    both = reader(BytesIO(data))
    head, state = both.load(), both.load()
    class_ = class_of(head)
    if class_.startswith(OWN):
        parts = {above[1]: state}
        class_ = above[0] or class_
    else:
        parts = state if isinstance(state, dict) else {"": state}
    for name, value in parts.items():
        atoms = tuple(atoms_of(value))
        references = [atom.oid for atom in atoms if isinstance(atom, Reference)]
        rest = tuple(atom for atom in atoms if not isinstance(atom, Reference))
        yield Held(class_, str(name), rest), references


def class_of(head: Any) -> str:
    """Return the name of the class that the first half of a record states."""
    while isinstance(head, tuple):
        head = head[0]
    return str(head.name)


def atoms_of(value: Any) -> Iterator[Any]:
    """Yield the things that *value* is made of; of what is sealed, that it is."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Reference):
            yield one
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple | set | frozenset):
            waiting += one
        elif isinstance(one, Made) and one.name != SEALED:
            waiting += one.parts
        elif one is not None and not isinstance(one, bool | type):
            yield one


def reader(stream: BytesIO) -> Any:
    """Return an unpickler of *stream* that makes stand-ins of everything."""

    class Reader(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            return type(name, (Made,), {"name": f"{module}:{name}"})

        def persistent_load(self, reference: Any) -> Any:
            oid = reference[0] if isinstance(reference, tuple) else reference
            return Reference(oid) if isinstance(oid, bytes) else None

    return Reader(stream)
