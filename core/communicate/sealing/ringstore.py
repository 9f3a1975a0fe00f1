"""The tables of the key ring, in a database of their own: SQLite or PostgreSQL.

What is deleted must leave the files too.  SQLite overwrites it (``secure_delete``) and its
write-ahead log is cut to nothing; PostgreSQL rewrites the table, and its own log keeps the bytes
until it is recycled.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    delete,
    event,
    insert,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from communicate.sealing.errors import KeyRingBusy

BUSY_SECONDS = 30
CLEAN_SECONDS = 30.0
CLEAN_PAUSE = 0.05
CLEAN_WAIT_MS = 250
Big = BigInteger().with_variant(Integer(), "sqlite")
metadata = MetaData()
KEYS = Table(
    "keyring_keys",
    metadata,
    Column("uid", Big, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=False),
)
STATE = Table(
    "keyring_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("generation", Big, nullable=False),
    Column("master", LargeBinary, nullable=False),
)


class Change:
    """One transaction that holds the ring's write lock; *master* is its fingerprint."""

    def __init__(self, connection: Connection, master: bytes) -> None:
        self._connection = connection
        self.master = master

    def all(self) -> list[tuple[int, bytes]]:
        """Return every uid with its wrapped key."""
        return [(row.uid, row.wrapped) for row in self._connection.execute(select(KEYS))]

    def holds(self, uid: int) -> bool:
        """Tell whether *uid* has a key."""
        query = select(KEYS.c.uid).where(KEYS.c.uid == uid)
        return self._connection.execute(query).first() is not None

    def add(self, uid: int, wrapped: bytes) -> None:
        """Store the key of *uid*."""
        self._connection.execute(insert(KEYS).values(uid=uid, wrapped=wrapped))

    def remove(self, uid: int) -> None:
        """Delete the key of *uid*."""
        self._connection.execute(delete(KEYS).where(KEYS.c.uid == uid))

    def clear(self) -> None:
        """Delete every key."""
        self._connection.execute(delete(KEYS))

    def replace(self, rows: Sequence[tuple[int, bytes]], master: bytes) -> None:
        """Store *rows* over those there are, wrapped by the master with that fingerprint."""
        for uid, wrapped in rows:
            self._connection.execute(update(KEYS).where(KEYS.c.uid == uid).values(wrapped=wrapped))
        self._connection.execute(update(STATE).values(master=master))


class RingStore:
    """The ring's rows."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.place = engine.url.render_as_string(hide_password=True)

    def install(self, master: bytes) -> None:
        """Make missing tables; a new ring is stamped with the fingerprint *master*."""
        for table in metadata.sorted_tables:
            _once_more(partial(self._run, CreateTable(table, if_not_exists=True)))
        if self.generation() is None:
            # Another process may have been faster: then its stamp stays.
            _once_more(partial(self._stamp, master))

    def _run(self, statement: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(statement)

    def _stamp(self, master: bytes) -> None:
        if self.generation() is None:
            self._run(insert(STATE).values(id=1, generation=0, master=master))

    def generation(self) -> int | None:
        """Return a number that changes whenever a key goes or all are wrapped anew."""
        with self.engine.connect() as connection:
            return connection.execute(select(STATE.c.generation)).scalar()

    def wrapped(self, uid: int) -> bytes | None:
        """Return the wrapped key of *uid*, or None."""
        with self.engine.connect() as connection:
            return connection.execute(select(KEYS.c.wrapped).where(KEYS.c.uid == uid)).scalar()

    def master(self) -> bytes:
        """Return the fingerprint of the master key that wraps the ring."""
        with self.engine.connect() as connection:
            master: bytes = connection.execute(select(STATE.c.master)).scalar_one()
        return master

    @contextmanager
    def change(self, *, announced: bool = False) -> Iterator[Change]:
        """Commit what the block does, or nothing; *announced* makes every process look anew."""
        with self.engine.begin() as connection:
            # Written first: both engines then make other changes wait here.
            more = STATE.c.generation + int(announced)
            connection.execute(update(STATE).values(generation=more))
            yield Change(connection, connection.execute(select(STATE.c.master)).scalar_one())

    def fill(self, master: bytes, rows: Sequence[tuple[int, bytes]]) -> None:
        """Put *rows*, wrapped by the master with that fingerprint, in place of all there are."""
        with self.change(announced=True) as change:
            change.clear()
            for uid, wrapped in rows:
                change.add(uid, wrapped)
            change.replace((), master)

    def damage(self) -> list[str]:
        """Return what the database itself finds wrong with its files."""
        if self.engine.dialect.name != "sqlite":
            return []
        with self.engine.connect() as connection:
            rows = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars().all()
        return [] if rows == ["ok"] else list(rows)

    def clean(self, seconds: float = CLEAN_SECONDS) -> None:
        """Wipe what was deleted from the files; raise KeyRingBusy after *seconds* of trying."""
        once = _clean_sqlite if self.engine.dialect.name == "sqlite" else _clean_postgresql
        deadline = time.monotonic() + seconds
        while not once(self.engine):
            if time.monotonic() >= deadline:
                raise KeyRingBusy(self.place, seconds)
            time.sleep(CLEAN_PAUSE)


def _once_more(action: Callable[[], None]) -> None:
    """Do *action*, a second time if another process did the same at the same instant."""
    try:
        action()
    except DBAPIError:
        action()


def _clean_sqlite(engine: Engine) -> bool:
    with engine.connect() as connection:
        # A short wait, many times: the checkpoint keeps writers out while it waits for readers.
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {CLEAN_WAIT_MS}")
        try:
            row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    return bool(row.busy == 0)


def _clean_postgresql(engine: Engine) -> bool:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"SET lock_timeout = '{CLEAN_WAIT_MS}ms'")
        try:
            # FULL: a plain VACUUM leaves the bytes in the free space of its pages.
            connection.exec_driver_sql(f"VACUUM (FULL) {KEYS.name}")
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", getattr(error.orig, "pgcode", None)) != "55P03":
                raise
            return False
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
    return True


def open_store(url: str) -> RingStore:
    """Return the rows in the database *url*, an SQLAlchemy URL; make a missing SQLite file."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return RingStore(_sqlite(address))
    return RingStore(create_engine(address, pool_pre_ping=True))


def _sqlite(address: URL) -> Engine:
    if address.database:
        path = Path(address.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        # SQLite gives its log the mode of the database.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode = WAL", "secure_delete = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()
