"""What the buttons of contacts do: each leads back with a notice, perhaps with an undo."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.forms import local_path
from communicate.accounts.limits import count_act
from communicate.contacts import undoing
from communicate.contacts.errors import Refused
from communicate.contacts.forms import Act, CircleAct, Sort, ask_form
from communicate.contacts.views.contacts import TEMPLATE, shown
from communicate.interfaces import IBrakes, IContacts, IMembers
from communicate.permissions import MEMBER
from communicate.web import notices
from communicate.web.forms import Form, FormInvalid

_ = TranslationStringFactory("communicate")

PAGE = "/contacts"
DONE: dict[str, Any] = {
    "accept": _("${who} is your contact now."),
    "decline": _("The request is declined; ${who} is not told."),
    "withdraw": _("Your request is withdrawn."),
    "remove": _("${who} is no contact of yours any more."),
    "block": _("${who} is blocked, and is not told."),
    "unblock": _("${who} is not blocked any more."),
}
UNDOABLE = ("decline", "remove", "block")
UNDONE = _("It is as it was before.")
NOBODY = _("Nobody has this login. Look at how it is written.")


@view_config(route_name="contacts", permission=MEMBER, request_method="POST")
def act(_context: Any, request: Any) -> HTTPSeeOther:
    """Do what one button says, to one member."""
    values = sent(Act(), request)
    count_act(request, "contact_changes")
    try:
        if values["act"] == "undo":
            undoing.take_back(request, values["token"])
            notices.give(request, UNDONE)
        else:
            do(request, values["act"], values["who"], values["back"])
    except Refused as error:
        notices.give(request, error.reason, "warn")
    return HTTPSeeOther(local_path(values["back"], PAGE))


def sent(schema: Any, request: Any) -> dict[str, Any]:
    """Return the fields of a form of buttons; raise HTTPBadRequest: our pages send no other."""
    try:
        return Form(schema, request).validate()
    except FormInvalid:
        raise HTTPBadRequest from None


def do(request: Any, verb: str, login: str, back: str) -> None:
    """Do *verb* to the member of that *login*, and say so; raise Refused."""
    if verb not in DONE:
        raise HTTPBadRequest
    uid, other = request.member.uid, member_of(request, login)
    service = request.find_service(IContacts)
    circles = [each.id for each in service.circles(uid) if other.uid in each.members]
    known = service.are_contacts(uid, other.uid)
    getattr(service, verb)(uid, other.uid)
    undone = undoing.BLOCK_CONTACT if known and verb == "block" else verb
    undo = undoing.offer(request, undone, other.uid, circles, back) if verb in UNDOABLE else None
    notices.give(request, say(DONE[verb], other.login), undo=undo)


def say(sentence: Any, login: str) -> Any:
    """Return *sentence* about the member *login*."""
    return sentence % {"who": login}


def member_of(request: Any, login: str) -> Any:
    """Return the member of that *login*; raise HTTPNotFound."""
    found = request.find_service(IMembers).by_login(login)
    if found is None:
        raise HTTPNotFound
    return found


@view_config(
    route_name="contacts.ask",
    permission=MEMBER,
    renderer="communicate:templates/contacts/ask.pt",
)
def ask(_context: Any, request: Any) -> Any:
    """Show the form, or ask somebody to be a contact."""
    given = {name: request.GET.get(name, "") for name in ("who", "back")}
    form = ask_form(request, given["who"][:40], local_path(given["back"], PAGE))
    if request.method == "POST":
        try:
            return asked(form, request)
        except FormInvalid:
            request.response.status = 400
    return {"title": _("Ask somebody to be your contact"), "form": form}


def asked(form: Form, request: Any) -> Any:
    """Ask who is named in *form*; raise FormInvalid."""
    values = form.validate()
    other = request.find_service(IMembers).by_login(values["who"])
    if other is None:
        form.fail("who", NOBODY)
    service, uid = request.find_service(IContacts), request.member.uid
    count_act(request, "contact_requests")
    request.find_service(IBrakes).hit("requests")
    try:
        service.request(uid, other.uid, values["note"])
    except Refused as error:
        form.fail("who", error.reason)
    known = service.are_contacts(uid, other.uid)
    sentence = DONE["accept"] if known else _("Your request is on its way to ${who}.")
    notices.give(request, say(sentence, other.login))
    return form.done(local_path(values["back"], PAGE))


@view_config(
    route_name="contacts.circles", permission=MEMBER, request_method="POST", renderer=TEMPLATE
)
def circles(_context: Any, request: Any) -> Any:
    """Make, rename or delete a circle."""
    form = Form(CircleAct(), request)
    try:
        values = form.validate()
        count_act(request, "contact_changes")
        change_circle(request, values)
    except (FormInvalid, Refused) as error:
        request.response.status = 400
        reason = error.reason if isinstance(error, Refused) else form.errors[0][1][0]
        name = request.POST.get("name") if request.POST.get("act") == "make" else ""
        return shown(request, {"reason": reason, "name": name})
    return form.done(local_path(values["back"], PAGE))


def change_circle(request: Any, values: dict[str, Any]) -> None:
    """Do what the form of a circle says; raise Refused."""
    service, uid = request.find_service(IContacts), request.member.uid
    number = int(values["circle"]) if values["circle"].isdecimal() else 0
    if values["act"] == "make":
        service.make_circle(uid, values["name"])
        notices.give(request, _("The circle is there: put contacts into it."))
    elif values["act"] == "rename":
        service.rename_circle(uid, number, values["name"])
        notices.give(request, _("The circle has another name."))
    elif values["act"] == "delete":
        service.drop_circle(uid, number)
        notices.give(request, _("The circle is deleted."))
    else:
        raise HTTPBadRequest


@view_config(route_name="contacts.sort", permission=MEMBER, request_method="POST")
def sort(_context: Any, request: Any) -> HTTPSeeOther:
    """Put one contact into some circles, and out of the others."""
    values = sent(Sort(), request)
    count_act(request, "contact_changes")
    service, uid = request.find_service(IContacts), request.member.uid
    own = {str(each.id): each.id for each in service.circles(uid)}
    chosen = request.POST.getall("circles")
    if not all(isinstance(each, str) and each in own for each in chosen):
        raise HTTPBadRequest
    try:
        other = member_of(request, values["who"])
        service.set_circles(uid, other.uid, {own[each] for each in chosen})
        notices.give(request, say(_("Saved for ${who}."), other.login))
    except Refused as error:
        notices.give(request, error.reason, "warn")
    return HTTPSeeOther(local_path(values["back"], PAGE))
