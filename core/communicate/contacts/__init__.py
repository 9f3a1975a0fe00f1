"""Contacts: whom members know, the circles they put them in, and whom they block."""

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator


def add_member_act(config: Configurator, act: Callable[[Any, Any], Any]) -> None:
    """Offer on the space of each member what *act* returns for ``(request, member)``.

    That is a `communicate.contacts.bar.Act`, or None where the viewer is offered nothing.
    """
    name = f"{act.__module__}.{act.__qualname__}"

    def register() -> None:
        known: dict[str, Any] = config.registry.communicate_member_acts
        known[name] = act

    config.action(("member_act", name), register)


def includeme(config: Configurator) -> None:
    """Register the services and routes of this package."""
    from communicate.catalog.reindex import add_relations
    from communicate.contacts.audiences import AudienceService
    from communicate.contacts.reindexing import rebuild
    from communicate.contacts.services import ContactService
    from communicate.interfaces import IAudiences, IContacts

    config.registry.communicate_member_acts = {}
    config.add_directive("add_member_act", add_member_act)
    config.register_service_factory(lambda _context, request: ContactService(request), IContacts)
    config.register_service_factory(lambda _context, request: AudienceService(request), IAudiences)
    add_relations(config.registry, "communicate.contacts", rebuild)
    for name in ("", "ask", "circles", "sort"):
        route = f"contacts.{name}" if name else "contacts"
        config.add_route(route, f"/contacts/{name}".rstrip("/"))
