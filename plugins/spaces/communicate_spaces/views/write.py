"""Writing a comment, answering one, and changing one's own."""

from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import EDIT, VIEW
from communicate.security import permits
from communicate.web import notices
from communicate.web.forms import PREVIEW, Form, FormInvalid
from communicate.web.slices import asked
from communicate.writing.counting import count_posting
from communicate.writing.interfaces import IAttachments
from communicate_spaces import places
from communicate_spaces.content import Comment, Comments, Thread, Wall
from communicate_spaces.forms import comment_form, edit_form
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_spaces.lines import Lines
from communicate_spaces.permissions import WRITE

_ = TranslationStringFactory("communicate_spaces")

TEMPLATE = "communicate_spaces:templates/write.pt"
YOUR_COMMENT, YOUR_REPLY = _("Your comment"), _("Your reply")
TOO_LATE = _("It is too late to change this comment. You can delete it, or reply to it.")
WAITS = _("Your comment waits: it is shown when its owner has read it.")


def thing_asked(request: Request) -> Any:
    """Return what the query names by its id; raise HTTPNotFound."""
    number = asked(request, "on")
    thing = None if number is None else places.find_thing(request, number)
    if thing is None:
        raise HTTPNotFound
    return thing


def thread_on(request: Request, thing: Any) -> Thread:
    """Return the thread on *thing* where the viewer may comment; else raise 404 or 403."""
    thread: Thread | None = request.find_service(IRules).thread(thing)
    if thread is None or not permits(request, thread, VIEW):
        raise HTTPNotFound
    if not request.find_service(IRules).may_comment(thread):
        raise HTTPForbidden
    return thread


def written(
    request: Request, thread: Thread, form: Form, title: Any, to: Comment | None = None
) -> Any:
    """Add what *form* was sent with, or return the page that shows it, with its preview."""
    try:
        values = form.validate()
    except FormInvalid:
        request.response.status = 400
        return write_page(request, thread, form, title, to)
    words = request.find_service(ICommenting)
    if form.pressed == PREVIEW:
        form.preview = Markup(words.preview(values["body"]))  # noqa: S704  # cleaned
        return write_page(request, thread, form, title, to)
    count_posting(request, values["body"], "posts")
    comment = words.add(thread, request.member.uid, values["body"], to)
    request.find_service(IAttachments).take(form, comment)
    if comment.waits:
        notices.give(request, WAITS)
        return form.done(f"{places.path_of(request, thread)}#comments")
    return form.done(places.place_of(request, comment))


def write_page(
    request: Request, thread: Thread, form: Form, title: Any, to: Comment | None = None
) -> dict[str, Any]:
    """Return what the page with a form shows, and what is answered."""
    shown = "" if to is None else Lines(request, thread).shown([to])
    path = places.path_of(request, thread)
    return {"title": title, "form": form, "to": shown, "path": path}


@view_config(
    context=Comments, name="write", permission=WRITE, request_method="POST", renderer=TEMPLATE
)
def write(context: Comments, request: Request) -> Any:
    """Comment the thing that the query names."""
    return commented(request, thread_on(request, thing_asked(request)))


@view_config(context=Wall, name="write", permission=VIEW, request_method="POST", renderer=TEMPLATE)
def write_on_space(context: Wall, request: Request) -> Any:
    """Comment the space."""
    return commented(request, thread_on(request, context))


def commented(request: Request, thread: Thread) -> Any:
    """Add a comment to *thread*, or return the page that shows what cannot be added."""
    action, place = request.path_qs, places.path_of(request, thread)
    form = comment_form(request, YOUR_COMMENT, action=action, place=place)
    return written(request, thread, form, YOUR_COMMENT)


@view_config(
    context=Comment,
    name="reply",
    permission=VIEW,
    request_method=("GET", "POST"),
    renderer=TEMPLATE,
)
def reply(context: Comment, request: Request) -> Any:
    """Show the form that answers the comment, or add the reply.

    A reply to a reply stands below the same comment.
    """
    thread = context.thread
    if not context.is_plain:
        raise HTTPNotFound
    if not request.find_service(IRules).may_comment(thread):
        raise HTTPForbidden
    form = comment_form(request, YOUR_REPLY, begins=mention(request, context), button=_("Reply"))
    if request.method != "POST":
        return write_page(request, thread, form, YOUR_REPLY, context)
    top: Comment = context.__parent__ if context.is_reply else context
    return written(request, thread, form, YOUR_REPLY, top)


def mention(request: Request, comment: Comment) -> str:
    """Return what a reply to *comment* begins with: a mention, where it is a reply itself."""
    login = request.page.login_of(comment.owner)
    own = comment.owner == request.viewer.uid
    return f"@{login} " if comment.is_reply and login and not own else ""


@view_config(
    context=Comment,
    name="edit",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer=TEMPLATE,
)
def edit(context: Comment, request: Request) -> Any:
    """Show the form with the words of the comment, or change it, while there is time."""
    words, thread = request.find_service(ICommenting), context.thread
    if request.method != "POST" and not words.may_edit(context):
        notices.give(request, TOO_LATE, "warn")
        return HTTPSeeOther(places.place_of(request, context))
    if not permits(request, thread, VIEW):
        raise HTTPNotFound
    form = edit_form(request, context, words.body(context) or "")
    title = _("Edit the comment")
    if request.method != "POST":
        return write_page(request, thread, form, title)
    return edited(context, request, form, title)


def edited(context: Comment, request: Request, form: Form, title: Any) -> Any:
    """Change the comment to what *form* was sent with, or return the page that shows it."""
    words, thread = request.find_service(ICommenting), context.thread
    try:
        values = form.validate()
        if not words.may_edit(context):
            form.fail("body", TOO_LATE)
    except FormInvalid:
        request.response.status = 400
        return write_page(request, thread, form, title)
    if form.pressed == PREVIEW:
        form.preview = Markup(words.preview(values["body"]))  # noqa: S704  # cleaned
        return write_page(request, thread, form, title)
    count_posting(request, values["body"])
    words.edit(context, values["body"])
    request.find_service(IAttachments).take(form, context)
    if context.waits:
        notices.give(request, WAITS)
    return form.done(places.place_of(request, context))
