"""The catalog in one SQLite file: FTS5 for words, WAL, and deleted bytes overwritten."""

import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Insert,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    create_engine,
    delete,
    event,
    literal_column,
    select,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError, OperationalError

from communicate.catalog.engine import Engine, on_conflict
from communicate.catalog.text import Marks, Query

BUSY_SECONDS = 5
BUSY_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

word = Table("catalog_words", MetaData(), Column("rowid", BigInteger), Column("words", Text))

# The words arrive folded, with spaces between them: the "ascii" tokenizer leaves all letters
# beyond ASCII alone, whatever version of Unicode SQLite knows.  No positions are stored.  Without
# an index of beginnings, "ver*" among 100,000 items puts together what has any such word: 20 ms.
MAKE_WORDS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS catalog_words USING fts5("
    "words, tokenize='ascii', detail='none', columnsize=0, prefix='3 4 5 6 7 8')"
)

# Merges the whole index into one segment, which holds nothing of deleted words.
OPTIMIZE = "INSERT INTO catalog_words(catalog_words) VALUES('optimize')"


class Sqlite(Engine):
    """An SQLite database file, readable by its owner only."""

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise ValueError(
                "communicate.catalog: sqlite needs a file, sqlite:////path/catalog.db"
            )
        _make_private(Path(url.database))
        # Parameters are words of members: they stay out of error messages and logs.
        self.sql = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
        event.listen(self.sql, "connect", _set_up)
        event.listen(self.sql, "begin", _begin)

    def begin(self) -> Connection:
        """Return a connection that holds the write lock, waited for BUSY_SECONDS at most."""
        connection = self.sql.connect().execution_options(communicate_writes=True)
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection

    def is_transient(self, error: DBAPIError) -> bool:
        """Tell whether another writer was in the way."""
        return _is_busy(error)

    def make_word_table(self, connection: Connection) -> None:
        """Make the FTS5 table unless it is there."""
        connection.exec_driver_sql(MAKE_WORDS)

    def drop_word_table(self, connection: Connection) -> None:
        """Drop the FTS5 table if it is there."""
        connection.exec_driver_sql("DROP TABLE IF EXISTS catalog_words")

    def upsert(self, table: Table) -> Insert:
        """Return the statement that writes rows of *table* over those with the same key."""
        return on_conflict(insert(table), table)

    def lock_rights(
        self, connection: Connection, read: Collection[int], written: Collection[int]
    ) -> None:
        """Do nothing: there is one writer at a time."""

    def set_words(self, connection: Connection, words: Mapping[int, Sequence[str]]) -> None:
        """Store the words of items in place of those they have."""
        self.drop_words(connection, words)
        rows = [{"rowid": number, "words": " ".join(found)} for number, found in words.items()]
        if rows:
            connection.execute(insert(word), rows)

    def drop_words(self, connection: Connection, items: Iterable[int]) -> None:
        """Forget the words of *items*."""
        rows = [{"number": number} for number in items]
        if rows:
            statement = delete(word).where(word.c.rowid == bindparam("number"))
            connection.execute(statement, rows)

    def worded(self) -> Select[Any]:
        """Return the select of the ids of all items that have words."""
        return select(word.c.rowid)

    @property
    def word_key(self) -> Column[int]:
        """The row id: FTS5 yields rows in its order, either way, without sorting them."""
        return word.c.rowid

    def expression(self, asked: Query, marks: Marks) -> str:
        """Return what the index is asked for *asked* and *marks*, each one quoted."""
        terms = [f'"{found}"' for found in asked.words]
        terms += ['("' + '" OR "'.join(either) + '")' for either in marks.required()]
        if asked.prefix is not None:
            terms.append(f'"{asked.prefix}" *')
        return " AND ".join(terms)

    def matches(self, expression: BindParameter[str]) -> ColumnElement[bool]:
        """Return the condition under which a row has the words of the *expression*."""
        return literal_column("catalog_words").op("MATCH", is_comparison=True)(expression)

    def clean(self, patience: float) -> None:
        """Merge the word index, so that deleted words leave it, and empty the WAL file."""
        deadline = time.monotonic() + patience
        while not self._try_clean():
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"the catalog was in use for {patience:g} s and could not be cleaned: "
                    "run the command again when the site is less busy"
                )
            time.sleep(0.05)

    def _try_clean(self) -> bool:
        try:
            with self.begin() as connection:
                connection.exec_driver_sql(OPTIMIZE)
                connection.commit()
            return self._truncate()
        except OperationalError as error:
            if _is_busy(error):
                return False
            raise

    def _truncate(self) -> bool:
        """Copy the WAL into the file and empty it; return False where a reader was in the way."""
        raw = self.sql.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchone()
            cursor.close()
        finally:
            raw.close()
        return busy is not None and busy[0] == 0


def _is_busy(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in BUSY_CODES


def _make_private(path: Path) -> None:
    """Make the file, and the folder it lies in, for its owner's eyes; leave one that is there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _set_up(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # BEGIN is sent by `_begin`, never by the driver
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a row that the tree needs is not lost with the power
        "secure_delete=ON",
        "temp_store=MEMORY",  # no spilled words in temporary files
    ):
        raw.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("communicate_reads"):
        return  # each statement is a transaction of its own
    writes = options.get("communicate_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
