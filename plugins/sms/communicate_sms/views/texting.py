"""Where text messages are: the list of conversations, and beginning one."""

from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.accounts.logins import normal
from communicate.interfaces import IContacts, IMembers
from communicate.permissions import EDIT, VIEW
from communicate.web.forms import PREVIEW, Form, FormInvalid
from communicate.web.slices import asked
from communicate.writing.counting import count_posting
from communicate_sms import numbers
from communicate_sms.content import Book, Exchange
from communicate_sms.errors import Declined
from communicate_sms.forms import new_form
from communicate_sms.interfaces import ITexts
from communicate_sms.reach import ToMember, ToNumber, may_text
from communicate_sms.views.counting import Counting
from communicate_sms.views.moments import leaving
from communicate_sms.views.shown import Shown
from communicate_sms.views.whom import Reached, read_whom

_ = TranslationStringFactory("communicate_sms")

BOOK = "sms"  # of a member's own in the member's space
OFFERED = 100  # logins that are completed
BEGIN = "communicate_sms:templates/begin.pt"
WRITE = "communicate_sms:templates/write.pt"
UNPROVEN = _("To write, first show that a number is yours.")


def book_of(request: Request) -> Book | None:
    """Return what the viewer has of text messages, None while there is nothing."""
    member = request.member
    found = None if member is None else member.get(BOOK)
    return found if isinstance(found, Book) else None


@view_config(context=Exchange, permission=VIEW, request_method="GET", renderer=BEGIN)
@view_config(context=Exchange, name="new", permission=VIEW, request_method="GET", renderer=BEGIN)
def mine(_context: Exchange, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Lead to the member's own, or say what comes first."""
    book = book_of(request)
    if book is None or (request.view_name and book.number is None):
        return {"title": _("Text messages")}
    new = "/new" if request.view_name else ""
    query = f"?{request.query_string}" if new and request.query_string else ""
    return HTTPSeeOther(f"/members/{request.page.login}/{BOOK}{new}{query}")


@view_config(
    context=Book,
    permission=VIEW,
    request_method="GET",
    renderer="communicate_sms:templates/texts.pt",
)
def conversations(context: Book, request: Request) -> dict[str, Any]:
    """Show the conversations, the one with the latest message first."""
    pane = Shown(request, context).pane(before=asked(request, "before"))
    return {"title": _("Text messages"), "pane": pane}


# Beginning one


def writing(context: Book, request: Request, form: Form) -> dict[str, Any]:
    """Return what the page shows on which somebody writes to somebody new."""
    base = Shown(request, context).base
    title = _("New text message")
    return {"title": title, "base": base, "form": form, "people": people(request)}


def form_of(context: Book, request: Request) -> Form:
    """Return the form that writes to somebody; *to* of the query is a login."""
    reached = Reached(request, f"{Shown(request, context).base}/reach")
    member = request.find_service(IMembers).by_login(normal(request.GET.get("to", "")))
    login = "" if member is None else member.login
    return new_form(request, reached.below, reached.counted, login)


def people(request: Request) -> list[str]:
    """Return the logins of the viewer's contacts who can be written to."""
    uid = request.member.uid
    found = (
        request.page.login_of(one)
        for one in request.find_service(IContacts).contacts(uid)
        if may_text(request, uid, one)
    )
    logins = [login for login, _n in zip(filter(None, found), range(OFFERED), strict=False)]
    return sorted(logins)


@view_config(context=Book, name="new", permission=VIEW, request_method="GET", renderer=WRITE)
def new(context: Book, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Show the form; who has no number is told what comes first."""
    if context.number is None:
        return HTTPSeeOther("/texting/new")
    return writing(context, request, form_of(context, request))


@view_config(context=Book, name="new", permission=EDIT, request_method="POST", renderer=WRITE)
def begin(context: Book, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Send the message; a number is first shown as it is understood."""
    form = form_of(context, request)
    try:
        values = form.validate()
        to = whom(request, form, values["to"])
        at = leaving(request, form, values["later"])
        unseen = isinstance(to, ToNumber) and values["seen"] != to.e164
        if form.pressed == PREVIEW or unseen:
            form.preview = checked(request, form, to, values["text"])
            see(form, to)
            return writing(context, request, form)
        message = send(request, form, to, values["text"], at)
    except FormInvalid:
        request.response.status = 400
        return writing(context, request, form)
    talk = message.__parent__
    done: HTTPSeeOther = form.done(f"{Shown(request, context).base}/{talk.__name__}")
    return done


def see(form: Form, to: Any) -> None:
    """Have *form* say, when it is sent again, that the number of *to* was shown."""
    if isinstance(to, ToNumber):
        form.form["seen"].cstruct = to.e164


def whom(request: Request, form: Form, written: str) -> ToNumber | ToMember:
    """Return whom *written* means; raise FormInvalid beside the field."""
    try:
        return read_whom(request, written)
    except (Declined, numbers.Unfit) as declined:
        form.fail("to", declined.reason)


def checked(request: Request, form: Form, to: Any, text: str) -> Markup:
    """Return the HTML of what would leave to *to*; raise FormInvalid where nothing would."""
    counting = Counting(request)
    try:
        found = request.find_service(ITexts).preview(request.member.uid, to, text)
    except Declined as declined:
        form.fail("to" if "to" in form.form else "text", declined.reason)
    values = {
        "number": numbers.shown(to.e164) if isinstance(to, ToNumber) and "to" in form.form else "",
        "text": found.text,
        "figures": counting.said(found.parts, None, found.price, found.left),
        "why": counting.why(found.foreign, found.parts),
    }
    html = render("communicate_sms:templates/check.pt", values, request)
    return Markup(html)  # noqa: S704  # from our template


def send(request: Request, form: Form, to: Any, text: str, at: int) -> Any:
    """Return the message that is sent; raise FormInvalid where it cannot be."""
    count_posting(request, text, "posts")
    try:
        return request.find_service(ITexts).send(request.member.uid, to, text, at)
    except Declined as declined:
        form.fail("to" if "to" in form.form else "text", declined.reason)


@view_config(context=Book, name="reach", permission=EDIT, request_method="POST")
def reach(_context: Book, request: Request) -> Response:
    """Return a piece of the page: whom what was typed means, or why nothing goes there."""
    written = request.POST.get("to", "")
    piece = Reached(request, "").piece(written if isinstance(written, str) else "")
    return Response(piece, content_type="text/html", charset="utf-8")
