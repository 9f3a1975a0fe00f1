"""What second factors and app passwords keep in the tree.

No secret lies here in clear.  What can be read again is sealed under the member's key; what is
only compared is kept as an HMAC under that key: recovery codes, app passwords, kinds of browser.
Times are milliseconds since 1970, UTC; days are counted from there too.
"""

from typing import Any

from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent

ROOT = "factors"


class Factors(Persistent):
    """Every member's second factors and app passwords, and what waits for a second step."""

    def __init__(self) -> None:
        self.members = LOBTree()  # uid: MemberFactors
        self.passkeys = OOBTree()  # HMAC of a passkey's id: uid
        self.waiting = OOBTree()  # SHA-256 of what only a browser holds: Waiting
        self.ends = OOTreeSet()  # (expires, SHA-256): what waits, in the order of its end


class MemberFactors(Persistent):
    """What one member has: ``totp`` is the secret, ``step`` the last step whose code was taken."""

    totp: Any = None  # Sealed
    totp_since = 0
    step = 0
    codes: tuple[bytes, ...] = ()  # HMACs of the recovery codes that are left
    seen: tuple[tuple[bytes, int], ...] = ()  # HMAC of a kind of browser, day of its last sign-in
    # Further ways that were switched on: name, since when, HMAC of what codes went to then.
    further: tuple[tuple[str, int, bytes], ...] = ()
    sent: "SentCode | None" = None  # the one that can be typed

    def __init__(self) -> None:
        self.passkeys = LOBTree()  # id: Passkey
        self.apps = LOBTree()  # id: AppPassword

    @property
    def is_set(self) -> bool:
        """Whether signing in takes a second step."""
        return self.totp is not None or bool(self.passkeys)


class Passkey(Persistent):
    """One passkey; ``mark`` is the HMAC of its id, ``counter`` what it counted last."""

    used: int | None = None

    def __init__(self, mark: bytes, credential: Any, name: Any, counter: int, now: int) -> None:
        self.mark = mark
        self.credential = credential  # Sealed: id, public key, transports
        self.name = name  # Sealed
        self.counter = counter
        self.created = now


class AppPassword(Persistent):
    """A password for one program; ``used`` is the day of its last use."""

    used: int | None = None

    def __init__(self, title: Any, scopes: tuple[str, ...], mac: bytes, now: int) -> None:
        self.title = title  # Sealed
        self.scopes = scopes
        self.mac = mac
        self.created = now


class SentCode(Persistent):
    """A code that was sent by a further way; ``asked`` is the challenge of the step it is for."""

    def __init__(self, way: str, asked: bytes, mac: bytes, until: int) -> None:
        self.way = way
        self.asked = asked
        self.mac = mac
        self.until = until
        self.guesses = Guesses()


class Guesses(Persistent):
    """How often a code was guessed at: written alone, before anybody looks whether it is right."""

    count = 0


class Waiting(Persistent):
    """A step that a browser has yet to take, until it expires; see `communicate.factors.waits`."""

    def __init__(
        self, kind: str, uid: int | None, expires: int, challenge: bytes, payload: Any
    ) -> None:
        self.kind = kind
        self.uid = uid
        self.expires = expires
        self.challenge = challenge
        self.payload = payload  # Sealed


def install(root: Any) -> None:
    """Put the container of this package into *root*, the mapping at the top of the database."""
    root.setdefault(ROOT, Factors())
