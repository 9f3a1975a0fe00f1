"""The web side: layout, pages, forms, language, errors, and what every response carries."""

from pyramid.config import Configurator

PARTS = (
    "headers",
    "intake",
    "csrf",
    "i18n",
    "static",
    "skeletons",
    "page",
    "news",
    "markdown",
    "errors",
)


def includeme(config: Configurator) -> None:
    """Install every part of the web side; the theme follows once the plugins are known."""
    for part in PARTS:
        config.include(f"communicate.web.{part}")
