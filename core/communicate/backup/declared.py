"""What backups contribute to core's own duties (see `communicate.duties`)."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
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


def problem(registry: Any) -> str | None:
    """Return why the site could not be brought back as it should, and the cure, or None."""
    return too_old(registry) or out_of_reach(registry)


def too_old(registry: Any) -> str | None:
    """Return a sentence where the last backup is older than the horizon, or there is none."""
    hours = registry.settings["communicate.backup_horizon"]
    last = work(registry, last_backup)
    if not hours:
        return None
    if last is None:
        return "There is no backup yet: run `communicate backup DIR --keys DIR2`, daily."
    if registry.getUtility(IClock).now() - last > timedelta(hours=hours):
        return (
            f"The last backup is of {last:%Y-%m-%d %H:%M} UTC, more than {hours} hours ago: run "
            "`communicate backup`, and see why it did not run by itself."
        )
    return None


def out_of_reach(registry: Any) -> str | None:
    """Return a sentence where a copy of the key ring could not be renewed after an erasure."""
    for folder in work(registry, keys.known):
        if not (Path(folder) / keys.NAME).exists():
            return (
                f"The copy of the key ring in {folder} is not there: mount its disk, or, "
                f"{keys.FORGET.format(folder)}. Until then erasures do not end."
            )
    return None
