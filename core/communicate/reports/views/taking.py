"""The page on which a suspended member takes the data along: an archive as everybody has it."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts import forms
from communicate.interfaces import IExports, ILimits
from communicate.mydata.content import READY
from communicate.mydata.views.export import archived
from communicate.permissions import OPEN
from communicate.reports.views.suspended import confirm, suspended
from communicate.web.forms import Button, Form, FormInvalid
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")

PATH = "/suspended/export"


@view_config(
    route_name="suspended.export",
    permission=OPEN,
    renderer="communicate:templates/reports/suspended_export.pt",
)
def export(request: Any) -> Any:
    """Show how far the archive is; start one, or send it to who knows the password."""
    member = suspended(request)
    exports: Any = request.find_service(IExports)
    buttons = [Button("download", _("Download"))]
    form = Form(forms.erasing(), request, buttons, name="download")
    if request.method == "POST" and "start" in request.POST:
        request.find_service(ILimits).hit("exports", str(member.uid))
        exports.start(member.uid)
        return HTTPSeeOther(PATH)
    if request.method == "POST":
        try:
            confirm(form, request, member)
            return sent(request, exports.of(member.uid), member)
        except FormInvalid:
            request.response.status = 400
    found = exports.of(member.uid)
    state = None if found is None else exports.state(found)
    return {"title": _("Export my data"), "export": found, "state": state, "form": form}


def sent(request: Any, found: Any, member: Any) -> Any:
    """Answer with the archive; where there is none any more, with the page."""
    if found is None or found.state != READY:
        give(request, _("This archive is not there any more. Start another export."))
        return HTTPSeeOther(PATH)
    return archived(request, found, member)
