"""What stands around every page: the bar on top, the foot, and the bar at the bottom of phones."""

from typing import Any

from markupsafe import Markup

from communicate.web.menu import Entry, counted
from communicate.web.skeletons import CLOSES, OPENS, fill

FRAME = "communicate:templates/frame/"


def links(page: Any) -> Markup:
    """Return what every page loads: styles, scripts, and the mark in the browser's tab."""
    return fill(page.request, f"{FRAME}links.pt", {})


def topbar(page: Any) -> Markup:
    """Return the bar on top, with the menu of services and that of the member."""
    kind = {
        "bare": page.bare,
        "member": page.member is not None,
        "operator": page.is_operator,
        "searches": page.searches,
        "joining": page.joining,
        "theme": page.theme,
        "menu": shapes(page.menu),
        "told": bool(page.unread),
        "asked": bool(page.asked),
        "moderator": page.is_moderator,
        "reported": bool(page.reports),
        "live": bool(page.live),
    }
    return fill(
        page.request,
        f"{FRAME}topbar.pt",
        kind,
        login=page.login,
        avatar=page.avatar(page.login, "s"),
        space=f"/members/{page.login}",
        reports=str(page.reports),
        unread=counted(page.unread),
        made=page.live,
        requests=counted(page.asked),
        csrf=page.csrf(),
        here=page.here,
        **counts(page.menu),
    )


def footer(page: Any) -> Markup:
    """Return the foot of the page."""
    kind = {"bare": page.bare, "version": page.version}
    return fill(page.request, f"{FRAME}footer.pt", kind, csrf=page.csrf(), here=page.here)


def bottombar(page: Any) -> Markup:
    """Return the services once more, where a thumb reaches them."""
    kind = {"menu": shapes(page.menu)}
    return fill(page.request, f"{FRAME}bottombar.pt", kind, **counts(page.menu))


def shapes(menu: list[Entry]) -> tuple[Entry, ...]:
    """Return *menu* with the mark of a part in place of each count: pieces are kept without it."""
    return tuple(
        entry._replace(waiting=f"{OPENS}count_{place}{CLOSES}") if entry.waiting else entry
        for place, entry in enumerate(menu)
    )


def counts(menu: list[Entry]) -> dict[str, str]:
    """Return the counts of *menu* by the names that `shapes` gives them."""
    return {f"count_{place}": entry.waiting for place, entry in enumerate(menu) if entry.waiting}
