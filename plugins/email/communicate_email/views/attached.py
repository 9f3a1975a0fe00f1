"""What a message carries: listed, pictures and texts shown, all handed out, kept on one's disk."""

from io import BytesIO
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import EDIT
from communicate.quota import QuotaExceeded
from communicate.shelf import NotKept, shelf_of
from communicate.web import notices
from communicate_email.content import Mailbox
from communicate_email.mime import Attached
from communicate_email.views.desk import Desk, asked_message
from communicate_email.views.parts import PICTURES, TEXT, carried

_ = TranslationStringFactory("communicate_email")

ICONS = {  # by the begin of a type
    "image/": "file-earmark-image",
    "audio/": "file-earmark-music",
    "video/": "file-earmark-play",
    "text/": "file-earmark-text",
    "message/": "envelope-paper",
    "application/pdf": "file-earmark-pdf",
    "application/zip": "file-earmark-zip",
}
LARGEST = 4 * 1024 * 1024  # bytes, as sent, of a picture that a page shows
MOST_SHOWN = 12  # pictures on a page
KEPT = _("“${name}” is on your disk.")


def listed(request: Any, path: str, uid: int, found: tuple[Attached, ...]) -> list[dict[str, Any]]:
    """Return what is attached as the page of the message shows it."""
    keeps = shelf_of(request) is not None
    rows = [_row(request, path, uid, one, keeps=keeps) for one in found]
    for row in [row for row in rows if row["picture"]][MOST_SHOWN:]:
        row["picture"] = ""
    return rows


def _row(request: Any, path: str, uid: int, one: Attached, *, keeps: bool) -> dict[str, Any]:
    icon = next((icon for begin, icon in ICONS.items() if one.media.startswith(begin)), "")
    here = f"{path}/part/{uid}/{one.number}"
    is_picture = one.media in PICTURES and one.size <= LARGEST
    return {
        "name": one.name or request.page.say(_("without a name")),
        "path": here,
        "icon": icon or "file-earmark",
        "size": request.page.size(one.size),
        "picture": f"{here}?show" if is_picture else "",
        "shows": f"{here}?show" if is_picture or one.media == TEXT else "",
        "keeps": f"{path}/keep/{uid}/{one.number}" if keeps else "",
    }


@view_config(context=Mailbox, name="keep", permission=EDIT, request_method="POST")
def keep(context: Mailbox, request: Request) -> HTTPSeeOther:
    """Put an attachment on the member's disk."""
    desk = Desk(request, context.__parent__)
    one = asked_message(desk, context, more=1)
    shelf, (part, name) = shelf_of(request), carried(desk, one, request.subpath[1])
    if shelf is None:
        raise HTTPNotFound
    try:
        shelf.keep(name, BytesIO(part.octets))
    except (NotKept, QuotaExceeded) as error:
        notices.give(request, error.reason, "bad")
    else:
        notices.give(request, KEPT % {"name": name})
    return HTTPSeeOther(f"{desk.path(context)}/read/{one.row.uid}")
