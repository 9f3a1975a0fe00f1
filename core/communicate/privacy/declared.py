"""What privacy states to the hooks: see `communicate.duties`."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.declarations import HealthCheck, HelpPage, Job, Notification, PersonalData
from communicate.privacy import manual, versions
from communicate.privacy.interfaces import IConsents
from communicate.settings.operator import PREFIX

_ = TranslationStringFactory("communicate")

KIND = "communicate.consents"


def personal_data() -> list[PersonalData]:
    """Return what is kept of a member here."""
    return [
        PersonalData(
            kind=KIND,
            what=_("What you consent to: for what, when you gave it and when you withdrew it"),
            why=_("So that nothing that needs your consent is done without it"),
            audience="private",
            retention=_("Until you erase your account"),
            stored=("communicate.privacy.content:Consents", "communicate.privacy.content:Privacy"),
        )
    ]


def held(request: Any, uid: int) -> dict[str, int]:
    """Return how many acts of consent are kept of member *uid*."""
    return {KIND: len(request.find_service(IConsents).history(uid))}


def export(member: Any, archive: Any) -> None:
    """Write what *member* gave and withdrew; a consent means nothing on another site."""
    acts = member.request.find_service(IConsents).history(member.uid)
    rows = [{**act._asdict(), "when": moment(act.when)} for act in acts]
    fields = {"purpose": _("Purpose"), "given": _("Given"), "when": _("When")}
    archive.records("purposes", rows, restored=False, title=_("Consents"), fields=fields)


def erase(member: Any, receipt: Any) -> None:
    """Forget what *member* consented to."""
    count = member.request.find_service(IConsents).forget(member.uid)
    if count:
        receipt.erased(KIND, count)


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
