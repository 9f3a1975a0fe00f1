"""The site's ZODB database: no code of a plugin that is off, and no notes in transactions."""

import importlib
import logging
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from pickle import Unpickler
from typing import Any

from ZODB.Connection import Connection
from ZODB.DB import DB
from ZODB.FileStorage import FileStorage
from ZODB.POSException import ConflictError

from communicate.courtesy import courtesy
from communicate.storage.bells import Bells
from communicate.storage.broken import REBUILD, RECALL, missing_class
from communicate.storage.records import Writer
from communicate.storage.sums import Sums

log = logging.getLogger(__name__)

#: Packages whose classes may be in any record; a plugin adds its own while it is enabled.
CORE_PACKAGES = frozenset(
    {
        "communicate",
        "BTrees",
        "persistent",
        "ZODB",
        "zodbpickle",
        "zope",
        "builtins",
        "collections",
        "copyreg",
        "datetime",
        "_codecs",
    }
)


class NoNotes:
    """A transaction as the storage may see it: without user, description or extension."""

    user = ""
    description = ""

    def __init__(self, transaction: Any) -> None:
        self.extension: dict[str, Any] = {}
        self.set_data = transaction.set_data


class SiteConnection(Connection):
    """A connection that writes nothing but records: pyramid_tm would note each address.

    Where it may take long it lets requests go by: see `communicate.courtesy`.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._writer = Writer(self)

    def setstate(self, obj: Any) -> None:
        """Load the state of *obj*."""
        courtesy.give_way()
        super().setstate(obj)

    def tpc_begin(self, transaction: Any) -> None:
        """Begin to commit *transaction*, its notes left out."""
        courtesy.give_way()
        super().tpc_begin(NoNotes(transaction))

    def _store_objects(self, writer: Any, transaction: Any) -> None:
        """Store the objects that *writer* has, and the new ones that they refer to."""
        super()._store_objects(self._writer.begin(writer), transaction)

    def tpc_finish(self, transaction: Any) -> None:
        """Commit, and ring for whoever waits for a change of what was written."""
        written = list(self._modified)
        super().tpc_finish(transaction)
        self._db.bells.ring(written)


class SiteDB(DB):
    """A database that loads classes of core and of *packages*, and of nothing else.

    Every other class loads as a broken object: its state is kept and copied, never understood,
    and its module is never imported.  *blobs* is the folder of the blobs, and
    *compact* frees the bytes that this kind of storage holds after a pack: both are for
    `communicate.storage.pack`.  *dsn* is how libpq reaches a tree in PostgreSQL.  *bells* ring
    for whoever waits for a change.
    """

    klass = SiteConnection

    def __init__(
        self,
        storage: Any,
        packages: Collection[str] = (),
        *,
        blobs: Path | None = None,
        compact: Callable[[], None] | None = None,
        dsn: str = "",
        **options: Any,
    ) -> None:
        self.packages = CORE_PACKAGES | set(packages)
        self.blobs = blobs
        self.compact = compact
        self.dsn = dsn
        alone = isinstance(storage, FileStorage)
        self.bells = Bells(None if alone else lambda: self._mvcc_storage.new_instance())
        self._classes: dict[tuple[str, str], Any] = {
            REBUILD: self._rebuild,
            RECALL: self._recall,
        }
        self.rewriting = threading.Lock()  # held by whoever packs, and by a backup
        self._guard(storage)
        super().__init__(storage, **options)
        self._guard(storage)

    @property
    def sums(self) -> Sums | None:
        """The sums of the file that the tree is in, if it is in one."""
        return Sums(self.storage) if isinstance(self.storage, FileStorage) else None

    def close(self) -> None:
        """Close the database, the sums of its file up to date."""
        self.bells.close()
        with suppress(OSError, ValueError):  # a full disk; closed before
            self.keep_sums()
        super().close()

    def keep_sums(self) -> None:
        """Bring the sums of the file up to date, unless somebody rewrites it now."""
        if self.sums is not None and self.rewriting.acquire(blocking=False):
            try:
                self.sums.record()
            finally:
                self.rewriting.release()

    def allows(self, module: str) -> bool:
        """Tell whether *module* belongs to core or to an enabled plugin."""
        parts = module.split(".")
        return any(".".join(parts[:count]) in self.packages for count in range(1, len(parts) + 1))

    def classFactory(self, connection: Any, modulename: str, globalname: str) -> Any:
        """Return the class of that name, or a stand-in where it may not or cannot be loaded."""
        key = (modulename, globalname)
        found = self._classes.get(key)
        if found is None:
            found = self._classes[key] = self._find(modulename, globalname)
        return found

    def _find(self, module: str, name: str) -> Any:
        if self.allows(module):
            try:
                return getattr(importlib.import_module(module), name)
            except Exception as error:  # whatever an import may raise, the site goes on
                log.warning("%s.%s loads as a broken object: %s", module, name, error)
        return missing_class(module, name)

    def _rebuild(self, module: str, name: str, *arguments: Any) -> Any:
        """Make again what was pickled while its class was absent: ZODB's way imports anything."""
        class_ = self.classFactory(None, module, name)
        return class_.__new__(class_, *arguments)

    def _recall(self, module: str, name: str, *arguments: Any) -> Any:
        return self.classFactory(None, module, name)(*arguments)

    def _guard(self, storage: Any) -> None:
        """Keep the storage from importing plugins when it resolves a conflict by itself.

        Set before the database opens its first connection, which copies it (RelStorage), and
        after, because ZODB's adapter for other storages puts its own there.
        """
        storage._crs_untransform_record_data = self.resolvable

    def resolvable(self, record: bytes) -> bytes:
        """Return *record*; raise ConflictError where it names a class that may not be loaded."""
        for module in modules_in(record):
            if not self.allows(module):
                raise ConflictError(f"a record names {module}, which is not enabled")
        return record


class Anything:
    """What stands for each thing in a record whose classes are only to be named."""

    def __new__(cls, *_arguments: Any, **_named: Any) -> "Anything":
        """Take whatever the thing itself is made with."""
        return super().__new__(cls)

    def __call__(self, *_arguments: Any) -> "Anything":
        """Be the way to make another one."""
        return self

    def __setstate__(self, _state: Any) -> None:
        """Keep nothing."""

    def __setitem__(self, _key: Any, _value: Any) -> None:
        """Keep nothing."""

    def append(self, _value: Any) -> None:
        """Keep nothing."""

    def extend(self, _values: Any) -> None:
        """Keep nothing."""


class Names(Unpickler):
    """A reader of pickles that notes which modules they name, and imports none of them.

    Several records of each transaction that meets others are read while all who write wait: what
    Python itself offers for taking a pickle apart is twenty times slower.
    """

    def __init__(self, stream: BytesIO) -> None:
        super().__init__(stream)
        self.modules: dict[str, None] = {}

    def find_class(self, module: str, _name: str) -> type[Anything]:
        """Note *module*."""
        self.modules[module] = None
        return Anything

    def persistent_load(self, _reference: Any) -> None:
        """Load nothing."""


def modules_in(record: bytes) -> list[str]:
    """Return the modules of the classes that *record* names, that of its own class first."""
    stream = BytesIO(record)
    names = Names(stream)
    names.load()
    names.load()
    return list(names.modules)
