"""Making a site, and what plugins hang under it."""

import importlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import communicate
from communicate.content import Site
from communicate.storage.evolve import Chain, pending, stamp
from communicate.storage.mounts import ensure_mounts


def prepare(root_map: Any, chains: Iterable[Chain], mounts: Iterable[Any]) -> bool:
    """Make the site where there is none, hang what is missing under it; return whether it is new.

    Nothing is written where nothing is missing, so that this can run at every start; where steps
    are pending nothing is hung either, because a step may be what brings it there.
    """
    chains = list(chains)
    new = "site" not in root_map
    if new:
        new_site(root_map, chains)
    stamp(root_map, chains)
    if not pending(root_map, chains):
        ensure_mounts(root_map["site"], mounts)
    return new


def new_site(root_map: Any, chains: Iterable[Chain]) -> Site:
    """Make the site and what each part of core keeps beside it, stamped with the newest steps."""
    site = root_map["site"] = Site()
    site.__name__ = ""
    for install in installers():
        install(root_map)
    stamp(root_map, chains)
    return site


def installers() -> Iterator[Callable[[Any], None]]:
    """Yield the function ``install(root_map)`` of each ``content`` module in core's packages."""
    for folder in map(Path, communicate.__path__):
        for path in sorted(folder.glob("*/content.py")):
            module = importlib.import_module(f"communicate.{path.parent.name}.content")
            install = getattr(module, "install", None)
            if install is not None:
                yield install
