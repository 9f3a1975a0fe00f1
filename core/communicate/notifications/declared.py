"""What notices contribute to core's own duties (see `communicate.duties`)."""

from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Job, PersonalData
from communicate.notifications import plans, sweeping
from communicate.notifications.erasing import erase_batch
from communicate.notifications.mails import deliver

_ = TranslationStringFactory("communicate")

CONTENT = "communicate.notifications.content"


def jobs() -> list[Job]:
    """Return the job that mails notices, and the one that forgets what is too old."""
    return [
        Job(plans.JOB, deliver),
        Job("communicate.notices.sweep", sweeping.sweep, every=timedelta(days=1)),
    ]


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
            retention=_("90 days, and the newest 1,000"),
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
