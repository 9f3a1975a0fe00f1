"""The page of a thing's audience: the picker, and who exactly may read; for its owner alone."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.forms import local_path
from communicate.contacts.audiences import chosen
from communicate.content import Content
from communicate.interfaces import IAudiences
from communicate.permissions import EDIT
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.i18n import PluralFactory

_ = TranslationStringFactory("communicate")
_n = PluralFactory("communicate")

ASK = _("Who can see this?")
WHO = _n("Who exactly? ${n} person", "Who exactly? ${n} people")


@view_config(
    context=Content,
    name="audience",
    permission=EDIT,
    renderer="communicate:templates/contacts/audience.pt",
)
def audience(context: Any, request: Any) -> Any:
    """Show the picker on what was chosen, or store a choice and lead back."""
    service = request.find_service(IAudiences)
    check(service, context)
    form = picker(context, request)
    if request.method == "POST":
        try:
            values = form.validate()
            service.choose(context, values["visible"])
            notices.give(request, _("Saved: it counts from now on."))
            return form.done(local_path(values["back"], home_of(request)))
        except FormInvalid:
            request.response.status = 400
    return {
        "title": _("Visible to"),
        "form": form,
        "back": local_path(request.params.get("back"), home_of(request)),
        "narrowed": narrowed(service, context),
        "readers": service.readers(context),
        "who": WHO,
        "address": request.page.url(context, "who"),
    }


@view_config(
    context=Content,
    name="who",
    permission=EDIT,
    request_method="GET",
    renderer="communicate:templates/contacts/who.pt",
)
def who(context: Any, request: Any) -> dict[str, Any]:
    """Name who exactly may read the thing."""
    service = request.find_service(IAudiences)
    check(service, context)
    return {
        "title": _("Who exactly"),
        "subject": context.subject(request),
        "readers": service.readers(context),
        "address": request.page.url(context, "audience"),
    }


def check(service: Any, context: Any) -> None:
    """Raise HTTPNotFound where the viewer chooses no audience: others' rules count here."""
    if not service.offers(context):
        raise HTTPNotFound


def picker(context: Any, request: Any) -> Form:
    """Return the form with the picker, on the stored choice."""
    schema = Schema()
    subject = {"subject": context.subject(request)}
    title = _("Who can see: ${subject}", mapping=subject) if subject["subject"] else ASK
    schema.add(fields.audience(title, name="visible"))
    schema.add(fields.hidden(name="back", missing=""))
    back = local_path(request.params.get("back"), home_of(request))
    values = {"visible": chosen(context), "back": back}
    return Form(schema, request, [Button("save", _("Save"))], values=values, name="picker")


def home_of(request: Any) -> str:
    """Return the address of the viewer's own space."""
    return f"/members/{request.page.login}"


def narrowed(service: Any, context: Any) -> Any:
    """Return the audience that counts where it is narrower than what was chosen, else None."""
    counts = service.effective(context)
    return None if counts == chosen(context) else counts


def lead_back(request: Any, default: str) -> HTTPSeeOther:
    """Return the redirect to where the viewer came from."""
    return HTTPSeeOther(local_path(request.POST.get("back"), default))
