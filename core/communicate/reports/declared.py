"""What reports contribute to core's own duties (see `communicate.duties`)."""

from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.declarations import Block, Job, Notification, PersonalData
from communicate.reports.appeals import ANSWERED
from communicate.reports.erasing import erase_batch, sweep
from communicate.reports.exporting import export  # noqa: F401  # duties
from communicate.reports.services import DECIDED, HANDLED
from communicate.reports.suspensions import end_those_over

_ = TranslationStringFactory("communicate")

CONTENT = "communicate.reports.content"
BLOCK = "communicate:templates/reports/block.pt"


def home(request: Any) -> list[Block]:
    """Return the block that tells moderators how many reports wait."""
    waiting = request.page.reports
    if not waiting:
        return []
    html = render(BLOCK, {"waiting": waiting}, request)
    return [Block("reports", _("Reports"), html, 5, waiting=True)]


def jobs() -> list[Job]:
    """Return the jobs that forget what was decided long ago, and end what is over."""
    return [
        Job("communicate.reports.sweep", sweep, every=timedelta(days=1)),
        Job("communicate.suspensions.end", end_those_over, every=timedelta(hours=1)),
    ]


def notifications() -> list[Notification]:
    """Return what authors and reporters are told."""
    return [
        Notification(
            DECIDED,
            _("A moderator decides about what you wrote"),
            _("A moderator has decided about something that you wrote."),
            _("Moderators have decided about ${n} things that you wrote."),
            icon="shield-exclamation",
            mail="now",
        ),
        Notification(
            ANSWERED,
            _("Your appeal is decided"),
            _("Your appeal against a decision is decided."),
            _("${n} appeals of yours are decided."),
            icon="shield-check",
            mail="now",
        ),
        Notification(
            HANDLED,
            _("What you reported is handled"),
            _("What you reported is handled."),
            _("${n} things that you reported are handled."),
            icon="shield-check",
        ),
    ]


def kept(settings: Any) -> Any:
    """Return for how long reports are kept."""
    return _(
        "${days} days after the decision or the end of an appeal, or until you erase your account",
        mapping={"days": settings["communicate.report_days"]},
    )


def personal_data() -> list[PersonalData]:
    """Return what is kept of members in reports."""
    return [
        PersonalData(
            kind="communicate.reports",
            what=_("What you reported, when and why, and your note (sealed)"),
            why=_("So that moderators can look at it, and you see that they did"),
            audience="private",
            retention=kept,
            stored=(f"{CONTENT}:Report", f"{CONTENT}:Reports"),
        ),
        PersonalData(
            kind="communicate.cases",
            what=_(
                "Words and files of yours that were reported (sealed), what was decided, and why "
                "(sealed)"
            ),
            why=_("So that moderators can decide, and you can read what they decided and why"),
            audience="private",
            retention=kept,
            stored=(
                f"{CONTENT}:Case",
                f"{CONTENT}:Report",
                f"{CONTENT}:Exhibit",
                f"{CONTENT}:Appeal",
            ),
        ),
        PersonalData(
            kind="communicate.moderation",
            what=_("As a moderator: what you decided about reports, suspensions and appeals"),
            why=_("So that another moderator answers an appeal against what you decided"),
            audience="private",
            retention=kept,
            stored=(f"{CONTENT}:Case", f"{CONTENT}:Suspension", f"{CONTENT}:Appeal"),
        ),
        PersonalData(
            kind="communicate.suspension",
            what=_("That your account is suspended, until when, why and your appeal (sealed)"),
            why=_("So that you can read why, appeal, and be let in again"),
            audience="private",
            retention=_("Until the suspension ends, or you erase your account"),
            stored=(f"{CONTENT}:Suspension", f"{CONTENT}:Suspensions", f"{CONTENT}:Appeal"),
        ),
    ]


def erase(member: Any, receipt: Any) -> bool:
    """Erase a batch of the reports by *member* and about *member*; tell whether there are more."""
    return erase_batch(member, receipt)
