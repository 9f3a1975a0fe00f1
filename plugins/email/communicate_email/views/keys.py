"""The page that lists the keys."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import EDIT
from communicate_email.content import Account
from communicate_email.views.desk import Desk
from communicate_email.views.lists import side

_ = TranslationStringFactory("communicate_email")

PAGE = "communicate_email:templates/keys.pt"
KEYS = (
    (("j", "k"), _("the next message of the list, the one before")),
    (("o", _("Enter")), _("open it")),
    (("x",), _("choose it")),
    (("e",), _("archive it, or what is chosen")),
    (("#",), _("delete it, or what is chosen")),
    (("s",), _("star it, or what is chosen")),
    (("r", "a", "f"), _("reply, reply to all, forward")),
    (("u",), _("back to the list")),
    (("c",), _("write a message")),
    (("/",), _("search")),
    (("?",), _("this page")),
)


@view_config(context=Account, name="keys", permission=EDIT, request_method="GET", renderer=PAGE)
def keys(context: Account, request: Request) -> dict[str, Any]:
    """Show the keys, and whether they are on."""
    desk = Desk(request, context)
    return {
        "title": _("Keys"),
        "side": side(desk),
        "keys": [([request.page.say(key) for key in some], does) for some, does in KEYS],
    }
