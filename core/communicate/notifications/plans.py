"""When notices go out by mail: what members chose, and the job that waits for its moment."""

from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from communicate.clock import milliseconds, now
from communicate.declarations import Notification
from communicate.interfaces import IOutbox
from communicate.notifications.content import Inbox
from communicate.web.formats import zone_named

JOB = "communicate.notices.mail"
NOW, DAILY, WEEKLY, NEVER = "now", "daily", "weekly", "never"
CHOICES = (NOW, DAILY, WEEKLY, NEVER)
ALL = "*"  # every kind about which the member has said nothing
TOGETHER = timedelta(minutes=1)  # what happens within it goes out in one mail
HOUR = 8  # in the morning, where the member is
MONDAY = 0


def choice(inbox: Inbox, kind: Notification) -> str:
    """Return when notices of *kind* are mailed to the member of *inbox*."""
    chosen = inbox.choices
    return chosen.get(kind.kind) or chosen.get(ALL) or kind.mail


def zone_of(request: Any, member: Any) -> tzinfo:
    """Return the time zone of *member*, or the site's."""
    return zone_named(member.zone or request.registry.settings.get("communicate.zone"))


def due(when: str, present: datetime, zone: tzinfo) -> datetime:
    """Return when a mail goes out that tells of what happens at *present*.

    That is in a minute, at eight the next morning, or at eight next Monday, in *zone*.
    """
    if when == NOW:
        return present + TOGETHER
    local = present.astimezone(zone)
    day = local.date()
    morning = datetime.combine(day, time(HOUR), zone)
    while morning <= local or (when == WEEKLY and morning.weekday() != MONDAY):
        day += timedelta(days=1)
        morning = datetime.combine(day, time(HOUR), zone)
    return morning


def plan(request: Any, inbox: Inbox, member: Any, when: str) -> None:
    """Have a mail go out to *member* at the next moment that *when* names, unless one is to."""
    if when == NEVER:
        return
    _due, job = inbox.plans.get(when, (0, 0))
    if job in request.root_map["outbox"].jobs:
        return
    moment = due(when, now(request), zone_of(request, member))
    job = request.find_service(IOutbox).add(JOB, {"uid": member.uid}, owner=member.uid, due=moment)
    inbox.plans = {**inbox.plans, when: (milliseconds(moment), job)}


def due_now(request: Any, inbox: Inbox) -> set[str]:
    """Return the choices whose moment has come, and forget their plans."""
    present = milliseconds(now(request))
    come = {when for when, (moment, _job) in inbox.plans.items() if moment <= present}
    if come:
        inbox.plans = {when: plan for when, plan in inbox.plans.items() if when not in come}
    return come
