"""`IAddresses`: whose an address is, and who may write from it.

``login@domain`` is a member's, whatever follows a ``+`` in it, at each domain of the site; so is
what members made as an alias, which is a name like a login: none that is one, or ever was, becomes
an alias, and no alias ever becomes a login, or somebody else's alias.  What nobody has is the
catch-all's, where there is one.  Case tells nothing apart.
"""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory
from zope.interface import implementer

from communicate.accounts import logins
from communicate.accounts.addresses import BadAddress, normal
from communicate.accounts.content import Member
from communicate.ids import new_id
from communicate.interfaces import IMembers, ISeals
from communicate_email.content import Account, Alias, Office
from communicate_email.errors import Refused
from communicate_email.interfaces import IAddresses
from communicate_email.letters import Route
from communicate_email.store.boxes import account_of, office_of, opened_account

_ = TranslationStringFactory("communicate_email")

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
        found = self._named(name)
        if found is None:
            return self._caught(name)
        return Route(found, detail)

    def _named(self, name: str) -> int | None:
        """Return who has the login or the alias *name*."""
        member: Member | None = self.members.by_login(name)
        if member is not None:
            return int(member.uid)
        office = office_of(self.request)
        alias: Alias | None = None if office is None else office.aliases.get(self.key(name))
        return None if alias is None or alias.closed else alias.uid

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
        return domain in self.domains and self._named(local.partition("+")[0]) == uid

    # Aliases

    def aliases(self, uid: int) -> list[tuple[Alias, str]]:
        """Return the aliases of member *uid*, closed ones too, each with its name."""
        account = account_of(self.request, uid)
        held = () if account is None else account.aliases.values()
        return [(alias, self.seals.text(alias.name) or "") for alias in held]

    def add_alias(self, uid: int, name: str) -> Alias:
        """Give member *uid* the alias *name* at each domain; raise Refused with the cure."""
        name = logins.normal(name)
        account, office = opened_account(self.request, uid), office_of(self.request)
        if account is None or office is None:
            raise KeyError(uid)
        if len(account.aliases) >= self.request.registry.settings["email.aliases"]:
            raise Refused(_("You have as many further addresses as there may be."))
        try:
            self.members.check_login(name)
        except logins.BadLogin as error:
            raise Refused(error.reason) from None
        alias = Alias(new_id(), uid, self.key(name), self.seals.seal(uid, ALIAS, name))
        self.members.reserve(name)
        office.aliases[alias.key] = account.aliases[alias.id] = alias
        return alias

    def set_closed(self, uid: int, number: int, closed: bool) -> bool:
        """Have the alias *number* of member *uid* take nothing any more, or take mail again."""
        account = account_of(self.request, uid)
        alias: Alias | None = None if account is None else account.aliases.get(number)
        if alias is not None:
            alias.closed = closed
        return alias is not None

    def _aliases(self, uid: int) -> Iterator[str]:
        for alias, name in self.aliases(uid):
            if name and not alias.closed:
                yield from (f"{name}@{domain}" for domain in self.domains)

    def key(self, name: str) -> bytes:
        """Return that under which the alias *name* is found."""
        key: bytes = self.seals.hmac(ALIAS, name.encode())
        return key


def forget_aliases(office: Office, account: Account) -> int:
    """Let the aliases of *account* be nobody's: their names stay reserved; return how many."""
    for alias in account.aliases.values():
        office.aliases.pop(alias.key, None)
    return len(account.aliases)


def addresses_service(_context: Any, request: Any) -> Addresses:
    """Return the service for one request."""
    return Addresses(request)
