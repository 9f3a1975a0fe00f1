"""`IDelivery`: letters into the mailboxes of members."""

from collections.abc import Iterable
from typing import Any

from zope.interface import implementer

from communicate.interfaces import IContacts
from communicate.live.interfaces import ILive
from communicate.quota import QuotaExceeded
from communicate.sealing import Destroyed
from communicate_email.interfaces import IAddresses, IDelivery
from communicate_email.letters import Letter, Outcome, Route
from communicate_email.mime import read
from communicate_email.store import filing, origins
from communicate_email.store.boxes import opened_account
from communicate_email.store.filtering import Filtering
from communicate_email.store.keeping import Keeper

CAME = "email.new"  # what open pages are told


@implementer(IDelivery)
class Delivery:
    """Delivery in the transaction of one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.addresses: Any = request.find_service(IAddresses)
        self.live: Any = request.find_service(ILive)
        self.hops: int = request.registry.settings["email.hops"]

    def deliver(self, letter: Letter, recipients: Iterable[str]) -> dict[str, Outcome]:
        """Store *letter* for each of *recipients*; return what became of it for each.

        A member who is named several times gets it once.  Where a member has blocked its author,
        who is not told, nothing is kept.
        """
        outcomes: dict[str, Outcome] = {}
        done: dict[int, Outcome] = {}
        seen = _header(letter.raw).lower()
        for address in dict.fromkeys(recipients):
            route = self.addresses.route(address)
            if route is None:
                outcomes[address] = Outcome.UNKNOWN
            elif self._loops(seen, address):
                outcomes[address] = Outcome.LOOP
            else:
                if route.uid not in done:
                    done[route.uid] = self._store(letter, address, route)
                    if route.alias and done[route.uid] is Outcome.STORED:
                        self.addresses.count(route.alias, route.uid)
                outcomes[address] = done[route.uid]
        return outcomes

    def _loops(self, header: bytes, address: str) -> bool:
        mark = b"\r\ndelivered-to: " + address.lower().encode() + b"\r\n"
        return header.count(b"\r\nreceived:") > self.hops or mark in header

    def _store(self, letter: Letter, address: str, route: Route) -> Outcome:
        if self._kept_away(letter, route.uid):
            return Outcome.STORED
        account = opened_account(self.request, route.uid)
        if account is None:
            return Outcome.UNKNOWN
        raw = _topped(letter, address)
        message = read(raw)
        keeper = Keeper(self.request, account)
        try:
            keeper.quota.room(route.uid, len(raw))
            places = Filtering(self.request, account).places(letter, address, message)
            if not places:
                return Outcome.STORED  # their filters destroy it
            entry = keeper.keep(raw, message=message)
            origins.note(self.request, account, entry.id, letter)
        except QuotaExceeded:
            return Outcome.FULL
        except Destroyed:
            return Outcome.UNKNOWN
        for box, flags in places:
            filing.put_in(account, box, [entry._replace(flags=entry.flags | flags)], keeper.now)
        self.live.tell([route.uid], CAME, account.id)
        return Outcome.STORED

    def _kept_away(self, letter: Letter, uid: int) -> bool:
        if letter.author is None or letter.author == uid:
            return False
        return bool(self.request.find_service(IContacts).blocked(letter.author, uid))


def _header(raw: bytes) -> bytes:
    return b"\r\n" + raw[: max(raw.find(b"\r\n\r\n"), 0) + 2]


def _topped(letter: Letter, address: str) -> bytes:
    """Return the message as it is kept: from whom and for whom it came on top (RFC 5321, 4.4)."""
    top = [b"Return-Path: <%s>" % letter.sender.encode(), b"Delivered-To: " + address.encode()]
    return (
        b"".join([line.rstrip(b"\r\n") + b"\r\n" for line in (*top, *letter.headers)]) + letter.raw
    )


def delivery_service(_context: Any, request: Any) -> Delivery:
    """Return the service for one request."""
    return Delivery(request)
