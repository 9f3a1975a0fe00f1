"""Pages of what a folder holds, in each order: they cost what they show."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from communicate.interfaces import ISeals
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_vdisk import kinds
from communicate_vdisk.content import Directory, File, Node
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.names import sort_words
from communicate_vdisk.placing import disk_above

ORDERS = ("name", "-name", "date", "-date", "size", "-size")
LOOKED = 2000  # things that are asked for the right to show them, for one page


@dataclass(frozen=True, slots=True)
class Row:
    """A folder or a file as a list shows it."""

    node: Node
    name: str
    path: str
    kind: kinds.Kind
    count: int | None  # what a folder of one's own holds; None for a file, or where not told
    by: int | None

    @property
    def small(self) -> str | None:
        """The address of its small picture, None where it has none."""
        node = self.node
        pictured = (
            isinstance(node, File) and node.looks is not None and node.looks.small is not None
        )
        return f"{self.path}/small" if pictured else None

    @property
    def is_file(self) -> bool:
        """Whether it is a file."""
        return isinstance(self.node, File)


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows, and the ids that lead to its neighbours."""

    rows: list[Row]
    back: str | None = None
    forth: str | None = None


def row_of(request: Any, node: Node) -> Row:
    """Return *node* as a list shows it."""
    service = request.find_service(IDisk)
    own = request.member is not None and node.owner == request.member.uid
    kind = kinds.kind_of(node.media) if isinstance(node, File) else kinds.FOLDER
    count = len(node) if isinstance(node, Directory) and own else None
    return Row(node, service.name(node), service.path(node), kind, count, node.by)


def page_of(  # one question
    request: Any, folder: Directory, order: str, size: int, after: int = 0, before: int = 0
) -> Rows:
    """Return the *size* things of *folder* that follow id *after* in *order*, or precede *before*.

    What the viewer may not read is left out.
    """
    disk = disk_above(folder)
    start = disk.node(before or after) if before or after else None
    if start is not None and start.__parent__ is not folder:
        start = None  # it was moved or thrown away: from the beginning
    turned = bool(before) and start is not None
    found = list(islice(shown(request, folder, order, start, turned=turned), size + 1))
    more = len(found) > size
    found = found[:size]
    if turned:
        found.reverse()
    rows = [row_of(request, node) for node in found]
    first, last = (rows[0].node.__name__, rows[-1].node.__name__) if rows else (None, None)
    back = first if more or not turned else None
    forth = last if more or turned else None
    return Rows(rows, back if start is not None else None, forth)


def shown(
    request: Any, folder: Directory, order: str, start: Node | None, *, turned: bool
) -> Iterator[Node]:
    """Yield what the viewer may read of *folder* that follows *start*; *turned*: precedes it."""
    disk, seals = disk_above(folder), request.find_service(ISeals)
    backwards = order.startswith("-") != turned
    numbers = ids(seals, request, folder, order.lstrip("-"), start, backwards)
    for number in islice(numbers, LOOKED):
        node = disk.node(number)
        if node is not None and permits(request, node, VIEW):
            yield node


def ids(  # one question
    seals: Any, request: Any, folder: Directory, what: str, start: Node | None, backwards: bool
) -> Iterator[int]:
    """Yield the ids in *folder* in the order of *what* that follow *start*."""
    if what == "name":
        place = None
        if start is not None:
            name = request.find_service(IDisk).name(start)
            place = (sort_words(name, folder=start.is_folder), start.id)
        walk = folder.listing.before if backwards else folder.listing.after
        yield from (number for _words, number in walk(seals, place))
        return
    tree = folder.dates if what == "date" else folder.sizes
    key = None
    if start is not None:
        key = (start.changed if what == "date" else start.size, start.id)
    if backwards:
        yield from (number for _value, number in downwards(tree, key))
    else:
        yield from (number for _value, number in tree.keys(key, excludemin=key is not None))


def downwards(tree: Any, key: tuple[int, int] | None) -> Iterator[tuple[int, int]]:
    """Yield the pairs in *tree* from its end, or from before *key*, downwards."""
    while True:
        try:
            key = tree.maxKey() if key is None else tree.maxKey((key[0], key[1] - 1))
        except ValueError:
            return
        yield key
