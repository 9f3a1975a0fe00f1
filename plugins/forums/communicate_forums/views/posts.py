"""One post: its permalink, editing, deleting, hiding."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import DELETE, EDIT, MODERATE, VIEW
from communicate.security import permits
from communicate.web import notices
from communicate.web.forms import PREVIEW, Form, FormInvalid
from communicate.web.slices import query
from communicate.writing.counting import count_posting
from communicate.writing.interfaces import IAttachments
from communicate_forums.content import Forum, Post
from communicate_forums.forms import edit_form
from communicate_forums.interfaces import IForums, IRemovals
from communicate_forums.reading import Reading
from communicate_forums.views.places import place_of

_ = TranslationStringFactory("communicate_forums")

SHOWN = _("The post is shown again.")


@view_config(context=Post, permission=VIEW, request_method="GET")
def permalink(context: Post, request: Request) -> HTTPFound:
    """Lead to the page that shows the post."""
    return HTTPFound(place_of(request, context))


def edit_page(context: Post, request: Request, form: Form) -> dict[str, Any]:
    """Return what the page with the form of a post shows."""
    forum: Forum = context.__parent__.__parent__
    return {
        "title": _("Edit the post"),
        "forum": forum,
        "forum_title": Reading(request).title_of(forum) if permits(request, forum, VIEW) else None,
        "path": f"/forums/{forum.__name__}",
        "form": form,
    }


def form_of(context: Post, request: Request) -> Form:
    """Return the form with the words of the post, and of the title where it is the first."""
    words = request.find_service(IForums)
    values = {"body": words.body(context) or ""}
    topic = context.__parent__
    if context.id == topic.id and topic.owner == context.owner:
        values["title"] = words.title(topic) or ""
    return edit_form(request, values, context)


@view_config(
    context=Post,
    name="edit",
    permission=EDIT,
    request_method="GET",
    renderer="communicate_forums:templates/write.pt",
)
def edit(context: Post, request: Request) -> dict[str, Any]:
    """Show the form with the words of the post."""
    return edit_page(context, request, form_of(context, request))


@view_config(
    context=Post,
    name="edit",
    permission=EDIT,
    request_method="POST",
    renderer="communicate_forums:templates/write.pt",
)
def save(context: Post, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Change the post and lead to it."""
    form = form_of(context, request)
    words = request.find_service(IForums)
    try:
        values = form.validate()
    except FormInvalid:
        request.response.status = 400
        return edit_page(context, request, form)
    if form.pressed == PREVIEW:
        form.preview = Reading(request).preview(values["body"])
        return edit_page(context, request, form)
    count_posting(request, values["body"])
    words.edit(context, values["body"], values.get("title"))
    request.find_service(IAttachments).take(form, context)
    done: HTTPSeeOther = form.done(place_of(request, context))
    return done


@view_config(context=Post, name="delete", permission=DELETE, request_method="POST")
def delete(context: Post, request: Request) -> HTTPSeeOther:
    """Delete the post at once, and lead to where that can be taken back for ten seconds."""
    place = place_of(request, context, deleted=context.id)
    request.find_service(IRemovals).delete(context)
    if context.__parent__.deleted:
        forum = context.__parent__.__parent__
        place = f"/forums/{forum.__name__}{query(deleted=context.id)}"
    return HTTPSeeOther(place)


@view_config(context=Post, name="moderate", permission=MODERATE, request_method="POST")
def moderate(context: Post, request: Request) -> HTTPSeeOther:
    """Show a hidden post again."""
    if request.POST.get("act") != "show":
        raise HTTPBadRequest
    request.find_service(IRemovals).set_hidden(context, False)
    notices.give(request, SHOWN)
    return HTTPSeeOther(place_of(request, context))
