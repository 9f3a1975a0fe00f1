"""What the outbox contributes to core's own duties (see `communicate.duties`)."""

from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import milliseconds, now
from communicate.declarations import Job, PersonalData, Recipient
from communicate.outbox.exporting import export  # noqa: F401  # duties
from communicate.outbox.mail.service import JOB, deliver
from communicate.outbox.mail.smtp import RELAY
from communicate.outbox.services import OutboxService

_ = TranslationStringFactory("communicate")

KEPT_ASIDE = timedelta(days=30)


def jobs() -> list[Job]:
    """Return the handlers that core itself has for the outbox."""
    return [
        Job(JOB, deliver),
        Job("communicate.outbox.tidy", tidy, every=timedelta(days=1)),
    ]


def recipients() -> list[Recipient]:
    """Return the one outside party that core needs."""
    return [
        Recipient(
            RELAY,
            _("The mail server that carries the mail of this site"),
            ("address", "subject", "text"),
            _("A mail reaches you only through servers that carry it."),
            {
                "address": _("your e-mail address"),
                "subject": _("the subject of the mail"),
                "text": _("the text of the mail"),
                "mail": _("to send you a mail"),
            },
        )
    ]


def personal_data() -> list[PersonalData]:
    """Return what the outbox holds of members."""
    return [
        PersonalData(
            kind="communicate.jobs",
            what=_("Work that is waiting to be done for you, such as a mail to be sent"),
            why=_("So that nothing is lost when the server stops in between"),
            audience="private",
            retention=_(
                "Until it is done; ${days} days if it cannot be done",
                mapping={"days": KEPT_ASIDE.days},
            ),
            stored=("communicate.outbox.content:QueuedJob",),
        )
    ]


def tidy(request: Any, _payload: Any) -> None:
    """Discard what was set aside more than 30 days ago, 1,000 jobs at a time."""
    outbox = OutboxService(request)
    limit = milliseconds(now(request) - KEPT_ASIDE)
    for job in outbox.set_aside(1000):
        if not job.periodic and job.due < limit:
            outbox.discard(job.id)
