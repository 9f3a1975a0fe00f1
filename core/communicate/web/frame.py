"""What stands around every page: the bar on top, the foot, and the bar at the bottom of phones."""

from typing import Any

from markupsafe import Markup

from communicate.web.skeletons import fill

FRAME = "communicate:templates/frame/"
MANY = 100  # what is not counted on the bell any more


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
        "menu": tuple(page.menu),
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
        unread=many(page.unread),
        made=page.live,
        requests=many(page.asked),
        csrf=page.csrf(),
        here=page.here,
    )


def many(count: int) -> str:
    """Return *count* as the bell shows it."""
    return str(count) if count < MANY else f"{MANY - 1}+"


def footer(page: Any) -> Markup:
    """Return the foot of the page."""
    kind = {"bare": page.bare, "version": page.version}
    return fill(page.request, f"{FRAME}footer.pt", kind, csrf=page.csrf(), here=page.here)


def bottombar(page: Any) -> Markup:
    """Return the services once more, where a thumb reaches them."""
    return fill(page.request, f"{FRAME}bottombar.pt", {"menu": tuple(page.menu)})
