"""What text messages keep in the tree; path and name of each class are an on-disk contract.

A message stands in ``due`` at the moment from which it may be taken.  Who takes it has it marked
as *sending*, and put among ``claims`` at the moment at which the claim runs out, before anything
leaves: whatever happens then, nobody sends it a second time.  Numbers and texts are sealed: what
a member wrote under that member's key, what came to a member under the key of whom it came to.
Where a number has to be found again it is an HMAC.  Plain are times, states, counts and prices.
"""

from typing import Any, ClassVar

from BTrees.LLBTree import LLTreeSet
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent
from pyramid.authorization import DENY_ALL, Allow, Everyone
from ZODB.POSException import ConflictError

from communicate.audience import MEMBERS, PRIVATE, Audience
from communicate.clock import moment
from communicate.content import Ace, Content, Folder
from communicate.ids import RANDOM_BITS, decode, encode, new_id
from communicate.permissions import DELETE, OPERATE, VIEW
from communicate.principals import OPERATORS, member
from communicate.sealing.content import Sealed
from communicate_sms.permissions import BRING, UNDO
from communicate_sms.states import WAITING

NAME = "texting"  # of the exchange in the site
BOOK = "sms"  # of the book in a member
LATEST = 2**42 - 1  # milliseconds that an id can name


class Exchange(Folder):
    """``/texting``: the messages that are on their way, and what finds them again.

    It leads members to their own.
    """

    default_audience: ClassVar[Audience] = MEMBERS
    chooses_audience: ClassVar[bool] = False

    restored = 0  # when the site was last brought back from a backup (ms)

    def __init__(self) -> None:
        super().__init__()
        self.messages = LOBTree()  # id -> Message, until its author deletes it
        # What only stands at the beginning keeps the tree from being empty: what has become empty
        # does not merge.
        self.due = OOTreeSet([(0, 0)])  # (milliseconds, id) of what waits
        self.claims = OOTreeSet([(0, 0)])  # (milliseconds, id) of what somebody sends
        self.tokens = OOBTree()  # HMAC of a token -> id
        self.references = OOBTree()  # HMAC of a way and an operator's name -> id
        self.uncertain = LLTreeSet()  # ids that operators decide about
        self.owners = OOBTree()  # HMAC of a number that is proven -> uid
        # (HMAC of a number, uid) -> (ms of the last message, knows it, ms of the last one that was
        # written the other way or 0)
        self.writers = OOBTree()
        self.written = OOTreeSet([(0, b"")])  # (uid, HMAC of a number)
        self.swept = (b"", -1)  # of the writers: how far the last sweep has come
        self.stopped = OOBTree()  # HMAC of a number that wants nothing more -> since when (ms)
        self.pieces = (
            OOBTree()
        )  # (HMAC of the sender, HMAC of what parts have in common) -> Pieces
        self.waiting = OOTreeSet([(0, b"", b"")])  # (since when (ms), the two of a Pieces)
        self.brought = LOBTree()  # period -> HMACs of operators' names for what came in
        self.named = LOBTree()  # id -> Talk or Received in one member's book that names another
        self.days = LOBTree()  # days since 1970 -> Day
        self.books = LOBTree()  # uid -> Book: an erasure finds it where its member is gone
        self.fleeting = LLTreeSet([0])  # ids of codes, notices and tests, which are forgotten soon
        self.spent = LOBTree()  # uid -> Spent
        self.paces = LOBTree()  # hours since 1970 -> Pace
        self.ways = OOBTree()  # name of a way -> WayState

    def allowances(self) -> list[Ace]:
        """Let members be led to what is theirs, and operators see to the queue: never into it.

        Whoever brings what an operator brings has to prove that.
        """
        return [
            *super().allowances(),
            (Allow, OPERATORS, (OPERATE,)),
            (Allow, Everyone, (BRING,)),
        ]


class Pieces(Persistent):
    """What has come so far of a message that comes in several parts."""

    def __init__(self, sender: Sealed, total: int, since: int) -> None:
        self.sender = sender
        self.total = total
        self.since = since  # milliseconds since 1970
        self.texts: dict[int, Sealed] = {}  # from 1; all under the site's key


class Day(Persistent):
    """What was sent on one day, UTC: nothing of whom.

    Two transactions that both spend never merge, so that no ceiling is overshot; what else is
    only counted adds up.
    """

    codes = 0  # that were asked for to prove a number
    proven = 0  # of those, that were typed in
    more: tuple[tuple[int, int], ...] = ()  # (hour, thousandths) that operators let through
    stopped: tuple[tuple[int, int], ...] = ()  # ceilings reached: hour or -1, amount
    warned = False  # whether operators were told that few codes are typed in
    COUNTS: ClassVar[tuple[str, ...]] = (
        "parts",
        "messages",
        "failed",
        "received",
        "codes",
        "proven",
    )

    def __init__(self) -> None:
        self.hours = [0] * 24  # what each hour cost, in thousandths of the currency
        self.parts = 0
        self.messages = 0
        self.failed = 0
        self.received = 0

    def _p_resolveConflict(
        self, old: dict[str, Any], saved: dict[str, Any], new: dict[str, Any]
    ) -> dict[str, Any]:
        """Return *saved* with what *new* has added to *old*; raise ConflictError."""
        merged = dict(saved)
        for key in {*old, *new}:
            if key in self.COUNTS:
                merged[key] = saved.get(key, 0) + new.get(key, 0) - old.get(key, 0)
            elif old.get(key) == saved.get(key):
                if key in new:
                    merged[key] = new[key]
            elif new.get(key) != old.get(key):
                raise ConflictError
        return merged


class Pace(Persistent):
    """To which numbers something was sent in one hour: hashes cut short, and moments."""

    def __init__(self) -> None:
        self.marks = b""  # of 14 octets: see `communicate_sms.pace`


class Spent(Persistent):
    """What one member has had sent in the last day: when, to a number by its HMAC, in parts."""

    def __init__(self) -> None:
        self.messages: tuple[tuple[int, bytes, int], ...] = ()  # (ms, HMAC, parts), by time
        self.codes: tuple[tuple[int, bytes, int], ...] = ()


class WayState(Persistent):
    """How a way does, as whoever sends by it has seen: nothing of any message."""

    taken = 0  # when an operator took the last message (ms); 0: none yet
    missed = 0  # when one was last refused, not taken, or left in doubt (ms)
    why = ""  # in our words, in English
    fault = False  # whether the way was out of order the last time
    bound: bool | None = None  # whether there is a session; None: it needs none, or nobody sends
    told = 0  # when this was written down (ms)


class Book(Folder):
    """``/members/<login>/sms``: one member's number and text messages, that member's alone."""

    default_audience: ClassVar[Audience] = PRIVATE
    chooses_audience: ClassVar[bool] = False
    veiled: ClassVar[bool] = True
    number: "Number | None" = None
    proving: "Proving | None" = None
    unread = 0  # messages, in all conversations
    open_to: Audience = PRIVATE  # who may write to the number through the site, without seeing it

    def __init__(self) -> None:
        super().__init__()
        self.talks = LOBTree()  # id -> Talk
        self.peers = OOBTree()  # HMAC of a number under the member's key, or a uid as bytes -> id
        self.recent = OOTreeSet()  # (milliseconds of the last message, id of the Talk)

    def __getitem__(self, segment: str) -> "Talk":
        """Return the conversation with that id."""
        try:
            found: Talk | None = self.talks.get(decode(segment))
        except ValueError:
            raise KeyError(segment) from None
        if found is None:
            raise KeyError(segment)
        return found

    def hold(self, talk: "Talk") -> None:
        """Have *talk* found here by its id."""
        talk.__parent__ = self
        self.talks[talk.id] = talk

    def effective_audience(self) -> Audience:
        """Return the narrowest."""
        return PRIVATE


class Number(Persistent):
    """The number that a member has proven to be theirs."""

    shown_to: Audience = PRIVATE  # who sees it

    def __init__(self, number: Sealed, key: bytes, proven: int) -> None:
        self.number = number
        self.key = key  # under which the exchange finds its owner
        self.proven = proven  # milliseconds since 1970


class Proving(Persistent):
    """A number, and the code that was sent to it: who knows the code has the telephone."""

    tries = 0
    message = 0  # id of the Message that brings the code

    def __init__(self, number: Sealed, salt: bytes, code: bytes, until: int) -> None:
        self.number = number
        self.salt = salt
        self.code = code  # HMAC
        self.until = until  # milliseconds since 1970


class Talk(Content):
    """A conversation with one number, or with one member whose number is not told."""

    chooses_audience: ClassVar[bool] = False
    veiled: ClassVar[bool] = True
    unread = 0

    def __init__(self, owner: int, number: "Sealed | None", member: int | None) -> None:
        super().__init__(owner)
        self.__name__ = encode(self.id)
        self.number = number  # of somebody outside
        self.member = member  # uid
        self.seen = 0  # id before which all that came has been read
        self.told = 0  # id of the message that has told how to stop
        self.moved = 0  # milliseconds of the last message, under which it stands in Book.recent
        # Of an id the first bits are the time at which it leaves or came: this is the order of
        # time, and what is to leave later stands after all that is there.
        self.lines = LOBTree()  # id -> Message that was sent, or Received

    def __getitem__(self, segment: str) -> "Message | Received":
        """Return the message with that id."""
        try:
            found: Message | Received | None = self.lines.get(decode(segment))
        except ValueError:
            raise KeyError(segment) from None
        if found is None:
            raise KeyError(segment)
        return found

    def allowances(self) -> list[Ace]:
        """Let its owner do everything while it is there, and bring it back for a while."""
        if self.deleted:
            return [] if self.owner is None else [(Allow, member(self.owner), (UNDO,))]
        return super().allowances()

    def follow(self, number: int) -> int:
        """Return *number*, an id, or one after all that stands here of the same millisecond."""
        beginning = number >> RANDOM_BITS << RANDOM_BITS
        same = self.lines.keys(beginning, beginning + (1 << RANDOM_BITS), excludemax=True)
        return max(number, same[-1] + 1) if same else number

    def keep(self, line: "Message | Received") -> None:
        """Have *line* in its place."""
        line.__parent__ = self
        line.__name__ = encode(line.id)
        self.lines[line.id] = line


class Line(Persistent):
    """What stands in a conversation: whoever it belongs to reads and deletes it, nobody else."""

    __parent__: "Talk | None" = None
    __name__: str | None = None
    veiled: ClassVar[bool] = True
    id = 0
    deleted = 0  # milliseconds since 1970 at which it was deleted, while that can be undone

    withdrawn = False  # the member who wrote it to the one who reads it has deleted it
    hidden = False  # by a moderator, who was shown it

    @property
    def is_shown(self) -> bool:
        """Whether it is there for whoever reads the conversation."""
        return not (self.deleted or self.withdrawn or self.hidden)

    def effective_audience(self) -> Audience:
        """Return the narrowest."""
        return PRIVATE

    @property
    def is_gone(self) -> bool:
        """Whether it is not shown, or its conversation is not."""
        return not self.is_shown or (self.__parent__ is not None and bool(self.__parent__.deleted))

    @property
    def __acl__(self) -> list[Any]:
        talk = self.__parent__
        if talk is None or talk.owner is None or talk.deleted or self.withdrawn or self.hidden:
            return [DENY_ALL]
        may = (UNDO,) if self.deleted else (VIEW, DELETE)
        return [(Allow, member(talk.owner), may), DENY_ALL]


class Received(Line):
    """A text message that came in."""

    owner: int | None = None  # the member who wrote it, where it is one, and whose key seals it
    is_copy = False  # of what that member wrote here, and the telephone has: it is not new

    def __init__(self, text: Sealed, came: int, now: int) -> None:
        self.id = new_id(moment(now))  # after all that is there: what comes late is not overlooked
        self.text = text
        self.came = came  # milliseconds since 1970


class Message(Line):
    """A text message to a number."""

    purpose = "message"  # why it is sent, as the disclosure says; or "code", "notice", "test"
    to: int | None = None  # the member whose number it goes to, where its author is not told that
    before = 0  # characters of its text that the site has put before its author's
    after = 0  # and after them
    cost = 0  # thousandths of the currency
    paid = 0  # in which hour since 1970 that was counted; 0: it is not
    until = 0  # when it is of no use any more (ms); 0: never
    state = WAITING
    tries = 0
    holder: str | None = None  # who has taken it
    ways: tuple[str, ...] = ()  # that were out of order, since it waits
    way = ""  # by which it left
    of_hold = False  # whether it says that nothing more comes: that alone goes to such a number
    sure = 0  # when an operator had it sent, whatever may have happened before (ms); 0: nobody has
    only = ""  # the one way that it may go by, where somebody has chosen
    token: bytes | None = None  # HMAC
    reference: bytes | None = None  # HMAC
    detail = ""  # the operator's code, or why it waits, in our words
    left = 0  # when it was handed over (ms)

    def __init__(
        self, author: int, number: Sealed | None, text: Sealed, parts: int, now: int, due: int = 0
    ) -> None:
        self.due = max(now, due)
        self.id = new_id(moment(min(self.due, LATEST)))
        self.author = author
        self.number = number  # None: that of the member `to` when it leaves
        self.text = text
        self.parts = parts
        self.queued = now  # milliseconds since 1970

    @property
    def owner(self) -> int:
        """Who wrote it."""
        return self.author


def new_book() -> Book:
    """Return an empty one."""
    return Book()


def new_exchange() -> Exchange:
    """Return an empty one."""
    return Exchange()
