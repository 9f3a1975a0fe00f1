"""`ISuspensions`: keep members out for a time, say why, hear their appeal, let them in again."""

from itertools import islice
from typing import Any

from zope.interface import implementer

from communicate.accounts.content import SUSPENDED
from communicate.clock import milliseconds, now
from communicate.interfaces import IMembers, ISeals
from communicate.reports import letters
from communicate.reports.content import Appeal, Suspension, Suspensions
from communicate.reports.interfaces import ISuspensions
from communicate.sealing import Destroyed
from communicate.storage.work import work

WHY, APPEAL = "communicate.suspension.why", "communicate.suspension.appeal"
BATCH = 100


class NotYours(ValueError):
    """A moderator may not suspend this member, or not decide about this appeal."""


def suspensions_of(request: Any) -> Suspensions:
    """Return the suspensions in the tree that *request* sees; made where a site has none yet."""
    found: Suspensions | None = request.root_map.get("suspensions")
    if found is None:
        found = request.root_map["suspensions"] = Suspensions()
    return found


@implementer(ISuspensions)
class SuspensionService:
    """Suspensions, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)

    @property
    def present(self) -> int:
        """The present moment in milliseconds."""
        return milliseconds(now(self.request))

    def of(self, uid: int) -> Suspension | None:
        """Return the suspension of member *uid*, or None."""
        found: Suspension | None = suspensions_of(self.request).by_uid.get(uid)
        return found

    def text(self, sealed: Any) -> str:
        """Return what *sealed* says, empty where there is nothing or its key is gone."""
        return "" if sealed is None else self.seals.text(sealed) or ""

    # Keeping out and letting in

    def suspend(
        self, member: Any, *, until: int = 0, why: str = "", judge: int | None = None
    ) -> None:
        """Keep *member* out until *until*, and say so by mail; raise NotYours."""
        if judge is not None and not self.may_suspend(member):
            raise NotYours("nobody suspends themself, and only operators suspend staff")
        self.request.find_service(IMembers).suspend(member)
        sealed = self.seals.seal(member.uid, WHY, why) if why else None
        suspensions = suspensions_of(self.request)
        suspensions.add(Suspension(member.uid, self.present, until, judge, sealed))
        letters.send(self.request, "suspended", member)

    def may_suspend(self, member: Any) -> bool:
        """Tell whether the signed-in member of staff may suspend *member*."""
        mine = self.request.member
        if mine is None or mine.uid == member.uid:
            return False
        return "operators" in mine.groups or not member.groups

    def end(self, member: Any) -> None:
        """Let *member* in again, and say so by mail."""
        if member.state == SUSPENDED:
            self.request.find_service(IMembers).resume(member)
            letters.send(self.request, "resumed", member)
        suspensions_of(self.request).drop(member.uid)

    def end_if_over(self, member: Any) -> None:
        """Let *member* in again where the end has passed."""
        found = self.of(member.uid)
        if found is not None and found.until and found.until <= self.present:
            self.end(member)

    # Appeals

    def appeal(self, member: Any, words: str) -> None:
        """Keep what the suspended *member* says against it; a second one changes nothing."""
        found = self.of(member.uid)
        if found is None:  # suspended before reasons were kept
            found = Suspension(member.uid, self.present, 0, None, None)
            suspensions_of(self.request).add(found)
        if found.appeal is None:
            found.appeal = Appeal(self.present, self.seals.seal(member.uid, APPEAL, words))

    def may_decide(self, suspension: Suspension) -> bool:
        """Tell whether the signed-in moderator decides: not the first one, if there is another."""
        uid = self.request.member.uid
        if uid == suspension.uid or not suspension.is_appealed:
            return False
        return suspension.judge != uid or not another_moderator(self.request, uid, suspension.uid)

    def decide(self, member: Any, heard: bool, why: str) -> None:
        """Decide about the appeal of *member*, and say so by mail; raise NotYours."""
        found = self.of(member.uid)
        if found is None or found.appeal is None or not self.may_decide(found):
            raise NotYours("another moderator decides about this appeal")
        try:
            sealed = self.seals.seal(member.uid, WHY, why) if why else None
        except Destroyed:  # whom it is for is being erased
            sealed = None
        found.appeal.decide(self.present, self.request.member.uid, heard, sealed)
        if heard:
            self.end(member)
        else:
            letters.send(self.request, "appeal", member)

    def listed(self, after: int = -1, most: int = 50) -> list[Suspension]:
        """Return suspensions in the order of members' numbers, from above *after* on."""
        found = suspensions_of(self.request).by_uid.values(after, excludemin=True)
        return list(islice(found, most))


def another_moderator(request: Any, *but: int | None) -> bool:
    """Tell whether anybody can moderate besides those in *but*."""
    members = request.find_service(IMembers).members.values()
    return any(
        "moderators" in one.groups and is_counted(request, one)
        for one in members
        if one.uid not in but
    )


def is_counted(request: Any, other: Any) -> bool:
    """Tell whether *other* can sign in, or could but for a suspension by who is signed in.

    So nobody becomes the only one of the staff by suspending the others.
    """
    if other.may_sign_in:
        return True
    found = suspensions_of(request).by_uid.get(other.uid)
    by_me = found is not None and found.judge == request.member.uid
    return bool(other.state == SUSPENDED and by_me)


def end_those_over(request: Any, _payload: Any) -> None:
    """Let in again whose suspension is over; the handler of the hourly job."""
    while work(request.registry, _end_batch):
        pass


def _end_batch(request: Any) -> bool:
    service, members = SuspensionService(request), request.find_service(IMembers)
    ends = suspensions_of(request).ends.keys(None, (service.present, 2**63))
    over = list(islice(ends, BATCH))
    for _until, uid in over:
        member = members.by_uid(uid)
        if member is None:
            suspensions_of(request).drop(uid)
        else:
            service.end(member)
    return len(over) == BATCH


def suspension_service(_context: Any, request: Any) -> SuspensionService:
    """Return the service for one request."""
    return SuspensionService(request)
