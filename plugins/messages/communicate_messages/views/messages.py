"""One message: its permalink, deleting it, taking that back."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import DELETE, VIEW
from communicate.web import notices
from communicate.web.notices import Undo
from communicate.web.slices import query, start_for
from communicate_messages.content import Event, Line, Message
from communicate_messages.interfaces import IRemovals
from communicate_messages.permissions import UNDO
from communicate_messages.views.conversation import part_of
from communicate_messages.windows import window_of

_ = TranslationStringFactory("communicate_messages")


def place_of(request: Request, line: Line) -> str:
    """Return the address of the page that shows *line*, a few lines from its top."""
    conversation = line.__parent__
    window = window_of(conversation, part_of(conversation, request))
    start = start_for(window, line.id, request.registry.settings["messages.page_size"] // 2)
    after = query(after=start if start is not None else max(window.floor, 1))
    return f"/messages/{conversation.__name__}{after}#{line.__name__}"


@view_config(context=Message, permission=VIEW, request_method="GET")
@view_config(context=Event, permission=VIEW, request_method="GET")
def permalink(context: Line, request: Request) -> HTTPSeeOther:
    """Lead to the page that shows the message; who has left is led to the list."""
    if context.__parent__.part(request.viewer.uid) is None:
        return HTTPSeeOther("/messages")
    return HTTPSeeOther(place_of(request, context))


@view_config(context=Message, name="delete", permission=DELETE, request_method="POST")
def delete(context: Message, request: Request) -> HTTPSeeOther:
    """Delete the message for everybody at once; for ten seconds that can be taken back."""
    request.find_service(IRemovals).delete(context)
    conversation = context.__parent__
    undo = Undo(f"/messages/{conversation.__name__}/{context.__name__}/undo", {})
    notices.give(request, _("Message deleted."), undo=undo)
    return HTTPSeeOther(back_to(request, context))


@view_config(context=Message, name="undo", permission=UNDO, request_method="POST")
def undo(context: Message, request: Request) -> HTTPSeeOther:
    """Show the message again."""
    request.find_service(IRemovals).undo(context)
    notices.give(request, _("The message is back."))
    return HTTPSeeOther(back_to(request, context))


def back_to(request: Request, message: Message) -> Any:
    """Return the address of the page with *message*: the last one where it is there."""
    conversation = message.__parent__
    if conversation.part(request.viewer.uid) is None:
        return "/messages"
    return place_of(request, message)
