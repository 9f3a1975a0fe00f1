"""Names and signatures: for each of the member's addresses, what messages from it carry."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import EDIT
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate_email.content import Account
from communicate_email.identities import LONGEST, Identities, Identity
from communicate_email.people import LONGEST_NAME
from communicate_email.views.desk import Desk
from communicate_email.views.lists import side

_ = TranslationStringFactory("communicate_email")

NAME_HELP = _("Those to whom you write read it beside the address. Leave it empty for none.")
SIGNATURE_HELP = _(
    "It stands at the end of what you write, below a line with two hyphens, and you can change "
    "it in each message. Leave it empty for none."
)


@view_config(
    context=Account,
    name="signatures",
    permission=EDIT,
    request_method="GET",
    renderer="communicate_email:templates/signatures.pt",
)
def signatures(context: Account, request: Request) -> dict[str, Any]:
    """Show what is set for each address."""
    desk, identities = Desk(request, context), Identities(request, context)
    rows = [
        (f"{desk.base}/signature/{identities.number(one)}", one, identities.of(one))
        for one in desk.addresses
    ]
    return {"title": _("Names and signatures"), "side": side(desk), "rows": rows}


@view_config(
    context=Account,
    name="signature",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer="communicate_email:templates/signature.pt",
)
def signature(context: Account, request: Request) -> Any:
    """Ask for name and signature of one address, and keep them."""
    desk, identities = Desk(request, context), Identities(request, context)
    address = named_in(request, desk, identities)
    form = signature_form(request, identities.of(address))
    if request.method == "POST":
        try:
            values = form.validate()
        except FormInvalid:
            request.response.status = 400
        else:
            identities.set(address, Identity(values["name"], values["signature"]))
            notices.give(request, _("Saved: it counts from the next message on."))
            return form.done(f"{desk.base}/signatures")
    return {"title": address, "side": side(desk), "form": form, "desk": desk}


def signature_form(request: Request, identity: Identity) -> Form:
    """Return the form, filled with *identity*."""
    schema = Schema()
    schema.add(
        fields.line(
            _("Your name"), longest=LONGEST_NAME, name="name", required=False, help=NAME_HELP
        )
    )
    schema.add(
        fields.area(
            _("Your signature"),
            longest=LONGEST,
            rows=4,
            name="signature",
            required=False,
            help=SIGNATURE_HELP,
        )
    )
    values = {"name": identity.name, "signature": identity.signature}
    return Form(schema, request, [Button("save", _("Save"))], values=values)


def named_in(request: Request, desk: Desk, identities: Identities) -> str:
    """Return which of the member's addresses the page is about; 404 where it is none."""
    words = request.subpath
    found = (one for one in desk.addresses if words == (identities.number(one),))
    address = next(found, None)
    if address is None:
        raise HTTPNotFound
    return address
