"""A topic's page: its posts, the reply box, and what moderators do with it."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import MODERATE, VIEW
from communicate.security import permits
from communicate.web import notices
from communicate.web.forms import Form, FormInvalid, blank
from communicate_forums.content import Forum, Topic
from communicate_forums.forms import PREVIEW, count_posting, reply_form
from communicate_forums.interfaces import IForums, IRemovals
from communicate_forums.paging import Slice, asked, oldest_first, query
from communicate_forums.permissions import REPLY
from communicate_forums.reading import Reading, remember
from communicate_forums.slugs import topic_name
from communicate_forums.views.forums import POSTS
from communicate_forums.views.places import place_of
from communicate_forums.views.undo import deleted_here

_ = TranslationStringFactory("communicate_forums")

ACTS = {
    "pin": _("The topic is pinned."),
    "unpin": _("The topic is not pinned any more."),
    "lock": _("The topic is locked: nobody can reply."),
    "unlock": _("The topic is open again."),
    "hide": _("The topic is hidden."),
    "show": _("The topic is shown again."),
}


def page_of(context: Topic, request: Request) -> Slice:
    """Return the posts that the query asks for."""
    size = request.registry.settings["forums.page_size"]
    return oldest_first(context.posts, size, asked(request, "after"), asked(request, "before"))


def topic_page(
    context: Topic, request: Request, form: Form | None = None, preview: Any = None
) -> dict[str, Any]:
    """Return what the page of a topic shows."""
    reading = Reading(request)
    title = reading.words.title(context)
    forum: Forum = context.__parent__
    path = f"/forums/{forum.__name__}/{topic_name(context.id, title)}"
    page = page_of(context, request)
    read = remember(request, context, page.items)
    reply = None if form is None else form.render()
    if reply is None and permits(request, context, REPLY):
        reply = blank(request, "forums.reply", lambda action: reply_form(request, action), path)
    return {
        "title": title or _("A deleted title"),
        "topic": context,
        "forum": forum,
        "forum_title": reading.title_of(forum) if permits(request, forum, VIEW) else None,
        "posts": reading.posts(context, page.items, read),
        "author": reading.person(context.owner)[0],
        "count": request.page.plural(POSTS, context.count()),
        "total": context.count(),
        "last": reading.last_line(context),
        "path": path,
        "base": f"/forums/{forum.__name__}/{context.__name__}",
        "earlier": page.back and path + query(before=page.back),
        "later": page.forth and path + query(after=page.forth),
        "latest": page.forth and f"{path}/latest",
        "reply": reply,
        "preview": preview,
        "moderates": bool(permits(request, context, MODERATE)),
        "undo": deleted_here(forum.__parent__, request),
    }


@view_config(
    context=Topic,
    permission=VIEW,
    request_method="GET",
    renderer="communicate_forums:templates/topic.pt",
)
def topic(context: Topic, request: Request) -> dict[str, Any] | HTTPFound:
    """Show a page of posts; an address with other words in it leads to the one with these."""
    path = request.find_service(IForums).path(context)
    if request.traversed[-1] != path.rpartition("/")[2] or request.path_info.endswith("/"):
        words = request.query_string
        return HTTPFound(path + (f"?{words}" if words else ""))
    return topic_page(context, request)


@view_config(
    context=Topic,
    permission=REPLY,
    request_method="POST",
    renderer="communicate_forums:templates/topic.pt",
)
def reply(context: Topic, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Add a post and lead to it."""
    words = request.find_service(IForums)
    form = reply_form(request, words.path(context))
    try:
        values = form.validate()
    except FormInvalid:
        request.response.status = 400
        return topic_page(context, request, form)
    if form.pressed == PREVIEW:
        return topic_page(context, request, form, words.preview(values["body"]))
    count_posting(request)
    post = words.reply(context, request.member.uid, values["body"])
    done: HTTPSeeOther = form.done(place_of(request, post, last=True))
    return done


@view_config(context=Topic, name="latest", permission=VIEW, request_method="GET")
def latest(context: Topic, request: Request) -> HTTPFound:
    """Lead to the last page of a topic."""
    last = context.posts[context.posts.maxKey()]
    return HTTPFound(place_of(request, last, last=True))


@view_config(context=Topic, name="moderate", permission=MODERATE, request_method="POST")
def moderate(context: Topic, request: Request) -> HTTPSeeOther:
    """Pin, lock or hide the topic, or undo that."""
    act = request.POST.get("act")
    if act not in ACTS:
        raise HTTPBadRequest
    if act in ("pin", "unpin"):
        context.set_pinned(act == "pin")
    elif act in ("lock", "unlock"):
        context.locked = act == "lock"
    else:
        request.find_service(IRemovals).set_hidden(context, act == "hide")
    notices.give(request, ACTS[act])
    return HTTPSeeOther(request.find_service(IForums).path(context))
