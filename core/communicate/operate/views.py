"""The operators' pages."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.ids import decode, encode
from communicate.interfaces import IErasure, IOutbox
from communicate.operate.plugins import FAILED, PluginState, plugin_states
from communicate.outbox.errors import NoSuchJob
from communicate.permissions import OPERATE
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")
STATES = {
    "on": (_("On"), "tag tag-good"),
    "off": (_("Off in the ini file"), "tag"),
    "failed": (_("Failed, left out"), "tag tag-bad"),
    "absent": (_("Not installed"), "tag tag-warn"),
}


@view_config(
    route_name="operate", permission=OPERATE, renderer="communicate:templates/operate/overview.pt"
)
def overview(request: Any) -> dict[str, Any]:
    """Show what needs an operator, or that nothing does."""
    failed = [plugin for plugin in plugin_states(request) if plugin.state == FAILED]
    return {
        "title": _("Operate"),
        "failed": failed,
        "aside": len(request.find_service(IOutbox).set_aside()),
        "erasures": request.find_service(IErasure).pending(),
    }


@view_config(
    route_name="operate_plugins",
    permission=OPERATE,
    renderer="communicate:templates/operate/plugins.pt",
)
def plugins(request: Any) -> dict[str, Any]:
    """Show every plugin, its state, and how much of it is kept."""

    def row(plugin: PluginState) -> dict[str, Any]:
        title, css = STATES[plugin.state]
        return {"plugin": plugin, "state": title, "css": css}

    return {"title": _("Plugins"), "rows": [row(plugin) for plugin in plugin_states(request)]}


@view_config(
    route_name="operate_jobs",
    request_method="GET",
    permission=OPERATE,
    renderer="communicate:templates/operate/jobs.pt",
)
def jobs(request: Any) -> dict[str, Any]:
    """Show the jobs that kept failing and were set aside."""
    aside = request.find_service(IOutbox).set_aside()
    rows = [{"job": job, "id": encode(job.id)} for job in aside]
    return {"title": _("Work set aside"), "rows": rows}


@view_config(route_name="operate_jobs", request_method="POST", permission=OPERATE)
def settle_job(request: Any) -> Any:
    """Try a job again, or discard it."""
    outbox = request.find_service(IOutbox)
    acts = {
        "retry": (outbox.retry, _("The job will be tried again.")),
        "discard": (outbox.discard, _("The job is gone.")),
    }
    act = next((act for act in acts if act in request.POST), None)
    if act is None:
        raise HTTPBadRequest(_("Choose to try the job again or to discard it."))
    settle, said = acts[act]
    try:
        settle(decode(request.POST.get("job", "")))
    except (NoSuchJob, ValueError, TypeError):  # TypeError: a file was sent
        raise HTTPBadRequest(
            _("There is no such job: it may have been settled meanwhile.")
        ) from None
    give(request, said)
    return HTTPSeeOther(request.route_path("operate_jobs"))
