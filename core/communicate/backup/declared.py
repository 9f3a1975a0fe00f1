"""What backups contribute to core's own duties (see `communicate.duties`)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.backup import keys
from communicate.backup.making import last_backup
from communicate.declarations import HealthCheck, Job, PersonalData
from communicate.interfaces import IClock
from communicate.storage.work import work
from communicate.stores import stores_of

_ = TranslationStringFactory("communicate")


def jobs() -> list[Job]:
    """Return the job that keeps the sums of the tree's file up to date."""
    return [Job("communicate.backup.sums", sums, every=timedelta(hours=1))]


def sums(request: Any, _payload: Mapping[str, Any]) -> None:
    """Note the sums of what has been committed."""
    stores_of(request.registry).database.keep_sums()


def personal_data() -> list[PersonalData]:
    """Return what is kept of members here."""
    return [
        PersonalData(
            kind="communicate.backups",
            what=_("Where the site is backed up: an encrypted copy of all that is listed here"),
            why=_("So that nothing is lost when a machine fails"),
            audience="private",
            retention=_(
                "Until a later backup replaces it; what you erase with your account is unreadable "
                "in every backup at once"
            ),
            stored=("communicate.backup_keys",),
        )
    ]


def health() -> list[HealthCheck]:
    """Return the check of backups."""
    return [HealthCheck("communicate.backup", _("Backups"), problem)]


def problem(registry: Any) -> Any:
    """Return why the site could not be brought back as it should, and the cure, or None."""
    return too_old(registry) or out_of_reach(registry)


def too_old(registry: Any) -> Any:
    """Return a sentence where the last backup is older than the horizon, or there is none."""
    hours = registry.settings["communicate.backup_horizon"]
    last = work(registry, last_backup)
    if not hours:
        return None
    if last is None:
        return _("There is no backup yet: run communicate backup, daily.")
    if registry.getUtility(IClock).now() - last <= timedelta(hours=hours):
        return None
    return _(
        "The last backup is of ${when} UTC, more than ${hours} hours ago: run communicate backup, "
        "and see why it did not run by itself.",
        mapping={"when": f"{last:%Y-%m-%d %H:%M}", "hours": hours},
    )


def out_of_reach(registry: Any) -> Any:
    """Return a sentence where a copy of the key ring could not be renewed after an erasure."""
    for folder in work(registry, keys.known):
        if not (folder / keys.NAME).exists():
            return _(
                "The copy of the key ring in ${folder} is not there, and erasures do not end "
                "without it: mount its disk. If that copy is gone for good, run "
                "communicate backup forget ${folder}.",
                mapping={"folder": str(folder)},
            )
    return None
