"""What is held of a member, by service: each kind that is declared, and how much of it there is.

Counting looks at a thousand things of a kind at most: the page costs the same for everybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from communicate import duties
from communicate.catalog.entries import Count
from communicate.declarations import PersonalData
from communicate.interfaces import IAuthored, IPlugins
from communicate.mydata import left
from communicate.plugins import CORE

CEILING = 1_000


@dataclass(frozen=True)
class Kept:
    """One kind of data: what was declared, and how much there is, None where it is not counted."""

    declared: PersonalData
    count: Count | None


@dataclass
class Service:
    """What one service holds."""

    name: str
    title: Any
    icon: str
    kinds: list[Kept]
    on: bool = True  # whether it runs
    things: dict[str, Count] = field(default_factory=dict)  # of a plugin that is off

    @property
    def held(self) -> list[Kept]:
        """The kinds of which there is something, or nobody counts."""
        return [kind for kind in self.kinds if kind.count is None or kind.count.number]

    @property
    def empty(self) -> list[Kept]:
        """The kinds of which there is nothing."""
        return [kind for kind in self.kinds if kind not in self.held]


def services(request: Any) -> list[Service]:
    """Return core's part and each plugin's, those that are off and keep something last."""
    uid, plugins = request.member.uid, request.registry.getUtility(IPlugins)
    authored = counted(request, uid)
    counts = {**authored, **own(request, uid)}
    found = []
    for name, declared in plugins.duty("communicate_personal_data"):
        if isinstance(declared, Exception):
            continue
        title, icon = title_of(request, name)
        kinds = [Kept(each, counts.get(each.kind)) for each in declared or ()]
        found.append(Service(name, title, icon, kinds))
    return [*found, *off(request, authored)]


def title_of(request: Any, name: str) -> tuple[Any, str]:
    """Return how a service is called, and its icon: as its first mount is, where it has one."""
    plugins = request.registry.getUtility(IPlugins)
    mounts = [] if name == CORE else plugins.call(name, "communicate_mounts") or []
    return (mounts[0].title, mounts[0].icon) if mounts else (name, "puzzle")


def counted(request: Any, uid: int) -> dict[str, Count]:
    """Return how much member *uid* authored of each kind."""
    service = request.find_service(IAuthored)
    return {kind: at_most(service, uid, kind) for kind in service.kinds(uid)}


def at_most(service: Any, uid: int, kind: str) -> Count:
    """Return how much of *kind* there is, up to CEILING."""
    number = len(service.items(uid, kind, most=CEILING + 1))
    return Count(min(number, CEILING), more=number > CEILING)


def own(request: Any, uid: int) -> dict[str, Count]:
    """Return how much there is of what core's packages count themselves."""
    pairs: Iterator[tuple[str, int]] = (
        pair for held in duties.parts("held") for pair in held(request, uid).items()
    )
    return {kind: Count(number) for kind, number in pairs}


def off(request: Any, counts: dict[str, Count]) -> list[Service]:
    """Return what plugins that are off keep: they say no more of it than that it is there."""
    plugins = request.registry.getUtility(IPlugins)
    found: dict[str, Service] = {}
    for kind, count in counts.items():
        plugin = kind.partition(".")[0]
        if plugin not in (CORE, *plugins.enabled):
            service = found.setdefault(plugin, Service(plugin, plugin, "plug", [], on=False))
            service.things[kind] = count
    for place in left.places(request, request.member):
        if place.own:
            found.setdefault(
                place.plugin, Service(place.plugin, place.plugin, "plug", [], on=False)
            )
    return [found[name] for name in sorted(found)]
