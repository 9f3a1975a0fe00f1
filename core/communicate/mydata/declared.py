"""What exports state to the hooks: see `communicate.duties`."""

from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Job, Notification, PersonalData
from communicate.interfaces import IExports
from communicate.mydata.jobs import EXPORTED, handle, sweep
from communicate.mydata.services import JOB

_ = TranslationStringFactory("communicate")

KIND = "communicate.exports"


def jobs() -> list[Job]:
    """Return the job that writes an archive, and the one that deletes those that are over."""
    return [
        Job(JOB, handle),
        Job("communicate.mydata.sweep", sweep, every=timedelta(hours=1)),
    ]


def notifications() -> list[Notification]:
    """Return the notice that an archive is ready."""
    return [
        Notification(
            EXPORTED,
            _("An export of my data is ready"),
            _("The export of your data is ready."),
            icon="file-earmark-zip",
            mail="now",
        )
    ]


def personal_data() -> list[PersonalData]:
    """Return what is kept of an export."""
    return [
        PersonalData(
            kind=KIND,
            what=_("The last export of your data that you asked for (sealed)"),
            why=_("So that you can download it"),
            audience="private",
            retention=_("Three days"),
            stored=("communicate.mydata.content:Export", "communicate.mydata.content:Exports"),
        )
    ]


def held(request: Any, uid: int) -> dict[str, int]:
    """Return whether there is an export of member *uid*."""
    return {KIND: int(request.find_service(IExports).of(uid) is not None)}


def erase(member: Any, receipt: Any) -> None:
    """Delete the archive of *member*."""
    if member.request.find_service(IExports).drop(member.uid):
        receipt.erased(KIND)
