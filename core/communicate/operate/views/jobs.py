"""Jobs: what waits, what was set aside, and trying it again."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.ids import decode, encode
from communicate.interfaces import IOutbox
from communicate.outbox.errors import NoSuchJob
from communicate.permissions import OPERATE
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")


@view_config(
    route_name="operate_jobs",
    request_method="GET",
    permission=OPERATE,
    renderer="communicate:templates/operate/jobs.pt",
)
def jobs(request: Any) -> dict[str, Any]:
    """Show the jobs that kept failing and were set aside, and how many wait under each name."""
    outbox = request.find_service(IOutbox)
    dues = outbox.outbox.next_dues()
    return {
        "title": _("Work"),
        "rows": [{"job": job, "id": encode(job.id)} for job in outbox.set_aside()],
        "waiting": [
            {"name": name, "count": count, "due": dues[name]}
            for name, count in sorted(outbox.waiting().items())
        ],
        "held": sum(len(hold.jobs) for hold in outbox.outbox.holds.values()),
    }


@view_config(route_name="operate_jobs", request_method="POST", permission=OPERATE)
def settle(request: Any) -> Any:
    """Try a job again, or discard it, or try all again."""
    outbox = request.find_service(IOutbox)
    if "all" in request.POST:
        for job in outbox.set_aside():
            outbox.retry(job.id)
        give(request, _("They will be tried again."))
        return HTTPSeeOther(request.route_path("operate_jobs"))
    acts = {
        "retry": (outbox.retry, _("The job will be tried again.")),
        "discard": (outbox.discard, _("The job is gone.")),
    }
    act = next((act for act in acts if act in request.POST), None)
    if act is None:
        raise HTTPBadRequest(_("Choose to try the job again or to discard it."))
    settled, said = acts[act]
    try:
        settled(decode(request.POST.get("job", "")))
    except (NoSuchJob, ValueError, TypeError):  # TypeError: a file was sent
        raise HTTPBadRequest(
            _("There is no such job: it may have been settled meanwhile.")
        ) from None
    give(request, said)
    return HTTPSeeOther(request.route_path("operate_jobs"))
