"""The member's second factors: an authenticator app, passkeys, recovery codes.

What is made is shown once: from the form that made it until the member has kept it, or for ten
minutes, in the session that made it and nowhere else.
"""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate import clock
from communicate.accounts import signing
from communicate.accounts.subjects import page
from communicate.accounts.views.account import confirm
from communicate.factors import forms, totp
from communicate.factors.further import FurtherSteps
from communicate.factors.passkeys import BadPasskey, place
from communicate.factors.services import APP, TooManyPasskeys
from communicate.factors.waits import ADDING, CODES, TOTP, Waits
from communicate.ids import decode
from communicate.interfaces import IFactors, ILimits
from communicate.permissions import MEMBER
from communicate.web import notices
from communicate.web.forms import Button, Form, FormInvalid

_ = TranslationStringFactory("communicate")

HOME = "/account/second-factor"
CODES_PAGE = f"{HOME}/codes"
WRONG_CODE = _("This code is wrong. Look whether the clock of your device is right.")
BAD_PASSKEY = _("This passkey cannot be used: it is known already, or took too long. Try again.")
FULL = _("There are as many passkeys as can be kept. Remove one first.")


def asked(form: Form, request: Any) -> dict[str, Any]:
    """Return the values of *form*, whose password is right; raise FormInvalid or TooMany."""
    values = form.validate()
    confirm(form, request, values["present"])
    key = signing.member_key(request, request.member)
    request.find_service(ILimits).hit("factor_changes", key)
    return values


def added(request: Any, codes: list[str], said: Any) -> HTTPSeeOther:
    """Show new recovery codes where there are some, else the overview."""
    notices.give(request, said)
    if not codes:
        return HTTPSeeOther(HOME)
    Waits(request).set_up(CODES, {"codes": codes})
    return HTTPSeeOther(CODES_PAGE)


@view_config(
    route_name="account.second",
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/account/second_factor.pt",
)
def overview(_context: Any, request: Any) -> dict[str, Any]:
    """Show what the second step of signing in is."""
    factors, uid = request.find_service(IFactors), request.member.uid
    held = factors.of(uid)
    return page(
        request,
        "account.second",
        on=factors.is_set(uid),
        app_since=held.totp_since if held is not None and held.totp is not None else None,
        passkeys=factors.rows(uid),
        left=factors.codes_left(uid),
        usable=place(request.registry.settings).usable,
        app_key=APP,
        further=FurtherSteps(request, request.member).rows,
    )


@view_config(
    route_name="account.second.app",
    permission=MEMBER,
    renderer="communicate:templates/account/second_app.pt",
)
def app(_context: Any, request: Any) -> Any:
    """Ask for the password, show the secret, and keep it once one of its codes was right."""
    waits = Waits(request)
    waiting = waits.find(TOTP)
    secret = "" if waiting is None else waits.payload(waiting)["secret"]
    schema = forms.code(at_once=False) if secret else forms.confirming()
    button = Button("save", _("Turn on")) if secret else Button("go", _("Go on"))
    form = Form(schema, request, [button], name="app")
    if request.method == "POST":
        try:
            return keep_app(form, request, secret) if secret else begin_app(form, request)
        except FormInvalid:
            request.response.status = 400
    site = request.registry.settings["communicate.name"]
    link = totp.address(secret, request.member.login, site) if secret else ""
    return page(
        request,
        "account.second",
        form=form,
        link=link,
        picture=totp.picture(link) if link else "",
        secret=totp.grouped(secret),
    )


def begin_app(form: Form, request: Any) -> HTTPSeeOther:
    """Make a secret for who knows the password."""
    asked(form, request)
    Waits(request).set_up(TOTP, {"secret": totp.new_secret()})
    return HTTPSeeOther(request.path)


def keep_app(form: Form, request: Any, secret: str) -> HTTPSeeOther:
    """Keep *secret*: the member's app shows the right code."""
    step = totp.accepted(secret, form.validate()["code"], clock.now(request), 0)
    if step is None:
        form.fail("code", WRONG_CODE)
    Waits(request).end(TOTP)
    codes = request.find_service(IFactors).set_totp(request.member, secret, step)
    return added(request, codes, _("Your authenticator app is set up."))


@view_config(
    route_name="account.second.passkey",
    permission=MEMBER,
    renderer="communicate:templates/account/second_passkey.pt",
)
def passkey(_context: Any, request: Any) -> Any:
    """Ask for the password and a name, then have the browser make a passkey, and keep it."""
    where = place(request.registry.settings)
    if not where.usable:
        raise HTTPNotFound
    factors, member = request.find_service(IFactors), request.member
    waiting = Waits(request).find(ADDING)
    schema = forms.naming() if waiting is None else forms.passkey()
    title = _("Go on") if waiting is None else _("Make the passkey")
    icon = "" if waiting is None else "fingerprint"
    form = Form(schema, request, [Button("save", title, icon=icon)], name="passkey")
    if request.method == "POST":
        try:
            return begin_key(form, request) if waiting is None else keep_key(form, request)
        except FormInvalid:
            request.response.status = 400
    question = ""
    if waiting is not None:
        handle, known = factors.handle(member.uid), factors.credentials(member.uid)
        question = where.creation(waiting.challenge, handle, member.login, known)
    return page(request, "account.second", form=form, question=question)


def begin_key(form: Form, request: Any) -> HTTPSeeOther:
    """Ask this browser, once, for a passkey of the name in *form*."""
    Waits(request).set_up(ADDING, {"name": asked(form, request)["name"]})
    return HTTPSeeOther(request.path)


def keep_key(form: Form, request: Any) -> HTTPSeeOther:
    """Keep the passkey that the browser made."""
    waits, answer = Waits(request), form.validate()["credential"]
    waiting = waits.find(ADDING)
    try:
        if waiting is None:
            raise BadPasskey("that took too long")
        where = place(request.registry.settings)
        credential, counter = where.created(answer, waiting.challenge)
        codes = request.find_service(IFactors).add_passkey(
            request.member, waits.payload(waiting)["name"], credential, counter
        )
    except BadPasskey:
        form.fail(None, BAD_PASSKEY)
    except TooManyPasskeys:
        form.fail(None, FULL)
    waits.end(ADDING)
    return added(request, codes, _("Your passkey is kept."))


@view_config(
    route_name="account.second.codes",
    permission=MEMBER,
    renderer="communicate:templates/account/second_codes.pt",
)
def codes(_context: Any, request: Any) -> Any:
    """Show new recovery codes until they are kept, or make new ones for who knows the password."""
    waits, factors, member = Waits(request), request.find_service(IFactors), request.member
    waiting = waits.find(CODES)
    if waiting is None and not factors.is_set(member.uid):
        return HTTPSeeOther(HOME)
    shown = [] if waiting is None else waits.payload(waiting)["codes"]
    form = Form(forms.confirming(), request, [Button("make", _("Make new codes"))], name="codes")
    if request.method == "POST" and shown:
        waits.end(CODES)
        return HTTPSeeOther(HOME)
    if request.method == "POST":
        try:
            asked(form, request)
            new = factors.renew_codes(member)
            return added(request, new, _("The old recovery codes work no more."))
        except FormInvalid:
            request.response.status = 400
    left = factors.codes_left(member.uid)
    return page(request, "account.second", form=form, codes=shown, left=left)


@view_config(
    route_name="account.second.remove",
    permission=MEMBER,
    renderer="communicate:templates/account/second_remove.pt",
)
def remove(_context: Any, request: Any) -> Any:
    """Name what goes and ask for the password, or take it away."""
    factors, uid = request.find_service(IFactors), request.member.uid
    key = request.GET.get("key", "")
    held, rows = factors.of(uid), factors.rows(uid)
    row = next((row for row in rows if row["key"] == key), None)
    has_app = held is not None and held.totp is not None
    if row is None and not (key == APP and has_app):
        raise HTTPNotFound
    last = len(rows) + has_app == 1
    buttons = [Button("remove", _("Remove"), style="bad")]
    form = Form(forms.confirming(), request, buttons, name="remove")
    if request.method == "POST":
        try:
            asked(form, request)
            factors.remove(request.member, None if row is None else decode(key))
            notices.give(request, _("It is removed."))
            return HTTPSeeOther(HOME)
        except FormInvalid:
            request.response.status = 400
    name = None if row is None else row["name"]
    return page(request, "account.second", form=form, name=name, last=last)


@view_config(
    route_name="account.second.off",
    permission=MEMBER,
    renderer="communicate:templates/account/second_off.pt",
)
def off(_context: Any, request: Any) -> Any:
    """Ask for the password, or switch the second step off."""
    factors = request.find_service(IFactors)
    if not factors.is_set(request.member.uid):
        return HTTPSeeOther(HOME)
    buttons = [Button("off", _("Turn off"), style="bad")]
    form = Form(forms.confirming(), request, buttons, name="off")
    if request.method == "POST":
        try:
            asked(form, request)
            factors.switch_off(request.member)
            notices.give(request, _("Your password alone opens your account again."), "warn")
            return HTTPSeeOther(HOME)
        except FormInvalid:
            request.response.status = 400
    return page(request, "account.second", form=form)
