"""What operating contributes to core's own duties (see `communicate.duties`)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HealthCheck, Job, PersonalData
from communicate.interfaces import IPlugins
from communicate.operate.alive import failing
from communicate.operate.figures import disk, measure
from communicate.outbox.services import OutboxService
from communicate.serving.logs import KEPT, delete_old
from communicate.storage.work import work

_: Callable[..., str] = TranslationStringFactory("communicate")

LEAST_FREE = 0.05  # of the disk


def jobs() -> list[Job]:
    """Return the hourly measuring of the stores, and what deletes old files of the log."""
    return [
        Job("communicate.operate.measure", measure, every=timedelta(hours=1)),
        Job("communicate.logs.sweep", sweep_logs, every=timedelta(days=1)),
    ]


def personal_data() -> list[PersonalData]:
    """Return what the log of the server may hold of people."""
    return [
        PersonalData(
            kind="communicate.logs",
            what=_("What the server did and what went wrong, with network addresses cut short"),
            why=_("To find faults and attacks; no login and no words of yours are in it"),
            audience="private",
            retention=_("${days} days", mapping={"days": KEPT.days}),
            stored=("communicate.logs",),
        )
    ]


def sweep_logs(request: Any, _payload: Mapping[str, Any]) -> None:
    """Delete the files of the log that are older than a week: a quiet site writes no new ones."""
    folder = request.registry.settings["communicate.logs"]
    if folder.is_dir():
        delete_old(folder)


def health() -> list[HealthCheck]:
    """Return what is looked at on the page of health, and by ``communicate doctor``."""
    return [
        HealthCheck("communicate.stores", _("Stores"), stores_problem),
        HealthCheck("communicate.disk", _("Room on the disk"), disk_problem),
        HealthCheck("communicate.plugins", _("Plugins"), plugins_problem),
        HealthCheck("communicate.jobs", _("Work"), jobs_problem),
    ]


def stores_problem(registry: Any) -> str | None:
    """Return which store does not answer."""
    silent = failing(registry)
    if not silent:
        return None
    return _(
        "These stores do not answer: ${names}. Look at the log, and whether their disk or server "
        "is there.",
        mapping={"names": ", ".join(silent)},
    )


def disk_problem(registry: Any) -> str | None:
    """Return that the disk is nearly full."""
    found = disk(registry.settings)
    share = found.free / found.total
    if share >= LEAST_FREE:
        return None
    return _(
        "Only ${share} % of the disk is free: make room or move the data to a larger one.",
        mapping={"share": round(share * 100)},
    )


def plugins_problem(registry: Any) -> str | None:
    """Return which plugins were left out."""
    failed = registry.getUtility(IPlugins).failed
    if not failed:
        return None
    return _(
        "These plugins failed and were left out: ${names}. Mend them, or take them out of "
        "communicate.plugins.",
        mapping={"names": ", ".join(sorted(failed))},
    )


def jobs_problem(registry: Any) -> str | None:
    """Return that work was set aside."""
    count = work(registry, lambda request: len(OutboxService(request).outbox.aside))
    if not count:
        return None
    return _(
        "Jobs that kept failing: ${count}. Try them again or discard them at /operate/jobs.",
        mapping={"count": count},
    )
