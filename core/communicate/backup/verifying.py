"""Restore a backup aside, and look at everything in it."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from communicate.backup import filestorage
from communicate.backup.age import Say
from communicate.backup.errors import BackupError
from communicate.backup.making import Places
from communicate.backup.unpacking import open_backup, unpack
from communicate.storage.deep import faults
from communicate.stores import stores_of


@dataclass(frozen=True)
class Opened:
    """The backup to be verified, and what it takes; *scratch* is a database for its tree."""

    config: Any
    places: Places
    identity_files: Sequence[Path]
    scratch: str | None = None


def verify(backup: Opened, say: Say) -> Iterator[str]:
    """Yield a sentence for each fault of *backup*; the site itself is not touched.

    Raise BackupError where the backup does not open at all.
    """
    from communicate.cli.console import open_site

    with ExitStack() as undo:
        folder = Path(tempfile.mkdtemp(prefix="communicate-verify-"))
        undo.callback(shutil.rmtree, folder)
        opened = open_backup(backup.config.settings, backup.places, backup.identity_files)
        config = aside(backup, folder, opened.manifest.tree.kind)
        say(f"The backup is of {opened.manifest.when:%Y-%m-%d %H:%M:%S} UTC.")
        unpack(opened, config.settings, say)
        registry = open_site(config, unclean=False).registry
        undo.callback(stores_of(registry).close)
        yield from faults(registry, say)


def aside(backup: Opened, folder: Path, kind: str) -> Any:
    """Return the configuration of the same site with all its data in *folder*."""
    if kind == filestorage.KIND:
        database = f"file://{folder / 'Data.fs'}"
    elif backup.scratch:
        database = backup.scratch
    else:
        raise BackupError(
            "this backup is of a tree in PostgreSQL: name an empty database, into which it can be "
            "restored, with --scratch"
        )
    places = {name: str(folder / name) for name in ("blobs", "run", "outbox", "logs")}
    rings = {name: f"sqlite:///{folder / name}.sqlite" for name in ("catalog", "keyring")}
    return backup.config.override(var=str(folder), database=database, **places, **rings)
