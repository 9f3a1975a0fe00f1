"""Contacts: whom members know, the circles they put them in, and whom they block."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the services and routes of this package."""
