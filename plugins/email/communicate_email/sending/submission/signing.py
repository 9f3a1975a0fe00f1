"""Who hands in mail: members with an app password of scope `SCOPE`, never with their own."""

from dataclasses import dataclass, field
from typing import Any

from communicate.accounts.limits import TooMany
from communicate.interfaces import IAppPasswords
from communicate.storage.work import work
from communicate_email.content import SCOPE
from communicate_email.interfaces import IAddresses

WRONG = (
    "535 5.7.8 Sign in with your login and an app password for mail; you make one in your "
    "settings, under Security"
)
MANY = "454 4.7.0 Too many wrong passwords came from there: try again later"


@dataclass(frozen=True)
class Signed:
    """A member who has signed in."""

    uid: int
    name: str
    password: str = field(repr=False)


def sign_in(registry: Any, name: str, password: str, peer: str) -> "Signed | str":
    """Return who has the app password *password*, or the reply where nobody of that *name* has.

    *name* is a login, or the address that is made of it.
    """
    if "\0" in name + password:
        return WRONG

    def look(request: Any) -> int | None:
        login, at, domain = name.rpartition("@")
        if not at or not request.find_service(IAddresses).is_local(domain):
            login = name
        verify = request.find_service(IAppPasswords).verify
        member = verify(login, password, SCOPE, peer=peer)
        return None if member is None else int(member.uid)

    try:
        uid = work(registry, look)
    except TooMany:
        return MANY
    return WRONG if uid is None else Signed(uid, name, password)
