"""The operators' pages under ``/operate``: figures that need action first, then lists."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Name the addresses."""
    config.add_route("operate", "/operate")
    config.add_route("operate_plugins", "/operate/plugins")
    config.add_route("operate_jobs", "/operate/jobs")
