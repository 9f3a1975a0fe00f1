"""The answer of a member who is away: what it says, to whom, from which day to which.

It is sealed; whom it has reached is remembered as for filters (`store.filtering`).
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from communicate import clock
from communicate.interfaces import IContacts, IMembers, ISeals
from communicate.notifications.plans import zone_of
from communicate_email.content import Account
from communicate_email.filters import Vacation
from communicate_email.filters.limits import DAYS
from communicate_email.letters import Letter

AWAY = "email.away"


@dataclass(frozen=True)
class Away:
    """What is answered: *begin* and *end* are days as ISO 8601 has them, *end* may be empty."""

    text: str
    subject: str = ""
    begin: str = ""
    end: str = ""
    days: int = DAYS  # for which nobody is answered again
    contacts: bool = False  # whether contacts only are answered
    on: bool = True

    @property
    def first(self) -> date:
        """Its first day."""
        return date.fromisoformat(self.begin)

    @property
    def last(self) -> date | None:
        """Its last day, None where it ends when it is turned off."""
        return date.fromisoformat(self.end) if self.end else None

    def is_over(self, today: date) -> bool:
        """Tell whether its last day is before *today*."""
        return bool(self.end) and self.end < today.isoformat()

    def holds(self, today: date) -> bool:
        """Tell whether it answers *today*."""
        return self.on and self.begin <= today.isoformat() and not self.is_over(today)


class Absence:
    """The answer of the member whose *account* it is."""

    def __init__(self, request: Any, account: Account) -> None:
        self.request, self.account = request, account
        self.uid = int(account.owner or 0)
        self.seals: Any = request.find_service(ISeals)

    @property
    def today(self) -> date:
        """The day that it is for the member."""
        member = self.request.find_service(IMembers).by_uid(self.uid)
        present = clock.now(self.request)
        return present.date() if member is None else self._local(present, member)

    def _local(self, present: Any, member: Any) -> date:
        found: date = present.astimezone(zone_of(self.request, member)).date()
        return found

    def read(self) -> Away | None:
        """Return what was written, None where there is nothing."""
        sealed = self.account.away
        text = None if sealed is None else self.seals.text(sealed)
        return Away(**json.loads(text)) if text else None

    def write(self, away: Away | None) -> None:
        """Have *away* be the answer, or nothing."""
        said = None if away is None else json.dumps(asdict(away))
        self.account.away = None if said is None else self.seals.seal(self.uid, AWAY, said)

    def now(self) -> Away | None:
        """Return what is answered today, None where nothing is."""
        found = self.read() if self.account.away is not None else None
        return found if found is not None and found.holds(self.today) else None

    def answer_to(self, letter: Letter) -> Vacation | None:
        """Return the answer that the sender of *letter* is to get, if anybody is."""
        away = self.now()
        if away is None or (away.contacts and not self._knows(letter)):
            return None
        kind = "\0".join(("away", away.begin, away.subject, away.text))
        handle = hashlib.sha256(kind.encode("utf-8", "replace")).hexdigest()
        return Vacation(away.text, handle, away.days, away.subject)

    def _knows(self, letter: Letter) -> bool:
        """Tell whether a contact wrote: as a member here, or from the address of one."""
        author = letter.author
        if author is None and letter.sender:
            member = self.request.find_service(IMembers).by_address(letter.sender)
            author = None if member is None else int(member.uid)
        if author is None:
            return False
        return bool(self.request.find_service(IContacts).are_contacts(self.uid, author))
