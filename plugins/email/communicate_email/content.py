"""What e-mail keeps in the tree; the path and the name of each class are an on-disk contract.

A member's mail, ``/members/<login>/mail``, is that member's alone, and everything in it is sealed
under that member's key: messages, what is shown of them in lists, names of folders, keywords.  In
clear are numbers only: uids, flags, sizes, dates, what belongs to which thread.

Lists cost nothing for each message but a few dozen bytes: a mailbox keeps what changes of its
messages (`Rows`) packed, 128 in an object, and what is shown of them (`Heads`) sealed one by one,
32 in an object.  The message itself (`Mail`) is another object, loaded where it is opened; a copy
in another folder refers to the same one.
"""

from typing import Any, ClassVar

from BTrees.IOBTree import IOBTree
from BTrees.LLBTree import LLBTree, LLTreeSet
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent

from communicate.audience import MEMBERS, PRIVATE, Audience
from communicate.content import Content, Folder
from communicate.ids import decode, encode
from communicate.sealing.content import Sealed, SealedBlob

NAME = "mail"  # of the container of a member, and of the site's
SCOPE = "mail"  # of app passwords: what programs ask for


class Leaves(LOBTree):
    """A tree of small leaves: what comes in is written beside few others, not dozens."""

    max_leaf_size = 24
    max_internal_size = 48


class Hashes(LLBTree):
    """The same of numbers that come in no order."""

    max_leaf_size = 32
    max_internal_size = 64


class Office(Folder):
    """``/mail``: whose each mailbox and each further address is; it leads members to their own."""

    default_audience: ClassVar[Audience] = MEMBERS
    chooses_audience: ClassVar[bool] = False
    restored = 0  # above each UIDVALIDITY of before the site was last restored from a backup

    def __init__(self) -> None:
        super().__init__()
        self.accounts = LOBTree()  # uid -> Account
        self.aliases = OOBTree()  # HMAC of its name -> Alias


class Alias(Persistent):
    """A further address of a member: a name before the ``@``, at each domain of the site."""

    closed = False  # nothing comes in by it: the name stays its member's
    removed = False  # it will be destroyed; until then it can be taken back
    disposable = False  # random, to be given away
    expires = 0  # from when on nothing comes in by it (ms); 0: never
    came = 0  # messages that came by it
    note: Sealed | None = None  # what its member noted of it

    def __init__(self, number: int, uid: int, key: bytes, name: Sealed) -> None:
        self.id = number
        self.uid = uid
        self.key = key  # under which the office finds it
        self.name = name


class Account(Folder):
    """All the mail of one member, whose alone it is."""

    default_audience: ClassVar[Audience] = PRIVATE
    chooses_audience: ClassVar[bool] = False
    veiled: ClassVar[bool] = True
    keywords: Sealed | None = None  # names of keywords, in the order of their bits
    script: Sealed | None = None  # filters (RFC 5228)
    away: Sealed | None = None  # what is answered while the member is away
    former: Sealed | None = None  # the filters before the last change, while that can be undone
    former_until = 0  # until when (ms)
    identities: Sealed | None = None  # names and signatures, by address
    answered: Any = None  # HMAC of whom an answer went to -> until when none follows (ms)
    validity = 0  # the last UIDVALIDITY that was given out
    carried: Any = None  # id -> Carried
    labels: Sealed | None = None  # what keywords are called and which colour they have
    marked: Any = None  # number of a bit -> Marked; None: nobody has asked yet
    step: Any = None  # Step: what was done last, so that it can be taken back
    together = False  # lists show conversations
    pictures: Sealed | None = None  # addresses of whom pictures are loaded unasked

    def __init__(self) -> None:
        super().__init__()
        self.boxes = LOBTree()  # id -> Mailbox
        self.names = LLBTree()  # 63 bits of an HMAC of the holder's id and the name -> id
        self.roles: dict[str, int] = {}  # "inbox", "sent" … -> id
        self.aliases = LOBTree()  # id -> Alias
        self.mails = Leaves()  # id -> Mail
        self.places = Leaves()  # id of a mail -> where it lies: pairs of box and uid, packed
        self.known = Hashes()  # 63 bits of an HMAC of a Message-ID -> thread
        self.threads = Leaves()  # thread -> ids of its mails and hashes of its Message-IDs, packed
        self.fresh = Leaves()  # id of the first mail -> Words that are in no Bag yet
        self.bags = LOBTree()  # id of the first mail -> Bag
        self.marked = LOBTree()

    def __getitem__(self, segment: str) -> "Mailbox":
        """Return the mailbox with that id."""
        try:
            found: Mailbox | None = self.boxes.get(decode(segment))
        except ValueError:
            raise KeyError(segment) from None
        if found is None:
            raise KeyError(segment)
        return found

    def __len__(self) -> int:
        return len(self.boxes)

    def effective_audience(self) -> Audience:
        """Return the narrowest."""
        return PRIVATE

    def box(self, role: str) -> "Mailbox":
        """Return the folder for that use; raise KeyError where there is none."""
        found: Mailbox = self.boxes[self.roles[role]]
        return found


class Mailbox(Content):
    """A folder of mail: what its messages are, packed, and a number for each change (RFC 7162)."""

    default_audience: ClassVar[Audience] = PRIVATE
    chooses_audience: ClassVar[bool] = False
    veiled: ClassVar[bool] = True
    subscribed = True
    uid_next = 1
    modseq = 1  # of the last change
    count = 0
    unseen = 0
    size = 0  # bytes
    dropped = 0  # up to which number of a change it is forgotten which messages went
    talks: Any = None  # thread -> place of its latest message here; None: nobody has asked yet
    talk_order: Any = None  # the same turned round
    talk_count = 0
    recent: tuple[Any, ...] = ()  # lines of the log that are not in it yet, up to `modseq`

    def __init__(self, owner: int, name: Sealed, parent: int, role: str, validity: int) -> None:
        super().__init__(owner)
        self.__name__ = encode(self.id)
        self.name = name
        self.parent = parent  # id of the folder that holds it; 0: none
        self.role = role  # "inbox", "sent" …; empty: one of the member's own
        self.validity = validity  # UIDVALIDITY
        self.rows = IOBTree()  # uid // 128 -> Rows
        self.heads = IOBTree()  # uid // 32 -> Heads
        self.dates = LLTreeSet()  # seconds since 1970 << 31 | uid
        self.log = Leaves()  # modseq -> what changed: see `communicate_email.store.filing.lines`

    def effective_audience(self) -> Audience:
        """Return the narrowest."""
        return PRIVATE


class Rows(Persistent):
    """What changes of up to 128 messages: see `communicate_email.store.rows`."""

    def __init__(self, data: bytes) -> None:
        self.data = data


class Heads(Persistent):
    """What lists show of up to 32 messages."""

    def __init__(self) -> None:
        self.sealed: dict[int, bytes] = {}  # uid -> envelope


class Marked(Persistent):
    """Where the messages with one star or label lie, by date; none of the junk or the trash."""

    count = 0

    def __init__(self) -> None:
        self.spots = OOTreeSet()  # by `communicate_email.store.marks`


class Step(Persistent):
    """What a member did last with messages, in numbers, so that it can be taken back."""

    def __init__(
        self, number: int, until: int, moves: tuple[Any, ...], marks: tuple[Any, ...]
    ) -> None:
        self.id = number
        self.until = until  # milliseconds since 1970
        self.moves = moves  # ids of the folder they came from and the one they are in, their uids
        self.marks = marks  # id of a folder, bits, how they are set again, uids


class Mail(Persistent):
    """One message as it came, and where its parts are."""

    origin: Sealed | None = None  # how it came, where a delivery says so; None: put here by hand

    def __init__(self, size: int, structure: Sealed, body: Sealed | SealedBlob) -> None:
        self.size = size  # bytes, as the quota counts them
        self.structure = structure
        self.body: Any = body  # large ones are files


class Words(Persistent):
    """The words of some of the newest messages, each sealed by itself."""

    def __init__(self) -> None:
        self.sealed: dict[int, bytes] = {}  # id of a mail -> envelope


class Bag(Persistent):
    """The words of some messages, sealed together."""

    def __init__(self, sealed: Sealed) -> None:
        self.sealed = sealed


class Carried(Persistent):
    """Mail on its way in or out as files, and for a while what became of it.

    Of what comes in, ``files`` are what the member sent; of what goes out, what is handed out.
    """

    state = "waits"  # "waits", "runs", "done", "failed", "full"
    files: tuple[tuple[Sealed, SealedBlob], ...] = ()  # names and bytes
    folder: Sealed | None = None  # where it goes, unless a file says where; what goes out
    at = 0  # which of the files is read
    seen = 0  # messages of that file that were read
    size = read = 0  # bytes of all files, and of those that were read; going out: messages
    kept = known = skipped = 0  # messages: put into folders; there already; not taken
    began = ended = 0  # milliseconds since 1970

    def __init__(self, number: int, goes_out: bool) -> None:
        self.id = number
        self.goes_out = goes_out

    @property
    def is_under_way(self) -> bool:
        """Whether it is not over."""
        return self.state in ("waits", "runs")


def new_office() -> Office:
    """Return the container of a new site."""
    return Office()


def new_account() -> Account:
    """Return the container of a member who begins to have mail."""
    return Account()
