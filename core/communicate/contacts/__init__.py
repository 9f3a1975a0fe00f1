"""Contacts: whom members know, the circles they put them in, and whom they block."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the services and routes of this package."""
    from communicate.catalog.reindex import add_relations
    from communicate.contacts.audiences import AudienceService
    from communicate.contacts.reindexing import rebuild
    from communicate.contacts.services import ContactService
    from communicate.interfaces import IAudiences, IContacts

    config.register_service_factory(lambda _context, request: ContactService(request), IContacts)
    config.register_service_factory(lambda _context, request: AudienceService(request), IAudiences)
    add_relations(config.registry, "communicate.contacts", rebuild)
    for name in ("", "ask", "circles", "sort"):
        route = f"contacts.{name}" if name else "contacts"
        config.add_route(route, f"/contacts/{name}".rstrip("/"))
