"""Who signs in with a mail program: members with an app password, never with their own."""

from dataclasses import dataclass, field
from typing import Any

from communicate.interfaces import IAppPasswords, IMembers
from communicate.permissions import EDIT
from communicate.security import permits
from communicate.storage.work import work
from communicate_email.content import SCOPE, Account
from communicate_email.imap.wire.errors import Hopeless
from communicate_email.interfaces import IAddresses, IMailStore


@dataclass(frozen=True)
class Signed:
    """A member who has signed in."""

    uid: int
    name: str
    password: str = field(repr=False)
    number: int = 0  # of the app password


class Closed(Hopeless):
    """The member is let in no more: suspended, closed or erased since."""

    def __init__(self) -> None:
        super().__init__("the account is closed")


def entered(request: Any, uid: int) -> Account:
    """Return the mail of member *uid*, who asks in *request* from now on; raise Closed."""
    member = request.find_service(IMembers).by_uid(uid)
    if member is None or not member.may_sign_in:
        raise Closed
    request.member = member
    account: Account = request.find_service(IMailStore).opened(uid)
    if not permits(request, account, EDIT):
        raise Closed
    return account


def signed(registry: Any, name: str, password: str, peer: str) -> Signed | None:
    """Return who has the app password *password* for mail, None where nobody of that *name* has.

    *name* is a login, or the address that is made of it; *peer* the address of the machine.
    Raise `communicate.accounts.limits.TooMany` where too many were wrong.
    """
    if "\0" in name + password:
        return None

    def look(request: Any) -> tuple[int, int] | None:
        login, at, domain = name.rpartition("@")
        if not at or not request.find_service(IAddresses).is_local(domain):
            login = name
        apps = request.find_service(IAppPasswords)
        member = apps.verify(login, password, SCOPE, peer=peer)
        if member is None:
            return None
        return int(member.uid), apps.number_of(member.uid, password, SCOPE) or 0

    found = work(registry, look)
    return None if found is None else Signed(found[0], name, password, found[1])
