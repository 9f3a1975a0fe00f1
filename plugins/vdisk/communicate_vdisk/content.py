"""What the disk keeps in the tree; the path and the name of each class are an on-disk contract.

A member's disk, ``/members/<login>/disk``, holds every folder and file of the member by id: an
address is ``/members/<login>/disk/<id>`` wherever the thing lies, and stays when it is renamed or
moved.  What lies where is said by ``__parent__``, from which audience and grants are inherited,
and by each folder's own lists.  Names and bytes are sealed under the key of the disk's member;
plain are ids, sizes, dates and types.  ``/disk`` knows whose each thing is.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from BTrees.Length import Length
from BTrees.LLBTree import LLBTree
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent
from pyramid.authorization import Allow

from communicate import audience as audiences
from communicate.audience import PRIVATE, Audience, narrower
from communicate.content import Ace, Content, Folder
from communicate.ids import decode, encode
from communicate.listing.content import SealedPages
from communicate.permissions import DELETE, EDIT, MODERATE, OPEN, VIEW
from communicate.principals import MODERATORS, PUBLIC, member
from communicate.sealing.content import Sealed, SealedBlob
from communicate_vdisk.locks.content import Locks
from communicate_vdisk.permissions import ADD, CHANGE, OWN, RESTORE

NAME = "disk"  # of the container of a member, and of the site's
SCOPE = "disk"  # of app passwords: what programs ask for
PENDING = "pending"  # of a file: clamd is asked
SERVICE = "vdisk"  # as the quota calls what is kept here
LISTING = "vdisk.listing"
GRANTS = {str(ADD): (str(ADD),), str(CHANGE): (str(ADD), str(CHANGE))}  # what each one gives


class Disks(Folder):
    """``/disk``: whose each folder and file is, and what is to be destroyed when."""

    default_audience: ClassVar[Audience] = audiences.MEMBERS
    chooses_audience: ClassVar[bool] = False
    locks: Locks | None = None  # who is at work on what: none until the first lock
    uploads: Any = None  # `communicate_vdisk.uploads.content.Uploads` since the first one
    copies: Any = None  # `communicate_vdisk.copying.content.Copies` since the first one

    def __init__(self) -> None:
        super().__init__(audience=audiences.MEMBERS)
        self.owners = LLBTree()  # id of a folder or file -> uid of its owner
        self.trashed = LLBTree()  # id made when something came into the trash -> its own id
        self.versions = LLBTree()  # id of a version, made when it was replaced -> id of the file
        self.links = Links()

    def allowances(self) -> list[Ace]:
        """Let everyone whom the site lets in come with a link."""
        return [*super().allowances(), (Allow, PUBLIC, (OPEN,))]


class Link(Persistent):
    """A way to one folder or file for whoever holds its secret, whose SHA-256 alone is kept."""

    fetched = 0  # downloads that were begun

    def __init__(
        self, number: int, owner: int, node: int, digest: bytes, *, until: int, most: int
    ) -> None:
        self.id = number
        self.owner = owner
        self.node = node  # id of what it leads to
        self.digest = digest
        self.password: str | None = None  # argon2id, PHC notation
        self.until = until  # milliseconds since 1970; 0: until it is ended
        self.most = most  # downloads; 0: any number

    @property
    def principal(self) -> str:
        """The principal that whoever comes by it holds."""
        return link_principal(self.id)


class Links(Persistent):
    """The links of all disks."""

    def __init__(self) -> None:
        self.by_id = LOBTree()  # id -> Link
        self.by_digest = OOBTree()  # SHA-256 of the secret -> id
        self.ends = OOTreeSet()  # (until, id) of those that end by themselves

    def add(self, link: Link) -> None:
        """Keep *link*."""
        self.by_id[link.id] = link
        self.by_digest[link.digest] = link.id
        if link.until:
            self.ends.add((link.until, link.id))

    def remove(self, link: Link) -> None:
        """Forget *link*."""
        self.by_id.pop(link.id, None)
        self.by_digest.pop(link.digest, None)
        if (link.until, link.id) in self.ends:
            self.ends.remove((link.until, link.id))


def link_principal(number: int) -> str:
    """Return the principal of whoever comes by link *number*: nobody else ever holds it."""
    return f"link:{number}"


class Node(Content):
    """A folder or a file.

    ``grants`` says who may add to it and change it besides its owner, as far as they may read it.
    """

    default_audience: ClassVar[Audience] = PRIVATE
    closed_to_blocked: ClassVar[bool] = True
    veiled: ClassVar[bool] = True
    inherited_grants: ClassVar[tuple[str, ...]] = tuple(GRANTS)
    is_folder: ClassVar[bool] = False
    name: Sealed | None = None
    changed = 0  # milliseconds since 1970: a file's bytes, a folder's name
    by: int | None = None  # uid of who added it, where that is not its owner
    trash = 0  # id made when it came into the trash; 0: it is not there
    came = 0  # id of the folder that it was in before; 0: the disk itself
    doomed = False  # whether it is being destroyed
    coming = False  # whether it is a copy that is not whole yet: in no list, nobody's to see
    hidden = False  # by a moderator
    reason: Sealed | None = None  # why a moderator hid it
    properties: Sealed | None = None  # what programs keep with it over WebDAV
    kept = 0  # bytes of those, as the quota counts them
    size = 0  # bytes of a file as it is; 0 for a folder
    links: tuple[int, ...] = ()  # ids of the links that lead to it

    def __init__(self, owner: int, name: Sealed | None, changed: int) -> None:
        super().__init__(owner)
        self.__name__ = encode(self.id)
        self.name = name
        self.changed = changed

    def renumber(self, number: int) -> None:
        """Have the id *number*: said before anything refers to this by its id."""
        self.id, self.__name__ = number, encode(number)

    def lineage(self) -> Iterator["Node"]:
        """Yield this, the folder that holds it, and so on, up to the disk."""
        here: Any = self
        while isinstance(here, Node):
            yield here
            here = here.__parent__

    @property
    def is_gone(self) -> bool:
        """Whether it, or a folder that holds it, is in the trash, or not here yet."""
        return any(each.trash or each.doomed or each.coming for each in self.lineage())

    @property
    def is_infected(self) -> bool:
        """Whether it holds a virus: no path has its bytes, and nobody but its owner sees it."""
        return False

    @property
    def is_hidden(self) -> bool:
        """Whether a moderator hid it, or a folder that holds it."""
        return any(each.hidden for each in self.lineage())

    def through(self) -> list[int]:
        """Return the ids of the links that open it.

        Those that lead to it, and to the folders above it as long as it has no audience of its
        own: what was given one keeps to that.
        """
        found: list[int] = []
        for each in self.lineage():
            found.extend(each.links)
            if each.audience is not None:
                break
        return found

    def subject(self, request: Any) -> str:
        """Return its name, for its owner."""
        from communicate_vdisk.interfaces import IDisk

        name: str = request.find_service(IDisk).name(self)
        return name

    def allowances(self) -> list[Ace]:
        """Let the audience read; those with a grant add and change; its owner everything."""
        if self.owner is None or any(each.doomed or each.coming for each in self.lineage()):
            return []
        own = member(self.owner)
        if self.is_gone:
            return [(Allow, own, (DELETE, RESTORE))]
        reading = self.effective_audience()
        if self.is_infected or self.is_hidden:
            return self._held_back(own, reading)
        allowed: list[Ace] = [(Allow, own, (VIEW, EDIT, DELETE, ADD, CHANGE, OWN))]
        allowed += [(Allow, name, (VIEW,)) for name in reading.principals(self.owner)]
        allowed += [(Allow, link_principal(number), (VIEW,)) for number in self.through()]
        if reading.is_common:
            allowed.append((Allow, MODERATORS, (MODERATE,)))
        for permission, given in GRANTS.items():
            for name in self.granted_to(permission, reading):
                allowed.append((Allow, name, given))
        return allowed

    def _held_back(self, own: str, reading: Audience) -> list[Ace]:
        """Let its owner look at it and throw it away; who hid it, and those who judge, look.

        What holds a virus its owner may replace as well, and nobody else sees.
        """
        if self.is_infected:
            return [(Allow, own, (VIEW, DELETE, CHANGE, OWN))]
        allowed: list[Ace] = [(Allow, own, (VIEW, EDIT, DELETE, OWN))]
        if reading.is_common:
            allowed.append((Allow, MODERATORS, (VIEW, MODERATE)))
        return allowed

    def granted_to(self, permission: str, reading: Audience | None = None) -> tuple[str, ...]:
        """Return the principals that hold *permission* here: none that may not read it.

        What everyone may read, members at most may change.
        """
        wanted = self.granted(permission)
        reading = self.effective_audience() if reading is None else reading
        if wanted is None or self.owner is None:
            return ()
        own = member(self.owner)
        return tuple(name for name in held(wanted, reading).principals(self.owner) if name != own)


def held(wanted: Audience, reading: Audience) -> Audience:
    """Return what counts of a grant to *wanted* where *reading* may read."""
    if wanted.level in ("private", "public"):
        return narrower(wanted, audiences.MEMBERS) if wanted.level == "public" else PRIVATE
    if reading.level == "private":
        return PRIVATE
    if reading.level == "chosen":
        names = set(wanted.chosen) & set(reading.chosen)
        return Audience("chosen", names) if wanted.level == "chosen" and names else PRIVATE
    if reading.level == "contacts":
        # Circles hold contacts only; a single person may have ceased to be one.
        names = {name for name in wanted.chosen if name.startswith("circle:")}
        if wanted.level == "chosen":
            return Audience("chosen", names) if names else PRIVATE
        return audiences.CONTACTS
    return wanted


def within(one: Audience, other: Audience) -> bool:
    """Tell whether all who may read with *one* may read with *other*, for the same owner."""
    if one == other or one.level == "private" or other.level == "public":
        return True
    if other.level == "members":
        return one.level in ("contacts", "chosen")
    return one.level == other.level == "chosen" and set(one.chosen) <= set(other.chosen)


class Directory(Node):
    """A folder: its lists of what it holds, in three orders."""

    is_folder: ClassVar[bool] = True
    governs = False  # whether the catalog knows what is in it as governed by its own audience

    def __init__(self, owner: int, name: Sealed | None, changed: int) -> None:
        super().__init__(owner, name, changed)
        self.begin(owner)

    def begin(self, owner: int) -> None:
        """Be empty."""
        self.listing = SealedPages(owner, LISTING)  # by name, folders first
        self.names = LLBTree()  # 63 bits of an HMAC of the name under the owner's key -> id
        self.dates = OOTreeSet()  # (when it changed, id)
        self.sizes = OOTreeSet()  # (bytes, id)
        self.folders = Length()  # how many of those it holds are folders

    def __len__(self) -> int:
        return len(self.listing)

    def __bool__(self) -> bool:
        return True


class Disk(Folder, Directory):
    """The disk of one member: its first folder, and every thing in it by id.

    It is its member's alone; what lies in it says itself who else may see it.
    """

    default_audience: ClassVar[Audience] = PRIVATE
    chooses_audience: ClassVar[bool] = False

    def __init__(self) -> None:
        Content.__init__(self, None, PRIVATE)  # a folder of both kinds is made by hand
        self._children = OOBTree()
        self._count = Length()
        self.begin(0)  # until it is known whose it is
        self.trashed = LLBTree()  # id made when something came into the trash -> its own id

    def __len__(self) -> int:
        return len(self.listing)

    def subject(self, request: Any) -> str:
        """Return nothing: its audience is not chosen."""
        return ""

    def effective_audience(self) -> Audience:
        """Return the narrowest."""
        return PRIVATE

    def allowances(self) -> list[Ace]:
        """Let everyone whom the site lets in ask what of it is shared with them."""
        return [*Directory.allowances(self), (Allow, PUBLIC, (OPEN,))]

    def node(self, number: int) -> Node | None:
        """Return the folder or file with that id, or None."""
        found = self.get(encode(number))
        return found if isinstance(found, Node) else None


class Version(Persistent):
    """Bytes that others took the place of, kept for a while."""

    tag = ""  # that they had as the file's
    scan = ""  # what clamd said, as in a file
    held: SealedBlob | None = None
    finding: Sealed | None = None

    def __init__(self, number: int, blob: SealedBlob, media: str, changed: int) -> None:
        self.id = number  # made at the moment at which it was replaced
        self.blob: SealedBlob | None = blob
        self.media = media
        self.changed = changed
        self.size = blob.size


class Page(Persistent):
    """A page of a document, or a picture no larger than a screen, as WebP."""

    def __init__(self, blob: SealedBlob, width: int, height: int) -> None:
        self.blob = blob
        self.width = width  # pixels
        self.height = height


class Looks(Persistent):
    """What was made of a file's bytes as they are: see `communicate_vdisk.looking`."""

    small: Sealed | None = None  # WebP
    words: Sealed | None = None
    pages: tuple[Page, ...] = ()


class File(Node):
    """A file: its bytes, what they are, what was made of them, and former ones."""

    blob: SealedBlob | None = None
    looks: Looks | None = None
    media = ""
    tag = ""  # of the bytes: changes whenever they do (the strong ETag)
    scan = ""  # "pending", "clean", "infected", "unscanned"; empty where clamd was never asked
    held: SealedBlob | None = None  # in place of ``blob`` where that holds a virus
    finding: Sealed | None = None  # what clamd calls it

    @property
    def is_infected(self) -> bool:
        """Whether it holds a virus."""
        return self.held is not None

    def __init__(self, owner: int, name: Sealed, changed: int) -> None:
        super().__init__(owner, name, changed)
        self.versions = LOBTree()  # id -> Version

    @property
    def taken(self) -> int:
        """Bytes of it and of its versions."""
        former: int = sum(version.size for version in self.versions.values())
        return self.size + former


def new_disks() -> Disks:
    """Return the container of a new site."""
    return Disks()


def new_disk() -> Disk:
    """Return the container of a member who begins to keep files."""
    return Disk()


def number_in(segment: Any) -> int:
    """Return the id that *segment* of an address or a form stands for, 0 where it is none."""
    try:
        return decode(segment)
    except (ValueError, TypeError):
        return 0
