"""Profiles: what members show of themselves, element by element, and their spaces."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the services and routes of this package."""
