"""The page from which all that a member sets about mail is reached."""

from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import EDIT
from communicate_email.content import Account
from communicate_email.programs.servers import servers
from communicate_email.views.desk import Desk
from communicate_email.views.lists import side

_ = TranslationStringFactory("communicate_email")


class Way(NamedTuple):
    """One of the pages: the name of its view, what it is called, what it is for."""

    view: str
    icon: str
    title: Any
    text: Any


WAYS = [
    Way("filters", "funnel", _("Filters"), _("Sort, mark and put away what comes in.")),
    Way("away", "airplane", _("Away answer"), _("Tell those who write that you are away.")),
    Way("signatures", "pen", _("Names and signatures"), _("How your messages begin and end.")),
    Way("addresses", "at", _("Addresses"), _("Further ones, and random ones to give away.")),
    Way("folders", "folder2", _("Folders"), _("Make, rename and delete folders of your own.")),
    Way("files", "box-arrow-in-down", _("Bring mail, take mail home"), _("As files: mbox, ZIP.")),
    Way(
        "pictures",
        "image",
        _("Pictures from elsewhere"),
        _("Of which senders they are loaded at once."),
    ),
]
PROGRAMS = Way(
    "programs",
    "pc-display",
    _("Set up your mail program"),
    _("On a computer or a phone: servers, and an app password."),
)


@view_config(
    context=Account,
    name="settings",
    permission=EDIT,
    request_method="GET",
    renderer="communicate_email:templates/settings.pt",
)
def settings(context: Account, request: Request) -> dict[str, Any]:
    """Show what can be set."""
    desk = Desk(request, context)
    ways = [*WAYS, PROGRAMS] if servers(request.registry.settings).all else WAYS
    return {"title": _("Settings of mail"), "side": side(desk), "desk": desk, "ways": ways}
