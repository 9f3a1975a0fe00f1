"""What is stored of what members write with, and its duties: see `communicate.duties`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Job, PersonalData
from communicate.writing.drafts import DESTROY, destroy_job
from communicate.writing.exporting import bring_back, export  # noqa: F401  # duties
from communicate.writing.interfaces import IDrafts
from communicate.writing.sweeping import SWEEP, sweep

_ = TranslationStringFactory("communicate")

KIND = "communicate.draft"
CONTENT = "communicate.writing.content"
BATCH = 100


def jobs() -> list[Job]:
    """Return the jobs that destroy drafts that were thrown away, or forgotten."""
    return [Job(DESTROY, destroy_job), Job(SWEEP, sweep, every=timedelta(days=1))]


def retention(settings: Mapping[str, Any]) -> Any:
    """Return for how long a draft is kept."""
    return _(
        "Until you send or discard it; ${days} days after you last changed it",
        mapping={"days": settings["communicate.draft_days"]},
    )


def personal_data() -> list[PersonalData]:
    """Return what is kept of what was not sent yet."""
    return [
        PersonalData(
            kind=KIND,
            what=_("What you typed into a form and have not sent, and where (sealed)"),
            why=_("So that nothing typed is lost"),
            audience="private",
            retention=retention,
            stored=(f"{CONTENT}:Draft", f"{CONTENT}:Desk", f"{CONTENT}:Drafts"),
        )
    ]


def held(request: Any, uid: int) -> dict[str, int]:
    """Return how many drafts member *uid* has."""
    return {KIND: request.find_service(IDrafts).count(uid)}


def erase(member: Any, receipt: Any) -> bool:
    """Destroy a batch of drafts of *member*; tell whether there are more."""
    count: int = member.request.find_service(IDrafts).erase(member.uid, BATCH)
    if count:
        receipt.erased(KIND, count)
    return count == BATCH
