"""The theme: one package that lays its files over those of core and of plugins.

A theme is a package named in the entry-point group ``communicate.themes``.  What it holds in
``overrides/<package>/templates`` and ``overrides/<package>/static`` takes the place of the file
of the same name; what it lacks stays as it is.  ``plain`` is the site without a theme.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Any

from pyramid.config import Configurator

from communicate.interfaces import IPlugins
from communicate.web import static

GROUP = "communicate.themes"
PLAIN = "plain"
FOLDERS = ("templates", "static")


class ThemeError(Exception):
    """The theme cannot be used; the message says what to write instead."""


def package_of(theme: str) -> str | None:
    """Return the package of *theme*, None for the site without one; raise ThemeError."""
    if theme == PLAIN:
        return None
    known = {point.name: point for point in entry_points(group=GROUP)}
    if theme not in known:
        names = ", ".join(sorted({PLAIN, *known}))
        raise ThemeError(
            f"no theme {theme!r} is installed: set communicate.theme to one of {names}"
        )
    return known[theme].value.partition(":")[0]


def theme_of(settings: Mapping[str, Any]) -> str | None:
    """Return the package of the theme that *settings* name, None for a site without one."""
    return package_of(settings.get("communicate.theme") or PLAIN)


def includeme(config: Configurator) -> None:
    """Lay the theme over core and the enabled plugins, serve their files, speak their words.

    Included once the plugins are known.
    """
    theme = theme_of(config.registry.settings)
    packages = config.registry.getUtility(IPlugins).packages()
    for package in packages:
        config.add_translations(package)
    for package in dict.fromkeys(("communicate", *packages)):
        over = {} if theme is None else lay_over(config, package, theme)
        static.publish(config, package, [over["static"]] if "static" in over else [])


def lay_over(config: Configurator, package: str, theme: str) -> dict[str, Path]:
    """Let *theme* override files of *package*; return its folders that exist, by name."""
    import_module(theme)
    found = {}
    for name in FOLDERS:
        folder = Path(str(files(theme))) / "overrides" / package / name
        if folder.is_dir():
            config.override_asset(f"{package}:{name}/", f"{theme}:overrides/{package}/{name}/")
            found[name] = folder
    return found
