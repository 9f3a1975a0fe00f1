"""What a page, a feed or a job shows to somebody who did not make the request."""

from typing import Any

from communicate.interfaces import INotifications
from communicate.permissions import VIEW
from communicate.principals import Viewer
from communicate.security import decide


def viewer_of(request: Any, member: Any) -> Viewer:
    """Return *member*, or a stranger for None, as the one who reads."""
    walled = request.registry.settings.get("communicate.widest_audience") == "members"
    return Viewer(member, request.site.get("members"), walled=walled)


def may_read(request: Any, member: Any, thing: Any) -> bool:
    """Tell whether *member* may read *thing*."""
    return bool(decide(viewer_of(request, member), thing, VIEW))


def notify(request: Any, kind: str, to: int, **more: Any) -> None:
    """Send a notice of that *kind*, where the site has notices."""
    try:
        notices = request.find_service(INotifications)
    except LookupError:
        return
    notices.send(kind, to, **more)


def saw(request: Any, *things: Any) -> None:
    """Count what the signed-in member was told about *things* as read: the page shows them."""
    if request.member is not None:
        request.find_service(INotifications).seen(request.member.uid, *things)
