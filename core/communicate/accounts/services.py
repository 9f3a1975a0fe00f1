"""Members as other parts find, make and suspend them: ``request.find_service(IMembers)``."""

from typing import Any

from zope.interface import implementer

from communicate import clock
from communicate.accounts import addresses, logins, passwords
from communicate.accounts.consent import consent
from communicate.accounts.content import ACTIVE, CLOSED, SUSPENDED, Accounts, Member, Members
from communicate.accounts.reserved import reserved_logins
from communicate.ids import new_uid
from communicate.interfaces import IKeyRing, IMembers, ISeals, ISessions

ADDRESS_KIND = "address"


class LoginTaken(logins.BadLogin):
    """A login is in use, or was once given out."""


class AddressTaken(ValueError):
    """An account with that e-mail address exists."""


@implementer(IMembers)
class MemberService:
    """The members of the site, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals: Any = request.find_service(ISeals)
        self.accounts: Accounts = request.root_map["accounts"]
        self.members: Members = request.site["members"]

    # Finding

    def by_login(self, login: str) -> Member | None:
        """Return the member of that login, or None; a closed account is none."""
        found: Member | None = self.members.get(logins.normal(login))
        return found

    def by_uid(self, uid: int, *, closed: bool = False) -> Member | None:
        """Return the member with that number, or None; a closed account only if asked for."""
        login = self.members.logins.get(uid)
        if login is None:
            return None
        member: Member = self.members.raw(login)
        return member if closed or member.state != CLOSED else None

    def by_address(self, address: str) -> Member | None:
        """Return the member with that e-mail address, whatever its case, or None."""
        try:
            uid = self.accounts.addresses.get(self._address_key(address))
        except addresses.BadAddress:
            return None
        return None if uid is None else self.by_uid(uid)

    def login_of(self, uid: int) -> str | None:
        """Return the login of member *uid*, or None where there is none any more."""
        login: str | None = self.members.logins.get(uid)
        return login if login is not None and login in self.members else None

    def address_of(self, member: Member) -> str | None:
        """Return the e-mail address of *member*, or None where its key is destroyed."""
        text: str | None = self.seals.text(member.address)
        return text

    def taken(self, login: str) -> bool:
        """Tell whether *login* is in use, was ever in use, or may not be used."""
        try:
            self.check_login(login)
        except logins.BadLogin:
            return True
        return False

    def check_login(self, login: str) -> None:
        """Raise `logins.BadLogin` with the reason where *login* cannot be given to anyone new."""
        logins.check(login, reserved_logins(self.request.registry))
        if login in self.members or self._login_key(login) in self.accounts.taken:
            raise LoginTaken(logins.TAKEN)

    def reserve(self, login: str) -> None:
        """Never give *login* out: something else than an account has that name for good."""
        self.accounts.taken.add(self._login_key(logins.normal(login)))

    # Making and changing

    def add(  # noqa: PLR0913  (all but three by name)
        self,
        login: str,
        address: str,
        password: str,
        *,
        groups: tuple[str, ...] = (),
        consent: dict[str, Any] | None = None,
        hashed: bool = False,
        uid: int | None = None,
    ) -> Member:
        """Make a confirmed account and return its `Member`.

        *password* is text, or with *hashed* an argon2id hash.  *consent* records the versions of
        terms and policy that were accepted; without one they count as given through the operator.
        *uid*, one that nobody ever had, is drawn where none is given.
        Raise `logins.BadLogin`, `addresses.BadAddress` or `AddressTaken`.
        """
        self.check_login(login)
        if self.by_address(addresses.clean(address)) is not None:
            raise AddressTaken("an account with this address exists: use another address")
        uid = uid or new_uid()
        # Committed before the tree uses it: a key without a member is harmless.
        self.request.find_service(IKeyRing).create(uid)
        secret = password if hashed else self.passwords.hash(password)
        member = Member(uid, secret, None, tuple(groups))
        member.created = self.now
        member.consents = (consent or self.given("operator"),)
        self.members[login] = member
        self.members.logins[uid] = login
        self.accounts.taken.add(self._login_key(login))
        self.set_address(member, address)
        return member

    def given(self, how: str) -> dict[str, Any]:
        """Return the record of a consent given now; for *how* see `consent.consent`."""
        return consent(how, self.now, self.request.registry)

    def set_address(self, member: Member, address: str) -> None:
        """Give *member* another e-mail address; raise AddressTaken or `addresses.BadAddress`."""
        key = self._address_key(address)
        if self.accounts.addresses.get(key, member.uid) != member.uid:
            raise AddressTaken("an account with this address exists: use another address")
        self._drop_address(member)
        member.address = self.seals.seal(member.uid, ADDRESS_KIND, addresses.clean(address))
        self.accounts.addresses[key] = member.uid

    def set_password(self, member: Member, password: str) -> None:
        """Give *member* another password."""
        member.password = self.passwords.hash(password)

    @property
    def passwords(self) -> passwords.Passwords:
        """The hasher of the site."""
        found: passwords.Passwords = self.request.registry.communicate_passwords
        return found

    @property
    def now(self) -> int:
        """The present moment in milliseconds."""
        return clock.milliseconds(clock.now(self.request))

    # Suspending and closing

    def suspend(self, member: Member) -> None:
        """Keep *member* from signing in, and end every session."""
        member.state = SUSPENDED
        self.request.find_service(ISessions).end_all(member.uid)

    def resume(self, member: Member) -> None:
        """Let a suspended *member* sign in again."""
        if member.state == SUSPENDED:
            member.state = ACTIVE

    def close(self, member: Member) -> None:
        """Hide *member* and all that lies in the space on every path, and end every session.

        The account stays in the tree, found with ``closed=True`` only, until `remove`.
        """
        member.state = CLOSED
        self.request.find_service(ISessions).end_all(member.uid)
        self.accounts.alerts.pop(member.uid, None)
        self._drop_address(member)
        member.address = None

    def remove(self, uid: int) -> None:
        """Remove the account of *uid* from the tree; its login stays taken.  Idempotent."""
        login = self.members.logins.get(uid)
        if login is None:
            return
        member = self.members.raw(login)
        if member.state != CLOSED:
            self.close(member)
        del self.members.logins[uid]
        del self.members[login]

    def _drop_address(self, member: Member) -> None:
        if member.address is None:
            return
        address = self.address_of(member)
        if address is not None:
            self.accounts.addresses.pop(self._address_key(address), None)

    def _login_key(self, login: str) -> bytes:
        key: bytes = self.seals.hmac("communicate.login", login.encode())
        return key

    def _address_key(self, address: str) -> bytes:
        normal = addresses.normal(address)
        key: bytes = self.seals.hmac("communicate.address", normal.encode())
        return key
