"""Lists across folders: what has a star, and what has a label."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import EDIT
from communicate_email.content import Account
from communicate_email.store import marks
from communicate_email.store import rows as rowing
from communicate_email.store.marks import Spot
from communicate_email.views.chosen import STAR
from communicate_email.views.desk import Desk
from communicate_email.views.listing import MESSAGES
from communicate_email.views.lists import PAGE, list_html, side
from communicate_email.views.rows import elsewhere

_ = TranslationStringFactory("communicate_email")


@view_config(context=Account, name="starred", permission=EDIT, request_method="GET", renderer=PAGE)
def starred(context: Account, request: Request) -> dict[str, Any]:
    """Show what has a star, wherever it lies."""
    desk = Desk(request, context)
    title = str(request.page.say(_("Starred")))
    return page_of(desk, title, f"{desk.base}/starred?", rowing.FLAGGED, STAR)


@view_config(context=Account, name="label", permission=EDIT, request_method="GET", renderer=PAGE)
def label(context: Account, request: Request) -> dict[str, Any]:
    """Show what has a label, wherever it lies."""
    desk = Desk(request, context)
    found = desk.labels.by_number("/".join(request.subpath))
    if found is None:
        raise HTTPNotFound
    number = str(found.number)
    return page_of(desk, found.name, f"{desk.base}/label/{number}?", found.bit, number)


def page_of(desk: Desk, title: str, path: str, flag: int, of: str) -> dict[str, Any]:
    """Return what the page of a list across folders shows; *path* is to be followed by a query."""
    size: int = desk.request.registry.settings["email.page_size"]
    before, after = spot_asked(desk, "before"), spot_asked(desk, "after")
    spots: list[Spot] = []
    if after is not None:
        spots = marks.above(desk.account, flag, after, size)
        if len(spots) < size:
            spots, before = [], None
    if not spots:
        spots = marks.below(desk.account, flag, before, size)
    newer, older = neighbours(desk, flag, spots)
    count = marks.count(desk.account, flag)
    values = {
        "rows": [elsewhere(desk, one) for one in desk.reading.spots(spots)],
        "heading": title,
        "count": desk.request.page.plural(MESSAGES, count),
        "box": None,
        "path": desk.base,
        "back": path.rstrip("?&") if before is None else f"{path}before={before.packed.hex()}",
        "newer": newer and f"{path}after={newer.packed.hex()}",
        "older": older and f"{path}before={older.packed.hex()}",
        "all": "1",
        "all_count": count,
        "of": of,
        "read": False,
    }
    return {"title": title, "side": side(desk, of), "pane": list_html(desk, values)}


def neighbours(desk: Desk, flag: int, spots: list[Spot]) -> tuple[Spot | None, Spot | None]:
    """Return after which and before which spot the next pages are."""
    if not spots:
        return None, None
    newer = spots[0] if marks.above(desk.account, flag, spots[0], 1) else None
    older = spots[-1] if marks.below(desk.account, flag, spots[-1], 1) else None
    return newer, older


def spot_asked(desk: Desk, name: str) -> Spot | None:
    """Return the spot that the address gives under *name*; 400 where it is none."""
    given = desk.request.GET.get(name)
    if given is None:
        return None
    try:
        return Spot.read(bytes.fromhex(given))
    except ValueError:
        raise HTTPBadRequest from None
