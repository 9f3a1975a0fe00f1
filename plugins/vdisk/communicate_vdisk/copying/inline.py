"""Copies that are made at once, in the transaction of the request that asks for them."""

from collections.abc import Iterable
from contextlib import closing
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.permissions import VIEW
from communicate.security import permits
from communicate_vdisk import properties
from communicate_vdisk.content import Directory, File, Node
from communicate_vdisk.errors import VIRUS, Refused
from communicate_vdisk.placing import disk_above
from communicate_vdisk.streams import Pieces
from communicate_vdisk.waiting import WAIT, waits

_ = TranslationStringFactory("communicate_vdisk")

MOST = 500  # things that are copied at once
LARGEST = 256 * 2**20  # bytes of them
MANY = _("This holds more than ${n} things: copy it in parts.", mapping={"n": MOST})


class Copying:
    """One copy of a thing with what is in it: MOST things, or nothing at all."""

    def __init__(self, service: Any, by: int | None) -> None:
        self.service, self.by, self.count = service, by, 0

    def copy(self, node: Node, folder: Directory, name: str) -> Node:
        """Return the copy of *node* as *name* in *folder*."""
        self.count += 1
        if self.count > MOST:
            raise Refused(MANY)
        service = self.service
        if isinstance(node, Directory):
            made: Node = service.make_folder(folder, name, self.by)
            assert isinstance(made, Directory)  # noqa: S101  # it was just made
            for child in children(service.request, node):
                self.copy(child, made, service.name(child))
        else:
            made = self._file(node, folder, name)
        also(service, node, made)
        return made

    def _file(self, node: Node, folder: Directory, name: str) -> Node:
        assert isinstance(node, File)  # noqa: S101  # there is no third kind
        if node.blob is None:
            raise Refused(VIRUS)
        if waits(self.service.request, node):
            raise Refused(WAIT)
        with closing(self.service.seals.open_range(node.blob)) as pieces:
            made: Node = self.service.add_file(folder, name, Pieces(pieces), self.by)
        return made


def also(service: Any, node: Node, made: Node) -> None:
    """Let *made*, a copy of *node*, have what programs keep with that (RFC 4918, 9.8.2)."""
    kept = properties.told(service.seals, node)
    if kept or made.properties is not None:
        properties.keep(service, made, kept)


def children(request: Any, folder: Directory) -> list[Node]:
    """Return what the viewer may read in *folder*."""
    disk = disk_above(folder)
    found = (disk.node(number) for number in folder.names.values())
    return [node for node in found if node is not None and permits(request, node, VIEW)]


def is_long(request: Any, nodes: Iterable[Node]) -> bool:
    """Tell whether *nodes* are more than is copied at once."""
    things = size = 0
    todo = list(nodes)
    while todo:
        node = todo.pop()
        things, size = things + 1, size + node.size
        if things > MOST or size > LARGEST:
            return True
        if isinstance(node, Directory):
            if len(node) > MOST:
                return True
            todo += children(request, node)
    return False
