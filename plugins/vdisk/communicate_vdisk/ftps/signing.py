"""Who comes in: members with an app password of scope `SCOPE`, and as long as it is one.

The account's own password is never taken: whoever stores it in a program has lost it with that.
In clear text, where the operator allows that, nobody comes in who has a second factor.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from communicate.accounts.limits import TooMany
from communicate.interfaces import IAppPasswords, IFactors, IMembers
from communicate.storage.work import work
from communicate_vdisk.content import SCOPE

AGAIN = 60.0  # seconds for which an app password that was right is not asked about again

WRONG = (
    "Sign in with your login and an app password for your disk; "
    "you make one in your settings, under Security."
)
MANY = "Too many wrong passwords came from there. Try again later."
CLEAR = "Use TLS: whose account has a second step is not let in over a connection in clear text."


class NotIn(Exception):
    """Somebody may not come in, or stay; the text says why."""


@dataclass
class Account:
    """A member in a session: who, and by which password."""

    uid: int
    login: str
    peer: str
    secret: str = field(repr=False)
    asked: float = 0.0

    def enter(self, request: Any) -> Any:
        """Return the member, of whom *request* is from now on; raise NotIn."""
        member = request.find_service(IMembers).by_uid(self.uid)
        if member is None or not member.may_sign_in:
            raise NotIn("This account is closed.")
        request.member = member
        self.login = str(member.__name__)
        return member

    def check(self, registry: Any) -> None:
        """Raise NotIn where the app password was taken back, a minute ago at most.

        Or where so many wrong ones come from the same place that none is looked at.
        """
        if time.monotonic() - self.asked < AGAIN:
            return
        login, secret, peer = self.login, self.secret, self.peer
        try:
            found = work(registry, lambda request: verified(request, login, secret, peer))
        except TooMany:
            raise NotIn(MANY) from None
        if found != self.uid:
            raise NotIn("This app password was taken back.")
        self.asked = time.monotonic()


def sign_in(registry: Any, login: str, secret: str, peer: str, *, secure: bool) -> Account:
    """Return the account of *login*; raise NotIn."""

    def look(request: Any) -> int | None:
        uid = verified(request, login, secret, peer)
        if uid is not None and not secure and request.find_service(IFactors).is_set(uid):
            raise NotIn(CLEAR)
        return uid

    try:
        uid = work(registry, look)
    except TooMany:
        raise NotIn(MANY) from None
    if uid is None:
        raise NotIn(WRONG)
    account = Account(uid, login, peer, secret, time.monotonic())
    work(registry, account.enter)
    return account


def verified(request: Any, login: str, secret: str, peer: str) -> int | None:
    """Return the uid of the member whose app password for disks *secret* is, or None."""
    if "\0" in login + secret:
        return None
    member = request.find_service(IAppPasswords).verify(login, secret, SCOPE, peer=peer)
    return None if member is None else int(member.uid)
