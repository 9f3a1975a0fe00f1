"""Folders and files: `IDisk`, which every path to them calls."""

import secrets
from collections.abc import Iterator
from typing import Any, NoReturn

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from zope.interface import implementer

from communicate.audience import Audience
from communicate.clock import milliseconds, now
from communicate.ids import encode, new_id
from communicate.interfaces import IAuthored, ICatalog, IMembers, IQuota, ISeals
from communicate.sealing.content import SealedBlob
from communicate.sealing.spools import SealedSpool
from communicate.storage.mounts import member_mount
from communicate_vdisk import kinds, scanning
from communicate_vdisk.content import (
    NAME,
    SERVICE,
    Directory,
    Disk,
    Disks,
    File,
    Node,
    Version,
    within,
)
from communicate_vdisk.copying.inline import Copying
from communicate_vdisk.errors import VIRUS, Refused
from communicate_vdisk.indexing import ADDED, KIND_OF, entry_of, settle_below
from communicate_vdisk.interfaces import IDisk, ILinks
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.looking import jobs as looks
from communicate_vdisk.names import checked, free
from communicate_vdisk.placing import disk_above, hang, key_of, list_in, take_out
from communicate_vdisk.streams import Incoming, Whole

_ = TranslationStringFactory("communicate_vdisk")

NAME_KIND, FILE = "vdisk.name", "vdisk.file"
DEEPEST = 40  # folders within folders

TAKEN = _("There is something called “${name}” here already: choose another name.")
DEEP = _("Folders can lie ${n} deep within each other, no deeper.", mapping={"n": DEEPEST})
INSIDE = _("A folder cannot be put into itself.")
WIDER = _("More people would see it there: ask its owner to move it.")
ELSEWHERE = _("Things can be moved within one disk only. Copy it, or download it.")


def disks_of(request: Any) -> Disks:
    """Return what the site knows of disks."""
    found: Disks = request.site[NAME]
    return found


@implementer(IDisk)
class DiskService:
    """The folders and files of one request's site.

    What is made has the next of *numbers* for an id, where somebody says in which order they come.
    """

    numbers: Iterator[int] | None = None

    def __init__(self, request: Request) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.members = request.find_service(IMembers)
        self.locks = request.find_service(ILocks)

    # Finding

    def disk(self, uid: int) -> Disk:
        """Return the disk of member *uid*, made where there is none."""
        disk: Disk = member_mount(self.request, self.members.by_uid(uid), NAME)
        if disk.listing.uid != uid:
            disk.begin(uid)
        return disk

    def find(self, number: int) -> Node | None:
        """Return the folder or file with that id, wherever it is, or None."""
        if self.request.site.get(NAME) is None:
            return None
        uid = disks_of(self.request).owners.get(number)
        member = None if uid is None else self.members.by_uid(uid, closed=True)
        disk = None if member is None else member.get(NAME)
        return disk.node(number) if isinstance(disk, Disk) else None

    def child(self, folder: Directory, name: str) -> Node | None:
        """Return what *folder* holds under *name*, or None."""
        number = folder.names.get(key_of(self.seals, int(folder.owner or 0), name))
        return None if number is None else disk_above(folder).node(number)

    def name(self, node: Node) -> str:
        """Return the name of *node*; empty for a disk, and where its key is gone."""
        return "" if node.name is None else self.seals.text(node.name) or ""

    def path(self, node: Node) -> str:
        """Return the address of *node*."""
        disk = disk_above(node)
        base = f"/members/{disk.__parent__.__name__}/{NAME}"
        return base if node is disk else f"{base}/{node.__name__}"

    # Making

    def make_folder(self, folder: Directory, name: str, by: int | None) -> Directory:
        """Return a new folder in *folder*; raise Refused where the name is taken."""
        self.locks.check(folder)
        name = self._free(folder, name)
        if len(list(folder.lineage())) > DEEPEST:
            raise Refused(DEEP)
        made = self.new_folder(int(folder.owner or 0), name)
        self._settle(folder, made, name, by)
        return made

    def add_file(self, folder: Directory, name: str, stream: Any, by: int | None) -> File:
        """Return a new file of all that *stream* holds; raise Refused where the name is taken."""
        self.locks.check(folder)
        name = self._free(folder, name)
        made = self.new_file(disk_above(folder), name, stream)
        self._settle(folder, made, name, by)
        return made

    def new_folder(self, owner: int, name: str) -> Directory:
        """Return a folder of member *owner* that lies nowhere yet."""
        made = Directory(owner, self.seals.seal(owner, NAME_KIND, name), self._now())
        self._number(made)
        return made

    def new_file(self, disk: Disk, name: str, stream: Any) -> File:
        """Return a file for *disk* with what *stream* holds, that lies nowhere yet."""
        owner = int(disk.owner or 0)
        blob, media = self._sealed(disk, name, stream)
        made = File(owner, self.seals.seal(owner, NAME_KIND, name), self._now())
        self._number(made)
        self._fill(made, blob, media)
        return made

    def replace(self, file: File, stream: Any, by: int | None) -> None:
        """Let *file* hold what *stream* does, and keep what it held as a version."""
        self.locks.check(file)
        name = self.name(file)
        blob, media = self._sealed(disk_above(file), name, stream)
        take_out(self.seals, file, name)
        if file.blob is not None:
            self._keep(file)
        elif file.held is not None:  # nobody goes back to a virus
            self.release(disk_above(file), file.size)
        self._fill(file, blob, media)
        file.changed = self._now()
        list_in(self.seals, file.__parent__, file, name)
        self._note_by(file, by)
        self._told(file)

    def put(self, folder: Directory, name: str, stream: Any, by: int | None) -> File:
        """Add a file, or replace the one of that *name*; return it."""
        name = checked(name)
        there = self.child(folder, name)
        if there is None:
            return self.add_file(folder, name, stream, by)
        if not isinstance(there, File):
            self._taken(name)
        self.replace(there, stream, by)
        return there

    def _free(self, folder: Directory, name: str) -> str:
        """Return *name* as it is kept; raise BadName, or Refused where *folder* has it."""
        name = checked(name)
        if self.child(folder, name) is not None:
            self._taken(name)
        return name

    def _taken(self, name: str) -> NoReturn:
        raise Refused(_(TAKEN, mapping={"name": name}))

    def _sealed(self, disk: Disk, name: str, stream: Any) -> tuple[SealedBlob, str]:
        """Return what *stream* holds, sealed and counted, and its type; raise QuotaExceeded."""
        if isinstance(stream, Whole):
            return stream.blob, kinds.media_of(name, stream.head)
        owner, quota = int(disk.owner or 0), self.request.find_service(IQuota)
        if isinstance(stream, SealedSpool):
            quota.claim(owner, SERVICE, stream.size)
            return stream.blob(self.request.root_map._p_jar), kinds.media_of(name, stream.head)
        incoming = Incoming(stream, quota.left(owner), lambda size: quota.room(owner, size))
        blob: SealedBlob = self.seals.seal_stream(owner, FILE, incoming)
        quota.claim(owner, SERVICE, blob.size)
        return blob, kinds.media_of(name, incoming.head)

    def spool(self, node: Node, stream: Any) -> SealedSpool:
        """Return what *stream* holds, sealed for the disk that *node* is in, but not yet in it.

        Give it to whatever takes a stream, in each try of a transaction, and close it.
        """
        owner, quota = int(disk_above(node).owner or 0), self.request.find_service(IQuota)
        spool: SealedSpool = self.seals.spool(owner, FILE, self.request.root_map._p_jar)
        try:
            spool.fill(Incoming(stream, quota.left(owner), lambda size: quota.room(owner, size)))
        except BaseException:
            spool.close()
            raise
        return spool

    def release(self, disk: Disk, size: int) -> None:
        """Count *size* bytes less for the member of *disk*."""
        self.request.find_service(IQuota).release(int(disk.owner or 0), SERVICE, size)

    def _fill(self, file: File, blob: SealedBlob, media: str) -> None:
        file.blob, file.media, file.size = blob, media, blob.size
        file.looks = None
        file.tag = secrets.token_hex(8)
        file.held = file.finding = None
        scanning.ask(self.request, file)
        looks.ask(self.request, file)

    def _keep(self, file: File) -> None:
        """Keep what *file* holds as a version; the oldest goes where there are too many."""
        number = new_id(now(self.request))
        assert file.blob is not None  # noqa: S101  # asked before
        version = Version(number, file.blob, file.media, file.changed)
        version.tag, version.scan = file.tag, file.scan
        file.versions[number] = version
        disks_of(self.request).versions[number] = file.id
        most: int = self.request.registry.settings["vdisk.versions"]
        while len(file.versions) > most:
            self.forget_version(file, file.versions.minKey())

    def forget_version(self, file: File, number: int) -> bool:
        """Destroy the version *number* of *file*; tell whether it was there."""
        disks_of(self.request).versions.pop(number, None)
        version = file.versions.pop(number, None)
        if version is not None:
            self.release(disk_above(file), version.size)
        return version is not None

    def hand_over(self, other: File, file: File) -> None:
        """Let *file*, of the same disk, have the former versions of *other* besides its own."""
        for number, version in other.versions.items():
            file.versions[number] = version
            disks_of(self.request).versions[number] = file.id
        other.versions.clear()

    def go_back(self, file: File, number: int) -> bool:
        """Let *file* hold what its version *number* does; what it holds becomes a version."""
        self.locks.check(file)
        version = file.versions.get(number)
        if version is None:
            return False
        if version.blob is None:
            raise Refused(VIRUS)
        del file.versions[number]
        disks_of(self.request).versions.pop(number, None)
        name = self.name(file)
        take_out(self.seals, file, name)
        if file.blob is not None:
            self._keep(file)
        elif file.held is not None:
            self.release(disk_above(file), file.size)
        self._fill(file, version.blob, version.media)
        file.changed = self._now()
        list_in(self.seals, file.__parent__, file, name)
        self._told(file)
        return True

    def _number(self, made: Node) -> None:
        """Let *made*, to which nothing refers yet, come where it should among others."""
        if self.numbers is not None:
            made.renumber(next(self.numbers))

    def _settle(self, folder: Directory, made: Node, name: str, by: int | None) -> None:
        """Hang *made* into *folder*, and have everybody know who must."""
        hang(self.seals, folder, made, name)
        self.known(made, by)
        self._told(made)

    def known(self, made: Node, by: int | None) -> None:
        """Have the site know whose *made* is, and by whom it came."""
        owner = int(made.owner or 0)
        disks_of(self.request).owners[made.id] = owner
        self.request.find_service(IAuthored).add(owner, KIND_OF[made.is_folder], made.id)
        self._note_by(made, by)

    def _note_by(self, node: Node, by: int | None) -> None:
        """Remember who added to *node*, where that is not its owner."""
        authored = self.request.find_service(IAuthored)
        if node.by is not None:
            authored.remove(node.by, ADDED, node.id)
        node.by = None if by == node.owner else by
        if node.by is not None:
            authored.add(node.by, ADDED, node.id)

    def _told(self, node: Node) -> None:
        """Have the catalog know of *node*."""
        entry = entry_of(self.request, node)
        if entry is not None:
            self.request.find_service(ICatalog).put(entry)

    def _now(self) -> int:
        return milliseconds(now(self.request))

    # Moving

    def rename(self, node: Node, name: str) -> None:
        """Call *node* something else; raise Refused where that is taken."""
        before, name = self.name(node), checked(name)
        if before == name:
            return
        self.locks.check(node, below=True)
        self.locks.check_leaving(node)
        there = self.child(node.__parent__, name)
        if there is not None and there is not node:
            self._taken(name)
        take_out(self.seals, node, before)
        node.name = self.seals.seal(node.owner, NAME_KIND, name)
        list_in(self.seals, node.__parent__, node, name)
        self._told(node)

    def move(
        self, node: Node, folder: Directory, by: int | None = None, name: str | None = None
    ) -> None:
        """Put *node* into *folder*, of the same disk, as *name* if given; its address stays.

        Who is not its owner cannot move it to where more people would see it.
        """
        if node.__parent__ is folder:
            if name is not None:
                self.rename(node, name)
            return
        self.locks.check(node, below=True)
        self.locks.check_leaving(node)
        self.locks.check(folder)
        another = by is not None and by != node.owner and node.audience is None
        if another and not is_as_closed(folder, node):
            raise Refused(WIDER)
        may_hold(folder, node)
        called = self.name(node)
        name = called if name is None else checked(name)
        if self.child(folder, name) is not None:
            self._taken(name)
        before = node.effective_audience()
        take_out(self.seals, node, called)
        if name != called:
            node.name = self.seals.seal(node.owner, NAME_KIND, name)
        hang(self.seals, folder, node, name)
        self._end_links(node, before)
        self._told(node)
        settle_below(self.request, node)

    def _end_links(self, node: Node, before: Audience) -> None:
        """End the links to *node* and what is in it, where fewer see it than *before*."""
        if not within(before, node.effective_audience()):
            self.request.find_service(ILinks).narrowed(node)

    def copy(self, node: Node, folder: Directory, by: int | None) -> Node:
        """Return a copy of *node*, and of all that the viewer may read in it, in *folder*."""
        if node in folder.lineage():
            raise Refused(INSIDE)
        name = free(self.name(node), lambda tried: self.child(folder, tried) is not None)
        return Copying(self, by).copy(node, folder, name)


def may_hold(folder: Directory, node: Node) -> None:
    """Raise Refused where *node* cannot lie in *folder*."""
    if node in folder.lineage():
        raise Refused(INSIDE)
    if disk_above(folder) is not disk_above(node):
        raise Refused(ELSEWHERE)
    if len(list(folder.lineage())) > DEEPEST:
        raise Refused(DEEP)


def is_as_closed(place: Node, node: Node) -> bool:
    """Tell whether all who see *place*, with a link too, see *node* as well."""
    known = set(place.through()) <= set(node.through())
    return known and within(place.effective_audience(), node.effective_audience())


def disk_service(_context: Any, request: Request) -> DiskService:
    """Return the service for one request."""
    return DiskService(request)


def address_of(node: Node) -> str:
    """Return the id of *node* as addresses have it."""
    return encode(node.id)
