"""What is done at a path: rights are asked here, everything else is the services' matter."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.security import permits
from communicate_vdisk import absorbing
from communicate_vdisk.absorbing import absorb
from communicate_vdisk.content import Directory, Disk, File, Node
from communicate_vdisk.ftps.tree import Spot, Tree
from communicate_vdisk.interfaces import ITrash
from communicate_vdisk.permissions import ADD, CHANGE
from communicate_vdisk.placing import disk_above

_ = TranslationStringFactory("communicate_vdisk")

LATEST = 2**43  # milliseconds since 1970


class Failed(Exception):
    """Something is not done: the code of the reply (RFC 959), and its words."""

    def __init__(self, code: int, words: Any) -> None:
        super().__init__(str(words))
        self.code, self.words = code, words


MISSING = Failed(550, _("There is nothing there."))
NOT_YOURS = Failed(550, _("You may not do this there."))
NO_FILE = Failed(550, _("This is no file."))
NO_FOLDER = Failed(550, _("This is no folder."))
FULL = Failed(550, _("This folder is not empty."))
TAKEN = Failed(550, _("There is something of that name already."))
NO_DATE = Failed(501, _("This is no date."))


def split(path: str) -> tuple[str, str]:
    """Return the path of the folder of *path*, and the name in it."""
    above, _slash, name = path.rstrip("/").rpartition("/")
    return above or "/", name


def found(tree: Tree, path: str) -> Spot:
    """Return what is at *path*; raise MISSING."""
    spot = tree.at(path)
    if spot is None:
        raise MISSING
    return spot


def thing(tree: Tree, path: str, permission: str) -> Node:
    """Return the node at *path* for whose member *permission* is; raise Failed."""
    node = found(tree, path).node
    if node is None or isinstance(node, Disk) or not permits(tree.request, node, permission):
        raise NOT_YOURS
    return node


def file(tree: Tree, path: str) -> File:
    """Return the file at *path*; raise Failed."""
    node = found(tree, path).node
    if not isinstance(node, File):
        raise NO_FILE
    return node


def folder(tree: Tree, path: str) -> Directory:
    """Return the folder at *path*, to which something may be added; raise Failed."""
    node = found(tree, path).node
    if isinstance(node, File):
        raise NO_FOLDER
    if not isinstance(node, Directory) or not permits(tree.request, node, ADD):
        raise NOT_YOURS
    return node


def target(tree: Tree, path: str) -> tuple[Directory, str, File | None]:
    """Return where what is sent to *path* goes: folder, name, and the file that it replaces."""
    spot = tree.at(path)
    if spot is not None:
        if not isinstance(spot.node, File):
            raise NO_FILE
        if not permits(tree.request, spot.node, CHANGE):
            raise NOT_YOURS
        return spot.node.__parent__, tree.service.name(spot.node), spot.node
    above, name = split(path)
    return folder(tree, above), name, None


def make_folder(tree: Tree, path: str) -> None:
    """Make the folder *path*."""
    above, name = split(path)
    tree.service.make_folder(folder(tree, above), name, tree.uid)


def throw(tree: Tree, path: str, *, is_folder: bool) -> None:
    """Throw away the file, or the empty folder, at *path*."""
    node = thing(tree, path, CHANGE)
    if node.is_folder != is_folder:
        raise NO_FOLDER if is_folder else NO_FILE
    if isinstance(node, Directory) and len(node):
        raise FULL
    tree.request.find_service(ITrash).throw(node)


def rename(tree: Tree, before: str, after: str) -> None:
    """Let what is at *before* be at *after*, in place of a file that is there."""
    node, spot = thing(tree, before, CHANGE), tree.at(after)
    if spot is not None and spot.node is node:
        return
    if spot is not None:
        take_place(tree, node, thing(tree, after, CHANGE))
        return
    above, name = split(after)
    tree.service.move(node, folder(tree, above), tree.uid, name=name)


def take_place(tree: Tree, node: Node, other: Node) -> None:
    """Let the file *other* hold what the file *node* does, which is gone."""
    if not isinstance(node, File) or not isinstance(other, File):
        raise TAKEN
    if disk_above(node) is not disk_above(other):
        raise TAKEN
    absorb(tree.service, other, node, tree.uid)


def date(tree: Tree, node: Node, changed: int) -> None:
    """Say that *node* was changed at *changed*, as programs that copy files know."""
    if not 0 <= changed < LATEST:
        raise NO_DATE
    absorbing.date(tree.service, node, changed)
