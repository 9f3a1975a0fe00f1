"""What the tree holds of copies that are being made; path and names are an on-disk contract.

What such a copy has made so far hangs in the disk that it goes to, in no list, and is nobody's to
see (`communicate_vdisk.content.Node.coming`).
"""

from typing import Any

from BTrees.LOBTree import LOBTree
from persistent import Persistent

from communicate.sealing.content import Sealed

COUNTING, COPYING, DONE, FAILED = "counting", "copying", "done", "failed"


class Copy(Persistent):
    """One copy: of what, to where, for whom, and how far it is.

    ``todo`` says where the walk is: the folders that it is in, each with the copy that is made of
    it (0 while counting) and the key of what was looked at last there.
    """

    state = COUNTING
    sources: tuple[int, ...] = ()  # ids of what is copied
    at = 0  # how many of those were begun
    todo: tuple[tuple[int, int, int], ...] = ()
    made: tuple[int, ...] = ()  # ids of the copies of those
    things = size = 0  # how many there are to copy, and their bytes
    done = stored = 0  # how many are copied, and their bytes
    left_out = 0  # files whose bytes could not be had
    reserved = 0  # bytes that the quota counts for what is still to come
    deepest = 0  # folders within folders
    waits = 0  # how often it has waited for somebody who is at work where it goes
    began = ended = 0  # milliseconds since 1970
    reason: Any = None  # why it failed, translatable
    name: Sealed | None = None  # what the copy is to be called, where a program says so
    quiet = False  # whether a program waits for its end: nobody is told, no page lists it
    replaces = False  # whether what is called so makes room

    def __init__(self, number: int, by: int, owner: int, folder: int) -> None:
        self.id = number
        self.by = by  # who asked for it
        self.owner = owner  # whose disk it goes to
        self.folder = folder  # id of the folder that it goes to; 0: the disk itself

    @property
    def is_under_way(self) -> bool:
        """Whether it is still being made."""
        return self.state in (COUNTING, COPYING)


class Copies(Persistent):
    """All copies of the site that are being made, and for a while those that ended."""

    def __init__(self) -> None:
        self.by_id = LOBTree()  # id -> Copy
