"""What the parts of e-mail hand to each other: a letter, and what became of it."""

from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True)
class Letter:
    """One message with its envelope (RFC 5321), as it came in or is to go out.

    *raw* ends its lines with CRLF and holds no other CR or LF.  *sender* is the return path, empty
    for notices.  *peer* is the address of the machine that brought it, *helo* how that one called
    itself, *author* the uid of the member who signed in to send it.  *headers* are lines to be put
    on top at delivery, as ``Received`` and ``Authentication-Results``; *junk* says that whoever
    looked at it takes it for junk.
    """

    raw: bytes
    sender: str = ""
    peer: str = ""
    helo: str = ""
    author: int | None = None
    headers: tuple[bytes, ...] = field(default=())
    junk: bool = False


class Outcome(Enum):
    """What became of a letter for one of its recipients."""

    STORED = "stored"
    UNKNOWN = "unknown"  # nobody has that address
    FULL = "full"  # there is no room left
    LOOP = "loop"  # it was here before, or went through too many machines


@dataclass(frozen=True)
class Route:
    """Whose an address is: member *uid*, with what stood after the ``+``, if anything."""

    uid: int
    detail: str = ""
