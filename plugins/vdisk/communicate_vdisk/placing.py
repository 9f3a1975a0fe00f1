"""Where things lie: into the lists of a folder, and out of them."""

from itertools import islice
from typing import Any

from communicate.ids import encode
from communicate_vdisk.content import Directory, Disk, Node
from communicate_vdisk.names import sort_words

HMAC = "vdisk.name"
START = -1  # before every key of a folder


def key_of(seals: Any, owner: int, name: str) -> int:
    """Return the key of *name* in the folders of *owner*: 63 bits that tell nothing of it."""
    found: bytes = seals.member_hmac(owner, HMAC, name.encode())
    return int.from_bytes(found[:8], "big") >> 1


def disk_above(node: Node) -> Disk:
    """Return the disk that *node* is in."""
    *_others, last = node.lineage()
    if not isinstance(last, Disk):
        raise LookupError("this lies in no disk")
    return last


def some_of(folder: Directory, after: int | None, most: int) -> tuple[list[Node], int | None]:
    """Return up to *most* things of *folder* behind the key *after*, and the key to go on behind.

    That is None at the end, START before everything; the order means nothing, and stays.
    """
    disk, last = disk_above(folder), None
    nodes: list[Node] = []
    for key, number in islice(folder.names.items(after, excludemin=True), most + 1):
        if len(nodes) == most:
            return nodes, last
        node = disk.node(number)
        if node is not None:
            nodes.append(node)
        last = key
    return nodes, None


def hang(seals: Any, folder: Directory, node: Node, name: str) -> None:
    """Put *node*, called *name*, into *folder* and its lists."""
    disk = disk_above(folder)
    if disk.node(node.id) is None:
        disk[encode(node.id)] = node
    node.__parent__ = folder
    list_in(seals, folder, node, name)


def list_in(seals: Any, folder: Directory, node: Node, name: str) -> None:
    """Put *node* into the lists of *folder*."""
    folder.listing.add(seals, sort_words(name, folder=node.is_folder), node.id)
    folder.names[key_of(seals, int(folder.owner or 0), name)] = node.id
    folder.dates.add((node.changed, node.id))
    folder.sizes.add((node.size, node.id))
    if node.is_folder:
        folder.folders.change(1)


def take_out(seals: Any, node: Node, name: str) -> None:
    """Take *node*, called *name*, out of the lists of the folder that holds it."""
    folder = node.__parent__
    folder.listing.remove(seals, sort_words(name, folder=node.is_folder), node.id)
    key = key_of(seals, folder.owner, name)
    if folder.names.get(key) == node.id:
        del folder.names[key]
    for tree, value in ((folder.dates, node.changed), (folder.sizes, node.size)):
        if (value, node.id) in tree:
            tree.remove((value, node.id))
    if node.is_folder:
        folder.folders.change(-1)
