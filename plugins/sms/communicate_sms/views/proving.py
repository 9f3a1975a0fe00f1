"""How a number is proven, changed and removed: written, shown as it is understood, then a code."""

from typing import Any

from babel import Locale
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.accounts.views.account import confirm
from communicate.permissions import MEMBER
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate_sms import numbers
from communicate_sms.errors import Declined
from communicate_sms.interfaces import INumbers

_ = TranslationStringFactory("communicate_sms")

ROUTE, HOME = "account.sms", "/account/sms"
NUMBER, CODE, REMOVE = f"{HOME}/number", f"{HOME}/code", f"{HOME}/remove"
TEMPLATE = "communicate_sms:templates/proving.pt"
ONE_TIME = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
WRONG = _(
    "wrong-code",
    default="This does not work: the code is wrong or too old, or the number cannot be used "
    "here. Look again at the newest message.",
)
OVER = _("That was one time too many, or too late. Ask for a new code.")


# The forms


def number_form(request: Request) -> Form:
    """Return the form that asks for a number."""
    region = request.registry.settings["sms.region"]
    place = {"country": country_name(request, region)}
    schema = Schema()
    schema.add(
        fields.line(
            _("Number of your mobile telephone"),
            longest=numbers.LONGEST,
            kind="tel",
            name="number",
            attributes={"autocomplete": "tel"},
            help=_("Outside ${country}, with + and the code of the country.", mapping=place),
        )
    )
    return Form(schema, request, [Button("go", _("Go on"))], action=NUMBER, name="number")


def sure_form(request: Request, e164: str) -> Form:
    """Return the form that has a code sent to *e164*; who changes a number is asked who it is."""
    schema = Schema()
    if request.find_service(INumbers).of(request.member.uid) is not None:
        schema.add(fields.password(_("Present password"), name="present"))
    schema.add(fields.hidden(name="number", longest=numbers.LONGEST, required=True))
    buttons = [Button("send", _("Send the code"), icon="send")]
    return Form(schema, request, buttons, values={"number": e164}, action=NUMBER, name="sure")


def code_form(request: Request) -> Form:
    """Return the form for the code."""
    schema = Schema()
    help_ = _("Six digits. They are good for ten minutes.")
    schema.add(fields.line(_("Code"), name="code", longest=40, attributes=ONE_TIME, help=help_))
    return Form(schema, request, [Button("prove", _("This number is mine"))], name="code")


def country_name(request: Request, region: str) -> str:
    """Return how the country *region* is called in the viewer's language."""
    locale: Locale = request.page.formats.locale
    return str(locale.territories.get(region, region))


# The pages


@view_config(route_name=f"{ROUTE}.number", permission=MEMBER, renderer=TEMPLATE)
def number(_context: Any, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Ask for a number, show what is understood, or send a code to it."""
    if request.method != "POST":
        return shown(request, number_form(request))
    return send(request) if "send" in request.POST else understand(request)


def understand(request: Request) -> dict[str, Any]:
    """Show the number as it is understood, before it is used."""
    form = number_form(request)
    service: Any = request.find_service(INumbers)
    try:
        written = form.validate()["number"]
        try:
            e164 = service.read(request.member, written)
        except (Declined, numbers.Unfit) as error:
            form.fail("number", error.reason)
    except FormInvalid:
        request.response.status = 400
        return shown(request, form)
    return shown(request, sure_form(request, e164), asked=e164)


def send(request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Send a code to the number that was shown."""
    service: Any = request.find_service(INumbers)
    written = request.POST.get("number")
    try:
        e164 = service.read(request.member, written if isinstance(written, str) else "")
    except (Declined, numbers.Unfit):
        return understand(request)
    form = sure_form(request, e164)
    try:
        values = form.validate()
        if "present" in values:
            confirm(form, request, values["present"])
        try:
            service.begin(request.member, e164)
        except Declined as error:
            form.fail(None, error.reason)
    except FormInvalid:
        request.response.status = 400
        return shown(request, form, asked=e164)
    done: HTTPSeeOther = form.done(CODE)
    return done


@view_config(route_name=f"{ROUTE}.code", permission=MEMBER, renderer=TEMPLATE)
def code(_context: Any, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Ask for the code; send another one, or give up."""
    service: Any = request.find_service(INumbers)
    e164 = service.awaits(request.member.uid)
    if e164 is None:
        if request.method == "POST":
            notices.give(request, OVER, "warn")
        return HTTPSeeOther(HOME)
    if "again" in request.POST:
        return again(request, service, e164)
    if "cancel" in request.POST:
        service.cancel(request.member)
        return HTTPSeeOther(HOME)
    form = code_form(request)
    if request.method == "POST":
        try:
            return prove(request, service, form)
        except FormInvalid:
            request.response.status = 400
    return shown(request, form, sent=e164)


def again(request: Request, service: Any, e164: str) -> HTTPSeeOther:
    """Send another code to the same number, where that may be."""
    try:
        service.begin(request.member, e164)
    except Declined as error:
        notices.give(request, error.reason, "warn")
    else:
        notices.give(request, _("Another code is on its way. The one before works no more."))
    return HTTPSeeOther(CODE)


def prove(request: Request, service: Any, form: Form) -> HTTPSeeOther:
    """Make the number the member's by the code in *form*; raise FormInvalid where it is wrong."""
    if service.prove(request.member, form.validate()["code"]):
        notices.give(request, _("The number is yours here. Say who may write to it."))
        done: HTTPSeeOther = form.done(HOME)
        return done
    if service.awaits(request.member.uid) is not None:
        form.fail("code", WRONG)
    notices.give(request, OVER, "warn")
    return HTTPSeeOther(HOME)


@view_config(
    route_name=f"{ROUTE}.remove",
    permission=MEMBER,
    renderer="communicate:templates/account/subject.pt",
)
def remove(_context: Any, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Ask for the password, or forget the number."""
    service: Any = request.find_service(INumbers)
    e164 = service.of(request.member.uid)
    if e164 is None:
        return HTTPSeeOther(HOME)
    schema = Schema()
    schema.add(fields.password(_("Present password"), name="present"))
    buttons = [Button("remove", _("Remove the number"), style="bad")]
    form = Form(schema, request, buttons, name="remove")
    if request.method == "POST":
        try:
            confirm(form, request, form.validate()["present"])
        except FormInvalid:
            request.response.status = 400
        else:
            service.remove(request.member)
            notices.give(request, _("The number is removed."))
            return HTTPSeeOther(HOME)
    lead = _(
        "remove-lead",
        default="${number} is forgotten here: nobody can write to it any more, and no code comes "
        "to it. A last message tells it so.",
        mapping={"number": numbers.shown(e164)},
    )
    return page(request, ROUTE, form=form, lead=lead)


def shown(request: Request, form: Form, *, asked: str = "", sent: str = "") -> dict[str, Any]:
    """Return what a step shows: *form*, and the number *asked* about or that a code was *sent* to.

    Of a number that is about to be used, the country is named.
    """
    return page(
        request,
        ROUTE,
        form=form,
        asked=numbers.shown(asked) if asked else "",
        country=country_name(request, numbers.country(asked)) if asked else "",
        sent=numbers.shown(sent) if sent else "",
    )
