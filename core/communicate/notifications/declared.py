"""What notices contribute to core's own duties (see `communicate.duties`)."""

from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.declarations import Block, Job, PersonalData
from communicate.notifications import plans, sweeping
from communicate.notifications.erasing import erase_batch
from communicate.notifications.exporting import bring_back, export  # noqa: F401  # duties
from communicate.notifications.mails import deliver
from communicate.notifications.services import KEPT, NEWEST, inbox_of
from communicate.notifications.showing import waiting

_ = TranslationStringFactory("communicate")

CONTENT = "communicate.notifications.content"
BLOCK = "communicate:templates/notices/block.pt"
SHOWN = 5  # notices on the home page


def jobs() -> list[Job]:
    """Return the job that mails notices, and the one that forgets what is too old."""
    return [
        Job(plans.JOB, deliver),
        Job("communicate.notices.sweep", sweeping.sweep, every=timedelta(days=1)),
    ]


def home(request: Any) -> list[Block]:
    """Return the block with the member's unread notices, the newest first."""
    inbox = None if request.member is None else inbox_of(request, request.member.uid)
    if inbox is None or not inbox.unread():
        return []
    rows = waiting(request, inbox, SHOWN)
    if not rows:
        return []
    html = render(BLOCK, {"rows": rows, "all": request.page.unread > len(rows)}, request)
    return [Block("notices", _("Notices"), html, 10, waiting=True)]


def personal_data() -> list[PersonalData]:
    """Return what notices hold of members."""
    return [
        PersonalData(
            kind="communicate.notices",
            what=_(
                "What you were told: of which kind, who caused it, where it leads, read or not"
            ),
            why=_("So that you find what concerns you, and are told of it once"),
            audience="private",
            retention=_(
                "${days} days, and the newest ${n} of them",
                mapping={"days": KEPT.days, "n": NEWEST},
            ),
            stored=(f"{CONTENT}:Inbox", f"{CONTENT}:Notices"),
        ),
        PersonalData(
            kind="communicate.notices.mail",
            what=_("When you want to be told of what by mail"),
            why=_("So that you get the mail that you want, and no other"),
            audience="private",
            retention=_("Until you erase your account"),
            stored=(f"{CONTENT}:Inbox",),
        ),
    ]


def erase(member: Any, receipt: Any) -> bool:
    """Erase a batch of what *member* was told and of what *member* caused; tell of more."""
    return erase_batch(member, receipt)


def held(request: Any, uid: int) -> dict[str, int]:
    """Return how many notices are kept for member *uid*."""
    inbox = inbox_of(request, uid)
    return {"communicate.notices": 0 if inbox is None else int(inbox.total())}
