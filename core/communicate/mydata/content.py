"""What the tree keeps of exports: the last of each member, with its archive for three days."""

from typing import Any

from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOTreeSet
from persistent import Persistent

from communicate.sealing.content import SealedBlob

WAITING, WRITING, READY, FAILED = "waiting", "writing", "ready", "failed"


class Export(Persistent):
    """One export: how far it is, and its archive once it is ready.  Times are ms since 1970, UTC.

    *failed* names the plugins that could not write their part.
    """

    state = WAITING
    began = 0  # when it was taken up
    done = 0  # records so far
    total = 0  # about how many there will be, 0 where nobody knows
    finished = 0
    until = 0  # when the archive is deleted
    archive: SealedBlob | None = None
    failed: tuple[str, ...] = ()
    job = 0

    def __init__(self, number: int, uid: int, asked: int) -> None:
        self.number = number
        self.uid = uid
        self.asked = asked


class Exports(Persistent):
    """The exports of the site."""

    def __init__(self) -> None:
        self.by_uid: LOBTree = LOBTree()  # uid -> Export, the last one
        self.ends: OOTreeSet = OOTreeSet()  # (until, uid) of those that are ready

    def put(self, export: Export) -> None:
        """Keep *export* in place of the one that its member had."""
        self.drop(export.uid)
        self.by_uid[export.uid] = export

    def end(self, export: Export, until: int) -> None:
        """Have the archive of *export* deleted at *until*."""
        export.until = until
        self.ends.insert((until, export.uid))

    def drop(self, uid: int) -> bool:
        """Forget the export of member *uid* and its archive; tell whether there was one."""
        export = self.by_uid.pop(uid, None)
        if export is not None and (export.until, uid) in self.ends:
            self.ends.remove((export.until, uid))
        return export is not None


def install(root: Any) -> None:
    """Put what this package keeps into *root*, the mapping at the top of the database."""
    root.setdefault("exports", Exports())
