"""The page of the export: it starts one, says how far it is, and hands the archive out."""

import re
from datetime import timedelta
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.response import Response
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.accounts.subjects import page
from communicate.accounts.views.account import confirm
from communicate.clock import milliseconds, now
from communicate.factors.forms import confirming
from communicate.interfaces import IExports, ILimits
from communicate.mydata import EXPORT, HOME
from communicate.mydata.content import READY, WRITING
from communicate.permissions import MEMBER
from communicate.web.forms import Button, Form, FormInvalid
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")

ADDRESS = "/account/privacy/export"
LATELY = 20  # records before anything can be said about the time that is left


@view_config(
    route_name=EXPORT,
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/mydata/export.pt",
)
def show(request: Any) -> dict[str, Any]:
    """Show the export that there is, or the button that starts one."""
    return shown(request, download(request))


@view_config(
    route_name=EXPORT,
    permission=MEMBER,
    request_method="POST",
    renderer="communicate:templates/mydata/export.pt",
)
def act(request: Any) -> Any:
    """Start an export, delete the one that there is, or send it to who knows the password."""
    exports, uid = request.find_service(IExports), request.member.uid
    if "start" in request.POST:
        count_act(request, "exports")
        exports.start(uid)
        return HTTPSeeOther(ADDRESS)
    if "drop" in request.POST:
        exports.drop(uid)
        give(request, _("Deleted."))
        return HTTPSeeOther(ADDRESS)
    form = download(request)
    try:
        confirm(form, request, form.validate()["present"])
        return sent(request, exports.of(uid))
    except FormInvalid:
        request.response.status = 400
    return shown(request, form)


def download(request: Any) -> Form:
    """Return the form that asks for the password."""
    return Form(confirming(), request, [Button("download", _("Download"))], name="download")


def sent(request: Any, export: Any) -> Any:
    """Answer with the archive of *export*; where there is none any more, with the page."""
    if export is None or export.state != READY:
        give(request, _("This archive is not there any more. Start another export."))
        return HTTPSeeOther(ADDRESS)
    return archived(request, export, request.member)


def archived(request: Any, export: Any, member: Any) -> Response:
    """Return the archive of *member*, which is ready."""
    request.find_service(ILimits).hit("downloads", str(member.uid))
    response = Response(content_type="application/zip")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = f'attachment; filename="{name_of(request, member)}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.content_length = export.archive.size
    response.app_iter = request.find_service(IExports).open(export)
    return response


def name_of(request: Any, member: Any) -> str:
    """Return the name of the file: site, login and day."""
    site = re.sub(r"[^a-z0-9]+", "-", str(request.registry.settings["communicate.name"]).lower())
    day = now(request).strftime("%Y-%m-%d")
    return f"{site.strip('-') or 'site'}-{member.login}-{day}.zip"


def shown(request: Any, form: Form) -> dict[str, Any]:
    """Return what the page shows."""
    exports = request.find_service(IExports)
    export = exports.of(request.member.uid)
    state = None if export is None else exports.state(export)
    return page(
        request,
        HOME,
        export=export,
        state=state,
        form=form,
        left=time_left(request, export) if state == WRITING else None,
    )


def time_left(request: Any, export: Any) -> timedelta | None:
    """Return about how long *export* still takes, in seconds or minutes; None: nobody can say."""
    if export.done < LATELY or export.total <= export.done:
        return None
    spent = milliseconds(now(request)) - export.began
    seconds = spent / export.done * (export.total - export.done) / 1000
    return (
        timedelta(minutes=round(seconds / 60))
        if seconds > 90
        else timedelta(seconds=max(1, round(seconds)))
    )
