"""Attachments: sending one to a draft, reading one."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound
from pyramid.response import Response
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.ids import decode
from communicate.permissions import MEMBER, VIEW
from communicate.security import permits
from communicate.web import files
from communicate.web.feeds import is_open
from communicate.writing import FILE, FILES
from communicate.writing.content import Attachment
from communicate.writing.files import BadFile, Taking, usual
from communicate.writing.interfaces import IAttachments
from communicate.writing.views.drafts import place_in


@view_config(route_name=FILES, permission=MEMBER, request_method="POST", renderer="json")
def send(request: Any) -> dict[str, Any]:
    """Attach a file to the draft at a place; answer with what the editor puts into the words."""
    return received(request, place_in(request), usual(request))


def received(request: Any, place: str, taking: Taking) -> dict[str, Any]:
    """Attach the file that came to the draft at *place*; answer with what the editor shows.

    For a view of a plugin's own, too, which has made sure that *taking* holds at that place.
    """
    upload = request.POST.get("file")
    if not getattr(upload, "filename", ""):
        raise HTTPBadRequest
    count_act(request, taking.rate)
    attachments = request.find_service(IAttachments)
    request.response.cache_control = "private, no-store"
    try:
        made = attachments.add(request.member.uid, place, upload, taking)
    except BadFile as error:
        request.response.status = 400
        return {"error": request.page.say(error.reason)}
    name = attachments.name(made)
    words = name.replace("[", "(").replace("]", ")").replace("\\", "")
    return {
        "id": made.__name__,
        "name": name,
        "size": request.page.size(made.size),
        "picture": made.is_picture,
        "markdown": f"{'!' if made.is_picture else ''}[{words}](attachment:{made.__name__})",
    }


@view_config(route_name=FILE, permission=MEMBER, request_method="GET")
def of_draft(request: Any) -> Response:
    """Show the member a file of one's own that was not sent yet."""
    try:
        number = decode(request.matchdict["id"])
    except ValueError:
        raise HTTPNotFound from None
    owned = request.root_map["attachments"].by_uid.get(request.member.uid, {})
    found = owned.get(number)
    if found is None or not found.in_draft or found.__parent__.discarded:
        raise HTTPNotFound
    if not permits(request, found, VIEW):
        raise HTTPNotFound
    return serve(request, found)


@view_config(context=Attachment, permission=VIEW, request_method="GET")
def attachment(context: Attachment, request: Any) -> Response:
    """Show a picture; hand out another file, which the browser never opens by itself.

    A picture that strangers may see is shown by readers of feeds on other sites, too.
    """
    response = serve(request, context)
    if context.is_picture and is_open(request, context):
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def serve(request: Any, found: Attachment) -> Response:
    """Answer with the file."""
    return files.serve(
        request,
        found.file,
        name=request.find_service(IAttachments).name(found),
        media=found.media,
        tag=str(found.__name__),
        inline=found.is_picture,
    )
