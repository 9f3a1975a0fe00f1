"""Pages that plugins have for operators: listed on ``/operate``, and what waits there to be done.

    config.add_operators_page("/operate/weather", "cloud", _("Weather"), needs=sensors_silent)

The page is the plugin's own, at whatever address, and its view asks for the permission OPERATE.  A
queue that only operators see to belongs here rather than among the services of the menu, which
shows a mount to whoever may VIEW it.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from pyramid.config import Configurator

Needs = Callable[[Any], Any]


class OperatorsPage(NamedTuple):
    """One page: its place in the list, its path, its icon, its title, and what is asked of it."""

    weight: int
    path: str
    icon: str
    title: Any
    needs: Needs | None


def add_operators_page(
    config: Configurator,
    path: str,
    icon: str,
    title: Any,
    *,
    weight: int = 100,
    needs: Needs | None = None,
) -> None:
    """List the page at *path* on ``/operate``, before those of more *weight*.

    *needs(request)* returns a sentence that says what an operator has to do there, or None; it is
    asked whenever ``/operate`` is opened, so that it must cost little.
    """
    made = OperatorsPage(weight, path, icon, title, needs)

    def register() -> None:
        known = [old for old in pages(config.registry) if old.path != path]
        config.registry.communicate_operators_pages = sorted(
            [*known, made], key=lambda page: page[:2]
        )

    config.action(("operators_page", path), register)


def pages(registry: Any) -> list[OperatorsPage]:
    """Return the pages of plugins in their order."""
    return list(getattr(registry, "communicate_operators_pages", ()))


def to_be_done(request: Any) -> Iterator[tuple[OperatorsPage, Any]]:
    """Yield the pages on which an operator has something to do, each with what is to be done."""
    for page in pages(request.registry):
        needed = None if page.needs is None else page.needs(request)
        if needed:
            yield page, needed


def includeme(config: Configurator) -> None:
    """Offer the directive ``add_operators_page``."""
    config.add_directive("add_operators_page", add_operators_page)
