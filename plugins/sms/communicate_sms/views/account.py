"""``/account/sms``: the member's number, who sees it, who may write to it, and announcements."""

from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.audience import LEVELS, PRIVATE
from communicate.contacts.open_to import audience_of
from communicate.permissions import MEMBER
from communicate.privacy.interfaces import IConsents
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.visible import logins_in
from communicate_sms import numbers
from communicate_sms.announcing import ANNOUNCEMENTS
from communicate_sms.books import book_of
from communicate_sms.interfaces import INumbers
from communicate_sms.views.proving import HOME, ROUTE, number_form
from communicate_sms.views.space import call

_ = TranslationStringFactory("communicate_sms")

TEMPLATE = "communicate_sms:templates/account.pt"
LONGEST_PEOPLE = 2000
WHO = {
    "private": _("Nobody"),
    "contacts": _("My contacts"),
    "chosen": _("My contacts, and the people named below"),
    "members": _("All members"),
}


def includeme(config: Configurator) -> None:
    """Offer the pages of settings about numbers."""
    config.add_route(ROUTE, HOME)
    for name in ("number", "code", "remove"):
        config.add_route(f"{ROUTE}.{name}", f"{HOME}/{name}")
    config.add_member_act(call)
    config.add_account_subject(ROUTE, "phone", _("Text messages"), weight=57)


def choices_form(request: Request) -> Form:
    """Return the form that says who sees the number, and who may write to it."""
    book = book_of(request, request.member.uid)
    shown_to = book.number.shown_to if book is not None and book.number is not None else PRIVATE
    open_to = PRIVATE if book is None else book.open_to
    schema = Schema()
    schema.add(fields.audience(_("Who sees your number"), levels=LEVELS[:-1], name="shown"))
    schema.add(
        fields.choice(
            _("Who may write to you by text message"),
            tuple(WHO.items()),
            name="who",
            help=_("They do not need to see your number: the site sends what they write."),
        )
    )
    schema.add(
        fields.line(
            _("The people named"),
            longest=LONGEST_PEOPLE,
            name="people",
            required=False,
            help=_("Logins, with commas between them."),
            attributes={"data-people": "/people", "data-remove": "–", "autocapitalize": "none"},
        )
    )
    values = {
        "shown": shown_to,
        "who": open_to.level,
        "people": ", ".join(logins_in(request, open_to)),
    }
    return Form(schema, request, [Button("save", _("Save"))], values=values, name="choices")


def shown(request: Request, choices: Form) -> dict[str, Any]:
    """Return what the page shows."""
    uid = request.member.uid
    service: Any = request.find_service(INumbers)
    e164, awaits = service.of(uid), service.awaits(uid)
    book = book_of(request, uid)
    acts = request.find_service(IConsents).history(uid)
    return page(
        request,
        ROUTE,
        number=numbers.shown(e164) if e164 else "",
        proven=book.number.proven if e164 and book is not None and book.number else None,
        awaits=numbers.shown(awaits) if awaits else "",
        sends=bool(request.registry.settings["sms.ways"]),
        form=choices if e164 else number_form(request),
        purpose=ANNOUNCEMENTS,
        consent=next((act for act in reversed(acts) if act.purpose == ANNOUNCEMENTS), None),
    )


@view_config(route_name=ROUTE, permission=MEMBER, request_method="GET", renderer=TEMPLATE)
def settings(_context: Any, request: Request) -> dict[str, Any]:
    """Show the member's number and choices, or ask for a number."""
    return shown(request, choices_form(request))


@view_config(route_name=ROUTE, permission=MEMBER, request_method="POST", renderer=TEMPLATE)
def change(_context: Any, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Keep what the member chooses, or says of announcements."""
    if "give" in request.POST or "withdraw" in request.POST:
        return consent(request)
    form = choices_form(request)
    service: Any = request.find_service(INumbers)
    try:
        values = form.validate()
        open_to = audience_of(request, form, values)
    except FormInvalid:
        request.response.status = 400
        return shown(request, form)
    if service.of(request.member.uid) is None:
        raise HTTPBadRequest  # the form stands beside a number, which is gone meanwhile
    service.choose(request.member, shown_to=values["shown"], open_to=open_to)
    notices.give(request, _("Saved."))
    done: HTTPSeeOther = form.done(HOME)
    return done


def consent(request: Request) -> HTTPSeeOther:
    """Give or withdraw the consent to announcements."""
    service, uid = request.find_service(IConsents), request.member.uid
    if request.POST.get("give") == ANNOUNCEMENTS:
        service.give(uid, ANNOUNCEMENTS)
        notices.give(request, _("You consent from now on."))
    elif request.POST.get("withdraw") == ANNOUNCEMENTS:
        service.withdraw(uid, ANNOUNCEMENTS)
        notices.give(request, _("You no longer consent."))
    else:
        raise HTTPBadRequest
    return HTTPSeeOther(HOME)
