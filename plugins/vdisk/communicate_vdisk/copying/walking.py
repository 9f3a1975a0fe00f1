"""One batch of a copy: where the walk is, what it meets, and what is made of that.

A batch is a transaction; where it is killed, or meets another one, it begins again as it was.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from communicate.ids import encode
from communicate.interfaces import IQuota
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_vdisk.content import SERVICE, Directory, Disk, File, Node
from communicate_vdisk.copying.content import COUNTING, Copy
from communicate_vdisk.copying.inline import also
from communicate_vdisk.names import checked, free
from communicate_vdisk.placing import START, disk_above
from communicate_vdisk.services import DEEPEST, DiskService
from communicate_vdisk.streams import Pieces
from communicate_vdisk.waiting import waits

COUNTED, COPIED = 1000, 100  # things in one batch
BYTES = 16 * 2**20  # in one batch; a file that is larger is sealed before its own
MOST = 100_000  # things in one copy


class Failed(Exception):
    """The copy cannot be made; ``code`` is one of `communicate_vdisk.copying.words.WHY`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Next:
    """What is to be done after a batch: another one, once *minutes* have passed.

    *large* is the id of a file that is to be sealed first.
    """

    minutes: int = 0
    large: int = 0


class Walk:
    """One batch of the walk of *copy* to *target*; *spool* holds the file of the tag *sealed*."""

    def __init__(
        self, service: DiskService, copy: Copy, target: Directory, spool: Any, sealed: str
    ) -> None:
        self.service, self.request, self.copy = service, service.request, copy
        self.target, self.spool, self.sealed = target, spool, sealed
        self.counting = copy.state == COUNTING
        self.things, self.bytes = (COUNTED if self.counting else COPIED), BYTES

    def run(self) -> Next | None:
        """Go on to the end of the batch; return what comes next, or None at the walk's end."""
        while self.things > 0 and self.bytes > 0:
            if self.copy.todo:
                large = self._inside()
            elif self.copy.at < len(self.copy.sources):
                large = self._beginning()
            else:
                return None
            if large:
                return Next(large=large)
        return Next()

    def _beginning(self) -> int:
        """Begin with the next of what was chosen; return the id of what is to be sealed first."""
        node = self.service.find(self.copy.sources[self.copy.at])
        if node is None or not permits(self.request, node, VIEW):
            raise Failed("gone")
        if self._is_large(node):
            return node.id
        self.copy.at += 1
        self._meet(node, 0)
        return 0

    def _inside(self) -> int:
        """Go on to the next thing in a folder, or leave that; return as `_beginning` does."""
        copy = self.copy
        *above, (number, into, after) = copy.todo
        folder = self.service.find(number)
        if not isinstance(folder, Directory) or not permits(self.request, folder, VIEW):
            copy.todo = tuple(above)
            return 0
        for key, inside in folder.names.items(after, excludemin=True):
            node = disk_above(folder).node(inside)
            closed = node is None or not permits(self.request, node, VIEW)
            if not closed and self._is_large(node):
                return int(inside)
            copy.todo = (*above, (number, into, key))
            if closed:
                self.things -= 1
            else:
                self._meet(node, into)
            return 0
        copy.todo = tuple(above)
        return 0

    def _is_large(self, node: Any) -> bool:
        """Tell whether *node* is a file to be copied in a batch of its own, and not sealed yet."""
        if self.counting or not isinstance(node, File) or node.size <= BYTES:
            return False
        return node.blob is not None and (self.spool is None or self.sealed != node.tag)

    def _meet(self, node: Any, into: int) -> None:
        """Count *node*, or copy it into the folder with the id *into*, 0 where it was chosen."""
        copy, made = self.copy, 0
        self.things -= 1
        if self.counting:
            copy.things, copy.size = copy.things + 1, copy.size + node.size + node.kept
            if copy.things > MOST:
                raise Failed("many")
        else:
            made = self._make(node, into)
        if isinstance(node, Directory):
            copy.todo = (*copy.todo, (node.id, made, START))
            copy.deepest = max(copy.deepest, len(copy.todo))
            check_depth(copy, self.target)

    def _make(self, node: Node, into: int) -> int:
        """Return the id of the copy of *node*, 0 where its bytes are not to be had."""
        copy, size = self.copy, node.size + node.kept
        copy.done, copy.stored = copy.done + 1, copy.stored + size
        self.bytes -= node.size
        self._give_back(size)
        if isinstance(node, File) and (node.blob is None or waits(self.request, node)):
            copy.left_out += 1
            return 0
        made = self._inner(node, into) if into else self._outer(node)
        also(self.service, node, made)
        return made.id

    def _give_back(self, size: int) -> None:
        """Let what comes now take the room that is reserved for it."""
        size = min(size, self.copy.reserved)
        self.copy.reserved -= size
        self.request.find_service(IQuota).release(self.copy.owner, SERVICE, size)

    def _inner(self, node: Node, into: int) -> Node:
        """Return the copy of *node* in the folder *into* of what was made before."""
        service, folder = self.service, self.service.find(into)
        if not isinstance(folder, Directory):
            raise Failed("closed")
        # Something may have been called like that while the copy was being made.
        name = free(service.name(node), lambda tried: service.child(folder, tried) is not None)
        if isinstance(node, Directory):
            return service.make_folder(folder, name, self.copy.by)
        with self._stream(node) as stream:
            return service.add_file(folder, name, stream, self.copy.by)

    def _outer(self, node: Node) -> Node:
        """Return the copy of *node*, which was chosen: it hangs in the disk, in no list."""
        service, disk = self.service, disk_above(self.target)
        said = self.copy.name
        name = checked(service.name(node) if said is None else service.seals.text(said) or "")
        if isinstance(node, Directory):
            made: Node = service.new_folder(int(disk.owner or 0), name)
        else:
            with self._stream(node) as stream:
                made = service.new_file(disk, name, stream)
        self._hide(disk, made)
        service.known(made, self.copy.by)
        self.copy.made = (*self.copy.made, made.id)
        return made

    def _hide(self, disk: Disk, made: Node) -> None:
        made.coming = True
        disk[encode(made.id)] = made
        made.__parent__ = disk

    @contextmanager
    def _stream(self, node: Any) -> Iterator[Any]:
        """Yield what holds the bytes of the file *node*."""
        if self.spool is not None and self.sealed == node.tag:
            yield self.spool
            return
        with closing(self.service.seals.open_range(node.blob)) as pieces:
            yield Pieces(pieces)


def check_depth(copy: Copy, target: Directory) -> None:
    """Raise Failed where folders would lie too deep within each other in *target*."""
    if len(list(target.lineage())) + copy.deepest - 1 > DEEPEST:
        raise Failed("deep")
