"""What the contract asks for, of what comes in: what is kept, written into archives, erased."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.declarations import Job, PersonalData
from communicate_sms import incoming, writers
from communicate_sms.queue import exchange_of

_ = TranslationStringFactory("communicate_sms")

KIND = "sms.writer"
BATCH = 200  # numbers in one transaction

PERSONAL_DATA = (
    PersonalData(
        kind=KIND,
        what=_("To which numbers you wrote, as a hash, and when last"),
        why=_("An answer finds its way to you."),
        audience="private",
        retention=_("A year after the last message to that number."),
        stored=("communicate_sms.content:Exchange",),
    ),
    PersonalData(
        kind="sms.piece",
        what=_(
            "Parts of messages that come to the site, while others of them are missing (sealed)"
        ),
        why=_("Telephones send long messages in parts, and these come one by one."),
        audience="private",
        retention=_("A day and an hour at most."),
        stored=("communicate_sms.content:Pieces",),
    ),
)
JOBS = (Job(incoming.SWEEP, incoming.sweep_job, every=incoming.EVERY),)


def export(member: Any, archive: Any) -> None:
    """Write when the member wrote last to each number: which it was, nobody can tell from that.

    A number that the member is not told has no hash here, either: by that of a guess it would be
    known again.
    """
    archive.records(
        "numbers",
        _records(member),
        restored=False,
        title=_("Numbers that can answer you"),
        fields={"number": _("Number, as a hash"), "last": _("Last message")},
    )


def _records(member: Any) -> Iterator[dict[str, Any]]:
    for key, at in writers.listed(exchange_of(member.request), member.uid):
        yield {"number": None if key is None else key.hex(), "last": moment(at)}


def erase(member: Any, receipt: Any) -> bool:
    """Forget a batch of the numbers to which the member wrote; tell whether there is more."""
    found = writers.forget(exchange_of(member.request), member.uid, BATCH)
    receipt.erased(KIND, found)
    return found == BATCH
