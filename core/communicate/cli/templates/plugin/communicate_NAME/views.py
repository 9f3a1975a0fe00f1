"""Reading and writing lines."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.ids import encode
from communicate.interfaces import IAuthored, ISeals
from communicate.permissions import VIEW
from communicate.security import permits
from communicate.web import fields
from communicate.web.forms import Button, Form, FormInvalid, Schema

from communicate_NAME.content import Line, Lines
from communicate_NAME.permissions import WRITE

_ = TranslationStringFactory("communicate_NAME")
TEMPLATE = "communicate_NAME:templates/lines.pt"


def form_for(request: Any) -> Form:
    """Return the form with its one line."""
    schema = Schema()
    schema.add(fields.line(_("Your line"), name="words"))
    return Form(schema, request, buttons=[Button("add", _("Add"))])


def page(context: Lines, request: Any, form: Form) -> dict[str, Any]:
    """Return what the template shows: the newest 50 lines that the viewer may read."""
    seals = request.find_service(ISeals)
    readable = [line for line in reversed(list(context.values())) if permits(request, line, VIEW)]
    words = [seals.text(line.words) for line in readable[:50]]
    return {"title": _("Lines"), "form": form, "lines": [line for line in words if line is not None]}


@view_config(context=Lines, permission=VIEW, request_method="GET", renderer=TEMPLATE)
def read(context: Lines, request: Any) -> dict[str, Any]:
    """Show the lines."""
    return page(context, request, form_for(request))


@view_config(context=Lines, permission=WRITE, request_method="POST", renderer=TEMPLATE)
def write(context: Lines, request: Any) -> Any:
    """Add a line."""
    form = form_for(request)
    try:
        values = form.validate()
    except FormInvalid:
        request.response.status = 400
        return page(context, request, form)
    uid = request.member.uid
    line = Line(uid, request.find_service(ISeals).seal(uid, "NAME.line", values["words"]))
    context[encode(line.id)] = line
    request.find_service(IAuthored).add(uid, "NAME.line", line.id)
    return form.done(request.resource_path(context))
