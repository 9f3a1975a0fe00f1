"""Turn a backup back into stores: what `restore` and `verify` have in common."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from communicate.backup import age, blobs, filestorage, keys, postgresql
from communicate.backup.age import Say
from communicate.backup.errors import BackupError
from communicate.backup.making import Places
from communicate.backup.manifest import LABEL, Manifest, authenticate, parse
from communicate.backup.target import MANIFEST, Target
from communicate.sealing.errors import MasterKeyMissing
from communicate.sealing.master import VARIABLE, master_key
from communicate.sealing.ringstore import open_store
from communicate.storage.database import file_path, split_options
from communicate.storage.postgresql import read_uri

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Opened:
    """A backup that has been found to be this site's, with what opens it."""

    target: Target
    manifest: Manifest
    copy: keys.Copy
    identities: Sequence[Any]


def open_backup(values: Values, places: Places, identity_files: Sequence[Path]) -> Opened:
    """Return the backup in *places*; raise BackupError, or what the master key raises."""
    identities = age.identities(identity_files)
    target = Target(places.folder)
    manifest, body = parse(target.text(), places.folder / MANIFEST)
    copy = keys.read_copy(places.keys, identities)
    # Before anything of the tree is loaded: objects of a stranger's making would run code.
    key = copy.site_key(present_master_key(values), LABEL)
    authenticate(body, key, places.folder / MANIFEST)
    return Opened(target, manifest, copy, identities)


def present_master_key(values: Values) -> bytes:
    """Return the master key; raise MasterKeyMissing instead of making one."""
    path = values.get("communicate.master_key_file")
    if not os.environ.get(VARIABLE) and path is not None and not Path(path).exists():
        raise MasterKeyMissing(
            f"There is no master key at {path}: put back its printed copy. Nothing in a backup "
            "opens without it."
        )
    return master_key(values)


def unpack(opened: Opened, values: Values, say: Say) -> None:
    """Fill the empty stores that *values* name; the tree comes last, for without it nothing is."""
    tree, target = opened.manifest.tree, opened.target
    blobs.restore(
        opened.manifest.blobs, target, values["communicate.blobs"], opened.identities, say
    )
    fill_ring(opened.copy, values["communicate.keyring"])
    say(f"key ring: {len(opened.copy.rows)} keys")
    if tree.kind == filestorage.KIND:
        filestorage.restore(tree, target, tree_file(values), opened.identities, say)
    else:
        postgresql.restore(tree, target, dsn_of(values), opened.identities, say)


def fill_ring(copy: keys.Copy, url: str) -> None:
    """Let the ring in the database *url* hold what *copy* holds, and nothing else."""
    store = open_store(url)
    try:
        store.install(copy.master)
        store.fill(copy.master, copy.rows)
        store.clean()
    finally:
        store.engine.dispose()


def tree_file(values: Values) -> Path:
    """Return the file of the tree; raise BackupError where the settings name none."""
    address = split_options(values["communicate.database"])[0]
    if not address.startswith("file://"):
        raise BackupError("this backup is of a tree in a file: say so in communicate.database")
    return file_path(address, values["communicate.var"])


def dsn_of(values: Values) -> str:
    """Return how libpq reaches the tree; raise BackupError where the settings name none."""
    address = split_options(values["communicate.database"])[0]
    if not address.startswith(("postgres://", "postgresql://")):
        raise BackupError("this backup is of a tree in PostgreSQL: say so in communicate.database")
    return read_uri(address)[0]
