"""What accounts keep in the tree: members, their sessions, and links that work once.

No secret lies here in clear: sessions, series and links are kept under the SHA-256 of what only
a browser or a mail holds; logins that were given out and addresses as HMACs under the site's key.
Times are milliseconds since 1970, UTC.
"""

from typing import Any, ClassVar

from BTrees.LLBTree import LLTreeSet
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent
from pyramid.authorization import Allow

from communicate.audience import PRIVATE, Audience
from communicate.content import Ace, Folder
from communicate.permissions import OPEN
from communicate.principals import PUBLIC as PUBLIC_PRINCIPAL

ACTIVE, SUSPENDED, CLOSED = "active", "suspended", "closed"
MINUTE = 60_000


class Members(Folder):
    """``/members``: every member under the login.  Closed accounts read as absent."""

    def __getitem__(self, name: str) -> Any:
        child = super().__getitem__(name)
        if child.state == CLOSED:
            raise KeyError(name)
        return child

    def values(self, low: str | None = None, high: str | None = None) -> Any:
        """Yield the members whose accounts are not closed, by login."""
        return (child for child in super().values(low, high) if child.state != CLOSED)

    def effective_audience(self) -> Audience:
        """Return the narrowest: a member's things say themselves who may read them."""
        return PRIVATE

    def allowances(self) -> list[Ace]:
        """Let everyone whom the site lets in open the directory, which filters."""
        return [*super().allowances(), (Allow, PUBLIC_PRINCIPAL, (OPEN,))]

    def is_contact(self, owner: int, other: int) -> bool:
        """Tell whether *other* is on the list of contacts of member *owner*."""
        holder = self.contacts_of(owner)
        return holder is not None and other in holder

    def contacts_of(self, owner: int) -> LLTreeSet | None:
        """Return the numbers of the contacts of member *owner*, None without such a member."""
        login = self.logins.get(owner)
        member = self.get(login) if login else None
        return None if member is None else member.contacts

    def is_in_circle(self, circle: int, other: int) -> bool:
        """Tell whether *other* belongs to *circle*."""
        found = self.circles.get(circle)
        return found is not None and other in found

    def is_blocked(self, owner: int, other: int) -> bool:
        """Tell whether member *owner* has blocked *other*."""
        login = self.logins.get(owner)
        member = self.get(login) if login else None
        return member is not None and member.blocked is not None and other in member.blocked

    def __init__(self) -> None:
        super().__init__()
        self.logins: LOBTree = LOBTree()  # uid: login
        self.circles: LOBTree = LOBTree()  # circle's id: LLTreeSet of uids


class Member(Folder):
    """A member's account, and the space that it opens under ``/members/<login>``."""

    default_audience: ClassVar[Audience] = PRIVATE
    closed_to_blocked: ClassVar[bool] = True
    veiled: ClassVar[bool] = True  # an empty space answers as one that is closed
    chooses_audience: ClassVar[bool] = False  # what lies in the space does
    state = ACTIVE
    language: str | None = None  # None: as the browser asks, or as the site says
    zone: str | None = None  # IANA name; None: the site's
    appearance: str | None = None  # "light", "dark"; None: as the system says
    keys: str | None = None  # "off": no key by itself does anything; None: they do
    settled = False  # whether the first steps are put away
    blocked: LLTreeSet | None = None  # uids of whom this member keeps away; None: nobody so far
    demo = False  # nobody: made by `communicate demo`
    portrait: Any = None  # the element that says who sees the small picture, where there is one
    seen: int | None = None  # the day (ordinal, UTC) of the last use, kept only where it is shown

    def __init__(
        self, uid: int, password: str, address: Any, groups: tuple[str, ...] = ()
    ) -> None:
        super().__init__(owner=uid)
        self.uid = uid
        self.password = password  # argon2id, PHC notation
        self.address = address  # Sealed
        self.groups = groups  # "operators", "moderators"
        self.consents: tuple[dict[str, Any], ...] = ()
        self.contacts = LLTreeSet()

    @property
    def login(self) -> str:
        """The name under which ``/members`` holds this member."""
        return str(self.__name__)

    @property
    def may_sign_in(self) -> bool:
        """Whether the account is neither suspended nor closed."""
        return self.state == ACTIVE

    def effective_audience(self) -> Audience:
        """Return the narrowest: what lies in a space is private unless it says otherwise."""
        return PRIVATE

    def allowances(self) -> list[Ace]:
        """Let everyone whom the site lets in open the page of the space, which filters."""
        return [*super().allowances(), (Allow, PUBLIC_PRINCIPAL, (OPEN,))]


class Accounts(Persistent):
    """What finds an account, and what stays when it is gone."""

    invitations: OOTreeSet | None = None  # (expires, SHA-256) of tokens that invite, once listed

    def __init__(self) -> None:
        self.taken = OOTreeSet()  # HMAC of every login ever given out
        self.addresses = OOBTree()  # HMAC of an address's normal form: uid
        self.tokens = OOBTree()  # SHA-256 of a link's secret: Token
        self.expiries = OOTreeSet()  # (expires, SHA-256): tokens in the order of their end
        self.alerts = LOBTree()  # uid: tuple of (code, when) that the member has yet to read


class Token(Persistent):
    """A link that works once, until it expires."""

    def __init__(self, kind: str, payload: Any, expires: int, uid: int | None = None) -> None:
        self.kind = kind
        self.payload = payload  # Sealed
        self.expires = expires
        self.uid = uid


class Sessions(Persistent):
    """Every running session and every kept series."""

    def __init__(self) -> None:
        self.records = OOBTree()  # SHA-256 of the id that the cookie holds: Session
        self.by_member = LOBTree()  # uid: OOTreeSet of those
        self.series = LOBTree()  # uid: Series, the one that keeps the member signed in
        self.retired = OOBTree()  # SHA-256 of a series that is over: (expires, why)
        self.ends = OOTreeSet()  # (when, SHA-256) of sessions and retired series: what to sweep


class Session(Persistent):
    """A browser that is signed in.  ``used`` is written at most hourly."""

    def __init__(self, uid: int, now: int, until: int, series: bytes | None, about: Any) -> None:
        self.uid = uid
        self.opened = now
        self.used = now
        self.until = until
        self.series = series
        self.about = about  # Sealed: the browser's kind

    def _p_resolveConflict(self, _old: Any, saved: Any, new: Any) -> Any:
        """Keep the later use where two requests of one session meet."""
        later = dict(new)
        later["used"] = max(saved["used"], new["used"])
        later["series"] = saved["series"]
        return later


class Series(Persistent):
    """What keeps a member signed in on one browser until ``expires``, fixed at sign-in.

    ``issued`` is the highest counter that was given out, ``seen`` the highest that came back, and
    ``seen_at`` when that one came first.
    """

    FRESH, AGAIN, REPLAY = "fresh", "again", "replay"

    def __init__(self, name: bytes, now: int, expires: int) -> None:
        self.name = name
        self.opened = now
        self.expires = expires
        self.issued = 1
        self.seen = 0
        self.seen_at = now

    def judge(self, counter: int, now: int) -> str:
        """Tell what presenting *counter* means: FRESH, AGAIN (nothing to write) or REPLAY.

        A counter stays valid until its successor has been seen once, plus a minute.  One above
        all that were issued can only be ours too, its HMAC being right: the tree was restored
        from an older copy.
        """
        if counter >= self.issued:
            return self.FRESH
        if counter >= self.seen:
            return self.AGAIN
        in_time = now <= self.seen_at + MINUTE
        return self.AGAIN if counter == self.seen - 1 and in_time else self.REPLAY

    def see(self, counter: int, now: int) -> None:
        """Record that *counter* came back, and that its successor is given out."""
        self.seen = counter
        self.seen_at = now
        self.issued = counter + 1


def install(root: Any) -> None:
    """Put the containers of accounts into *root*, the mapping at the top of the database."""
    root.setdefault("accounts", Accounts())
    root.setdefault("sessions", Sessions())
    if root["site"].get("members") is None:
        root["site"]["members"] = Members()
