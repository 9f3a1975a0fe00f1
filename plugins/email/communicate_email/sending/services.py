"""`ISending`: what members write is delivered here, or queued for other machines."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pyramid.i18n import TranslationStringFactory
from zope.interface import implementer

from communicate.bells import ring_after_commit
from communicate.clock import now
from communicate.interfaces import ILimits
from communicate_email.errors import Refused
from communicate_email.interfaces import IAddresses, IDelivery, ISending
from communicate_email.letters import Letter, Outcome
from communicate_email.receiving.settings import host_of
from communicate_email.sending import preparing
from communicate_email.sending.checking import checked
from communicate_email.sending.content import NAME
from communicate_email.sending.notices import undelivered_here
from communicate_email.sending.queue import Queue, domain_of

_ = TranslationStringFactory("communicate_email")

RATE = "email.sends"

NOBODY = _("Nobody here has the address ${address}: look at how it is written.")
NOWHERE = _("Say to whom this goes: one address at least.")
MANY = _("A message goes to ${n} addresses at most: send it in several.")
NOT_YOURS = _("You cannot write from ${address}: choose an address of your own.")
LARGE = _("This message is too large. Send what is large as a link.")
CLOSED = _("This site sends no mail to other sites: ${address} cannot be reached.")


def sending_service(_context: Any, request: Any) -> "Sending":
    """Return the service of *request*."""
    return Sending(request)


@implementer(ISending)
class Sending:
    """Letters of members and of the site, on their way."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.settings = request.registry.settings
        self.addresses = request.find_service(IAddresses)

    def send(self, letter: Letter, recipients: Iterable[str], *, after: int = 0) -> int:
        """Deliver *letter* to those whose mail is kept here, queue it for others.

        See `ISending`.  Return 0 where nothing had to be queued.  Raise also
        `communicate.accounts.limits.TooMany`, where the member has sent enough for now.
        """
        to = list(dict.fromkeys(checked(address) for address in recipients))
        self._check(letter, to)
        raw = preparing.prepared(letter.raw, host_of(self.settings), now(self.request))
        letter = replace(letter, raw=b"".join(letter.headers) + raw, headers=())
        groups = self._grouped(to)
        if letter.author is not None:
            self.request.find_service(ILimits).hit(RATE, str(letter.author), cost=len(to))
        if not after:
            self._deliver(
                letter, [a for (_d, local), some in groups.items() if local for a in some]
            )
            groups = {key: some for key, some in groups.items() if not key[1]}
        if not groups:
            return 0
        number = Queue(self.request).add(letter, groups, after)
        ring_after_commit(self.request, NAME)
        return number

    def take_back(self, uid: int, number: int) -> bool:
        """Drop what member *uid* had queued under *number*; tell whether it was all there.

        What has begun to leave stays on its way.
        """
        queue = Queue(self.request)
        stored = queue.tree.letters.get(number)
        if stored is None or stored.author != uid:
            return False
        parts = [queue.tree.parts[part] for part in stored.parts]
        if any(part.holder is not None or part.tries for part in parts):
            return False
        queue.drop_letter(stored)
        return True

    def _check(self, letter: Letter, to: list[str]) -> None:
        most: int = self.settings["email.send_recipients"]
        if not to:
            raise Refused(NOWHERE)
        if len(to) > most:
            raise Refused(MANY % {"n": most})
        if len(letter.raw) > self.settings["email.message_size"]:
            raise Refused(LARGE)
        if letter.author is None:
            return
        named = [*preparing.authors(letter.raw), *preparing.senders(letter.raw)]
        for address in [*([letter.sender] if letter.sender else ()), *named]:
            if not self.addresses.may_send(letter.author, address):
                raise Refused(NOT_YOURS % {"address": address})

    def check_recipient(self, address: str) -> bool:
        """Tell whether the mail of *address* is kept here; raise Refused where none reaches it."""
        local = bool(self.addresses.is_local(domain_of(checked(address))))
        if local and self.addresses.route(address) is None:
            raise Refused(NOBODY % {"address": address})
        if not local and self.settings["email.out"] == "off":
            raise Refused(CLOSED % {"address": address})
        return local

    def _grouped(self, to: list[str]) -> dict[tuple[str, bool], list[str]]:
        """Return *to* by domain and whether mail for that is kept here; raise Refused."""
        groups: dict[tuple[str, bool], list[str]] = {}
        for address in to:
            local = self.check_recipient(address)
            groups.setdefault((domain_of(address), local), []).append(address)
        return groups

    def _deliver(self, letter: Letter, to: list[str]) -> None:
        if not to:
            return
        outcomes = self.request.find_service(IDelivery).deliver(letter, to)
        failed = {to_: what for to_, what in outcomes.items() if what is not Outcome.STORED}
        if failed:
            undelivered_here(self.request, letter, failed)
