"""One comment: its permalink, its replies; deleting, approving and hiding it."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPFound, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.forms import local_path
from communicate.ids import encode
from communicate.permissions import DELETE, MODERATE, VIEW
from communicate.security import permits
from communicate.web import notices
from communicate.web.forms import Form, FormInvalid
from communicate.web.slices import asked, oldest_first, query
from communicate.writing.references import without
from communicate_spaces import places
from communicate_spaces.content import Comment
from communicate_spaces.forms import reason_form
from communicate_spaces.interfaces import ICommenting, ICommentRemovals
from communicate_spaces.lines import Lines
from communicate_spaces.permissions import APPROVE, REASON, UNDO
from communicate_spaces.showing import undo_path

_ = TranslationStringFactory("communicate_spaces")

TEMPLATES = "communicate_spaces:templates"
CHANGED = _("The comment was changed meanwhile: read it again before you approve it.")


def words_of(comment: Comment, request: Request) -> Any:
    """Return the HTML of what *comment* says, the names of its files in place of the files."""
    html = request.find_service(ICommenting).html(comment)
    return None if html is None else without(html)


@view_config(context=Comment, permission=VIEW, request_method=("GET", "HEAD"))
def permalink(context: Comment, request: Request) -> HTTPFound:
    """Lead to the page that shows the comment."""
    return HTTPFound(places.place_of(request, context))


@view_config(
    context=Comment,
    name="replies",
    permission=VIEW,
    request_method="GET",
    renderer=f"{TEMPLATES}/replies.pt",
)
def replies(context: Comment, request: Request) -> dict[str, Any]:
    """Show all replies to the comment, a page of them."""
    if context.is_reply or not context.replies:
        raise HTTPNotFound
    after, before = asked(request, "after"), asked(request, "before")
    page = oldest_first(context.replies, places.SIZE, after, before)
    lines, path = Lines(request, context.thread), f"{request.page.url(context)}/replies"
    return {
        "title": _("Replies"),
        "path": places.place_of(request, context) if lines.opens else None,
        "lines": lines.shown(reply for _number, reply in page.items),
        "earlier": page.back and path + query(before=page.back),
        "later": page.forth and path + query(after=page.forth),
    }


@view_config(context=Comment, name="delete", permission=DELETE, request_method="POST")
def delete(context: Comment, request: Request) -> HTTPSeeOther:
    """Delete the comment at once, and lead to where that can be taken back for ten seconds."""
    request.find_service(ICommentRemovals).delete(context, request.member.uid)
    return HTTPSeeOther(back(request, context, deleted=context.id))


def back(request: Request, comment: Comment, **ids: int) -> str:
    """Return where the viewer came from, *ids* in its query; else the page of the comments."""
    given = str(request.POST.get("back", ""))
    path, _mark, words = local_path(given, "").partition("?")
    if not path or not permits(request, comment.thread, VIEW):
        return path or "/"
    kept = [word for word in words.split("&") if word.startswith(("after=", "before="))]
    added = [f"{name}={encode(number)}" for name, number in ids.items()]
    tail = "&".join([*kept, *added])
    return f"{path}?{tail}#comments" if tail else f"{path}#comments"


@view_config(context=Comment, name="undo", permission=UNDO, request_method="POST")
def undo(context: Comment, request: Request) -> HTTPSeeOther:
    """Show the comment again, and lead to it."""
    if undo_path(request, context) is not None:
        request.find_service(ICommentRemovals).undo(context)
        notices.give(request, _("The comment is back."))
    if context.waits:
        return HTTPSeeOther(back(request, context))
    return HTTPSeeOther(places.place_of(request, context))


@view_config(context=Comment, name="approve", permission=APPROVE, request_method="POST")
def approve(context: Comment, request: Request) -> HTTPSeeOther:
    """Show the comment to who may read the thing, as the owner has read it, and lead back."""
    if request.POST.get("changed", "0") != str(context.edited):
        notices.give(request, CHANGED, "warn")
        return HTTPSeeOther(back(request, context))
    request.find_service(ICommenting).approve(context)
    notices.give(request, _("The comment is shown."))
    return HTTPSeeOther(back(request, context))


@view_config(context=Comment, name="moderate", permission=MODERATE, request_method="POST")
def moderate(context: Comment, request: Request) -> HTTPSeeOther:
    """Show a hidden comment again."""
    if request.POST.get("act") != "show":
        raise HTTPBadRequest
    request.find_service(ICommentRemovals).set_hidden(context, False)
    notices.give(request, _("The comment is shown again."))
    return HTTPSeeOther(places.place_of(request, context))


@view_config(
    context=Comment,
    name="hide",
    permission=MODERATE,
    request_method=("GET", "POST"),
    renderer=f"{TEMPLATES}/hide.pt",
)
def hide(context: Comment, request: Request) -> Any:
    """Ask a moderator for the reason, or hide the comment."""
    form = reason_form(request)
    if request.method == "POST":
        try:
            return hidden(context, request, form)
        except FormInvalid:
            request.response.status = 400
    path = places.place_of(request, context)
    return {"title": _("Hide the comment"), "form": form, "path": path}


def hidden(context: Comment, request: Request, form: Form) -> Any:
    """Hide the comment for the reason given, and lead back."""
    reason = form.validate()["reason"]
    removals = request.find_service(ICommentRemovals)
    removals.set_hidden(context, True, reason, request.member.uid)
    notices.give(request, _("The comment is hidden."))
    return form.done(places.place_of(request, context))


@view_config(
    context=Comment,
    name="reason",
    permission=REASON,
    request_method="GET",
    renderer=f"{TEMPLATES}/reason.pt",
)
def reason(context: Comment, request: Request) -> dict[str, Any]:
    """Show the author why it is hidden, and what it was."""
    words = request.find_service(ICommenting)
    return {
        "title": _("Why your comment is hidden"),
        "reason": words.reason(context),
        "words": words_of(context, request),
    }
