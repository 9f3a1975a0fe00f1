"""What the disk writes into a member's archive, and how it is restored."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import milliseconds, moment
from communicate.ids import RANDOM_BITS, encode, new_id
from communicate.interfaces import IAuthored, IQuota
from communicate.mydata.audiences import known, told
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_vdisk import properties
from communicate_vdisk.content import NAME, SERVICE, Directory, Disk, File, Node, Version
from communicate_vdisk.copying import duties as copies
from communicate_vdisk.indexing import ADDED, KIND_OF, settle
from communicate_vdisk.interfaces import IDisk, ILinks, ITrash
from communicate_vdisk.locks import duties as locks
from communicate_vdisk.names import checked, free
from communicate_vdisk.permissions import ADD, CHANGE
from communicate_vdisk.placing import disk_above, list_in, take_out
from communicate_vdisk.services import FILE, NAME_KIND, disks_of
from communicate_vdisk.streams import Incoming, Pieces
from communicate_vdisk.uploads.duties import exported

_ = TranslationStringFactory("communicate_vdisk")

Row = dict[str, Any]
BATCH, MOST = 200, 100_000
LARGEST = 64 * 2**30  # bytes of one file that is restored; the quota says more
GRANTS = {"add": str(ADD), "change": str(CHANGE)}
FIELDS = {
    "name": _("Name"),
    "audience": _("Visible to"),
    "changed": _("Changed"),
    "trash": _("Thrown away"),
    "hidden": _("Hidden by a moderator"),
}


def export(member: Any, archive: Any) -> None:
    """Write the folders and files of *member* as they lie, with former versions and the trash."""
    if member.request.site.get(NAME) is None:
        return
    writer = Writer(member, archive)
    archive.records("folder", writer.folders(), title=_("Folders"), fields=FIELDS)
    archive.records(
        "file",
        writer.files(),
        title=_("Files"),
        fields={**FIELDS, "type": _("Type"), "bytes": _("Size"), "file": _("File")},
    )
    archive.records(
        "link",
        writer.links(),
        restored=False,
        title=_("Links that you made"),
        fields={
            "name": _("Name"),
            "created": _("Made"),
            "until": _("Until"),
            "most": _("Downloads allowed"),
            "fetched": _("Downloads"),
        },
    )
    archive.records(
        "added",
        writer.added(),
        owned=False,
        title=_("What you added to others’ disks"),
        fields={"path": _("Where"), "name": _("Name")},
    )
    archive.records(
        "lock",
        locks.rows(member.request, member.uid),
        owned=False,
        title=_("What you have open in programs"),
        fields=locks.FIELDS,
    )
    archive.records(
        "upload",
        exported(member.request, member.uid),
        owned=False,
        title=_("Unfinished uploads"),
        fields={"name": _("Name"), "bytes": _("Size"), "began": _("Begun")},
    )
    archive.records(
        "copy",
        copies.rows(member.request, member.uid),
        owned=False,
        title=_("Large copies that you had made"),
        fields=copies.FIELDS,
    )


class Writer:
    """The records of one member."""

    def __init__(self, member: Any, archive: Any) -> None:
        self.uid, self.request, self.archive = member.uid, member.request, archive
        self.service = member.request.find_service(IDisk)
        self.trash = member.request.find_service(ITrash)

    def own(self, folder: bool) -> Iterator[Node]:
        """Yield the member's folders, or files, the oldest first."""
        for number in numbers(self.request, self.uid, KIND_OF[folder]):
            node = self.service.find(number)
            if node is not None and node.owner == self.uid and not doomed(node):
                yield node

    def row(self, node: Node) -> Row:
        """Return what a folder and a file have in common."""
        above = self._above(node)
        said = node.audience
        return {
            "id": encode(node.id),
            "path": self.service.path(node),
            "folder": None if above is None else encode(above.id),
            "name": self.service.name(node),
            "audience": None if said is None else told(self.request, self.uid, said),
            **{
                key: told(self.request, self.uid, node.grants[name])
                if name in node.grants
                else None
                for key, name in GRANTS.items()
            },
            "created": moment(node.created),
            "changed": moment(node.changed),
            "trash": moment(node.trash >> RANDOM_BITS) if node.trash else None,
            "hidden": (self.trash.reason(node) or True) if node.hidden else False,
            "properties": properties.told(self.service.seals, node),
        }

    def _above(self, node: Node) -> Node | None:
        """Return the folder that *node* is in, or was before it was thrown away, if it is there.

        None stands for the disk.
        """
        if not node.trash:
            return None if isinstance(node.__parent__, Disk) else node.__parent__
        found = disk_above(node).node(node.came)
        return found if found is not None and found.owner == self.uid else None

    def _depth(self, node: Node) -> int:
        """Return how many folders there are above *node*, as they are restored."""
        depth, above = 0, self._above(node)
        while above is not None:
            depth, above = depth + 1, self._above(above)
        return depth

    def folders(self) -> Iterator[Row]:
        """Yield each folder, one that holds others before those."""
        made: list[Node] = list(self.own(True))
        made.sort(key=self._depth)
        yield from map(self.row, made)

    def files(self) -> Iterator[Row]:
        """Yield each file with its bytes, and those of its versions."""
        for node in self.own(False):
            if isinstance(node, File) and node.blob is not None:
                yield {
                    **self.row(node),
                    "type": node.media,
                    "bytes": node.size,
                    "file": self._bytes(node, node.blob, ""),
                    "versions": [
                        self._version(node, each)
                        for each in node.versions.values()
                        if each.blob is not None
                    ],
                }

    def _bytes(self, node: File, blob: Any, more: str) -> str:
        names = [self.service.name(each) for each in node.lineage()][::-1]
        names = [name for name in names if name]
        path = "/".join((*names[:-1], f"{more}{names[-1]}"))
        written: str = self.archive.file(
            path, lambda: self.service.seals.open_range(blob), when=moment(node.changed)
        )
        return written

    def _version(self, node: File, version: Version) -> Row:
        until = moment(version.id >> RANDOM_BITS)
        return {
            "file": self._bytes(node, version.blob, f"{until:%Y-%m-%d %H-%M-%S} "),
            "type": version.media,
            "changed": moment(version.changed),
            "until": until,
        }

    def links(self) -> Iterator[Row]:
        """Yield the member's links; the secret of none is known."""
        for link in self.request.find_service(ILinks).of_member(self.uid):
            node = self.service.find(link.node)
            yield {
                "path": None if node is None else self.service.path(node),
                "name": None if node is None else self.service.name(node),
                "created": moment(link.id >> RANDOM_BITS),
                "until": moment(link.until) if link.until else None,
                "most": link.most or None,
                "fetched": link.fetched,
                "password": link.password is not None,
            }

    def added(self) -> Iterator[Row]:
        """Yield what the member added to others' disks, as far as they still see it."""
        for number in numbers(self.request, self.uid, ADDED):
            node = self.service.find(number)
            if node is not None and permits(self.request, node, VIEW):
                yield {"path": self.service.path(node), "name": self.service.name(node)}


def numbers(request: Any, uid: int, kind: str) -> Iterator[int]:
    """Yield the ids of the *kind* that member *uid* authored, the oldest first."""
    listed, last = request.find_service(IAuthored), 0
    while found := listed.items(uid, kind, after=last, most=BATCH):
        yield from found
        last = found[-1]


def doomed(node: Node) -> bool:
    """Tell whether *node* is being destroyed, or not here yet."""
    return any(each.doomed or each.coming for each in node.lineage())


def bring_back(member: Any, archive: Any) -> None:
    """Restore the disk of *member*, who has nothing on it, from *archive*."""
    Restoring(member, archive).all()


def ascending() -> Iterator[int]:
    """Yield new ids, each larger than the one before, also within a millisecond."""
    last = 0
    while True:
        last = max(new_id(), last + 1)
        yield last


class Restoring:
    """The restoring of one disk; new ids come in the order of the archive, as its own did."""

    def __init__(self, member: Any, archive: Any) -> None:
        self.uid, self.request, self.archive = member.uid, member.request, archive
        self.service = member.request.find_service(IDisk)
        self.service.numbers = ascending()
        self.made: dict[str, Directory] = {}

    def all(self) -> None:
        """Restore folders, then files."""
        for row in self.archive.records("folder", most=MOST):
            name = self._name(row)
            made = self.service.make_folder(self._folder(row), name, self.uid)
            self.made[self.archive.text(row.get("id"), 20)] = made
            self._common(made, row)
        for row in self.archive.records("file", most=MOST):
            self._file(row)

    def _name(self, row: Row) -> str:
        """Return the name in *row*; of what is in the trash, one that is free for a moment."""
        name: str = checked(self.archive.text(row.get("name"), 255))
        if row.get("trash") is None:
            return name
        folder = self._folder(row)
        return free(name, lambda tried: self.service.child(folder, tried) is not None)

    def _folder(self, row: Row) -> Directory:
        if row.get("folder") is None:
            disk: Directory = self.service.disk(self.uid)
            return disk
        found = self.made.get(self.archive.text(row["folder"], 20))
        if found is None:
            raise ValueError("something lies in a folder that the archive lacks")
        return found

    def _stream(self, name: Any) -> Pieces:
        return Pieces(self.archive.chunks(name, LARGEST))

    def _file(self, row: Row) -> None:
        made = self.service.add_file(
            self._folder(row), self._name(row), self._stream(row.get("file")), self.uid
        )
        made.media = self._media(row.get("type"))
        rows = row.get("versions")
        for each in rows if isinstance(rows, list) else ():
            self._version(made, each)
        self._common(made, row)

    def _media(self, value: Any) -> str:
        media: str = self.archive.text(value, 120)
        if media.count("/") != 1 or not media.isascii() or any(c in media for c in " ;,\"'"):
            raise ValueError("the type of a file is not one")
        return media

    def _version(self, file: File, row: Row) -> None:
        if not isinstance(row, dict):
            raise ValueError("a version is a record")
        until = milliseconds(self.archive.moment(row.get("until")))
        number = until << RANDOM_BITS
        while number in file.versions or number in disks_of(self.request).versions:
            number += 1
        blob = self.service.seals.seal_stream(
            self.uid, FILE, Incoming(self._stream(row.get("file")), None, lambda _size: None)
        )
        self.request.find_service(IQuota).claim(self.uid, SERVICE, blob.size)
        changed = milliseconds(self.archive.moment(row.get("changed")))
        file.versions[number] = Version(number, blob, self._media(row.get("type")), changed)
        disks_of(self.request).versions[number] = file.id

    def _common(self, node: Node, row: Row) -> None:
        archive, name = self.archive, self.service.name(node)
        here = archive.here
        said = {
            key: known(self.request, self.uid, row[key], here=here)
            for key in ("audience", *GRANTS)
            if row.get(key) is not None
        }
        if "audience" in said:
            node.audience = said["audience"]
        if any(key in said for key in GRANTS):
            node.grants = {GRANTS[key]: said[key] for key in GRANTS if key in said}
        take_out(self.service.seals, node, name)
        node.changed = milliseconds(archive.moment(row.get("changed")))
        node.created = milliseconds(archive.moment(row.get("created")))
        list_in(self.service.seals, node.__parent__, node, name)
        node.hidden = row.get("hidden") not in (False, None)
        properties.bring_back(self.service, node, row.get("properties"))
        if row.get("trash") is not None:
            self._throw(node, row)
        if isinstance(node, Directory):
            node.governs = node.audience is not None
        settle(self.request, node)

    def _throw(self, node: Node, row: Row) -> None:
        """Put *node* into the trash, as of the moment at which it came there."""
        disk, disks = self.service.disk(self.uid), disks_of(self.request)
        take_out(self.service.seals, node, self.service.name(node))
        node.name = self.service.seals.seal(self.uid, NAME_KIND, checked(row["name"]))
        number = milliseconds(self.archive.moment(row["trash"])) << RANDOM_BITS
        while number in disk.trashed or number in disks.trashed:
            number += 1
        self.request.find_service(ITrash).put_in(disk, node, number)
