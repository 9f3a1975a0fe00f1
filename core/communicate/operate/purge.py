"""Deleting for good what a plugin that is switched off has left behind."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from communicate.content import Folder
from communicate.erasure.authored import AuthoredService, plugin_of
from communicate.erasure.content import Authored
from communicate.interfaces import ICatalog, IPlugins
from communicate.operate.plugins import kept_mounts
from communicate.outbox.services import outbox_of
from communicate.quota.content import Storage
from communicate.storage.work import work

CORE = "communicate"
BATCH = 200  # members in one transaction


class InUse(Exception):
    """The plugin is switched on, or is no plugin at all."""


@dataclass(frozen=True)
class Kept:
    """What there is of one plugin: its containers by address, its things and jobs by kind."""

    containers: tuple[str, ...]
    spaces: int
    things: dict[str, int]
    jobs: dict[str, int]

    def __bool__(self) -> bool:
        return bool(self.containers or self.spaces or self.things or self.jobs)


def kept(registry: Any, name: str) -> Kept:
    """Return what the plugin *name* left behind; raise InUse where it is switched on."""
    plugins = registry.getUtility(IPlugins)
    if name == CORE:
        raise InUse(f"{CORE} is the site itself: nothing can be purged of it.")
    if name in {*plugins.enabled, *plugins.failed, *registry.settings["communicate.plugins"]}:
        raise InUse(
            f"The plugin {name} is switched on: take it out of communicate.plugins and start the "
            "site again, then purge."
        )
    spaces = sum(len(found) for found in in_batches(registry, partial(spaces_of, name)))
    return work(registry, partial(found_beside, name, spaces))


def found_beside(name: str, spaces: int, request: Any) -> Kept:
    """Return what is kept of the plugin *name*, *spaces* containers of members among it."""
    totals = AuthoredService(request).totals()
    return Kept(
        containers=tuple(kept_mounts(request.site).get(name, ())),
        spaces=spaces,
        things={kind: count for kind, count in totals.items() if plugin_of(kind) == name},
        jobs=dict(Counter(job.name for job in jobs_of(name, request))),
    )


def purge(registry: Any, name: str) -> None:
    """Delete all that the plugin *name* left; cut off, it goes on where it is called again.

    Pages of the tree and of the catalog keep the bytes until the next pack.
    """
    work(registry, partial(delete_containers, name))
    for _deleted in in_batches(registry, partial(delete_spaces, name)):
        continue
    for _forgotten in in_batches(registry, partial(forget_authored, name)):
        continue
    registry.getUtility(ICatalog).forget_plugin(name)
    # Last: as long as its steps are in the tree, erasures wait for the plugin.
    work(registry, lambda request: request.root_map["evolve"].pop(name, None))


def in_batches(registry: Any, action: Callable[[list[str], Any], Any]) -> Iterator[Any]:
    """Yield what *action* does with the logins of all members, some of them at a time."""
    after: str | None = None
    while logins := work(registry, partial(logins_after, after)):
        yield work(registry, partial(action, logins))
        after = logins[-1]


def logins_after(after: str | None, request: Any) -> list[str]:
    """Return the next logins, closed accounts' too."""
    names = request.site["members"]._children.keys(after, excludemin=after is not None)
    return list(islice(names, BATCH))


def spaces_of(name: str, logins: list[str], request: Any) -> list[tuple[Folder, str]]:
    """Return member and name of each container of the plugin *name* in the spaces of *logins*."""
    members = [request.site["members"].raw(login) for login in logins]
    return [(one, mount) for one in members for mount in kept_mounts(one).get(name, ())]


def delete_spaces(name: str, logins: list[str], request: Any) -> None:
    """Take the containers of the plugin *name* out of the spaces of *logins*."""
    for member, mount in spaces_of(name, logins, request):
        del member[mount]


def delete_containers(name: str, request: Any) -> None:
    """Take the containers of the plugin *name* from under the site, and its jobs."""
    for mount in kept_mounts(request.site).get(name, ()):
        del request.site[mount]
    for job in jobs_of(name, request):
        outbox_of(request).drop(job)


def jobs_of(name: str, request: Any) -> list[Any]:
    """Return the jobs, waiting or set aside, that the plugin *name* would do."""
    return [job for job in outbox_of(request).jobs.values() if plugin_of(job.name) == name]


def forget_authored(name: str, logins: list[str], request: Any) -> None:
    """Forget which things of the plugin *name* the members *logins* authored, and their size."""
    authored: Authored = request.root_map["authored"]
    storage: Storage = request.root_map["storage"]
    for login in logins:
        uid = request.site["members"].raw(login).uid
        authored.forget_plugin(uid, name)
        storage.forget_service(uid, name)
