"""`IDisclosures`: record what leaves about a member, and tell the member."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.disclosure.content import Disclosures, Term
from communicate.ids import first_id, new_id, time_of
from communicate.interfaces import IDisclosures

SETTING = "communicate.disclosures_days"
DAYS = 365


@dataclass(frozen=True)
class Disclosure:
    """One disclosure: its id, when (ms), to whom, the names of what left, and the purpose."""

    id: int
    when: int
    recipient: str
    fields: tuple[str, ...]
    why: str


def disclosures_of(request: Any) -> Disclosures | None:
    """Return what the tree keeps of disclosures, None before the first."""
    found: Disclosures | None = request.root_map.get("disclosures")
    return found


def kept_for(settings: Any) -> timedelta:
    """Return how long a disclosure is remembered."""
    return timedelta(days=settings.get(SETTING) or DAYS)


@implementer(IDisclosures)
class DisclosureService:
    """The disclosures of the site, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request

    def record(self, uid: int, recipient: str, purpose: str, fields: Iterable[str]) -> None:
        """Remember that *fields* (names) of member *uid* leave to *recipient* for *purpose*.

        Nothing is kept of an account that is being erased.
        """
        erasures = self.request.root_map.get("erasures")
        if erasures is not None and uid in erasures.by_uid:
            return
        kept = disclosures_of(self.request)
        if kept is None:  # a site that was made before there were any
            kept = self.request.root_map["disclosures"] = Disclosures()
        present = now(self.request)
        kept.drop_before(uid, oldest(self.request))
        term: Term = (recipient, purpose, tuple(sorted(fields)))
        kept.add(uid, new_id(present), term, day_of(present))

    def of(self, uid: int, *, after: int | None = None, most: int = 50) -> Iterator[Disclosure]:
        """Yield up to *most* disclosures about *uid*, newest first, from below the id *after*."""
        kept = disclosures_of(self.request)
        limit = oldest(self.request)
        found = iter(()) if kept is None else kept.newest(uid, after)
        for number, (recipient, purpose, fields) in islice(found, most):
            if number < limit:
                return
            yield Disclosure(number, milliseconds(time_of(number)), recipient, fields, purpose)


def oldest(request: Any) -> int:
    """Return the first id that is young enough to be kept."""
    return first_id(now(request) - kept_for(request.registry.settings))


def day_of(moment: datetime) -> int:
    """Return the day of *moment* (UTC) as an ordinal."""
    return moment.astimezone(UTC).toordinal()


def disclosure_service(_context: Any, request: Any) -> DisclosureService:
    """Return the service for one request."""
    return DisclosureService(request)
