"""What search engines may keep: nothing, but for pages that say so and that every stranger reads.

A view that shows what is public calls `open_page`; whatever else is answered carries ``noindex``.
"""

from typing import Any

from communicate.permissions import VIEW
from communicate.principals import PUBLIC, Viewer
from communicate.security import decide

HEADER = "X-Robots-Tag"
NOTHING = "noindex"


def stranger(request: Any) -> Viewer:
    """Return a viewer who is not signed in, whoever made *request*."""
    walled = request.registry.settings.get("communicate.widest_audience") == "members"
    return Viewer(None, request.site.get("members"), walled=walled)


def is_walled(request: Any) -> bool:
    """Tell whether strangers may read nothing at all on this site."""
    return PUBLIC not in stranger(request)


def open_page(request: Any, thing: Any) -> bool:
    """Let search engines keep this page where a stranger may read *thing*; tell whether so."""
    page = request.page
    page.indexed = page.member is None and bool(decide(stranger(request), thing, VIEW))
    return bool(page.indexed)


def mark(request: Any, response: Any) -> None:
    """Keep *response* out of search engines, unless its view said otherwise and succeeded."""
    page = request.__dict__.get("page")  # as far as anything has asked for it
    if response.status_int != 200 or not getattr(page, "indexed", False):
        response.headers[HEADER] = NOTHING
