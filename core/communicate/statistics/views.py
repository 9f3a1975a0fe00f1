"""The operators' page of pages opened: a chart, and the same as a table."""

from datetime import date
from typing import Any

from babel.dates import format_skeleton
from pyramid.httpexceptions import HTTPBadRequest
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.permissions import OPERATE
from communicate.statistics.chart import Column, ceiling, chart
from communicate.statistics.kinds import titles
from communicate.statistics.services import read
from communicate.web.i18n import PluralFactory

_ = TranslationStringFactory("communicate")
_n = PluralFactory("communicate")

SPANS = (30, 90, 365)
OPENED = _n("${n} page", "${n} pages")
NAMED = 6  # days between two names under thirty columns


@view_config(
    route_name="operate_statistics",
    permission=OPERATE,
    renderer="communicate:templates/operate/statistics.pt",
)
def statistics(request: Any) -> dict[str, Any]:
    """Show how many pages were opened each day, of all kinds or of one."""
    known = titles(request.registry)
    span, kind = span_in(request.GET.get("days")), request.GET.get("kind") or None
    if kind is not None and kind not in known:
        raise HTTPBadRequest
    today = request.page.now.toordinal()
    days = read(request, today - span + 1, today)
    request.registry.communicate_counter.add_to(days)
    totals = {day: count(kinds, kind) for day, kinds in days.items()}
    return {
        "title": _("Statistics"),
        "span": span,
        "spans": SPANS,
        "kind": kind,
        "kinds": [(name, title, of_kind(days, name)) for name, title in known.items()],
        "total": sum(totals.values()),
        "chart": drawing(request, totals),
        "rows": [(date.fromordinal(day), n) for day, n in reversed(totals.items()) if n],
    }


def span_in(text: str | None) -> int:
    """Return how many days the address asks for; raise HTTPBadRequest for another number."""
    if not text:
        return SPANS[0]
    if not text.isdecimal() or text not in map(str, SPANS):
        raise HTTPBadRequest
    return int(text)


def count(kinds: dict[str, int], kind: str | None) -> int:
    """Return how many pages of *kind*, or of all kinds, *kinds* counts."""
    return sum(kinds.values()) if kind is None else kinds.get(kind, 0)


def of_kind(days: dict[int, dict[str, int]], kind: str) -> int:
    """Return how many pages of *kind* there were on all *days*."""
    return sum(kinds.get(kind, 0) for kinds in days.values())


def drawing(request: Any, totals: dict[int, int]) -> Any:
    """Return the chart of *totals*, by day."""
    page, every = request.page, len(totals) // 30 * NAMED
    top = ceiling(max(totals.values(), default=0))
    columns = [
        Column(
            label=short(page, day) if number % every == every // 2 else "",
            title=f"{page.day(date.fromordinal(day))} – {page.plural(OPENED, n)}",
            value=n,
        )
        for number, (day, n) in enumerate(totals.items())
    ]
    words = page.say(_("Pages opened each day"))
    return chart(columns, words, (page.number(top / 2), page.number(top)))


def short(page: Any, day: int) -> str:
    """Return *day* as it fits under a column."""
    return str(format_skeleton("MMMd", date.fromordinal(day), locale=page.formats.locale))
