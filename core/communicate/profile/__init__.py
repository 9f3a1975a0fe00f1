"""Profiles: what members show of themselves, element by element, and their spaces."""

from typing import Any

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the services and routes of this package."""
    from communicate.contacts.audiences import AudienceChanged
    from communicate.profile.indexing import audience_changed
    from communicate.profile.interfaces import IProfiles
    from communicate.profile.services import ProfileService

    def service(_context: Any, request: Any) -> ProfileService:
        return ProfileService(request)

    config.register_service_factory(service, IProfiles)
    config.add_subscriber(audience_changed, AudienceChanged)
