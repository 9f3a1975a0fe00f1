"""Bring a site back from a backup, and erase again whoever was erased since."""

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, inspect, make_url, select

from communicate.backup import filestorage, marker, postgresql
from communicate.backup.age import Say
from communicate.backup.errors import BackupError, NotEmpty
from communicate.backup.events import SiteRestored
from communicate.backup.making import Places, note
from communicate.backup.unpacking import Opened, Values, dsn_of, open_backup, tree_file, unpack
from communicate.catalog.reindex import reindex
from communicate.erasure.jobs import go_on, replay
from communicate.erasure.services import erasures_of
from communicate.sealing.ringstore import KEYS, open_store
from communicate.storage.pack import pack
from communicate.storage.work import work
from communicate.stores import stores_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """What to restore from, what opens it, and whether the ledger of erasures must be there."""

    places: Places
    identity_files: Sequence[Path]
    ledger: bool = True


@dataclass(frozen=True)
class Restored:
    """The recovery point, and how many accounts were erased again."""

    when: datetime
    erased: int


def restore(config: Any, wanted: Wanted, open_site: Callable[[], Any], say: Say) -> Restored:
    """Restore into the stores that *config* names, which must be empty.

    *open_site* opens them once they are filled and returns the registry.  Interrupted, it is to
    be called again: until it is through, nothing else opens what it has put there.  Raise
    BackupError.
    """
    values = config.settings
    opened = open_backup(values, wanted.places, wanted.identity_files)
    refuse_without_ledger(values, wanted)
    check_kind(opened, values)
    if marker.is_there(values):
        say("a restore was cut short here: it begins anew")
        clear(values)
    refuse_data(values)
    marker.put(values)
    unpack(opened, values, say)
    registry = open_site()
    erased = erase_again(registry, say)
    say("catalog: being made anew")
    failed = reindex(registry).failed
    work(registry, partial(note, opened.manifest, wanted.places))
    tell(registry, opened.manifest.when, say)
    marker.take(values)
    for kind, reason in failed.items():
        say(f"{kind} could not be found again ({reason}): run `communicate reindex`")
    return Restored(opened.manifest.when, erased)


def refuse_without_ledger(values: Values, wanted: Wanted) -> None:
    """Raise BackupError where the ledger, which a backup makes sure of, is not there."""
    path = values["communicate.ledger_file"]
    if wanted.ledger and not path.exists():
        raise BackupError(
            f"there is no ledger of erasures at {path}, so that members who were erased since "
            "would come back: put it back, or say --no-ledger if it is lost for good"
        )


def check_kind(opened: Opened, values: Values) -> None:
    """Raise BackupError unless the settings name a tree of the kind that was backed up."""
    if opened.manifest.tree.kind == filestorage.KIND:
        tree_file(values)
    else:
        dsn_of(values)


def refuse_data(values: Values) -> None:
    """Raise NotEmpty where there are data already."""
    for path in data_files(values):
        if path.is_file() or (path.is_dir() and any(path.iterdir())):
            raise NotEmpty(
                f"{path} is there already: a backup is restored where there is no data. Move it "
                "away, or choose another folder with --var"
            )
    if values["communicate.database"].startswith("postgres") and postgresql.holds_tree(
        dsn_of(values)
    ):
        raise NotEmpty("the database of the tree is not empty: make a new one, and name that")
    if holds_keys(values["communicate.keyring"]):
        raise NotEmpty("the database of the key ring is not empty: make a new one, and name that")


def holds_keys(url: str) -> bool:
    """Tell whether there are keys in the ring at *url*, which is not in SQLite."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return False  # its file is among those that may not be there
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            return inspect(connection).has_table(KEYS.name) and bool(
                connection.execute(select(KEYS.c.uid).limit(1)).first()
            )
    finally:
        engine.dispose()


def data_files(values: Values) -> Iterator[Path]:
    """Yield the files and folders of a site's data, there or not, but what only runs it."""
    var, run = values["communicate.var"], values["communicate.run"]
    found = {path for path in var.glob("*") if path not in (run, values["communicate.logs"])}
    found |= {values["communicate.blobs"], *sqlite_files(values)}
    if values["communicate.database"].startswith("file:"):
        found.add(tree_file(values))
    return (path for path in sorted(found) if path.name != marker.NAME)


def sqlite_files(values: Values) -> Iterator[Path]:
    """Yield the files of catalog and key ring where they are in SQLite."""
    for name in ("catalog", "keyring"):
        url = make_url(values[f"communicate.{name}"])
        if url.get_backend_name() == "sqlite" and url.database:
            for suffix in ("", "-wal", "-shm"):
                yield Path(url.database + suffix)


def clear(values: Values) -> None:
    """Remove what a restore that was cut short has put there."""
    beside: list[Path] = []
    if values["communicate.database"].startswith("file:"):
        path = tree_file(values)
        beside = list(path.parent.glob(f"{path.name}*"))
    for path in (*data_files(values), *beside):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    if values["communicate.database"].startswith("postgres"):
        postgresql.empty(dsn_of(values))
    if holds_keys(values["communicate.keyring"]):
        store = open_store(values["communicate.keyring"])
        store.fill(store.master(), ())
        store.engine.dispose()


def tell(registry: Any, when: datetime, say: Say) -> None:
    """Tell whoever subscribed that the site is as it was at *when*."""
    try:
        work(registry, lambda request: registry.notify(SiteRestored(request, when)))
    except Exception as error:
        log.exception("not everybody could be told of the restore")
        say(
            f"not everybody could be told of the restore ({type(error).__name__}): what waited to "
            "leave the site may leave a second time"
        )


def erase_again(registry: Any, say: Say) -> int:
    """Erase whom the ledger names, to the end; return how many accounts that were."""
    erased = replay(registry)
    for uid in work(registry, lambda request: list(erasures_of(request).open)):
        go_on(registry, uid)
    say(f"ledger: {erased} accounts erased again")
    if erased:  # their logins, too, leave the files
        pack(stores_of(registry))
    return erased
