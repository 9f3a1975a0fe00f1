"""`IAddresses`: whose an address is, and who may write from it.

``login@domain`` is a member's, whatever follows a ``+`` in it, at each domain of the site; so is
what members made as an alias, which is a name like a login: none that is one, or ever was, becomes
an alias, and no alias ever becomes a login, or somebody else's alias.  What nobody has is the
catch-all's, where there is one; what somebody had is not.  Case tells nothing apart.
"""

from collections.abc import Iterator
from typing import Any

from zope.interface import implementer

from communicate.accounts.addresses import BadAddress, normal
from communicate.accounts.content import Member
from communicate_email.aliases import ALIAS, Aliases
from communicate_email.content import Account, Office
from communicate_email.interfaces import IAddresses
from communicate_email.letters import Route

__all__ = ["ALIAS", "Addresses", "addresses_service", "forget_aliases"]

OF_THE_SITE = ("postmaster", "abuse", "hostmaster", "webmaster", "mailer-daemon")


@implementer(IAddresses)
class Addresses(Aliases):
    """The addresses of one request's site."""

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

    # Whose

    def route(self, address: str) -> Route | None:
        """Return whose *address* is, or None where nobody here has it."""
        try:
            local, _at, domain = normal(address).rpartition("@")
        except BadAddress:
            return None
        if domain not in self.domains:
            return None
        name, _plus, detail = local.partition("+")
        member: Member | None = self.members.by_login(name)
        if member is not None:
            return Route(int(member.uid), detail)
        alias = self.alias_named(name)
        if alias is not None:
            return Route(alias.uid, detail, alias.id)
        return None if self.is_spent(name) else self._caught(name)

    def _named(self, name: str) -> int | None:
        """Return who has the login or the alias *name*."""
        member: Member | None = self.members.by_login(name)
        if member is not None:
            return int(member.uid)
        alias = self.alias_named(name)
        return None if alias is None else alias.uid

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
        return [*(f"{login}@{domain}" for domain in self.domains), *self._written(uid)]

    def may_send(self, uid: int, address: str) -> bool:
        """Tell whether member *uid* may write from *address*, sub-addresses included."""
        try:
            local, _at, domain = normal(address).rpartition("@")
        except BadAddress:
            return False
        return domain in self.domains and self._named(local.partition("+")[0]) == uid

    def _written(self, uid: int) -> Iterator[str]:
        """Yield the further addresses of member *uid*, those to be given away at one domain."""
        for alias, name in self.open_names(uid):
            domains = self.domains[:1] if alias.disposable else self.domains
            yield from (f"{name}@{domain}" for domain in domains)


def forget_aliases(office: Office, account: Account) -> int:
    """Let the aliases of *account* be nobody's: their names stay reserved; return how many."""
    for alias in account.aliases.values():
        office.aliases.pop(alias.key, None)
    return len(account.aliases)


def addresses_service(_context: Any, request: Any) -> Addresses:
    """Return the service for one request."""
    return Addresses(request)
