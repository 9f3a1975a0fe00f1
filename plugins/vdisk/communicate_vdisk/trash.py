"""The trash, and what is gone for good: `ITrash`.

What is thrown away is out of sight at once, on every path, with all it holds; it counts against
the quota until it is destroyed: by its owner, or by the sweep once its days are over.
"""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from pyramid.request import Request
from zope.interface import implementer

from communicate.clock import now
from communicate.ids import RANDOM_BITS, new_id
from communicate.interfaces import IAuthored, ICatalog, IOutbox, ISeals
from communicate.sealing import Destroyed
from communicate_vdisk.content import NAME, Directory, Disk, File, Node
from communicate_vdisk.indexing import ADDED, KIND_OF, settle, settle_below
from communicate_vdisk.interfaces import IDisk, ILinks, ITrash
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.names import free
from communicate_vdisk.placing import disk_above, hang, take_out
from communicate_vdisk.services import disks_of

DESTROY, SWEEP = "vdisk.destroy", "vdisk.sweep"
REASON = "vdisk.reason"
BATCH = 100  # things destroyed in one transaction


@implementer(ITrash)
class TrashService:
    """What was thrown away in one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)

    def throw(self, node: Node) -> None:
        """Take *node* out of sight, on every path at once; it stays in its owner's trash."""
        if node.is_gone:
            return
        locks = self.request.find_service(ILocks)
        locks.check(node, below=True)
        locks.check_leaving(node)
        locks.release(node)
        disk = disk_above(node)
        take_out(self.seals, node, self.request.find_service(IDisk).name(node))
        self.put_in(disk, node, new_id(now(self.request)))
        self._told(node)
        self._prune(node)

    def _prune(self, node: Node) -> None:
        """End the links to *node* and to what is in it: putting it back brings none back."""
        self.request.find_service(ILinks).prune(int(node.owner or 0))

    def put_in(self, disk: Disk, node: Node, number: int) -> None:
        """Let *node*, which is in no list, be in the trash under *number*.

        It hangs on the disk itself from then on: the folder that held it may go before it does.
        """
        node.came = 0 if node.__parent__ is disk else node.__parent__.id
        node.__parent__ = disk
        node.trash = number
        disk.trashed[number] = node.id
        disks_of(self.request).trashed[number] = node.id

    def restore(self, node: Node) -> Directory:
        """Put *node* back where it was, or into the disk itself; return its folder."""
        service = self.request.find_service(IDisk)
        folder = folder_before(node)
        self.request.find_service(ILocks).check(folder)
        self._out(node)
        before = service.name(node)
        name = free(before, lambda tried: service.child(folder, tried) is not None)
        if name != before:
            node.name = self.seals.seal(node.owner, "vdisk.name", name)
        hang(self.seals, folder, node, name)
        self._told(node)
        return folder

    def _out(self, node: Node) -> None:
        """Take *node* out of the trash."""
        disk_above(node).trashed.pop(node.trash, None)
        disks_of(self.request).trashed.pop(node.trash, None)
        node.trash = 0

    def _told(self, node: Node) -> None:
        """Have the catalog know of *node*, and by a job of what it holds."""
        settle(self.request, node)
        settle_below(self.request, node)

    # For good

    def destroy(self, node: Node) -> None:
        """Destroy *node* with all it holds: out of reach at once, the rest by a job."""
        if node.trash:
            self._out(node)
        elif not node.doomed:
            take_out(self.seals, node, self.request.find_service(IDisk).name(node))
        node.doomed = True
        self._prune(node)
        self.request.find_service(ICatalog).remove(node.id)
        if self.destroy_some(node):
            self._later(node)

    def give_up(self, node: Node) -> None:
        """Destroy *node*, a copy that is in no list and nobody's to see, by a job."""
        node.doomed, node.coming = True, False
        self._later(node)

    def _later(self, node: Node) -> None:
        self.request.find_service(IOutbox).add(DESTROY, {"node": node.id}, owner=node.owner)

    def destroy_some(self, node: Node, most: int = BATCH) -> bool:
        """Destroy up to *most* things of what *node* holds, and it; tell whether more is left."""
        while most > 0:
            last, above, key = self._deepest(node)
            if above is not None:
                del above.names[key]
            self.remove(last)
            most -= 1
            if last is node:
                return False
        return True

    def _deepest(self, node: Node) -> tuple[Node, Directory | None, int]:
        """Return something in *node* that holds nothing, its folder and its key there.

        Where *node* holds nothing, it is *node* itself, and no folder.
        """
        disk, here = disk_above(node), node
        above, key = None, 0
        while isinstance(here, Directory) and here.names:
            first = here.names.minKey()
            child = disk.node(here.names[first])
            if child is None:
                del here.names[first]
            else:
                above, key, here = here, first, child
        return here, above, key

    def remove(self, node: Node) -> None:
        """Take *node*, which holds nothing, out of everything that knows it; empty it.

        The lists of the folder that holds it are destroyed with that, or were told before.
        """
        disk = disk_above(node)
        self.empty(node)
        self.request.find_service(ILocks).release(node)
        links = self.request.find_service(ILinks)
        for link in links.of(node):
            links.end(link)
        disks_of(self.request).owners.pop(node.id, None)
        self.request.find_service(ICatalog).remove(node.id)
        authored = self.request.find_service(IAuthored)
        if node.by is not None:
            authored.remove(node.by, ADDED, node.id)
        if node.owner is not None:
            authored.remove(node.owner, KIND_OF[node.is_folder], node.id)
        if node.trash:
            self._out(node)
        self.request.find_service(IDisk).release(disk, node.kept)
        node.name = node.reason = node.properties = node.owner = node.by = None
        node.kept = 0
        if str(node.__name__) in disk:
            del disk[str(node.__name__)]
            # What it held is found by it while an erasure goes on, which takes them in any order.
            node.__parent__ = disk

    def empty(self, node: Node) -> None:
        """Let *node* hold no bytes any more."""
        if not isinstance(node, File):
            return
        service = self.request.find_service(IDisk)
        for number in list(node.versions):
            service.forget_version(node, number)
        service.release(disk_above(node), node.size)
        node.blob = node.looks = node.held = node.finding = None
        node.size = 0

    # Hiding

    def set_hidden(self, node: Node, hidden: bool, reason: str = "") -> None:
        """Hide *node* from all but its owner and moderators, or show it again."""
        if node.hidden == hidden:
            return
        node.hidden = hidden
        node.reason = self._sealed(node, reason) if hidden and reason else None
        self._told(node)

    def _sealed(self, node: Node, reason: str) -> Any:
        try:
            return self.seals.seal(node.owner, REASON, reason)
        except Destroyed:  # its owner is being erased: nobody is left to read it
            return None

    def reason(self, node: Node) -> str | None:
        """Return why a moderator hid *node*, or None."""
        return None if node.reason is None else self.seals.text(node.reason)


def folder_before(node: Node) -> Directory:
    """Return the folder that *node*, from the trash, was in; its disk where that is gone."""
    disk = disk_above(node)
    found = disk.node(node.came) if node.came else disk
    return found if isinstance(found, Directory) and not found.is_gone else disk


def destroy_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy the next batch of what is doomed: the handler of DESTROY."""
    node = request.find_service(IDisk).find(payload["node"])
    trash = request.find_service(ITrash)
    if node is not None and node.doomed and trash.destroy_some(node):
        request.find_service(IOutbox).add(DESTROY, dict(payload), owner=node.owner)


def sweep_job(request: Any, _payload: Mapping[str, Any]) -> None:
    """Destroy a batch of what was long enough in the trash or a version: handler of SWEEP."""
    if request.site.get(NAME) is None:
        return
    disks, settings = disks_of(request), request.registry.settings
    service, trash = request.find_service(IDisk), request.find_service(ITrash)
    more = False
    for tree, days, act in (
        (disks.trashed, settings["vdisk.trash_days"], lambda node, _number: trash.destroy(node)),
        (disks.versions, settings["vdisk.version_days"], service.forget_version),
    ):
        limit = int((now(request) - timedelta(days=days)).timestamp() * 1000) << RANDOM_BITS
        old = list(islice(tree.items(None, limit), BATCH))
        for number, where in old:
            node = service.find(where)
            tree.pop(number, None)
            if node is not None:
                act(node, number)
        more = more or len(old) == BATCH
    more = more or request.find_service(ILinks).sweep(BATCH) == BATCH
    if more:
        request.find_service(IOutbox).add(SWEEP, {})


def trash_service(_context: Any, request: Request) -> TrashService:
    """Return the service for one request."""
    return TrashService(request)
