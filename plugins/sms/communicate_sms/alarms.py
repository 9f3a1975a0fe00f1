"""Operators are told once that a ceiling is reached, or that codes are sent for nothing."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import milliseconds, moment, now
from communicate.declarations import HealthCheck, Job, Notification
from communicate.interfaces import IMembers, INotifications, IOutbox
from communicate.storage.work import work
from communicate_sms.content import Day, Exchange
from communicate_sms.spending import HOUR, HOURS, ledger_of

_ = TranslationStringFactory("communicate_sms")

STOPPED, UNPROVEN = "sms.stopped", "sms.unproven"
PAGE = "/operate/sms"
ENOUGH = 20  # codes in two days, below which their share means nothing
SHARE = 0.3  # of codes that are typed in, below which something is wrong
KEPT = 400  # days whose costs are known

NOTIFICATIONS = (
    Notification(
        STOPPED,
        _("Text messages have stopped"),
        _("A ceiling of what text messages may cost is reached: nothing is sent for the moment."),
        icon="phone",
        mail="now",
        groups=("operators",),
    ),
    Notification(
        UNPROVEN,
        _("Codes that nobody types in"),
        _("Many codes were sent by text message, and few were typed in: somebody may abuse it."),
        icon="phone",
        mail="now",
        groups=("operators",),
    ),
)


def reached(request: Any, day: Day, ceiling: tuple[int, int]) -> None:
    """Have operators told that *ceiling* is reached, unless they were."""
    if ceiling not in day.stopped:
        day.stopped = (*day.stopped, ceiling)
        request.find_service(IOutbox).add(STOPPED, {})


def tell_stopped(request: Any, _payload: Mapping[str, Any]) -> None:
    """Tell all operators that sending has stopped."""
    _tell(request, STOPPED)


def look_at_codes(request: Any, _payload: Mapping[str, Any]) -> None:
    """Tell operators, once a day, where few of the codes are typed in; forget days of old."""
    ledger = ledger_of(request)
    if is_odd(ledger.tree, ledger.present) and not ledger.day.warned:
        ledger.day.warned = True
        _tell(request, UNPROVEN)
    days = ledger.tree.days
    for number in list(days.keys(None, ledger.number // HOURS - KEPT)):
        del days[number]


def is_odd(tree: Exchange, present: int) -> bool:
    """Tell whether few of the codes of today and yesterday were typed in."""
    today = present // HOUR // HOURS
    days = [tree.days.get(number) or Day() for number in (today, today - 1)]
    sent, proven = sum(day.codes for day in days), sum(day.proven for day in days)
    return sent >= ENOUGH and proven < SHARE * sent


JOBS = (
    Job(STOPPED, tell_stopped),
    Job(UNPROVEN, look_at_codes, timedelta(hours=1)),
)


def _tell(request: Any, kind: str) -> None:
    for uid in _operators(request):
        request.find_service(INotifications).send(kind, uid, path=PAGE)


def _operators(request: Any) -> Iterator[int]:
    everybody = request.find_service(IMembers).members.values()
    return (one.uid for one in everybody if "operators" in one.groups and one.may_sign_in)


# Checks


def ceilings(registry: Any) -> str | None:
    """Return what is wrong where a ceiling is reached, or None."""

    def look(request: Any) -> str | None:
        ledger = ledger_of(request)
        spending = ledger.state()
        if not (spending.stops_hour or spending.stops_day):
            return None
        hour = ledger.number + (HOURS - ledger.hour if spending.stops_day else 1)
        said: str = _(
            "A ceiling of what messages may cost is reached: nothing is sent before ${when} UTC, "
            "unless more is let through at /operate/sms.",
            mapping={"when": f"{moment(hour * HOUR):%Y-%m-%d %H:%M}"},
        )
        return said

    found: str | None = work(registry, look)
    return found


def codes(registry: Any) -> str | None:
    """Return what is wrong where codes are sent for nothing, or None."""

    def look(request: Any) -> bool:
        return is_odd(ledger_of(request).tree, milliseconds(now(request)))

    if not work(registry, look):
        return None
    said: str = _(
        "Fewer than a third of the codes sent by text message were typed in: somebody may have "
        "them sent to earn by it. Look at who asks, and lower sms.code_limits."
    )
    return said


HEALTH = (
    HealthCheck("sms.ceiling", _("Text messages are below what they may cost"), ceilings),
    HealthCheck("sms.codes", _("Codes by text message are typed in"), codes),
)
