"""Following topics and forums, and counting them as read."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPForbidden, HTTPFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.clock import now
from communicate.ids import first_id
from communicate.permissions import VIEW
from communicate.web import notices
from communicate_forums.content import Forum, Forums, Topic
from communicate_forums.interfaces import IFollowing, IForums
from communicate_forums.unread import all_read
from communicate_forums.views.places import place_of

_ = TranslationStringFactory("communicate_forums")

FOLLOW, UNFOLLOW = "follow", "unfollow"
SAID = {
    (Topic, FOLLOW): _("You follow this topic: you are told of new posts."),
    (Topic, UNFOLLOW): _("You do not follow this topic any more."),
    (Forum, FOLLOW): _("You follow this forum: you are told of new topics."),
    (Forum, UNFOLLOW): _("You do not follow this forum any more."),
}


def member_of(request: Request) -> int:
    """Return the number of the signed-in member; 403, which asks to sign in, for a stranger."""
    if request.member is None:
        raise HTTPForbidden
    uid: int = request.member.uid
    return uid


def path_of(request: Request, thing: Forums | Forum | Topic) -> str:
    """Return the address of *thing*."""
    if isinstance(thing, Topic):
        return str(request.find_service(IForums).path(thing))
    return "/forums" if isinstance(thing, Forums) else f"/forums/{thing.__name__}"


@view_config(context=Topic, name="follow", permission=VIEW, request_method="POST")
@view_config(context=Forum, name="follow", permission=VIEW, request_method="POST")
def follow(context: Topic | Forum, request: Request) -> HTTPSeeOther:
    """Follow the topic or the forum, or end that."""
    uid, act = member_of(request), request.POST.get("act")
    said = SAID.get((type(context), act))
    if said is None:
        raise HTTPBadRequest
    service = request.find_service(IFollowing)
    (service.follow if act == FOLLOW else service.unfollow)(context, uid)
    notices.give(request, said)
    return HTTPSeeOther(path_of(request, context))


@view_config(context=Forum, name="read", permission=VIEW, request_method="POST")
@view_config(context=Forums, name="read", permission=VIEW, request_method="POST")
def read(context: Forum | Forums, request: Request) -> HTTPSeeOther:
    """Count everything in the forum, or in all of them, as read, but for what comes just now."""
    all_read(context, member_of(request), first_id(now(request)))
    notices.give(request, _("Everything is marked as read."))
    return HTTPSeeOther(path_of(request, context))


@view_config(context=Topic, name="unread", permission=VIEW, request_method="GET")
def unread(context: Topic, request: Request) -> HTTPFound:
    """Lead to the first post that the viewer has not read, or to the last one."""
    reader: Any = context.__parent__.__parent__.readers.get(request.viewer.uid or 0)
    last = context.posts.maxKey()
    number = last
    if reader is not None:
        number = next(iter(context.posts.keys(reader.last(context), excludemin=True)), last)
    return HTTPFound(place_of(request, context.posts[number]))
