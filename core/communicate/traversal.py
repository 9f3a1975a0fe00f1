"""Traversal from the site, and the names that containers must refuse.

An address that leads to a view must never be hidden by a thing of the same name: each container
refuses the names of the views registered for its class.
"""

from typing import Any

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated

from communicate.content import Folder


def root_factory(request: Any) -> Any:
    """Return the site, the root of every address."""
    return request.site


def view_names(config: Configurator, class_: type) -> frozenset[str]:
    """Return the names of all views registered for *class_* or what it derives from."""
    found = set()
    for item in config.introspector.get_category("views") or ():
        name, context = (item["introspectable"].get(key) for key in ("name", "context"))
        if name and (
            context is None or (isinstance(context, type) and issubclass(class_, context))
        ):
            found.add(name)
    return frozenset(found)


def reserve_view_names(config: Configurator) -> None:
    """Make every container refuse the names of its views, once all views are known."""

    def reserve(_event: ApplicationCreated) -> None:
        for class_ in _subclasses(Folder):
            class_.reserved_names = frozenset(class_.reserved_names | view_names(config, class_))

    config.add_subscriber(reserve, ApplicationCreated)


def _subclasses(class_: type[Folder]) -> set[type[Folder]]:
    found = {class_}
    for child in class_.__subclasses__():
        found |= _subclasses(child)
    return found
