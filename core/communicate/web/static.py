"""Static files under addresses that change with their content, kept by browsers for a year.

``/static/<package>/<version>/<path>``: the version is a hash of all static files of the package,
the theme's included, so that what a stylesheet or a module refers to by a relative address is
versioned with it.  Of deform's static files exactly four are served, by name.
"""

import hashlib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from pyramid.authorization import Allow, Everyone
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound
from pyramid.response import FileResponse
from pyramid.security import NO_PERMISSION_REQUIRED

PREFIX = "/static/"
YEAR = 365 * 24 * 3600
VENDOR = "deform"
VENDORED = {
    "static/css/bootstrap.min.css": "text/css",
    "static/css/bootstrap-icons.min.css": "text/css",
    "static/css/fonts/bootstrap-icons.woff2": "font/woff2",
    "static/css/fonts/bootstrap-icons.woff": "font/woff",
}


class Ground:
    """The context of static files: open to all, and made without opening the database."""

    __parent__ = None
    __name__ = ""
    __acl__ = [(Allow, Everyone, (NO_PERMISSION_REQUIRED,))]

    def __init__(self, request: Any) -> None:
        self.request = request


def address(request: Any, spec: str) -> str:
    """Return the address of the static file *spec*, ``package:static/path``."""
    package, _, path = spec.partition(":static/")
    versions: dict[str, str] = request.registry.communicate_static
    return f"{request.script_name}{PREFIX}{package}/{versions[package]}/{path}"


def publish(config: Configurator, package: str, overrides: Iterable[Path] = ()) -> None:
    """Serve the folder ``static`` of *package*, laid over by *overrides*; nothing without one."""
    folder = Path(str(files(package))) / "static"
    if not folder.is_dir():
        return
    version = version_of([folder, *overrides])
    config.registry.communicate_static[package] = version
    config.add_static_view(
        f"static/{package}/{version}",
        f"{package}:static/",
        cache_max_age=YEAR,
        factory=Ground,
    )


def version_of(folders: Iterable[Path]) -> str:
    """Return a short hash of every file under *folders*: names and content."""
    digest = hashlib.sha256()
    for name, path in _all_files(folders):
        digest.update(hashlib.sha256(name.encode()).digest())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _all_files(folders: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield path.relative_to(folder).as_posix(), path


def vendored(request: Any) -> FileResponse:
    """Serve one of the four files that come from deform, and no other."""
    name = "static/" + "/".join(request.matchdict["path"])
    kind = VENDORED.get(name)
    if kind is None:
        raise HTTPNotFound
    path = str(files(VENDOR).joinpath(name))
    return FileResponse(path, request=request, cache_max_age=YEAR, content_type=kind)


def includeme(config: Configurator) -> None:
    """Serve deform's four files; packages follow with `publish`."""
    source = Path(str(files(VENDOR)))
    digest = hashlib.sha256()
    for name in VENDORED:
        digest.update((source / name).read_bytes())
    version = digest.hexdigest()[:12]
    config.registry.communicate_static = {VENDOR: version}
    config.add_route("vendored", f"static/{VENDOR}/{version}/*path", factory=Ground)
    config.add_view(
        vendored,
        route_name="vendored",
        request_method="GET",
        permission=NO_PERMISSION_REQUIRED,
        http_cache=None,
    )
