"""`IReports`: keep what is reported, and do what is decided."""

from collections.abc import Iterable, Iterator
from typing import Any

from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.ids import new_id
from communicate.interfaces import INotifications, ISeals
from communicate.reports import files
from communicate.reports.content import DECISIONS, DELETE, HIDE, Case, Report, Reports
from communicate.reports.interfaces import IReports
from communicate.reports.kinds import kinds_of
from communicate.sealing import SITE, Destroyed

NOTE, WORDS, WHY = "communicate.report.note", "communicate.report.words", "communicate.report.why"
DECIDED, HANDLED = "communicate.decided", "communicate.handled"  # kinds of notice
PAGE = "/account/reports"


def reports_of(request: Any) -> Reports | None:
    """Return the cases in the tree that *request* sees, None before the first report."""
    found: Reports | None = request.root_map.get("reports")
    return found


@implementer(IReports)
class ReportService:
    """Reports and decisions of the member who made one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)

    @property
    def uid(self) -> int:
        """The number of the signed-in member."""
        uid: int = self.request.member.uid
        return uid

    @property
    def present(self) -> int:
        """The present moment in milliseconds."""
        return milliseconds(now(self.request))

    # Reporting

    def open_case(self, kind: str, item: int) -> Case | None:
        """Return the case of that thing which waits for a decision, or None."""
        reports = reports_of(self.request)
        number = None if reports is None else reports.open.get((kind, item))
        return None if reports is None or number is None else reports.cases.get(number)

    def has_reported(self, uid: int, kind: str, item: int) -> bool:
        """Tell whether a report of that thing by member *uid* waits for a decision."""
        case = self.open_case(kind, item)
        return case is not None and uid in case.reports

    def report(
        self, kind: str, thing: Any, reason: str, note: str = "", *, shown: Iterable[Any] = ()
    ) -> None:
        """Report *thing* for the signed-in member; once more while it waits changes nothing.

        With it the member discloses the words of *shown*, further things of that kind, and the
        files beside all of them that the member may read.
        """
        if self.has_reported(self.uid, kind, thing.id):
            return
        words = kinds_of(self.request.registry)[kind].words(self.request, thing)
        reports = reports_of(self.request)
        if reports is None:
            reports = self.request.root_map["reports"] = Reports()
        case = self.open_case(kind, thing.id)
        if case is None:
            number = new_id(now(self.request))
            case = Case(number, kind, thing.id, getattr(thing, "owner", None))
            reports.add(case)
        report = case.reports[self.uid] = Report(
            self.present,
            reason,
            self.seals.seal(self.uid, NOTE, note) if note else None,
            self.seals.seal(owner_of(case), WORDS, words),
        )
        shown = list(shown)
        report.shown = tuple(self._disclosed(kind, one) for one in shown)
        report.files = files.exhibits(self.request, [thing, *shown])
        for uid in {self.uid, *(words.uid for _when, words in report.shown)} - {SITE}:
            reports.concern(uid, case)

    def _disclosed(self, kind: str, thing: Any) -> tuple[int, Any]:
        """Return when *thing* was made, and its words of now, sealed for their author."""
        words = kinds_of(self.request.registry)[kind].words(self.request, thing)
        author = SITE if thing.owner is None else thing.owner
        return thing.created, self.seals.seal(author, WORDS, words)

    # Deciding

    def waiting(self) -> int:
        """Return how many cases wait that the signed-in moderator may decide."""
        reports = reports_of(self.request)
        if reports is None:
            return 0
        own = reports.people.get(self.uid, ())
        against = sum(1 for number in own if self._is_open_against(reports.cases[number]))
        return max(0, int(reports.waiting()) - against)

    def _is_open_against(self, case: Case) -> bool:
        return case.is_open and case.author == self.uid

    def queue(self, after: int = 0) -> Iterator[Case]:
        """Yield the cases that wait, the oldest first, without those about the moderator."""
        reports = reports_of(self.request)
        if reports is not None:
            for number in reports.queue.keys(after, excludemin=True):
                case = reports.cases[number]
                if case.author != self.uid:
                    yield case

    def case(self, number: int) -> Case | None:
        """Return the case of that id, or None; nobody sees one about themself here."""
        reports = reports_of(self.request)
        case = None if reports is None else reports.cases.get(number)
        return None if case is None or case.author == self.uid else case

    def thing(self, case: Case) -> Any:
        """Return what *case* is about, or None where it or its plugin is gone."""
        kind = kinds_of(self.request.registry).get(case.kind)
        return None if kind is None else kind.find(self.request, case.item)

    def decide(self, case: Case, decision: str, why: str = "") -> None:
        """Do what *decision* says and tell it; do nothing where it was decided meanwhile."""
        if decision not in DECISIONS:
            raise ValueError(
                f"no decision {decision!r}: one of {', '.join(DECISIONS)} is expected"
            )
        reports = reports_of(self.request)
        if reports is None or not case.is_open or case.author == self.uid:
            return
        self._act(case, decision, why)
        case.decision, case.decided, case.judge = decision, self.present, self.uid
        case.why = self._sealed(owner_of(case), why)
        reports.settle(case)
        reports.concern(self.uid, case)
        self._tell(case)

    def _act(self, case: Case, decision: str, why: str) -> None:
        thing, kind = self.thing(case), kinds_of(self.request.registry).get(case.kind)
        if thing is None or kind is None:
            return
        if decision == HIDE:
            kind.hide(self.request, thing, why)
        elif decision == DELETE:
            kind.delete(self.request, thing)

    def _sealed(self, uid: int, text: str) -> Any:
        try:
            return self.seals.seal(uid, WHY, text) if text else None
        except Destroyed:  # whom it is for is being erased
            return None

    def _tell(self, case: Case) -> None:
        notices = self.request.find_service(INotifications)
        if case.author is not None:
            notices.send(DECIDED, case.author, path=PAGE)
        for reporter in list(case.reports):
            notices.send(HANDLED, reporter, path=PAGE)

    # Of one member

    def concerning(self, uid: int) -> list[Case]:
        """Return the cases in which member *uid* has a part, the newest first."""
        reports = reports_of(self.request)
        numbers = () if reports is None else reports.people.get(uid, ())
        return [reports.cases[number] for number in reversed(list(numbers))] if reports else []

    def words(self, case: Case) -> list[str]:
        """Return the exact words that were reported, each version once; gone ones are left out."""
        found = (self.seals.text(report.words) for report in case.reports.values())
        return list(dict.fromkeys(text for text in found if text))


def disclosed(request: Any, case: Case) -> list[dict[str, Any]]:
    """Return who wrote what, and when, of what reporters disclose with *case*; gone words not."""
    seals, found = request.find_service(ISeals), dict[tuple[int, int, str], None]()
    for when, words in case.shown():
        text = seals.text(words)
        if text:
            found[when, words.uid, text] = None
    return [
        {
            "when": when,
            "who": uid or None,
            "text": text,
            "files": files.shown_with(request, case, when, uid),
        }
        for when, uid, text in found
    ]


def owner_of(case: Case) -> int:
    """Return whose key seals the words of *case*: their author's, or the site's."""
    return SITE if case.author is None else case.author


def report_service(_context: Any, request: Any) -> ReportService:
    """Return the service for one request."""
    return ReportService(request)
