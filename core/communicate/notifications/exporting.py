"""What notices write into a member's archive, and the choices that are restored of it."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.ids import time_of
from communicate.notifications import plans
from communicate.notifications.kinds import kinds_of
from communicate.notifications.places import path_of
from communicate.notifications.rights import Judge
from communicate.notifications.services import inbox_of, make_inbox
from communicate.notifications.showing import sentence

_ = TranslationStringFactory("communicate")

Row = dict[str, Any]
NOTICE = {"when": _("When"), "text": _("Text"), "read": _("Read")}
CHOICE = {"kind": _("Kind"), "mail": _("By mail")}


def export(member: Any, archive: Any) -> None:
    """Write what *member* was told, as far as it may be told now, and what is to come by mail."""
    inbox = inbox_of(member.request, member.uid)
    archive.records(
        "notice", notices(member, inbox), restored=False, title=_("Notices"), fields=NOTICE
    )
    choices = sorted(inbox.choices.items()) if inbox is not None else []
    rows = ({"kind": kind, "mail": when} for kind, when in choices)
    archive.records("notice-choice", rows, title=_("Notices by mail"), fields=CHOICE)


def notices(member: Any, inbox: Any) -> Iterator[Row]:
    """Yield the notices, the newest first."""
    request = member.request
    judge, kinds = Judge(request, request.member), kinds_of(request.registry)
    for number, notice in inbox.newest() if inbox is not None else ():
        kind = kinds.get(notice.kind)
        if kind is not None and judge.allows(notice):
            yield {
                "kind": notice.kind,
                "when": time_of(number),
                "text": sentence(request, kind, notice, request.localizer),
                "path": path_of(request, notice),
                "read": notice.read,
            }


def bring_back(member: Any, archive: Any) -> None:
    """Have notices come by mail as the member of *archive* had chosen."""
    choices = {
        archive.text(row.get("kind"), 100): archive.one_of(row.get("mail"), plans.CHOICES)
        for row in archive.records("notice-choice", most=1000)
    }
    if choices:
        make_inbox(member.request, member.uid).choices = choices
