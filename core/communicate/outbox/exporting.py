"""What the outbox writes into a member's archive: what waits to be done for the member."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.outbox.services import outbox_of

_ = TranslationStringFactory("communicate")

MOST = 10_000
JOB = {"name": _("Name"), "due": _("When")}


def export(member: Any, archive: Any) -> None:
    """Write the work that waits for *member*."""
    archive.records("job", jobs(member), restored=False, title=_("Waiting work"), fields=JOB)


def jobs(member: Any) -> Iterator[dict[str, Any]]:
    """Yield what waits, by name and time."""
    for job in outbox_of(member.request).of_owner(member.uid, MOST):
        yield {"name": job.name, "due": moment(job.due)}
