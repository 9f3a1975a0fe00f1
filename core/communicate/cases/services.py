"""`ICases`: cases are asked for, approved, used and closed here, and nowhere else."""

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import groupby, islice
from typing import Any

from pyramid.i18n import TranslationStringFactory
from zope.interface import implementer

from communicate.cases import glass
from communicate.cases.content import Case, Cases
from communicate.cases.interfaces import ICases
from communicate.cases.reading import cases_of, tell
from communicate.clock import milliseconds, now
from communicate.ids import new_id
from communicate.interfaces import IAuthored, IMembers, ISeals
from communicate.permissions import VIEW
from communicate.principals import Viewer
from communicate.reports.kinds import kinds_of
from communicate.reports.suspensions import is_counted
from communicate.security import decide, permits

_ = TranslationStringFactory("communicate")

REASON, REFERENCE, ORDER = (
    "communicate.case.reason",
    "communicate.case.reference",
    "communicate.case.order",
)
DAY = 86_400_000  # milliseconds
LONGEST_SILENCE = 366 * DAY
PAGE = 200  # ids looked up at once
RUNNING = 10  # grants of help that one member has at once


class Refused(ValueError):
    """A case cannot be asked for or approved; ``reason`` says why, to be translated."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


@implementer(ICases)
class CaseService:
    """The cases of the site, for the member who made one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)

    @property
    def cases(self) -> Cases:
        """What the tree keeps."""
        return cases_of(self.request)

    @property
    def uid(self) -> int:
        """The number of the signed-in member."""
        uid: int = self.request.member.uid
        return uid

    @property
    def present(self) -> int:
        """The present moment in milliseconds."""
        return milliseconds(now(self.request))

    # Opening and closing

    def ask(  # noqa: PLR0913  (all but the first by name)
        self,
        member: Any,
        *,
        kinds: Sequence[str] = (),
        things: Sequence[tuple[str, int]] = (),
        reason: str,
        reference: str = "",
        ends: int,
        reader: Any = None,
        order: str = "",
        silent_until: int = 0,
    ) -> Case:
        """Ask for a case on *member*; it begins once another operator approves, if there is one.

        Raise Refused.
        """
        reader = self.request.member if reader is None else reader
        self._check(member, reader, kinds, things, ends)
        self._check_silence(order, silent_until)
        case = self._make(member.uid, kinds, things, ends)
        case.readers = (reader.uid,)
        case.reason = self.seals.seal(member.uid, REASON, reason)
        case.reference = self._sealed(member.uid, REFERENCE, reference)
        case.order = self._sealed(member.uid, ORDER, order)
        case.silent_until = silent_until
        self.cases.add(case)
        if self._is_alone(member):
            self._begin(case)
        else:
            self.cases.waiting.insert(case.id)
        return case

    def _make(self, uid: int, kinds: Sequence[str], things: Any, ends: int) -> Case:
        case = Case(new_id(now(self.request)), uid, self.uid, ends)
        case.kinds, case.things = tuple(kinds), tuple(things)
        return case

    def _sealed(self, uid: int, kind: str, text: str) -> Any:
        return self.seals.seal(uid, kind, text) if text else None

    def _check(self, member: Any, reader: Any, kinds: Any, things: Any, ends: int) -> None:
        if member.uid == self.uid or member.uid == reader.uid:
            raise Refused(_("Nobody opens a case about themself."))
        if not glass.is_staff(reader):
            raise Refused(_("Only moderators and operators can read through a case."))
        if not kinds and not things:
            raise Refused(_("Say what can be read: a case without a scope opens nothing."))
        if not self.present < ends <= self.latest:
            raise Refused(_("This end is in the past, or later than a case may last."))

    @property
    def latest(self) -> int:
        """The last moment, in milliseconds, at which a case of now may end."""
        days: int = self.request.registry.settings["communicate.case_days"]
        return self.present + days * DAY

    def _check_silence(self, order: str, until: int) -> None:
        if until and not order:
            raise Refused(_("Only an order can delay what the member is told: name it."))
        if until > self.present + LONGEST_SILENCE:
            raise Refused(_("An order can delay what the member is told by a year at most."))

    def _is_alone(self, member: Any) -> bool:
        """Whether no other operator could approve, the member concerned left out."""
        everybody = self.request.find_service(IMembers).members.values()
        others = (one for one in everybody if one.uid not in (self.uid, member.uid))
        return not any(
            "operators" in one.groups and is_counted(self.request, one) for one in others
        )

    def approve(self, case: Case) -> None:
        """Have *case* begin; raise Refused where the signed-in operator may not approve it."""
        if not case.is_asked or self.present >= case.ends:
            raise Refused(_("This case does not wait for anybody any more."))
        if self.uid in (case.opener, case.uid) or "operators" not in self.request.member.groups:
            raise Refused(_("Another operator than the one who asked has to approve."))
        self._begin(case)

    def _begin(self, case: Case) -> None:
        case.approved, case.approver = self.present, self.uid
        self.cases.concern(self.uid, case)
        self.cases.settle(case)
        tell(self.request, case)

    def close(self, case: Case) -> None:
        """End *case* at once."""
        if not case.closed:
            case.closed, case.closer = self.present, self.uid
            self.cases.concern(self.uid, case)
            self.cases.settle(case)

    def grant(self, kinds: Sequence[str], ends: int) -> Case:
        """Let all staff read the *kinds* of the signed-in member until *ends*; raise Refused."""
        helps = [one for one in self.cases.of(self.uid) if one.is_help and one.uid == self.uid]
        if sum(not one.is_over(self.present) for one in helps) >= RUNNING:
            raise Refused(_("You have granted help several times already: withdraw one first."))
        if not kinds or not self.present < ends <= self.latest:
            raise Refused(_("Say what staff may read, and until when."))
        case = self._make(self.uid, kinds, (), ends)
        case.approved = case.told = self.present
        self.cases.add(case)
        return case

    # Finding

    def case(self, number: int) -> Case | None:
        """Return the case of that id, or None; nobody sees one about themself here."""
        case = self.cases.cases.get(number)
        return case if case is not None and self._may_see(case) else None

    def _may_see(self, case: Case) -> bool:
        member = self.request.member
        if not glass.is_staff(member) or member.uid == case.uid:
            return False
        return "operators" in member.groups or glass.may_use(member, case)

    def listed(self, most: int = 100) -> list[Case]:
        """Return the newest cases that the signed-in member of staff may see."""
        found = (self.cases.cases[number] for number in reversed(list(self.cases.cases)))
        return list(islice((case for case in found if self._may_see(case)), most))

    def shown(self, uid: int) -> list[Case]:
        """Return the cases about *uid* of which the member may know: no order hides them now."""
        found = (case for case in self.cases.of(uid) if case.uid == uid)
        return [one for one in found if one.approved and not one.is_silent(self.present)]

    def waiting(self) -> int:
        """Return how many cases the signed-in operator can approve."""
        found = (self.cases.cases[number] for number in self.cases.waiting)
        return sum(1 for one in found if self.uid not in (one.opener, one.uid))

    # Reading

    def readable(self, case: Case, after: int = 0) -> Iterator[tuple[Any, Any]]:
        """Yield kind and thing of what *case* opens, from above the id *after*, in each kind."""
        known, seen = kinds_of(self.request.registry), self._member_viewer(case)
        for name, item in self.items(case, after):
            kind = known.get(name)
            thing = None if kind is None else kind.find(self.request, item)
            if thing is not None and thing.owner == case.uid and decide(seen, thing, VIEW):
                yield kind, thing

    def items(self, case: Case, after: int = 0) -> Iterator[tuple[str, int]]:
        """Yield kind and id of what lies in the scope of *case*, in the order of ids."""
        named = sorted((item, kind) for kind, item in case.things if item > after)
        listed = (self._authored(case.uid, kind, after) for kind in case.kinds)
        for (item, kind), _same in groupby(merge(named, *listed)):
            yield kind, item

    def _authored(self, uid: int, kind: str, after: int) -> Iterator[tuple[int, str]]:
        authored = self.request.find_service(IAuthored)
        while found := authored.items(uid, kind, after=after, most=PAGE):
            yield from ((item, kind) for item in found)
            after = found[-1]

    def _member_viewer(self, case: Case) -> Viewer:
        member = self.request.find_service(IMembers).by_uid(case.uid)
        return Viewer(member, self.request.site["members"])

    def read(self, case: Case, kind: str, item: int) -> Any:
        """Return the thing, read through *case*: logged and told; None where it is not opened."""
        found = kinds_of(self.request.registry).get(kind)
        thing = None if found is None else found.find(self.request, item)
        if thing is None:
            return None
        glass.put(self.request, case)
        try:
            held = self.request.viewer.glass
            # What staff may read anyway is logged too: the log says all that was read here.
            return thing if held.opens(thing) and permits(self.request, thing, VIEW) else None
        finally:
            self.request.viewer.glass = None

    def text(self, sealed: Any) -> str:
        """Return what *sealed* says, empty where there is nothing or its key is gone."""
        return "" if sealed is None else self.seals.text(sealed) or ""


def page_of(found: Iterator[tuple[Any, Any]], most: int) -> tuple[list[tuple[Any, Any]], bool]:
    """Return the first *most* of the things *found*, and whether there are more.

    Things of one id, such as a topic and its first post, stay together: pages begin after an id.
    """
    page: list[tuple[Any, Any]] = []
    for one in found:
        if len(page) >= most and one[1].id != page[-1][1].id:
            return page, True
        page.append(one)
    return page, False


def case_service(_context: Any, request: Any) -> CaseService:
    """Return the service for one request."""
    return CaseService(request)
