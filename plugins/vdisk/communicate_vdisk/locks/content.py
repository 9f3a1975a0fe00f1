"""What the tree holds of locks; the path and the name of each class are an on-disk contract."""

from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent

from communicate.sealing.content import Sealed


class Lock(Persistent):
    """That member ``holder`` is at work on a folder or a file, until a moment."""

    def __init__(self, token: str, node: int, holder: int, until: int) -> None:
        self.token = token  # a URI (RFC 4918, 6.5): told to its holder alone
        self.node = node  # id of the folder or file
        self.disk = 0  # uid of the member on whose disk that is
        self.holder = holder
        self.until = until  # milliseconds since 1970
        self.deep = False  # whether it is on all that a folder holds, too
        self.shared = False  # whether others may hold such a lock beside it
        self.words: Sealed | None = None  # XML, what the holder's program calls the holder


class Locks(Persistent):
    """Every lock of the site."""

    def __init__(self) -> None:
        self.by_token = OOBTree()  # token -> Lock
        self.nodes = OOTreeSet()  # (id of what is locked, token)
        self.disks = OOTreeSet()  # (uid of whose disk that is on, token)
        self.holders = OOTreeSet()  # (uid of who holds it, token)
        self.ends = OOTreeSet()  # (when it ends, token)
