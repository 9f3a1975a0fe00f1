"""Second factors of signing in, and app passwords."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the services and routes of this package."""
