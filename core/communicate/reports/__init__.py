"""Reports: what members point out to moderators, and what those decide."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the services and routes of this package."""
