"""Choosing a thing of one's own to which a link is put into a draft, and making the link."""

from datetime import timedelta
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.passwords import WeakPassword, check_strength
from communicate.clock import milliseconds, now
from communicate.permissions import MEMBER
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.writing import LINK
from communicate.writing.drafting import clipped
from communicate.writing.interfaces import IDrafts
from communicate.writing.linking import CannotLink, Made, Thing, Wish, inserted, offers
from communicate.writing.views.drafts import local_place

_ = TranslationStringFactory("communicate")

FIELD = 100  # characters of a field's name
DAYS = (
    ("7", _("for a week")),
    ("30", _("for 30 days")),
    ("365", _("for a year")),
    ("0", _("until you end it")),
)
PASSWORD_HELP = _("Whoever has the link is asked for it. Tell it by another way than the link.")
FULL = _("Your text is too long for a link to be added: shorten it first.")


class Choosing:
    """What the address of one of these pages says: for which draft, of what, and where."""

    def __init__(self, request: Any) -> None:
        asked = {name: request.GET.get(name, "") for name in ("place", "field", "from")}
        self.request = request
        self.place = local_place(asked["place"])
        self.field = asked["field"][:FIELD]
        found = (one for one in offers(request) if one.name == asked["from"])
        self.linkable: Any = next(found, None)
        if self.linkable is None or not self.field:
            raise HTTPNotFound

    def path(self, **more: Any) -> str:
        """Return the address of a page that goes on from here."""
        query = {"place": self.place, "field": self.field, "from": self.linkable.name, **more}
        url: str = self.request.page.url(self.request.route_path(LINK), **query)
        return url

    def found(self, number: str, after: str = "") -> Any:
        """Return the shelf *number*; 404 where there is none."""
        shelf = self.linkable.browse(self.request, number, after)
        if shelf is None:
            raise HTTPNotFound
        return shelf


@view_config(
    route_name=LINK,
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/linking/shelf.pt",
)
def shelf(request: Any) -> Any:
    """Show what one keeps in a place, each with the way to its link."""
    choosing = Choosing(request)
    if "thing" in request.GET:
        return making(request)
    number = request.GET.get("in", "")
    found = choosing.found(number, request.GET.get("after", ""))
    return {"title": choosing.linkable.action, "choosing": choosing, "shelf": found}


@view_config(
    route_name=LINK,
    permission=MEMBER,
    request_method="POST",
    renderer="communicate:templates/linking/make.pt",
)
def making(request: Any) -> Any:
    """Ask how the link is to work; make it, put it into the draft, and go back there."""
    request.override_renderer = "communicate:templates/linking/make.pt"
    choosing = Choosing(request)
    thing = choosing.linkable.find(request, request.GET.get("thing", ""))
    if thing is None:
        raise HTTPNotFound
    form = link_form(request, choosing.path(thing=thing.id))
    if request.method == "POST":
        try:
            made = linked(choosing, thing, form)
        except FormInvalid:
            request.response.status = 400
        else:
            said = _("The link to “${name}” is in your text.", mapping={"name": made.name})
            notices.give(request, said)
            return form.done(choosing.place)
    return {"title": _("Make a link"), "choosing": choosing, "thing": thing, "form": form}


def linked(choosing: Choosing, thing: Thing, form: Form) -> Made:
    """Return the link to *thing* that *form* asks for, put into the draft; raise FormInvalid."""
    request, values = choosing.request, form.validate()
    days, password = int(values["days"]), values.get("password") or ""
    until = milliseconds(now(request) + timedelta(days=days)) if days else 0
    try:
        if password:
            check_strength(password)
        made: Made = choosing.linkable.make(request, thing.id, Wish(until, password))
    except WeakPassword as error:
        form.fail("password", error.reason)
    except CannotLink as error:
        form.fail(None, error.reason)
    if not put_in(choosing, made):
        form.fail(None, FULL)
    return made


def put_in(choosing: Choosing, made: Made) -> bool:
    """Put *made* into the draft; tell whether there was room for it."""
    uid, drafts = choosing.request.member.uid, choosing.request.find_service(IDrafts)
    opened = drafts.of(uid, choosing.place)
    words = {} if opened is None else dict(opened.words)
    line = f"{made.name}: {made.address}"
    words[choosing.field] = inserted(words.get(choosing.field, ""), line)
    kept = clipped(words)
    if kept:
        drafts.keep(uid, choosing.place, kept)
    return bool(kept)


def link_form(request: Any, path: str) -> Form:
    """Return the form that makes a link."""
    schema = Schema()
    schema.add(fields.choice(_("It works"), DAYS, folded=True, name="days"))
    schema.add(
        fields.password(
            _("Password"), new=True, name="password", required=False, help=PASSWORD_HELP
        )
    )
    buttons = [Button("make", _("Put the link into the text"))]
    return Form(schema, request, buttons, values={"days": "30"}, action=path, name="link")
