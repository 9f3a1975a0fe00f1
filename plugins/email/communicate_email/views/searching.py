"""The search over one's own mail: one field, and more of them where that is not enough."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.catalog.text import query as query_of
from communicate.clock import milliseconds
from communicate.permissions import EDIT
from communicate.search.snippets import Marker
from communicate.web.formats import zone_named
from communicate_email import mime
from communicate_email.content import Account
from communicate_email.store import rows as rowing
from communicate_email.store import words
from communicate_email.store.finding import Wanted, find
from communicate_email.store.listed import Listed
from communicate_email.store.marks import Spot
from communicate_email.views.desk import Desk
from communicate_email.views.listing import MESSAGES
from communicate_email.views.lists import list_html, side
from communicate_email.views.marked import spot_asked
from communicate_email.views.people import clean
from communicate_email.views.rows import elsewhere

_ = TranslationStringFactory("communicate_email")

FOUND = "communicate_email:templates/found.pt"
LONGEST = 200  # characters of a field
SMALL = 64 * 1024  # bytes of a message that is opened for the place where the words stand
MARKS = {"q": b"", "from": words.AUTHOR, "to": words.TO, "subject": words.SUBJECT}
TICKS = {"attached": rowing.ATTACHED, "starred": rowing.FLAGGED}
FIELDS = (*MARKS, "in", "label", "since", "until", *TICKS, "unread")


@view_config(context=Account, name="search", permission=EDIT, request_method="GET", renderer=FOUND)
def search(context: Account, request: Request) -> dict[str, Any]:
    """Show the messages that have all that is asked for, the latest first."""
    desk = Desk(request, context)
    given = {name: request.GET.get(name, "")[:LONGEST].strip() for name in FIELDS}
    wanted = wanted_of(desk, given)
    spots: list[Spot] = []
    if wanted.is_anything:
        count_act(request, "email.searching")
        spots = find(request, context, wanted)
    return {
        "title": _("Search your mail"),
        "side": side(desk, "search"),
        "desk": desk,
        "given": given,
        "more": any(value for name, value in given.items() if name != "q"),
        "looked": wanted.is_anything,
        "found": found_html(desk, given, spots) if spots else "",
    }


def wanted_of(desk: Desk, given: dict[str, str]) -> Wanted:
    """Return what is looked for; what says nothing counts as not given."""
    asked = [one for name, mark in MARKS.items() for one in words.asked(given[name], mark)]
    has = sum(bit for name, bit in TICKS.items() if given[name])
    label = desk.labels.by_number(given["label"])
    box = next((one for one in desk.targets(None) if one.path.endswith(f"/{given['in']}")), None)
    until = _day(desk.request, given["until"])
    return Wanted(
        tuple(asked),
        box.box if box is not None and given["in"] else None,
        has | (label.bit if label else 0),
        rowing.SEEN if given["unread"] else 0,
        _milliseconds(_day(desk.request, given["since"])),
        _milliseconds(until and until + timedelta(days=1)),
    )


def found_html(desk: Desk, given: dict[str, str], spots: list[Spot]) -> Any:
    """Return the HTML of a page of what was found."""
    size: int = desk.request.registry.settings["email.page_size"]
    before = spot_asked(desk, "before")
    start = 0 if before is None else sum(1 for spot in spots if spot >= before)
    shown = spots[start : start + size]
    path = desk.request.page.url(f"{desk.base}/search", **{k: v for k, v in given.items() if v})
    asked = query_of(" ".join(given[name] for name in MARKS))
    marker = Marker(asked) if asked else None
    values = {
        "rows": [found_row(desk, one, marker) for one in desk.reading.spots(shown)],
        "heading": desk.request.page.say(_("Found")),
        "count": desk.request.page.plural(MESSAGES, len(spots)),
        "box": None,
        "path": desk.base,
        "back": path,
        "newer": (path + _before(spots, start - size)) if start else None,
        "older": (path + _before(spots, start + size)) if start + size < len(spots) else None,
        "all": "",
        "all_count": 0,
        "of": "search",
        "read": True,  # the page has a heading above it
    }
    return list_html(desk, values)


def found_row(desk: Desk, one: Listed, marker: Marker | None) -> dict[str, Any]:
    """Return a message as the page shows it, with the words where they stand in it."""
    row = elsewhere(desk, one)
    if marker is None:
        return row
    text = row["line"]
    if one.row.size <= SMALL:
        text = mime.shown(mime.read(desk.reading.raw(one.row.id))).text or text
    return {**row, "line": marker.snippet(clean(" ".join(text.split())))}


def _before(spots: list[Spot], start: int) -> str:
    return f"&before={spots[start - 1].packed.hex()}" if start > 0 else ""


def _day(request: Any, text: str) -> datetime | None:
    """Return the beginning of the day that *text* writes, where the member is."""
    try:
        day = date.fromisoformat(text)
        return datetime.combine(day, time(), zone_named(request.member.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else milliseconds(moment)
