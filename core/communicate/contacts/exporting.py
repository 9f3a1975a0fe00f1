"""What contacts write into a member's archive, and what is restored of it.

A contact is mutual: half of it is the other's, so that it stands among the participations.  Who
has blocked the member, and who has declined a request, is not the member's to know.
"""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.contacts.services import ContactService
from communicate.interfaces import IContacts, IMembers

_ = TranslationStringFactory("communicate")

Row = dict[str, Any]
LOGIN = {"login": _("Login")}
ASKED = {"login": _("Login"), "when": _("When"), "note": _("Note")}
MEMBER = {"circle": _("Circle"), "login": _("Login")}
MOST = 5000  # blocks that an archive brings back


def export(member: Any, archive: Any) -> None:
    """Write whom *member* knows, asked, put into circles and blocked."""
    writer = Writer(member)
    others = {"owned": False}
    archive.records("contact", writer.contacts(), title=_("Contacts"), fields=LOGIN, **others)
    archive.records("request-received", writer.received(), title=_("Requests to you"),
                    fields=ASKED, **others)  # fmt: skip
    archive.records("request-sent", writer.sent(), title=_("Requests from you"), fields=LOGIN,
                    **others)  # fmt: skip
    archive.records("request-declined", writer.declined(), title=_("Requests that you declined"),
                    fields=ASKED, **others)  # fmt: skip
    archive.records("circle", writer.circles(), title=_("Circles"), fields={"name": _("Name")})
    archive.records("circle-member", writer.circle_members(), restored=False,
                    title=_("Who is in your circles"), fields=MEMBER)  # fmt: skip
    archive.records("block", writer.blocks(), title=_("Blocked people"), fields=LOGIN)


class Writer:
    """The records of one member."""

    def __init__(self, member: Any) -> None:
        self.uid = member.uid
        self.service: ContactService = member.request.find_service(IContacts)
        self.login_of = member.request.find_service(IMembers).login_of

    def _logins(self, uids: Any) -> Iterator[Row]:
        yield from ({"login": login} for login in sorted(filter(None, map(self.login_of, uids))))

    def contacts(self) -> Iterator[Row]:
        """Yield the contacts by login."""
        return self._logins(self.service.contacts(self.uid))

    def received(self) -> Iterator[Row]:
        """Yield the requests that wait for an answer, as their page shows them."""
        last = -1
        while found := self.service.received(self.uid, after=last):
            for each in found:
                login = self.login_of(each.sender)
                yield {"login": login, "when": moment(each.when), "note": each.note}
            last = found[-1].sender

    def sent(self) -> Iterator[Row]:
        """Yield whom the member has asked; notes lie with them, and tell whether they declined."""
        return self._logins(self.service.sent(self.uid))

    def declined(self) -> Iterator[Row]:
        """Yield the requests that the member declined."""
        person = self.service.person(self.uid)
        for sender, asked in person.declined.items() if person is not None else ():
            login = self.login_of(sender)
            if login is not None:
                yield {"login": login, "when": moment(asked.when)}

    def circles(self) -> Iterator[Row]:
        """Yield the circles by name."""
        yield from ({"name": each.name} for each in self.service.circles(self.uid))

    def circle_members(self) -> Iterator[Row]:
        """Yield who is in which circle."""
        for each in self.service.circles(self.uid):
            for row in self._logins(each.members):
                yield {"circle": each.name, **row}

    def blocks(self) -> Iterator[Row]:
        """Yield whom the member has blocked."""
        return self._logins(self.service.blocks(self.uid))


def bring_back(member: Any, archive: Any) -> None:
    """Make the circles in *archive*; on the same site, put contacts into them, and block."""
    service, members = (
        member.request.find_service(IContacts),
        member.request.find_service(IMembers),
    )
    held = {each.name: each.id for each in service.circles(member.uid)}
    for row in archive.records("circle", most=100):
        name = archive.text(row.get("name"), 200)
        if name not in held:
            held[name] = service.make_circle(member.uid, name)
    if not archive.here:
        return
    for row in archive.records("circle-member", owned=True, most=100_000):
        other = members.by_login(archive.text(row.get("login"), 30))
        name = archive.text(row.get("circle"), 200)
        if other is not None and name in held and service.are_contacts(member.uid, other.uid):
            service.put(member.uid, held[name], other.uid)
    for row in archive.records("block", most=MOST):
        other = members.by_login(archive.text(row.get("login"), 30))
        if other is not None and other.uid != member.uid:
            service.block(member.uid, other.uid)
