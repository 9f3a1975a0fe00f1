"""A file that is sent while its message is being written."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import EDIT
from communicate.writing.views.attachments import received
from communicate.writing.views.drafts import place_in
from communicate_email.attaching import taking
from communicate_email.content import Account
from communicate_email.views.desk import Desk


@view_config(
    context=Account, name="attach", permission=EDIT, request_method="POST", renderer="json"
)
def attach(context: Account, request: Request) -> dict[str, Any]:
    """Keep the file with the draft of a message: with no other, for it is taken as it is."""
    base, place = Desk(request, context).base, place_in(request)
    if not place.startswith(f"{base}/"):
        raise HTTPBadRequest
    return received(request, place, taking(request.registry.settings, base))
