"""Finding: one page that searches every service."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the services and routes of this package."""
