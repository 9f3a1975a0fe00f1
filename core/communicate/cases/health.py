"""Checks for operators: what waits for them, and for too long."""

from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.cases.strangers import wishes_of
from communicate.clock import milliseconds, now
from communicate.declarations import HealthCheck
from communicate.storage.work import work

_ = TranslationStringFactory("communicate")

LATE = timedelta(days=25)


def checks() -> list[HealthCheck]:
    """Return the check that nobody waits for an answer too long."""
    return [HealthCheck("communicate.deletion", _("Requests for deletion"), unanswered)]


def unanswered(registry: Any) -> str | None:
    """Return a sentence where a request waits for an answer for nearly a month."""

    def count(request: Any) -> int:
        wishes, limit = wishes_of(request), milliseconds(now(request) - LATE)
        return sum(wishes.wishes[number].when < limit for number in wishes.waiting)

    late = work(registry, count)
    if not late:
        return None
    return f"{late} requests for deletion wait for more than {LATE.days} days: answer them."
