"""The page from which a member's own mail programs are set up, and what it hands out."""

from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.factors import shown
from communicate.interfaces import IAppPasswords
from communicate.permissions import EDIT
from communicate.web import fields
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate_email.content import SCOPE, Account
from communicate_email.identities import Identities
from communicate_email.programs import apple
from communicate_email.programs.guides import guides
from communicate_email.programs.servers import (
    IMAP,
    POP3,
    SMTP,
    STARTTLS,
    TLS,
    Server,
    Servers,
    servers,
)
from communicate_email.views.desk import Desk
from communicate_email.views.lists import side

_ = TranslationStringFactory("communicate_email")

TITLE = _("Set up your mail program")
PROFILE = "profile.mobileconfig"
KINDS = {IMAP: _("Receiving: IMAP"), POP3: _("Receiving: POP3"), SMTP: _("Sending: SMTP")}
SECURITIES = {TLS: "SSL/TLS", STARTTLS: "STARTTLS"}


def password_form(desk: Desk, path: str) -> Form:
    """Return the form by which an app password is made."""
    schema = Schema()
    title = desk.request.localizer.translate(_("Mail program"))
    help_ = _("Such as the program and the device. Only you see it.")
    schema.add(fields.line(_("What it is for"), name="title", longest=60, help=help_))
    schema.add(fields.password(_("Present password"), name="present"))
    buttons = [Button("make", _("Make an app password"))]
    return Form(
        schema, desk.request, buttons, values={"title": title}, action=path, name="program"
    )


def person(desk: Desk) -> apple.Person:
    """Return whose account a program is to have: with the password, while that is shown."""
    address = desk.addresses[0]
    name = Identities(desk.request, desk.account).of(address).name
    new = shown.find(desk.request, SCOPE)
    return apple.Person(name, address, "" if new is None else new.secret)


@view_config(
    context=Account,
    name="programs",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer="communicate_email:templates/programs.pt",
)
def programs(context: Account, request: Request) -> Any:
    """Show what a program asks for, and make an app password for one."""
    if request.subpath:
        raise HTTPNotFound
    desk = Desk(request, context)
    path, there = f"{desk.base}/programs", servers(request.registry.settings)
    form = password_form(desk, path)
    if request.method == "POST" and not there.all:
        raise HTTPNotFound
    if request.method == "POST":
        if "kept" in request.POST:
            shown.kept(request)
            return HTTPSeeOther(path)
        try:
            title = form.validate()["title"]
            shown.make(form, request, title, [SCOPE])
            return form.done(f"{path}#password")
        except FormInvalid:
            request.response.status = 400
    return {
        "title": TITLE,
        "side": side(desk),
        "desk": desk,
        "path": path,
        "address": desk.addresses[0],
        "rows": rows(there),
        "there": there,
        "form": form,
        "new": shown.find(request, SCOPE),
        "profile": has_profile(there) and f"{desk.base}/{PROFILE}",
        "vouched": apple.signed(b"", request.registry.settings) is not None,
        "guides": guides(there, person(desk)),
        "used": [
            row
            for row in request.find_service(IAppPasswords).of(desk.uid)
            if SCOPE in row["scopes"]
        ],
    }


class Row(NamedTuple):
    """All servers of one kind: what they are called, and where they are."""

    kind: str
    title: Any
    host: str
    servers: list[Server]

    def security(self, one: Server) -> str:
        """Return how *one* is encrypted, as programs call it."""
        return SECURITIES[one.security]


def rows(there: Servers) -> list[Row]:
    """Return a row for each kind of server that there is."""
    found = [(kind, title, there.of(kind)) for kind, title in KINDS.items()]
    return [Row(kind, title, some[0].host, some) for kind, title, some in found if some]


def has_profile(there: Servers) -> bool:
    """Tell whether Apple's programs can be set up by a file: they want both ways."""
    return there.reading is not None and there.writing is not None


@view_config(context=Account, name=PROFILE, permission=EDIT, request_method="GET")
def profile(context: Account, request: Request) -> Response:
    """Hand out the file that sets up iPhone, iPad and Mac."""
    settings, desk = request.registry.settings, Desk(request, context)
    there = servers(settings)
    if request.subpath or there.reading is None or there.writing is None:
        raise HTTPNotFound
    say, site, own = request.localizer.translate, settings["communicate.name"], person(desk)
    words = {
        "title": say(_("Mail of ${site}", mapping={"site": site})),
        "text": say(_("Sets up ${address}.", mapping={"address": own.address})),
    }
    raw = apple.profile(site, words, own, there.reading, there.writing)
    body = apple.signed(raw, settings) or raw
    response = Response(body, content_type=apple.MEDIA, charset=None)
    response.headers["Content-Disposition"] = 'attachment; filename="mail.mobileconfig"'
    response.headers["Cache-Control"] = "no-store"
    return response
