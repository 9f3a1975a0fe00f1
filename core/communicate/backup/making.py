"""Make a backup of a serving site: tree, then blobs, then the key ring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from communicate.backup import age, blobs, filestorage, keys, postgresql
from communicate.backup.age import Say
from communicate.backup.errors import BackupError, Damaged, NoBackup, NoRecipients
from communicate.backup.manifest import LABEL, Manifest, Tree, authenticate, parse
from communicate.backup.target import MANIFEST, Target
from communicate.clock import milliseconds, moment
from communicate.erasure.services import ledger_of
from communicate.interfaces import IClock, IKeyRing, IPlugins
from communicate.storage.pack import alone
from communicate.storage.sitedb import SiteDB
from communicate.storage.work import work
from communicate.stores import stores_of

PATIENCE = 600.0  # seconds to wait for a pack


@dataclass(frozen=True)
class Places:
    """Where a backup goes: the folder of tree and blobs, and that of the key ring's copy."""

    folder: Path
    keys: Path

    def check(self, var: Path) -> None:
        """Raise BackupError where the two would not be apart, or lie with the data."""
        for one, other in ((self.folder, self.keys), (self.keys, self.folder)):
            if one.is_relative_to(other):
                raise BackupError(
                    f"{one} and {other} are not apart: older copies of the one would hold the "
                    "keys of members who are erased. Choose a folder elsewhere for --keys"
                )
        for place in (self.folder, self.keys):
            if place.is_relative_to(var):
                raise BackupError(f"{place} lies under the data itself: choose a folder elsewhere")


def make(registry: Any, places: Places, say: Say, *, whole: bool = False) -> Manifest:
    """Back the site up to *places*; return what the backup consists of.

    What is there already is not written again, unless *whole*.  Interrupted, it leaves the
    backup before as it was.  Raise BackupError, `communicate.storage.errors.PackBusy`.
    """
    values = registry.settings
    places.check(values["communicate.var"])
    recipients = values["communicate.backup_recipients"]
    if not recipients:
        raise NoRecipients
    ledger_of(registry).check()  # so that its absence at a restore means that it was lost
    target = Target(places.folder)
    key = registry.getUtility(IKeyRing).site_key(LABEL)
    with target.held():
        there = own(target, key)
        target.sweep(there)
        usable = there is not None and set(there.recipients) == set(recipients) and not whole
        manifest = contents(registry, target, there if usable else None, say)
        copy_keys(registry, places.keys, say)
        target.finish(manifest, key)
        target.sweep(manifest)
    work(registry, partial(note, manifest, places))
    return manifest


def contents(registry: Any, target: Target, before: Manifest | None, say: Say) -> Manifest:
    """Write tree and blobs, while nothing packs them; return the manifest that names them."""
    recipients = registry.settings["communicate.backup_recipients"]
    public = age.recipients(recipients)
    database = stores_of(registry).database
    with alone(database, PATIENCE):
        made = moment(milliseconds(registry.getUtility(IClock).now()))
        tree = tree_of(database, target, before.tree if before else None, public, say)
        known = before.blobs if before else {}
        kept = (
            blobs.back_up(database.blobs, tree.tid, target, known, public, say)
            if database.blobs
            else {}
        )
    plugins = tuple(registry.getUtility(IPlugins).enabled)
    return Manifest(made.isoformat(), tuple(recipients), plugins, tree, kept)


def tree_of(
    database: SiteDB, target: Target, before: Tree | None, public: Sequence[Any], say: Say
) -> Tree:
    """Write the tree, in the way of its storage."""
    if database.dsn:
        return postgresql.back_up(database, target, public, say)
    if hasattr(database.storage, "getName") and Path(database.storage.getName()).is_file():
        return filestorage.back_up(database.storage, target, before, public, say)
    raise BackupError("this kind of storage cannot be backed up: use a file or PostgreSQL")


def copy_keys(registry: Any, folder: Path, say: Say) -> None:
    """Renew the copy of the key ring in *folder*, which from now on is known to erasures."""
    first = work(registry, partial(keys.announce, folder))
    keys.refresh(registry, folder, first=first)
    say(f"key ring: copied to {folder}")


def own(target: Target, key: bytes) -> Manifest | None:
    """Return the backup that is in *target*, or None where there is none.

    Raise BackupError where it is not of this site, whose *key* it is: nothing is written over it.
    """
    try:
        manifest, body = parse(target.text(), target.folder)
        authenticate(body, key, target.folder / MANIFEST)
    except NoBackup:
        return None
    except Damaged as error:
        raise BackupError(
            f"{error}. Nothing is written over it: choose another folder, or remove it"
        ) from error
    return manifest


def note(manifest: Manifest, places: Places, request: Any) -> None:
    """Remember in the tree that the backup was made, and that its copy of the ring is there."""
    keys.backups_of(request).made(milliseconds(manifest.when), str(places.folder))
    keys.renewed((places.keys,), request)


def last_backup(request: Any) -> datetime | None:
    """Return the recovery point of the last backup, aware, in UTC; None where there is none."""
    backups = request.root_map.get("backups")
    if backups is None or not backups.last:
        return None
    return moment(backups.last)
