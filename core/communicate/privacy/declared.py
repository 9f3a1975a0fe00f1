"""What privacy states to the hooks: see `communicate.duties`."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HealthCheck, HelpPage, Job, Notification, PersonalData
from communicate.privacy import manual, versions
from communicate.privacy.interfaces import IConsents
from communicate.settings.operator import PREFIX

_ = TranslationStringFactory("communicate")


def personal_data() -> list[PersonalData]:
    """Return what is kept of a member here."""
    return [
        PersonalData(
            kind="communicate.consents",
            what=_("What you consent to: for what, when you gave it and when you withdrew it"),
            why=_("So that nothing that needs your consent is done without it"),
            audience="private",
            retention=_("Until you erase your account"),
            stored=("communicate.privacy.content:Consents", "communicate.privacy.content:Privacy"),
        )
    ]


def erase(member: Any, receipt: Any) -> None:
    """Forget what *member* consented to."""
    count = member.request.find_service(IConsents).forget(member.uid)
    if count:
        receipt.erased("communicate.consents", count)


def jobs() -> list[Job]:
    """Return the job that tells members of a change."""
    return [Job(versions.JOB, versions.tell)]


def notifications() -> list[Notification]:
    """Return the notice of a change of purpose or recipient."""
    return [
        Notification(
            versions.NOTICE,
            _("The site changes what it does with your data"),
            _("What this site does with your data has changed: please read what is different."),
            icon="shield-check",
        )
    ]


def help_pages() -> list[HelpPage]:
    """Return the guide to a safe computer."""
    return manual.pages()


def health() -> list[HealthCheck]:
    """Return the check of what only the operator can say."""
    return [HealthCheck("communicate.operator", _("Who runs the site"), unstated)]


def unstated(registry: Any) -> str | None:
    """Return what the page about privacy cannot say for want of a setting, and the cure."""
    values = registry.settings
    missing = [name for name in ("identity", "contact") if not values[f"{PREFIX}{name}"]]
    if not missing or values["communicate.mode"] != "production":
        return None
    wanted = " and ".join(missing)
    return f"/privacy does not say who runs the site: write {wanted} in [communicate:operator]."
