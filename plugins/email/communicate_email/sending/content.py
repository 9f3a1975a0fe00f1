"""What the tree keeps of mail on its way; the path and name of each class are an on-disk contract.

A letter waits in parts, one for each domain it goes to.  A part stands in ``due`` at the moment
from which it may be taken; who takes it moves it to the moment at which the claim runs out, so
that what a dead process had taken is due again by itself.  Whom a letter is from and to, and the
letter, are sealed under the key of its author; plain are times, sizes and counts.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from BTrees.Length import Length
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent
from pyramid.authorization import Allow

from communicate import audience as audiences
from communicate.audience import Audience
from communicate.content import Ace, Folder
from communicate.ids import new_id
from communicate.permissions import OPERATE
from communicate.principals import OPERATORS
from communicate.sealing.content import Sealed, SealedBlob

NAME = "outgoing"  # of the queue in the site
# After what only stands at the beginning of a tree, so that it is never empty: records of what
# has become empty do not merge.
FIRST = (1,)


class Outgoing(Folder):
    """``/outgoing``: the letters that are on their way, and the keys that sign them."""

    default_audience: ClassVar[Audience] = audiences.PRIVATE
    chooses_audience: ClassVar[bool] = False
    restored = 0  # milliseconds since 1970: letters of before may have left, see `Errand`

    def __init__(self) -> None:
        super().__init__(audience=audiences.PRIVATE)
        self.parts: LOBTree = LOBTree({0: None})  # id -> Part
        self.letters: LOBTree = LOBTree({0: None})  # id -> OutLetter
        self.due: OOTreeSet = OOTreeSet([(0, 0)])  # (milliseconds, id of a part)
        self.counts: OOBTree = OOBTree({name: Length() for name in ("sent", "failed")})
        self.signing: OOBTree = OOBTree()  # domain -> SigningKeys

    def allowances(self) -> list[Ace]:
        """Let operators see how the queue does: never what is in it."""
        return [(Allow, OPERATORS, (OPERATE,))]

    def put(self, letter: "OutLetter", parts: list["Part"]) -> None:
        """Keep *letter* with its *parts*, each until it is due."""
        letter.parts = tuple(part.id for part in parts)
        self.letters[letter.id] = letter
        for part in parts:
            self.parts[part.id] = part
            self.due.insert((part.due, part.id))

    def waiting(self, until: int) -> Iterator["Part"]:
        """Yield the parts that may be taken at *until* (ms), those due first before the others."""
        for _due, number in self.due.keys(FIRST, (until + 1,)):
            yield self.parts[number]

    def move(self, part: "Part", due: int) -> None:
        """Let *part* wait until *due* (ms)."""
        self.due.discard((part.due, part.id))
        part.due = due
        self.due.insert((due, part.id))

    def drop(self, part: "Part") -> bool:
        """Forget *part*; tell whether its letter went with it, as the last of its parts was it."""
        self.due.discard((part.due, part.id))
        self.parts.pop(part.id, None)
        letter = part.letter
        letter.parts = tuple(number for number in letter.parts if number != part.id)
        if not letter.parts:
            self.letters.pop(letter.id, None)
        return not letter.parts

    def next_due(self) -> int | None:
        """Return when the first part is due (ms), or None where nothing waits."""
        first = next(iter(self.due.keys(FIRST)), None)
        return None if first is None else int(first[0])

    def __len__(self) -> int:
        return len(self.letters) - 1


class OutLetter(Persistent):
    """A letter that waits for at least one of those it goes to.

    *author* is the uid of who wrote it, None where the site did.
    """

    parts: tuple[int, ...] = ()

    def __init__(
        self, author: int | None, sender: Sealed, raw: Sealed | SealedBlob, size: int, queued: int
    ) -> None:
        self.id = new_id()
        self.author = author
        self.sender = sender
        self.raw = raw
        self.size = size  # bytes
        self.queued = queued  # milliseconds since 1970


class Part(Persistent):
    """What is left to do of a letter at one domain, and how that went so far.

    *to* is a `Sealed` JSON list of the addresses that still wait.  *why* says in our own words
    why it waits, *said* holds what the other machine said: both name that machine.
    """

    tries = 0
    holder: str | None = None  # who has taken it
    why: Sealed | None = None
    said: Sealed | None = None
    told = False  # whether its author knows that it is late

    def __init__(
        self, letter: OutLetter, to: Sealed, count: int, due: int, *, local: bool
    ) -> None:
        self.id = new_id()
        self.letter = letter
        self.to = to
        self.count = count  # addresses
        self.due = due
        self.local = local  # whether the mail of the domain is kept here


class SigningKeys(Persistent):
    """The keys with which letters from one domain are signed, by selector (RFC 6376)."""

    def __init__(self) -> None:
        self.keys: OOBTree = OOBTree()  # selector -> SigningKey
        self.in_use: tuple[str, ...] = ()  # selectors that sign


class SigningKey(Persistent):
    """One key: "rsa" or "ed25519", its public half, and its private one, sealed."""

    def __init__(self, algorithm: str, public: str, private: Any, made: int) -> None:
        self.algorithm = algorithm
        self.public = public  # base64, as the DNS has it
        self.private = private
        self.made = made  # milliseconds since 1970


def new_outgoing() -> Outgoing:
    """Return an empty queue."""
    return Outgoing()
