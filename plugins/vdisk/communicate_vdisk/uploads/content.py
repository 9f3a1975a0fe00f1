"""What the tree holds of uploads; path and names are an on-disk contract.

The bytes lie sealed in a file of their own beside the blobs until they are whole: see
`communicate.sealing.partial`.
"""

from BTrees.LLBTree import LLTreeSet
from BTrees.LOBTree import LOBTree
from persistent import Persistent

from communicate.sealing.content import Sealed


class Upload(Persistent):
    """One file on its way: whose it is, where it goes, and how much of it counts."""

    offset = 0  # bytes that came and count
    rest: Sealed | None = None  # the last of those: what fills no chunk of the file
    boot = ""  # which start of the machine they came in

    def __init__(  # noqa: PLR0913  # each is a fact of its own
        self,
        number: int,
        uid: int,
        owner: int,
        folder: int,
        name: Sealed,
        size: int,
        modified: int = 0,
    ) -> None:
        self.id = number
        self.uid = uid  # who sends it, under whose key the name is sealed
        self.owner = owner  # whose disk it goes to, under whose key the bytes are sealed
        self.folder = folder  # its id; 0: the disk itself
        self.name = name
        self.size = size  # bytes, once it is whole
        self.modified = modified  # ms: by this the sender's file is known again; 0: not told


class Uploads(Persistent):
    """All uploads of the site: on their way, and for a while those that have arrived."""

    def __init__(self) -> None:
        self.by_id = LOBTree()  # id -> Upload
        self.by_owner = LOBTree()  # uid of whose disk it is -> LLTreeSet of ids
        self.done = LOBTree()  # id -> (uid of who sent it, id of the file, bytes, when)

    def add(self, upload: Upload) -> None:
        """Know *upload*."""
        self.by_id[upload.id] = upload
        if upload.owner not in self.by_owner:
            self.by_owner[upload.owner] = LLTreeSet()
        self.by_owner[upload.owner].add(upload.id)

    def remove(self, upload: Upload) -> None:
        """Know *upload* no more."""
        self.by_id.pop(upload.id, None)
        ids = self.by_owner.get(upload.owner)
        if ids is not None and upload.id in ids:
            ids.remove(upload.id)
        if ids is not None and not ids:
            del self.by_owner[upload.owner]

    def to(self, owner: int) -> list[Upload]:
        """Return what is on its way to the disk of *owner*."""
        return [self.by_id[number] for number in self.by_owner.get(owner, ())]
