"""Taking back a deletion."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.web import notices
from communicate.web.slices import asked
from communicate_forums.content import Forums, Post
from communicate_forums.interfaces import IRemovals
from communicate_forums.permissions import UNDO
from communicate_forums.reading import undoable
from communicate_forums.removal import SECONDS
from communicate_forums.views.places import place_of

_ = TranslationStringFactory("communicate_forums")


def deleted_here(forums: Forums, request: Request) -> Any:
    """Return the address that takes back the deletion which led to this page, or None."""
    number = asked(request, "deleted")
    post = None if number is None else forums.post(number)
    if post is None or not undoable(request, post, SECONDS):
        return None
    topic = post.__parent__
    return f"/forums/{topic.__parent__.__name__}/{topic.__name__}/{post.__name__}/undo"


@view_config(context=Post, name="undo", permission=UNDO, request_method="POST")
def undo(context: Post, request: Request) -> HTTPSeeOther:
    """Show the post again, and lead to it."""
    request.find_service(IRemovals).undo(context)
    notices.give(request, _("The post is back."))
    return HTTPSeeOther(place_of(request, context))
