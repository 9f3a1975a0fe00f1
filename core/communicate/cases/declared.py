"""What cases contribute to core's own duties (see `communicate.duties`)."""

from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.cases import strangers
from communicate.cases.erasing import erase_batch, sweep, tell_now
from communicate.cases.health import checks
from communicate.cases.interfaces import ICases
from communicate.cases.own import export, held  # noqa: F401  # duties
from communicate.cases.reading import GRANTED, OPENED, READ
from communicate.declarations import Block, HealthCheck, Job, Notification, PersonalData
from communicate.permissions import OPERATE
from communicate.security import permits

_ = TranslationStringFactory("communicate")

CONTENT = "communicate.cases.content"
BLOCK = "communicate:templates/cases/block.pt"


def home(request: Any) -> list[Block]:
    """Return the block that tells operators which cases wait for them."""
    if request.member is None or not permits(request, request.site, OPERATE):
        return []
    waiting = request.find_service(ICases).waiting()
    wishes = len(strangers.wishes_of(request).waiting)
    if not waiting and not wishes:
        return []
    html = render(BLOCK, {"waiting": waiting, "wishes": wishes}, request)
    return [Block("cases", _("Operate"), html, 6, waiting=True)]


def jobs() -> list[Job]:
    """Return the jobs that tell what an order has delayed, and forget what is long over."""
    return [
        Job("communicate.cases.tell", tell_now, every=timedelta(hours=1)),
        Job("communicate.cases.sweep", sweep, every=timedelta(days=1)),
        Job(strangers.ASK, strangers.begin),
        Job("communicate.deletion.sweep", strangers.sweep, every=timedelta(days=1)),
    ]


def health() -> list[HealthCheck]:
    """Return the checks for operators."""
    return checks()


def notifications() -> list[Notification]:
    """Return what members are told of access by staff."""
    return [
        Notification(
            OPENED,
            _("Staff open a case about you"),
            _("Staff have opened a case that lets them read things of yours."),
            _("Staff have opened ${n} cases that let them read things of yours."),
            icon="eyeglasses",
            mail="now",
            suspended=True,
        ),
        Notification(
            READ,
            _("Staff read something of yours through a case"),
            _("Staff have read something of yours through a case."),
            _("Staff have read ${n} things of yours through a case."),
            icon="eyeglasses",
            mail="now",
            suspended=True,
        ),
        Notification(
            GRANTED,
            _("Staff whom you asked for help read something of yours"),
            _("Staff have read something of yours to help you, as you have allowed."),
            _("Staff have read ${n} things of yours to help you, as you have allowed."),
            icon="life-preserver",
        ),
    ]


def kept(settings: Any) -> Any:
    """Return for how long requests for deletion are kept."""
    return _(
        "Two days where you do not confirm it; else ${days} days after the answer, when its key "
        "is destroyed. A backup that is made before you confirm holds it until a later one "
        "replaces it",
        mapping={"days": settings["communicate.request_days"]},
    )


def personal_data() -> list[PersonalData]:
    """Return what is kept of members in cases."""
    return [
        PersonalData(
            "communicate.access",
            _("Which of your things staff could read, why (sealed), until when, and each reading"),
            _("So that nobody reads what is private of you without a reason that you can see"),
            "private",
            _("A year after the access has ended, or until you erase your account"),
            (f"{CONTENT}:Case", f"{CONTENT}:Cases", f"{CONTENT}:Read"),
        ),
        PersonalData(
            "communicate.staff-access",
            _("As staff: the cases that you opened, approved, closed, and what you read by them"),
            _("So that the member concerned, and other operators, can see who did"),
            "private",
            _("A year after the access has ended; your name goes when you erase your account"),
            (f"{CONTENT}:Case", f"{CONTENT}:Cases", f"{CONTENT}:Read"),
        ),
        PersonalData(
            "communicate.deletion",
            _(
                "Without an account: what you asked to be deleted, where, why, and your address "
                "(sealed under a key of its own)"
            ),
            _("To look at what you asked for, and to write you what became of it"),
            "private",
            kept,
            (f"{CONTENT}:Wish", f"{CONTENT}:Wishes"),
        ),
    ]


def erase(member: Any, receipt: Any) -> bool:
    """Erase the cases about *member*, and the name of *member* in others; tell of more."""
    return erase_batch(member, receipt)
