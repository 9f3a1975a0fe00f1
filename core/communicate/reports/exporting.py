"""What reports write into a member's archive: what one reported, and what was decided about one.

The words that somebody reported are their author's; who reported the member's words, and who
decided, is not the member's to know.
"""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.interfaces import ISeals
from communicate.reports.files import files_of
from communicate.reports.interfaces import IReports, ISuspensions
from communicate.reports.suspensions import suspensions_of
from communicate.writing.interfaces import IAttachments

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
    "appeal": _("Appeal"),
    "answer": _("Answer"),
}
SUSPENSION = {"since": _("Since"), "until": _("Ends"), "why": _("Why"), "appeal": _("Appeal")}

MODERATION = {"when": _("When"), "about": _("About"), "decision": _("Decision")}


def export(member: Any, archive: Any) -> None:
    """Write what *member* reported, and what moderators decided about the member's words."""
    archive.records("report", reports(member), restored=False, title=_("Reports"), fields=REPORT)
    archive.records("decision", decisions(member, archive), restored=False,
                    title=_("Decisions of moderators"), fields=CASE)  # fmt: skip
    archive.records("suspension", suspension(member), restored=False,
                    title=_("Suspension"), fields=SUSPENSION)  # fmt: skip
    archive.records("moderation", moderation(member), owned=False,
                    title=_("What you decided as a moderator"), fields=MODERATION)  # fmt: skip


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


def decisions(member: Any, archive: Any) -> Iterator[Row]:
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
                "files": files_of_member(member, archive, case),
                **appealed(seals, case.appeal),
            }


def files_of_member(member: Any, archive: Any, case: Any) -> list[Row]:
    """Write the member's own files that were reported; return their records."""
    attachments = member.request.find_service(IAttachments)
    found = [each for each in files_of(case).values() if each.uid == member.uid]
    return [attachments.record(archive, each, owned=False) for each in found]


def appealed(seals: Any, appeal: Any) -> Row:
    """Return what the member said against a decision, and what became of that."""
    if appeal is None:
        return {"appeal": None}
    return {
        "appeal": seals.text(appeal.words),
        "appealed": moment(appeal.when),
        "granted": appeal.heard if appeal.decided else None,
        "answer": None if appeal.why is None else seals.text(appeal.why),
    }


def suspension(member: Any) -> Iterator[Row]:
    """Yield the suspension of the member, if there is one now."""
    service = member.request.find_service(ISuspensions)
    found, seals = service.of(member.uid), member.request.find_service(ISeals)
    if found is not None:
        yield {
            "since": moment(found.when),
            "until": moment(found.until) if found.until else None,
            "why": service.text(found.why),
            **appealed(seals, found.appeal),
        }


def moderation(member: Any) -> Iterator[Row]:
    """Yield what the member decided as a moderator: when and what, not about whom."""
    uid = member.uid
    for case in member.request.find_service(IReports).concerning(uid):
        if case.judge == uid:
            yield {"when": moment(case.decided), "about": "report", "decision": case.decision}
        yield from answered(uid, case.appeal)
    for one in suspensions_of(member.request).by_uid.values():
        if one.judge == uid:
            yield {"when": moment(one.when), "about": "suspension", "decision": "suspend"}
        yield from answered(uid, one.appeal)


def answered(uid: int, appeal: Any) -> Iterator[Row]:
    """Yield what member *uid* decided about an *appeal*, where it was that one who did."""
    if appeal is not None and appeal.decided and appeal.judge == uid:
        decision = "granted" if appeal.heard else "refused"
        yield {"when": moment(appeal.decided), "about": "appeal", "decision": decision}
