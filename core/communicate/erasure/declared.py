"""What erasures contribute to core's own duties (see `communicate.duties`)."""

from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HealthCheck, Job, PersonalData
from communicate.erasure.exporting import export  # noqa: F401  # duties
from communicate.erasure.jobs import handle, look
from communicate.erasure.ledger import LedgerUnusable
from communicate.erasure.services import JOB, ledger_of

_ = TranslationStringFactory("communicate")


def jobs() -> list[Job]:
    """Return the job that erases, and the one that looks hourly whether any has been left over."""
    return [
        Job(JOB, handle),
        Job("communicate.erasure.replay", look, every=timedelta(hours=1)),
    ]


def personal_data() -> list[PersonalData]:
    """Return what is kept of members here."""
    return [
        PersonalData(
            kind="communicate.authored",
            what=_("The numbers of what you wrote, wherever it is"),
            why=_("To find all of it when you export or erase it"),
            audience="private",
            retention=_("Until you delete the thing or erase your account"),
            stored=("communicate.erasure.content:Authored",),
        ),
        PersonalData(
            kind="communicate.erasures",
            what=_("The number of an erased account, two dates, and what was done"),
            why=_("So that what was erased stays erased, even if an old backup is restored"),
            audience="private",
            retention=_("For good; the number leads to nobody any more"),
            stored=("communicate.erasure.content:Erasure", "communicate.ledger_file"),
        ),
    ]


def health() -> list[HealthCheck]:
    """Return the check of the ledger."""
    return [HealthCheck("communicate.ledger", _("Ledger of erasures"), ledger_problem)]


def ledger_problem(registry: Any) -> str | None:
    """Return why no account could be erased now, and the cure; None where all is well."""
    try:
        ledger_of(registry).check()
    except LedgerUnusable as error:
        return str(error)
    return None
