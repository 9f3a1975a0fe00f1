"""Objects as records of the tree, in ZODB's format, written in less time.

ZODB makes two picklers for each object, names its class anew, and asks of each value in it, in
Python, whether it is an object of its own: a bucket of a tree has hundreds of values.
"""

from io import BytesIO
from typing import Any

from ZODB._compat import Pickler
from ZODB.serialize import ObjectWriter

PROTOCOL = 3
ATOMS = frozenset({int, bytes, str, type(None), bool, float})
# Classes, too, are plain here: none of them lies in the tree itself.
PLAIN = ATOMS | {tuple, dict, list, type}
DEEPEST = 3


class Writer(ObjectWriter):
    """Writes the objects of one connection, one after the other."""

    def __init__(self, jar: Any) -> None:
        super().__init__()
        self._jar = jar
        self._heads: dict[type, bytes] = {}
        self._plain = Pickler(self._file, PROTOCOL)
        refer = self.persistent_id

        def reference(value: Any) -> Any:
            return None if type(value) in PLAIN else refer(value)

        self._p.persistent_id = reference

    def begin(self, others: ObjectWriter) -> "Writer":
        """Return itself, about to write what *others* was to write."""
        self._stack[:] = others._stack
        return self

    def _dump(self, classmeta: Any, state: Any) -> bytes:
        """Return the record of an object: what says its class, and its *state*."""
        if type(classmeta) is not type:  # it says how an object is made, too
            return bytes(super()._dump(classmeta, state))
        file, pickler = self._file, self._plain if is_plain(state) else self._p
        file.seek(0)
        file.write(self._heads.get(classmeta) or self._head(classmeta))
        pickler.clear_memo()
        pickler.dump(state)
        file.truncate()
        found: bytes = file.getvalue()
        return found

    def _head(self, class_: type) -> bytes:
        file = BytesIO()
        Pickler(file, PROTOCOL).dump(class_)
        self._heads[class_] = head = file.getvalue()
        return head


def is_plain(value: Any, deep: int = 0) -> bool:
    """Tell whether there is certainly no object of its own in *value*."""
    kind = type(value)
    if kind in ATOMS:
        return True
    if kind is dict:
        if set(map(type, value)) - ATOMS:
            return False
        value = value.values()
    elif kind is not tuple:
        return False
    others = set(map(type, value)) - ATOMS
    if not others:
        return True
    return (
        deep < DEEPEST
        and others <= PLAIN
        and all(is_plain(one, deep + 1) for one in value if type(one) not in ATOMS)
    )
