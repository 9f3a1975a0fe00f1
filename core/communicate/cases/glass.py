"""What a case opens: the question that the security policy asks where an ACL says no.

A viewer has no glass unless a page of the case itself has put it there: search, feeds, notices and
all other pages know nothing of cases.
"""

from typing import Any

from communicate.cases.content import Case
from communicate.cases.reading import log
from communicate.clock import milliseconds, now
from communicate.interfaces import IAuthored, IMembers
from communicate.permissions import VIEW
from communicate.principals import Viewer
from communicate.reports.kinds import kinds_of
from communicate.security import decide

STAFF = frozenset({"operators", "moderators"})


def is_staff(member: Any) -> bool:
    """Tell whether *member* has a role now, and may sign in."""
    return member is not None and member.may_sign_in and not STAFF.isdisjoint(member.groups)


class Glass:
    """One case in the hands of who made a request; what it opens is logged before it is shown."""

    def __init__(self, request: Any, case: Case, who: int) -> None:
        self.request = request
        self.case = case
        self.who = who
        self._logged: set[tuple[str, int]] = set()

    def opens(self, thing: Any) -> bool:
        """Tell whether the case lets *thing* be read now, and log it where it does."""
        kind = self.kind_of(thing)
        if kind is None:
            return False
        if (kind, thing.id) not in self._logged:
            self._logged.add((kind, thing.id))
            log(self.request, self.case, self.who, kind, thing.id)
        return True

    def kind_of(self, thing: Any) -> str | None:
        """Return the kind under which the case opens *thing* now, or None where it does not.

        It opens what the member can read too, and nothing else.
        """
        if not self.is_usable or getattr(thing, "owner", None) != self.case.uid:
            return None
        member = self.request.find_service(IMembers).by_uid(self.case.uid)
        if member is None or not decide(Viewer(member, self.request.site["members"]), thing, VIEW):
            return None
        return self._in_scope(thing)

    @property
    def is_usable(self) -> bool:
        """Whether the case runs, and who holds it may use it."""
        return self.case.is_running(milliseconds(now(self.request)))

    def _in_scope(self, thing: Any) -> str | None:
        named = [kind for kind, item in self.case.things if item == thing.id]
        authored = self.request.find_service(IAuthored)
        listed = (kind for kind in self.case.kinds if authored.has(self.case.uid, kind, thing.id))
        return next((kind for kind in (*named, *listed) if self._is(kind, thing)), None)

    def _is(self, kind: str, thing: Any) -> bool:
        """Tell whether *thing* is one of *kind*: a topic and its first post have one id."""
        known = kinds_of(self.request.registry).get(kind)
        return known is not None and known.find(self.request, thing.id) is thing


class StaffGlass(Glass):
    """A case in the hands of the signed-in member, who must be staff and one of its readers."""

    @property
    def is_usable(self) -> bool:
        """Whether the case runs, and the member has a role still and is one of its readers."""
        return super().is_usable and may_use(self.request.member, self.case)


def may_use(member: Any, case: Case) -> bool:
    """Tell whether *member* is one of the readers of *case*, which is not about the member."""
    if not is_staff(member) or member.uid == case.uid:
        return False
    return member.uid in case.readers if not case.is_help else True


def put(request: Any, case: Case) -> None:
    """Let what *case* opens be read in the course of *request*."""
    request.viewer.glass = StaffGlass(request, case, request.member.uid)
