"""Whom the reader of a message knows already: contacts here, and whom they wrote to before.

Nothing is stored for it: it is what lies in the folder of sent messages, and the contacts of now.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from communicate.catalog.text import words as words_of
from communicate.interfaces import IContacts, IMembers
from communicate.profile.interfaces import IProfiles
from communicate_email.interfaces import IAddresses
from communicate_email.views.desk import Desk
from communicate_email.views.domains import ascii_of, domain_of, drawn
from communicate_email.views.people import clean

SENT = 200  # messages, the latest
CONTACTS = 100
SHORTEST = 3  # letters of a name that tells anybody apart


def folded(name: str) -> str:
    """Return *name* as it is compared: its words without case and accents, as they are drawn."""
    return " ".join(drawn(word) for word in words_of(clean(name)))


class Acquaintances:
    """Whom the member of a *desk* knows."""

    @classmethod
    def of(cls, desk: Desk) -> "Acquaintances":
        """Return those of the member of *desk*, gathered once for a page."""
        if desk.acquaintances is None:
            desk.acquaintances = cls(desk)
        found: Acquaintances = desk.acquaintances
        return found

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.request = desk.request

    @cached_property
    def own_domains(self) -> set[str]:
        """The domains of this site's mail."""
        return {domain_of(address) for address in self.desk.addresses}

    @cached_property
    def written_to(self) -> list[tuple[str, str]]:
        """Names and addresses to which the member wrote, the latest first."""
        sent = self.desk.reading.page(self.desk.account.box("sent"), most=SENT)
        return [(name, address.lower()) for one in sent for name, address in one.head.to]

    @cached_property
    def addresses(self) -> set[str]:
        """The addresses to which the member wrote."""
        return {address for _name, address in self.written_to}

    @cached_property
    def domains(self) -> list[str]:
        """The domains that the member knows, the site's own among them."""
        found = (ascii_of(domain_of(address)) for address in self.addresses)
        return [*self.own_domains, *sorted(filter(None, found))]

    def called(self, name: str) -> str:
        """Return the address of somebody known who is called *name*, empty where nobody is."""
        asked = folded(name)
        if len(asked) < SHORTEST:
            return ""
        for known, address in self.written_to:
            if known and folded(known) == asked:
                return address
        return self._contacts.get(asked, "")

    @cached_property
    def _contacts(self) -> dict[str, str]:
        """What contacts are called, and their main addresses."""
        named = list(self._named())
        return {name: address for name, address in reversed(named) if name}

    def _named(self) -> Iterator[tuple[str, str]]:
        """Yield what contacts are called, and their main addresses; the member first."""
        request, uid = self.request, self.desk.uid
        members, profiles = request.find_service(IMembers), request.find_service(IProfiles)
        addresses = request.find_service(IAddresses)
        known = islice(request.find_service(IContacts).contacts(uid), CONTACTS)
        for number in (uid, *known):
            member, own = members.by_uid(number), addresses.of(number)
            if member is not None and own:
                yield folded(member.login), own[0]
                yield folded(profiles.name(member) or ""), own[0]
