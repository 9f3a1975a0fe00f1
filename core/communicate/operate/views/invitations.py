"""Invitations: made, listed while they are good, and taken back."""

from datetime import timedelta
from itertools import islice
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts import joining
from communicate.accounts.addresses import clean
from communicate.accounts.forms import address_field
from communicate.accounts.limits import count_act
from communicate.accounts.tokens import INVITATION, LIVES, Tokens
from communicate.permissions import OPERATE
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")

PAGE = 50
ROUTE = "/operate/invitations"


def form_for(request: Any) -> Form:
    """Return the form that invites."""
    schema = Schema()
    schema.add(address_field(help=_("Of whoever you invite.")))
    return Form(schema, request, [Button("invite", _("Invite"))], name="invite")


@view_config(
    route_name="operate_invitations",
    permission=OPERATE,
    renderer="communicate:templates/operate/invitations.pt",
)
def invitations(request: Any) -> Any:
    """Show the invitations that are still good, and invite."""
    form = form_for(request)
    if request.method == "POST":
        if "revoke" in request.POST:
            return revoke(request)
        try:
            return invite(form, request)
        except FormInvalid:
            request.response.status = 400
    found = list(islice(Tokens(request).invitations(cursor(request.GET.get("after"))), PAGE + 1))
    return {
        "title": _("Invitations"),
        "form": form,
        "rows": [row(request, key, token) for key, token in found[:PAGE]],
        "newer": ROUTE if request.GET.get("after") else None,
        "older": f"{ROUTE}?after={written(found[PAGE - 1])}" if len(found) > PAGE else None,
    }


def invite(form: Form, request: Any) -> HTTPSeeOther:
    """Write to the address; raise FormInvalid."""
    address = form.validate()["email"]
    count_act(request, "inviting")
    joining.invite(request, clean(address))
    give(request, _("An invitation is on its way."))
    return form.done(ROUTE)


def revoke(request: Any) -> HTTPSeeOther:
    """Make the link of one invitation useless; raise HTTPBadRequest."""
    try:
        key = bytes.fromhex(request.POST["revoke"])
    except (ValueError, TypeError):  # TypeError: a file was sent
        raise HTTPBadRequest from None
    if Tokens(request).revoke_invitation(key):
        give(request, _("The invitation opens nothing any more."))
    else:
        give(request, _("The invitation was used, or had ended already."), "warn")
    return HTTPSeeOther(ROUTE)


def row(request: Any, key: bytes, token: Any) -> dict[str, Any]:
    """Return one invitation as the list shows it."""
    return {
        "key": key.hex(),
        "address": Tokens(request).payload(token)["address"],
        "made": token.expires - LIVES[INVITATION] // timedelta(milliseconds=1),
        "ends": token.expires,
    }


def written(found: tuple[bytes, Any]) -> str:
    """Return the place of an invitation in the list as an address holds it."""
    return f"{found[1].expires}-{found[0].hex()}"


def cursor(text: str | None) -> tuple[int, bytes] | None:
    """Return the place that *text* stands for; raise HTTPBadRequest for what is none."""
    if not text:
        return None
    try:
        expires, key = text.split("-")
        return int(expires), bytes.fromhex(key)
    except ValueError:
        raise HTTPBadRequest from None
