"""What the parts of e-mail hand to each other: a letter, and what became of it."""

from dataclasses import dataclass, field
from enum import Enum

OUTSIDE, SITE = "outside", "site"


@dataclass(frozen=True)
class Letter:
    """One message with its envelope (RFC 5321), as it came in or is to go out.

    *raw* ends its lines with CRLF and holds no other CR or LF.  *sender* is the return path, empty
    for notices.  *peer* is the address of the machine that brought it, *helo* how that one called
    itself, *author* the uid of the member who signed in to send it.  *headers* are lines to be put
    on top at delivery, as ``Received`` and ``Authentication-Results``; *junk* says that whoever
    looked at it takes it for junk, *doubtful* that its return path may be forged.  *way* is how it
    came: OUTSIDE, through the servers that look into who a message is from, or SITE, which wrote
    it itself; anybody can have made up the rest.
    """

    raw: bytes
    sender: str = ""
    peer: str = ""
    helo: str = ""
    author: int | None = None
    headers: tuple[bytes, ...] = field(default=())
    junk: bool = False
    doubtful: bool = False
    way: str = ""


class Outcome(Enum):
    """What became of a letter for one of its recipients."""

    STORED = "stored"
    UNKNOWN = "unknown"  # nobody has that address
    FULL = "full"  # there is no room left
    LOOP = "loop"  # it was here before, or went through too many machines


@dataclass(frozen=True)
class Route:
    """Whose an address is: member *uid*, with what stood after the ``+``, if anything.

    *alias* is the id of the further address that it is, 0 for a login's.
    """

    uid: int
    detail: str = ""
    alias: int = 0
