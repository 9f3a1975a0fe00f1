"""What would change if a plugin were switched off, by what it declares and what it keeps."""

from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate.interfaces import IAuthored, IOutbox, IPlugins
from communicate.operate.plugins import ON, PluginState

_ = TranslationStringFactory("communicate")


class Group(NamedTuple):
    """One kind of change: its icon, what it means, and what is concerned."""

    icon: str
    title: Any
    rows: list[Any]


def changes(request: Any, plugin: PluginState) -> list[Group]:
    """Return what *plugin* keeps and, while it is on, what would go with it; nothing empty."""
    groups = [kept(request, plugin)]
    if plugin.state == ON:
        groups += [
            places(request, plugin.name),
            *declared(request, plugin.name),
            work(request, plugin.name),
        ]
    return [group for group in groups if group.rows]


def kept(request: Any, plugin: PluginState) -> Group:
    """Return how many things of each kind stay where they are, seen by nobody."""
    totals = request.find_service(IAuthored).totals()
    number = request.page.number
    rows = [
        f"{kind} ({number(count)})"
        for kind, count in sorted(totals.items())
        if kind.partition(".")[0] == plugin.name and count
    ]
    title = _("Kept where it is, seen by nobody, still in exports and erasures")
    return Group("archive", title, [*(f"/{name}" for name in plugin.mounts), *rows])


def asked(request: Any, name: str, hook: str, **arguments: Any) -> list[Any]:
    """Return what the plugin *name* declares through *hook*; nothing where it fails."""
    plugins = request.registry.getUtility(IPlugins)
    found: list[Any] = []
    for _name, answer in plugins.duty(hook, [name], **arguments):
        found = [] if isinstance(answer, Exception) else list(answer or ())
    return found


def places(request: Any, name: str) -> Group:
    """Return the addresses that would answer 404."""
    rows = [
        f"/members/…/{mount.name}" if mount.where == "member" else f"/{mount.name}"
        for mount in asked(request, name, "communicate_mounts")
    ]
    return Group("signpost-split", _("Addresses that would answer “not found”"), rows)


def declared(request: Any, name: str) -> list[Group]:
    """Return what would leave the generated pages, and what nobody would be told or offered."""
    data = asked(request, name, "communicate_personal_data")
    parties = asked(request, name, "communicate_recipients")
    cookies = asked(request, name, "communicate_cookies")
    told = asked(request, name, "communicate_notifications")
    return [
        Group(
            "file-earmark-text",
            _("Paragraphs that would leave the privacy page"),
            [each.what for each in data],
        ),
        Group(
            "box-arrow-up-right",
            _("Who would receive nothing any more"),
            [each.who for each in parties],
        ),
        Group(
            "hdd-network",
            _("Servers that would not be started any more"),
            [g.name for g in asked(request, name, "communicate_gateways", site=request.registry)],
        ),
        Group("cookie", _("Cookies that would not be set any more"), [c.name for c in cookies]),
        Group("bell", _("Notices that would not be sent any more"), [each.title for each in told]),
        Group(
            "app-indicator",
            _("What app passwords would not open any more"),
            [each.title for each in asked(request, name, "communicate_scopes")],
        ),
    ]


def work(request: Any, name: str) -> Group:
    """Return the jobs that would wait, with how many do already."""
    waiting = request.find_service(IOutbox).waiting()
    rows = [
        f"{job.name} ({request.page.number(waiting.get(job.name, 0))})"
        for job in asked(request, name, "communicate_jobs")
    ]
    return Group("hourglass-split", _("Work that would wait until it is on again"), rows)
