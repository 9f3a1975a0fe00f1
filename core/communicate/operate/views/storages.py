"""Storages: how large each is, what is free, when they were last packed."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.backup.making import last_backup
from communicate.operate import figures
from communicate.permissions import OPERATE

_ = TranslationStringFactory("communicate")

TITLES = {
    figures.TREE: ("diagram-3", _("Object tree"), _("members, content, queues, all sealed")),
    figures.BLOBS: ("files", _("Files"), _("large things of members, sealed")),
    figures.CATALOG: ("search", _("Catalog"), _("what search finds; can be made anew")),
    figures.KEYRING: ("key", _("Key ring"), _("one key for each member")),
    figures.LOGS: ("journal-text", _("Log"), _("seven days")),
}


@view_config(
    route_name="operate_storages",
    permission=OPERATE,
    renderer="communicate:templates/operate/storages.pt",
)
def storages(request: Any) -> dict[str, Any]:
    """Show the sizes as they were measured last; on a site that is new, as they are."""
    known = figures.figures_of(request)
    if known is None or known.measured is None:
        sizes, files, measured = *figures.sizes_of(request.registry), request.page.now
    else:
        sizes, files, measured = known.sizes, known.blobs, known.measured
    return {
        "title": _("Storages"),
        "rows": [
            {"icon": icon, "title": title, "what": what, "size": sizes.get(name, 0)}
            for name, (icon, title, what) in TITLES.items()
        ],
        "total": sum(sizes.values()),
        "files": files,
        "measured": measured,
        "packed": known.packed if known else None,
        "backup": last_backup(request),
        "room": figures.disk(request.registry.settings),
    }
