"""The page of one's addresses: the login's, further ones, and those to be given away."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate import clock
from communicate.accounts.limits import count_act
from communicate.ids import decode, encode
from communicate.notifications.plans import zone_of
from communicate.permissions import EDIT
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.i18n import PluralFactory
from communicate.web.notices import Undo
from communicate_email.content import Account, Alias
from communicate_email.errors import Refused
from communicate_email.interfaces import IAddresses
from communicate_email.views.desk import Desk
from communicate_email.views.lists import side

_ = TranslationStringFactory("communicate_email")

_n = PluralFactory("communicate_email")

SHOP = _("shop")
CAME = _n("${n} message came", "${n} messages came")
LONGEST_NOTE = 200
FARTHEST = timedelta(days=3660)
SAID = {
    "off": _("Nothing comes in by this address any more."),
    "on": _("What is sent to this address comes in again."),
    "remove": _("The address is removed. Nobody else ever gets it, and you do not either."),
    "restore": _("The address is yours again."),
}


class Row(NamedTuple):
    """An address as the page shows it."""

    id: str
    address: str
    note: str
    alias: Alias
    until: date | None  # its last day
    over: bool  # whether that is past


class Book:
    """The addresses of the member whose *desk* it is."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.request = desk, desk.request
        self.addresses: Any = desk.request.find_service(IAddresses)
        self.path = f"{desk.base}/addresses"
        self.zone = zone_of(desk.request, desk.request.member)
        self.now = clock.milliseconds(clock.now(desk.request))

    def rows(self) -> list[Row]:
        """Return all further addresses, the newest first."""
        domain = self.request.registry.settings["email.domain"]
        held = self.addresses.aliases(self.desk.uid)
        return [self._row(alias, name, domain) for alias, name in held][::-1]

    def _row(self, alias: Alias, name: str, domain: str) -> Row:
        until = None
        if alias.expires:
            end = datetime.fromtimestamp(alias.expires / 1000, UTC).astimezone(self.zone)
            until = (end - timedelta(seconds=1)).date()
        note = self.addresses.note(alias)
        over = bool(alias.expires) and alias.expires <= self.now
        return Row(encode(alias.id), f"{name}@{domain}", note, alias, until, over)

    def one(self, code: Any) -> Row:
        """Return the address with that id; 404 where there is none."""
        try:
            number = decode(code)
        except (ValueError, TypeError):
            raise HTTPNotFound from None
        for row in self.rows():
            if row.alias.id == number:
                return row
        raise HTTPNotFound

    def end_of(self, form: Form, day: date | None) -> int:
        """Return the moment (ms) at which *day* is over, 0 for none; raise FormInvalid."""
        if day is None:
            return 0
        today = clock.now(self.request).astimezone(self.zone).date()
        if day < today:
            form.fail("until", _("This day is over: choose a later one."))
        if day > today + FARTHEST:
            form.fail("until", _("This is more than ten years away: choose a nearer day."))
        return clock.milliseconds(datetime.combine(day + timedelta(days=1), time(), self.zone))


def alias_form(book: Book) -> Form:
    """Return the form for a further address."""
    schema = Schema()
    domain = book.request.registry.settings["email.domain"]
    schema.add(
        fields.line(
            _("Name before the @"), longest=64, name="name",
            help=_("It becomes …@${domain}.", mapping={"domain": domain}),
            attributes={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
        )
    )  # fmt: skip
    buttons = [Button("add", _("Add the address"))]
    return Form(schema, book.request, buttons, action=book.path, name="alias")


def disposable_form(book: Book, path: str, button: Button, values: dict[str, Any]) -> Form:
    """Return the form for an address to be given away."""
    schema = Schema()
    note = _("For yourself: to whom you give it.")
    schema.add(
        fields.line(_("Note"), longest=LONGEST_NOTE, name="note", required=False, help=note)
    )
    last = _("Empty: until you turn it off.")
    schema.add(fields.day(_("Last day"), name="until", required=False, help=last))
    return Form(schema, book.request, [button], values=values, action=path, name="made")


@view_config(
    context=Account,
    name="addresses",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer="communicate_email:templates/addresses.pt",
)
def addresses(context: Account, request: Request) -> Any:
    """Show all addresses; add one, make one to be given away, turn one off."""
    if request.subpath:
        raise HTTPNotFound
    desk = Desk(request, context)
    book = Book(desk)
    alias, made = (
        alias_form(book),
        disposable_form(book, book.path, Button("make", _("Make an address")), {}),
    )
    if request.method == "POST" and "act" in request.POST:
        return act(book)
    if request.method == "POST":
        try:
            return add(book, alias) if "name" in request.POST else make(book, made)
        except FormInvalid:
            request.response.status = 400
    rows = book.rows()
    settings = request.registry.settings
    login = desk.base.split("/")[2]
    return {
        "title": _("Addresses"),
        "side": side(desk),
        "desk": desk,
        "path": book.path,
        "own": [f"{login}@{domain}" for domain in book.addresses.domains],
        "sub": f"{login}+{request.page.say(SHOP)}@{settings['email.domain']}",
        "aliases": [row for row in rows if not row.alias.disposable],
        "disposables": [row for row in rows if row.alias.disposable],
        "alias_form": alias,
        "made_form": made,
        "came": CAME,
        "most": settings["email.aliases"],
        "most_made": settings["email.disposables"],
    }


def add(book: Book, form: Form) -> HTTPSeeOther:
    """Give the member the address that the form names; raise FormInvalid."""
    values = form.validate()
    count_act(book.request, "email.aliasing")
    try:
        book.addresses.add_alias(book.desk.uid, values["name"])
    except Refused as error:
        form.fail("name", error.reason)
    notices.give(book.request, _("The address is yours: what is sent to it comes in."))
    done: HTTPSeeOther = form.done(book.path)
    return done


def make(book: Book, form: Form) -> HTTPSeeOther:
    """Make an address to be given away; raise FormInvalid."""
    values = form.validate()
    expires = book.end_of(form, values["until"])
    count_act(book.request, "email.aliasing")
    try:
        book.addresses.add_disposable(book.desk.uid, values["note"], expires)
    except Refused as error:
        form.fail(None, error.reason)
    notices.give(book.request, _("The address is made: it is on top of the list."))
    done: HTTPSeeOther = form.done(book.path)
    return done


def act(book: Book) -> HTTPSeeOther:
    """Do what a button beside an address says."""
    request, verb = book.request, book.request.POST.get("act")
    uid, code = book.desk.uid, request.POST.get("address")
    if verb == "restore":
        try:
            number = decode(code)
        except (ValueError, TypeError):
            raise HTTPBadRequest from None
        if book.addresses.restore(uid, number):
            notices.give(request, SAID["restore"])
        else:
            notices.give(request, _("It was too late to take this back."), "warn")
        return HTTPSeeOther(book.path)
    row, undo = book.one(code), None
    if verb in ("on", "off"):
        book.addresses.set_closed(uid, row.alias.id, verb == "off")
    elif verb == "remove":
        book.addresses.remove(uid, row.alias.id)
        undo = Undo(book.path, {"act": "restore", "address": row.id})
    else:
        raise HTTPBadRequest
    notices.give(request, SAID[verb], undo=undo)
    return HTTPSeeOther(book.path)


@view_config(
    context=Account,
    name="address",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer="communicate_email:templates/address.pt",
)
def address(context: Account, request: Request) -> Any:
    """Change the note and the last day of an address that is given away."""
    desk = Desk(request, context)
    book = Book(desk)
    row = book.one(request.subpath[0] if len(request.subpath) == 1 else None)
    if not row.alias.disposable:
        raise HTTPNotFound
    values = {"note": row.note, "until": row.until}
    path = f"{desk.base}/address/{row.id}"
    form = disposable_form(book, path, Button("save", _("Save")), values)
    if request.method == "POST":
        try:
            found = form.validate()
            same = found["until"] == row.until and row.over
            expires = row.alias.expires if same else book.end_of(form, found["until"])
            book.addresses.change(desk.uid, row.alias.id, found["note"], expires)
        except FormInvalid:
            request.response.status = 400
        else:
            notices.give(request, _("The address is changed."))
            return form.done(book.path)
    return {"title": row.address, "side": side(desk), "form": form, "back": book.path}
