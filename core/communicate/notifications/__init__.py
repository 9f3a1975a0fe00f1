"""Notices: what members are told, on the page, by the bell, and by mail."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the services and routes of this package."""
