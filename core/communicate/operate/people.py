"""Members as operators look for them: by login, state and the day they joined."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any

from communicate.accounts.content import ACTIVE, CLOSED, SUSPENDED
from communicate.clock import milliseconds
from communicate.interfaces import IMembers
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import SEEN

STATES = (ACTIVE, SUSPENDED)
PAGE = 50
LOOKED_AT = 2000  # accounts for one page: a filter that fits few leads on instead of reading all


@dataclass(frozen=True)
class Asked:
    """What operators look for; empty and None mean whatever it is."""

    login: str = ""
    state: str = ""
    since: date | None = None
    after: str | None = None

    def fits(self, member: Any) -> bool:
        """Tell whether *member* is looked for."""
        if member.state == CLOSED or (self.state and member.state != self.state):
            return False
        return self.since is None or member.created >= first_moment(self.since)


def first_moment(day: date) -> int:
    """Return when *day* begins (UTC), in milliseconds."""
    return milliseconds(datetime.combine(day, time(), UTC))


@dataclass(frozen=True)
class Page:
    """Some members, and the login after which the next page begins, None at the end."""

    members: list[Any]
    more: str | None


def find(request: Any, asked: Asked) -> Page:
    """Return the members that fit *asked*, by login, at most fifty and of at most 2,000."""
    found: list[Any] = []
    seen = None
    for member in islice(candidates(request, asked), LOOKED_AT):
        if len(found) == PAGE:
            return Page(found, seen)
        seen = member.login
        if asked.fits(member):
            found.append(member)
    return Page(found, seen if more_after(request, asked, seen) else None)


def candidates(request: Any, asked: Asked) -> Iterator[Any]:
    """Yield the accounts whose login begins as asked, from the one after *asked.after* on."""
    members = request.find_service(IMembers).members
    for name in names(members, asked.login, asked.after):
        yield members.raw(name)


def names(members: Any, prefix: str, after: str | None) -> Iterator[str]:
    """Yield the logins that begin with *prefix*, in order, from the one after *after* on."""
    low = max(prefix, after or "")
    for name in members._children.keys(low):
        if not name.startswith(prefix):
            return
        if name != after:
            yield name


def more_after(request: Any, asked: Asked, last: str | None) -> bool:
    """Tell whether any login that begins as asked comes after *last*."""
    members = request.find_service(IMembers).members
    return last is not None and next(names(members, asked.login, last), None) is not None


def last_day(request: Any, member: Any) -> date | None:
    """Return the day of the last visit of *member*, where the viewer may see it as anybody may."""
    if not member.seen or not request.find_service(IProfiles).sees(member, SEEN):
        return None
    return date.fromordinal(member.seen)
