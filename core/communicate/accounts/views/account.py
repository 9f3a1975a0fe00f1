"""The settings of the signed-in member, one page for each subject."""

import logging
from typing import Any

import colander
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts import cookies, forms, signing
from communicate.accounts.addresses import clean
from communicate.accounts.letters import send
from communicate.accounts.limits import network
from communicate.accounts.services import AddressTaken
from communicate.accounts.subjects import page
from communicate.accounts.tokens import ADDRESS, BadToken, Tokens
from communicate.accounts.views.joining import bad_link
from communicate.content import Site
from communicate.erasure.ledger import LedgerUnusable
from communicate.interfaces import IErasure, ILimits, IMembers
from communicate.permissions import MEMBER
from communicate.web import notices
from communicate.web.forms import Button, Form, FormInvalid

_ = TranslationStringFactory("communicate")

WRONG = _("This is not your password.")
LATER = _("No account can be erased at this moment, and yours is unchanged. Try again later.")
log = logging.getLogger(__name__)


PREFERENCES = ("language", "zone", "appearance", "keys")


def confirm(form: Form, request: Any, password: str) -> None:
    """Raise FormInvalid unless *password* is the member's; no session is opened by it."""
    try:
        signing.verify(request, request.member.login, password)
    except signing.Refused:
        form.fail("present", WRONG)


@view_config(
    route_name="account",
    permission=MEMBER,
    renderer="communicate:templates/account/account.pt",
)
def account(_context: Any, request: Any) -> Any:
    """Show language, time zone, appearance and keys, or store them."""
    member = request.member
    values = {name: getattr(member, name) or "" for name in PREFERENCES}
    form = Form(forms.preferences(), request, values=values, name="settings")
    if request.method == "POST":
        try:
            chosen = form.validate()
        except FormInvalid:
            request.response.status = 400
        else:
            for name in values:
                setattr(member, name, chosen[name] or None)
            # What was chosen here counts, and no longer what this browser was told in passing.
            cookies.drop(request, "lang")
            notices.give(request, _("Saved."))
            return HTTPSeeOther("/account")
    address = request.find_service(IMembers).address_of(member)
    return page(request, "account", form=form, login=member.login, address=address)


@view_config(
    route_name="account.password",
    permission=MEMBER,
    renderer="communicate:templates/account/subject.pt",
)
def password(_context: Any, request: Any) -> Any:
    """Show the form, or change the password and end every other session."""
    form = Form(forms.setting_password(confirmed=True), request, name="password")
    if request.method == "POST":
        try:
            values = form.validate()
            confirm(form, request, values["present"])
            forms.check_password(form, request, values["password"], request.member.login)
        except FormInvalid:
            request.response.status = 400
        else:
            signing.change_password(request, values["password"])
            notices.give(request, _("Your password has changed. Every other session was ended."))
            return HTTPSeeOther("/account/password")
    lead = _("Changing it ends every other session, and a mail tells you.")
    return page(request, "account.password", form=form, lead=lead)


@view_config(
    route_name="account.address",
    permission=MEMBER,
    renderer="communicate:templates/account/subject.pt",
)
def address(_context: Any, request: Any) -> Any:
    """Show the address and a form for another one, or write to the new one."""
    buttons = [Button("send", _("Send the link"))]
    form = Form(forms.setting_address(), request, buttons, name="address")
    if request.method == "POST":
        try:
            return ask_address(form, request)
        except FormInvalid:
            request.response.status = 400
    now = request.find_service(IMembers).address_of(request.member)
    lead = _(
        "address-lead",
        default="Now: ${address}. A link goes to the new address; it counts once you open it.",
        mapping={"address": now or ""},
    )
    return page(request, "account.address", form=form, lead=lead)


def ask_address(form: Form, request: Any) -> HTTPSeeOther:
    """Write to the new address: a link, or to its owner that an account exists."""
    values = form.validate()
    confirm(form, request, values["present"])
    limits, member = request.find_service(ILimits), request.member
    limits.hit("reset_account", signing.member_key(request, member))
    limits.hit("reset_address", network(request))
    wanted = clean(values["email"])
    known = request.find_service(IMembers).by_address(wanted)
    if known is not None and known.uid != member.uid:
        send(request, "exists", known)
    else:
        secret = Tokens(request).make(ADDRESS, {"address": wanted}, member.uid)
        send(request, "address", member, f"/confirm-address?token={secret}", wanted)
    notices.give(request, _("A mail is on its way to the new address."))
    return HTTPSeeOther("/account/address")


@view_config(
    context=Site,
    name="confirm-address",
    permission=MEMBER,
    renderer="communicate:templates/account/confirm_address.pt",
)
def confirm_address(_context: Any, request: Any) -> Any:
    """Show a button, or make the new address count and tell the old one."""
    secret, member, tokens = request.GET.get("token"), request.member, Tokens(request)
    title = _("Confirm your new address")
    try:
        if tokens.look(ADDRESS, secret).uid != member.uid:
            raise BadToken("this link belongs to another member")
        if request.method != "POST":
            return {"title": title}
        wanted = tokens.use(ADDRESS, secret)["address"]
        send(request, "moved", member, to=request.find_service(IMembers).address_of(member))
        request.find_service(IMembers).set_address(member, wanted)
    except (BadToken, AddressTaken):
        return bad_link(request, title)
    notices.give(request, _("Your address has changed."))
    return HTTPSeeOther("/account/address")


@view_config(
    route_name="account.erase",
    permission=MEMBER,
    renderer="communicate:templates/account/erase.pt",
)
def erase(_context: Any, request: Any) -> Any:
    """Say what goes, or erase the account of the member who typed the password."""
    buttons = [Button("erase", _("Erase my account"), style="bad")]
    form = Form(forms.erasing(), request, buttons, name="erase")
    if request.method == "POST":
        try:
            confirm(form, request, form.validate()["present"])
            return farewell(request)
        except FormInvalid:
            request.response.status = 400
        except LedgerUnusable as error:
            log.error("an account could not be erased: %s", error)
            request.response.status = 503
            form.form.error = colander.Invalid(form.form.schema, LATER)
    return page(request, "account.erase", form=form)


def farewell(request: Any) -> HTTPSeeOther:
    """Close the account, forget its cookies, and lead to the receipt; raise LedgerUnusable."""
    code = request.find_service(IErasure).start(request.member.uid)
    cookies.drop(request, cookies.SESSION)
    cookies.drop(request, cookies.REMEMBER)
    return HTTPSeeOther(f"/erased?receipt={code}")
