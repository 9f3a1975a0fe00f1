"""What is stored of what members write with, and its duties: see `communicate.duties`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Job, PersonalData
from communicate.writing.drafts import DESTROY, destroy_job
from communicate.writing.exporting import bring_back, export  # noqa: F401  # duties
from communicate.writing.interfaces import IAttachments, IDrafts
from communicate.writing.sweeping import SWEEP, sweep

_ = TranslationStringFactory("communicate")

KIND, ATTACHMENT = "communicate.draft", "communicate.attachment"
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
        ),
        PersonalData(
            kind=ATTACHMENT,
            what=_("Files and pictures that you attached to what you wrote (sealed)"),
            why=_("To show them where you put them, to those who may read your words"),
            audience="private",
            retention=_("As long as the words that they belong to"),
            stored=(f"{CONTENT}:Attachment", f"{CONTENT}:Attachments"),
        ),
    ]


def held(request: Any, uid: int) -> dict[str, int]:
    """Return how many drafts and attachments member *uid* has."""
    return {
        KIND: request.find_service(IDrafts).count(uid),
        ATTACHMENT: request.find_service(IAttachments).count(uid),
    }


def storage_use(member: Any) -> int:
    """Return how many bytes *member* has attached."""
    size: int = member.request.find_service(IAttachments).size(member.uid)
    return size


def erase(member: Any, receipt: Any) -> bool:
    """Destroy a batch of what *member* attached, and of drafts; tell whether there is more."""
    counts = {
        ATTACHMENT: member.request.find_service(IAttachments).erase(member.uid, BATCH),
        KIND: member.request.find_service(IDrafts).erase(member.uid, BATCH),
    }
    for kind, count in counts.items():
        if count:
            receipt.erased(kind, count)
    return BATCH in counts.values()
