"""What text messages cost, by day (UTC), as a chart and a table: sums, nothing of anybody."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from babel.dates import format_skeleton
from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory

from communicate.statistics.chart import Column, ceiling, chart
from communicate.web.i18n import Plural, PluralFactory
from communicate_sms.operating import PARTS
from communicate_sms.prices import money
from communicate_sms.queue import exchange_of

_ = TranslationStringFactory("communicate_sms")

_n = PluralFactory("communicate_sms")

EPOCH = date(1970, 1, 1).toordinal()
DAYS = 30
NAMED = 6  # days between two names under the columns


class Sums(NamedTuple):
    """One day: what its messages cost (thousandths), and how many there were."""

    day: date
    cost: int = 0
    messages: int = 0
    parts: int = 0
    failed: int = 0
    received: int = 0


class Row(NamedTuple):
    """A line of the table: the day, what it cost, and each count with its words."""

    day: date
    cost: str
    counts: tuple[tuple[Any, int, Plural], ...]


def last_days(request: Any) -> list[Sums]:
    """Return the last thirty days, today the last one, those without a message too."""
    today, days = request.page.now.date(), exchange_of(request).days
    numbers = range(today.toordinal() - EPOCH - DAYS + 1, today.toordinal() - EPOCH + 1)
    return [sums(number, days.get(number)) for number in numbers]


def sums(number: int, found: Any) -> Sums:
    """Return the day that is *number* days after 1970 began."""
    day = date.fromordinal(EPOCH + number)
    if found is None:
        return Sums(day)
    return Sums(day, sum(found.hours), found.messages, found.parts, found.failed, found.received)


def is_busy(day: Sums) -> bool:
    """Tell whether anything happened on *day*."""
    return any(day[1:])


def total(days: Sequence[Sums]) -> Sums:
    """Return all of *days* together, dated as the last one."""
    return Sums(days[-1].day, *(sum(column) for column in list(zip(*days, strict=True))[1:]))


def row(request: Any, day: Sums) -> Row:
    """Return the line for *day*."""
    counts = (
        (_("Messages"), day.messages, _n("${n} message", "${n} messages")),
        (_("Parts"), day.parts, PARTS),
        (_("Failed"), day.failed, _n("${n} failed", "${n} failed")),
        (_("Received"), day.received, _n("${n} received", "${n} received")),
    )
    return Row(day.day, cents(request, day.cost), counts)


def cents(request: Any, amount: float) -> str:
    """Return *amount* (thousandths) as it is read, to the hundredth."""
    return money(request, round(amount / 10) * 10)


def drawing(request: Any, days: Sequence[Sums]) -> Markup:
    """Return the chart of what *days* cost; where nothing has a price, of their parts."""
    page, costs = request.page, any(day.cost for day in days)

    def said(value: float) -> str:
        return cents(request, value) if costs else page.number(value)

    values = [day.cost if costs else day.parts for day in days]
    top = ceiling(max(values))
    columns = [
        Column(
            label=short(page, day.day) if at % NAMED == NAMED // 2 else "",
            title=f"{page.day(day.day)} – {said(value)}, {page.plural(PARTS, day.parts)}",
            value=value,
        )
        for at, (day, value) in enumerate(zip(days, values, strict=True))
    ]
    title = _("What text messages cost each day") if costs else _("Parts sent each day")
    return chart(columns, page.say(title), (said(top / 2), said(top)))


def short(page: Any, day: date) -> str:
    """Return *day* as it fits under a column."""
    return str(format_skeleton("MMMd", day, locale=page.formats.locale))
