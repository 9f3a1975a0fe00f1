"""`IAddresses`: whose an address is, and who may write from it.

``login@domain`` is a member's, whatever follows a ``+`` in it, at each domain of the site; so are
the aliases that members made, and what no login or alias has is the catch-all's, where there is
one.  Case tells nothing apart.
"""

from collections.abc import Iterator
from typing import Any

from zope.interface import implementer

from communicate.accounts.addresses import BadAddress, normal
from communicate.accounts.content import Member
from communicate.interfaces import IMembers, ISeals
from communicate_email.content import Alias
from communicate_email.interfaces import IAddresses
from communicate_email.letters import Route
from communicate_email.store.boxes import account_of, office_of

ALIAS = "email.alias"
OF_THE_SITE = ("postmaster", "abuse", "hostmaster", "webmaster", "mailer-daemon")


@implementer(IAddresses)
class Addresses:
    """The addresses of one request's site."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.members: Any = request.find_service(IMembers)
        self.seals: Any = request.find_service(ISeals)

    @property
    def domains(self) -> list[str]:
        """The domains whose mail is kept here, the one that members are told first."""
        settings = self.request.registry.settings
        return list(dict.fromkeys([settings["email.domain"], *settings["email.domains"]]))

    def is_local(self, domain: str) -> bool:
        """Tell whether mail for *domain* is kept here."""
        try:
            return normal(f"x@{domain}").rpartition("@")[2] in self.domains
        except BadAddress:
            return False

    def route(self, address: str) -> Route | None:
        """Return whose *address* is, or None where nobody here has it."""
        try:
            local, _at, domain = normal(address).rpartition("@")
        except BadAddress:
            return None
        if domain not in self.domains:
            return None
        name, _plus, detail = local.partition("+")
        found = self._named(name, domain)
        if found is None:
            return self._caught(name)
        return Route(found, detail)

    def _named(self, name: str, domain: str) -> int | None:
        """Return who has the login or the alias *name*."""
        member: Member | None = self.members.by_login(name)
        if member is not None:
            return int(member.uid)
        alias = self._alias(f"{name}@{domain}")
        return alias.uid if alias is not None and not alias.closed else None

    def _caught(self, name: str) -> Route | None:
        """Return who reads what is for the site itself, or for nobody."""
        settings = self.request.registry.settings
        key = "email.postmaster" if name in OF_THE_SITE else "email.catch_all"
        login = settings[key]
        member: Member | None = self.members.by_login(login) if login else None
        return None if member is None else Route(member.uid, name)

    def of(self, uid: int) -> list[str]:
        """Return the addresses of member *uid*, their main one first."""
        login = self.members.login_of(uid)
        if login is None:
            return []
        return [*(f"{login}@{domain}" for domain in self.domains), *self._aliases(uid)]

    def may_send(self, uid: int, address: str) -> bool:
        """Tell whether member *uid* may write from *address*, sub-addresses included."""
        try:
            local, _at, domain = normal(address).rpartition("@")
        except BadAddress:
            return False
        return domain in self.domains and self._named(local.partition("+")[0], domain) == uid

    def _aliases(self, uid: int) -> Iterator[str]:
        account = account_of(self.request, uid)
        for alias in () if account is None else account.aliases.values():
            address = None if alias.closed else self.seals.text(alias.address)
            if address:
                yield address

    def _alias(self, address: str) -> Alias | None:
        office = office_of(self.request)
        found: Alias | None = None if office is None else office.aliases.get(self.key(address))
        return found

    def key(self, address: str) -> bytes:
        """Return that under which *address*, in its normal form, is found."""
        key: bytes = self.seals.hmac(ALIAS, address.encode())
        return key


def addresses_service(_context: Any, request: Any) -> Addresses:
    """Return the service for one request."""
    return Addresses(request)
