"""What a process that boots hundreds of sites need not do for each of them: see `hasten`."""

import os
import sys
from collections.abc import Callable, Iterator
from inspect import getmembers
from typing import Any

import venusian
from pyramid.config import Configurator
from pyramid.util import TopologicalSorter

Callback = tuple[Callable[..., None], str, Any]  # what a decorator left, and on what
# What is kept, and where: in a package what was found in it, by the terms of the scan; in a sorter
# of Pyramid's its things in order, until they change.
FOUND = "_communicate_found"
ORDER = "_communicate_order"


def hasten() -> None:
    """Let no write wait for the disk, scan each package once, and sort what has not changed once.

    For a process of tests, before it loads ZODB: no machine loses its power there, and what a
    killed process has written the system keeps.
    """
    os.fsync = os.fdatasync = _leave_it_to_the_system
    Configurator.venusian = Remembering
    for name in ("add", "remove"):
        setattr(TopologicalSorter, name, _forgetting(getattr(TopologicalSorter, name)))
    TopologicalSorter.sorted = _remembering(TopologicalSorter.sorted)


def _leave_it_to_the_system(fd: Any) -> None:
    """Do nothing: the system writes when it likes."""


def _forgetting(change: Callable[..., None]) -> Callable[..., None]:
    """Return what does *change* to a sorter, and forgets its order."""

    def act(self: Any, *arguments: Any, **named: Any) -> None:
        vars(self).pop(ORDER, None)
        change(self, *arguments, **named)

    return act


def _remembering(order: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    """Return what says the *order* of a sorter: Pyramid asks the same ones for every view."""

    def act(self: Any) -> list[Any]:
        known = vars(self).get(ORDER)
        if known is None:
            known = vars(self)[ORDER] = order(self)
        return list(known)

    return act


class Scanner(venusian.Scanner):
    """Does what decorators ask for as venusian does; a package is looked through once only.

    Looking at each name of each module takes a quarter of the time in which a site boots.  What is
    kept is kept by the package itself: one that is imported anew is looked through anew.
    """

    def scan(
        self, package: Any, categories: Any = None, onerror: Any = None, ignore: Any = None
    ) -> None:
        """Call what decorators have left in *package*, in venusian's order."""
        if not categories or onerror or any(map(callable, ignore or ())):
            super().scan(package, categories, onerror, ignore)
            return
        terms = (tuple(categories), tuple(ignore or ()))
        known: dict[Any, list[Callback]] = vars(package).setdefault(FOUND, {})
        if terms not in known:
            super().scan(package, categories, onerror, ignore)  # it imports all of it
            known[terms] = list(left_in(package, *terms))
            return
        for callback, name, thing in known[terms]:
            callback(self, name, thing)


class Remembering:
    """What `Configurator` takes for the module venusian."""

    Scanner = Scanner


def left_in(
    package: Any, categories: tuple[str, ...], ignore: tuple[str, ...]
) -> Iterator[Callback]:
    """Yield what decorators have left in *package*, all of whose modules are imported."""
    top = package.__name__
    apart = tuple(f"{top}{one}" if one.startswith(".") else one for one in ignore)
    inside = [name for name in sys.modules if name == top or name.startswith(f"{top}.")]
    for place in sorted(inside, key=lambda name: name.split(".")):
        for name, thing in getmembers(sys.modules[place]):
            if not f"{place}.{name}".startswith(apart):
                yield from _left_on(thing, name, place, categories)


def _left_on(thing: Any, name: str, place: str, categories: tuple[str, ...]) -> Iterator[Callback]:
    """Yield what decorators have left on *thing*, which the module *place* holds as *name*."""
    try:
        left = getattr(thing, venusian.ATTACH_ATTR)
        if not left.attached_to(place, name, thing):
            return
    except Exception:  # whatever a stranger's class does when it is asked
        return
    for category in categories:
        for callback, module, _lifted, _scope in left.get(category, ()):
            if module == place:
                yield callback, name, thing
