"""What reports write into a member's archive: what one reported, and what was decided about one.

The words that somebody reported are their author's; who reported the member's words, and who
decided, is not the member's to know.
"""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.interfaces import ISeals
from communicate.reports.interfaces import IReports

_ = TranslationStringFactory("communicate")

Row = dict[str, Any]
REPORT = {
    "when": _("When"),
    "reason": _("Reason"),
    "note": _("Note"),
    "handled": _("Handled"),
}
CASE = {
    "decided": _("When"),
    "decision": _("Decision"),
    "why": _("Why"),
    "words": _("Text"),
}


def export(member: Any, archive: Any) -> None:
    """Write what *member* reported, and what moderators decided about the member's words."""
    archive.records("report", reports(member), restored=False, title=_("Reports"), fields=REPORT)
    archive.records("decision", decisions(member), restored=False,
                    title=_("Decisions of moderators"), fields=CASE)  # fmt: skip


def reports(member: Any) -> Iterator[Row]:
    """Yield what the member reported, the newest first."""
    seals = member.request.find_service(ISeals)
    for case in member.request.find_service(IReports).concerning(member.uid):
        report = case.reports.get(member.uid)
        if report is not None:
            yield {
                "kind": case.kind,
                "when": moment(report.when),
                "reason": report.reason,
                "note": None if report.note is None else seals.text(report.note),
                "handled": not case.is_open,
            }


def decisions(member: Any) -> Iterator[Row]:
    """Yield what was decided about the member's own words, the newest first."""
    service, seals = member.request.find_service(IReports), member.request.find_service(ISeals)
    for case in service.concerning(member.uid):
        if case.author == member.uid and not case.is_open:
            yield {
                "kind": case.kind,
                "decided": moment(case.decided),
                "decision": case.decision,
                "why": None if case.why is None else seals.text(case.why),
                "words": service.words(case),
            }
