"""How large the stores are: measured every hour by a job, for walking a folder takes time."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url

from communicate.clock import milliseconds, now
from communicate.interfaces import IDatabase
from communicate.operate.content import Figures

TREE, BLOBS, CATALOG, KEYRING, LOGS = "tree", "blobs", "catalog", "keyring", "logs"


def figures_of(request: Any) -> Figures | None:
    """Return what was measured last, None before the first time."""
    found: Figures | None = request.root_map.get("figures")
    return found


def make_figures(request: Any) -> Figures:
    """Return what was measured last, made where there is none."""
    found = figures_of(request)
    if found is None:  # a site that was made before there were any
        found = request.root_map["figures"] = Figures()
    return found


def measure(request: Any, _payload: Mapping[str, Any]) -> None:
    """Measure the stores; the handler of the hourly job."""
    sizes, files = sizes_of(request.registry)
    figures = make_figures(request)
    figures.sizes, figures.blobs = sizes, files
    figures.sessions = len(request.root_map["sessions"].records)
    figures.measured = milliseconds(now(request))


def note_pack(request: Any) -> None:
    """Remember that the stores have just been packed."""
    make_figures(request).packed = milliseconds(now(request))


def sizes_of(registry: Any) -> tuple[dict[str, int], int]:
    """Return the bytes of each store, and how many files the blobs are."""
    settings = registry.settings
    blobs, files = folder_size(settings["communicate.blobs"])
    sizes = {
        TREE: tree_size(registry),
        BLOBS: blobs,
        CATALOG: sqlite_size(settings["communicate.catalog"]),
        KEYRING: sqlite_size(settings["communicate.keyring"]),
        LOGS: folder_size(settings["communicate.logs"])[0],
    }
    return sizes, files


def tree_size(registry: Any) -> int:
    """Return the bytes of the object tree, in a file or, as the database tells, on PostgreSQL."""
    address = urlsplit(registry.settings["communicate.database"])
    if address.scheme == "file":
        return file_size(Path(address.path))
    return int(registry.getUtility(IDatabase).storage.getSize())


def sqlite_size(url: str) -> int:
    """Return the bytes of an SQLite database with its log; 0 where *url* is none."""
    parts = make_url(url)
    if not parts.drivername.startswith("sqlite") or not parts.database:
        return 0
    return sum(file_size(Path(f"{parts.database}{tail}")) for tail in ("", "-wal"))


def file_size(path: Path) -> int:
    """Return the bytes of the file *path*, 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def folder_size(folder: Path) -> tuple[int, int]:
    """Return the bytes of all files under *folder*, and how many they are."""
    total = count = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            total += file_size(Path(place, name))
            count += 1
    return total, count


def free_space(settings: Mapping[str, Any]) -> int:
    """Return the free bytes of the disk on which the data lies."""
    return int(disk(settings).free)


def disk(settings: Mapping[str, Any]) -> Any:
    """Return total, used and free bytes of the disk on which the data lies."""
    folder: Path = settings["communicate.var"]
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder)
