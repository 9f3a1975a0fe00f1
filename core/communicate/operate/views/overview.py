"""The first page of operators: what needs them, then figures, then lists."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.backup.making import last_backup
from communicate.clock import milliseconds
from communicate.disclosure.attempts import seen
from communicate.ids import encode
from communicate.interfaces import IErasure, IOutbox
from communicate.operate.figures import disk, figures_of
from communicate.operate.pages import pages, to_be_done
from communicate.operate.plugins import FAILED, plugin_states
from communicate.operate.views.plugins import row as plugin_row
from communicate.permissions import OPERATE

_ = TranslationStringFactory("communicate")

SHOWN = 5  # jobs that failed


@view_config(
    route_name="operate", permission=OPERATE, renderer="communicate:templates/operate/overview.pt"
)
def overview(request: Any) -> dict[str, Any]:
    """Show what needs an operator, or that nothing does."""
    states = plugin_states(request)
    outbox = request.find_service(IOutbox)
    aside = outbox.set_aside()
    needs = {
        "failed": [plugin for plugin in states if plugin.state == FAILED],
        "aside": [{"job": job, "id": encode(job.id)} for job in aside[:SHOWN]],
        "erasures": request.find_service(IErasure).pending(),
        "refused": seen()[:SHOWN],
        "asked": list(to_be_done(request)),
    }
    return {
        "title": _("Operate"),
        **needs,
        "more": max(0, len(aside) - SHOWN),
        "quiet": not any(needs.values()),
        "plugins": [plugin_row(plugin) for plugin in states],
        "pages": pages(request.registry),
        **figures(request, outbox),
    }


def figures(request: Any, outbox: Any) -> dict[str, Any]:
    """Return the figures below: members, sessions, open pages, work that waits, room, backup."""
    due = outbox.outbox.next_dues().values()
    late = milliseconds(request.page.now) - min(due, default=0)
    room, measured = disk(request.registry.settings), figures_of(request)
    return {
        "members": len(request.site["members"]),
        "sessions": measured.sessions if measured and measured.measured else None,
        "live": request.registry.communicate_live.shown,
        "waiting": sum(outbox.waiting().values()),
        "late": late // 1000 if due and late > 1000 else 0,
        "room": room,
        "packed": measured.packed if measured else None,
        "backup": last_backup(request),
    }
