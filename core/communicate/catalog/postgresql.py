"""The catalog in PostgreSQL: a tsvector of our own words, with a GIN index."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Index,
    Insert,
    MetaData,
    Select,
    Table,
    bindparam,
    cast,
    create_engine,
    delete,
    event,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, TSQUERY, TSVECTOR, insert
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, StatementError

from communicate.catalog.engine import Engine, on_conflict
from communicate.catalog.tables import metadata
from communicate.catalog.text import Marks, Query

LOCK_SECONDS = 5
LOCK_CLASS = 0xCA7A106  # the catalog's own space of advisory locks
# serialization failure, deadlock, lock timeout; two writers of one new row
TRANSIENT_STATES = frozenset({"40001", "40P01", "55P03", "23505"})

word_metadata = MetaData()
word = Table(
    "catalog_words",
    word_metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("words", TSVECTOR, nullable=False),
    # Without a list of pending words a deleted word does not wait in it for the next VACUUM.
    Index(
        "catalog_words_words",
        "words",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    ),
)


class Postgresql(Engine):
    """A PostgreSQL database, reached through psycopg."""

    def __init__(self, url: URL) -> None:
        # Parameters are words of members: they stay out of error messages and logs.
        self.sql = create_engine(
            url.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True
        )
        event.listen(self.sql, "handle_error", _without_detail)

    def begin(self) -> Connection:
        """Return a connection inside a transaction that waits LOCK_SECONDS at most for a lock."""
        connection = self.sql.connect()
        try:
            connection.begin()
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        except BaseException:
            connection.close()
            raise
        return connection

    def is_transient(self, error: DBAPIError) -> bool:
        """Tell whether another transaction was in the way, or the server went away."""
        state = getattr(error.orig, "sqlstate", None)
        return error.connection_invalidated or state in TRANSIENT_STATES

    def make_word_table(self, connection: Connection) -> None:
        """Make the table of words unless it is there."""
        word_metadata.create_all(connection)

    def drop_word_table(self, connection: Connection) -> None:
        """Drop the table of words if it is there."""
        word_metadata.drop_all(connection)

    def upsert(self, table: Table) -> Insert:
        """Return the statement that writes rows of *table* over those with the same key."""
        return on_conflict(insert(table), table)

    def lock_rights(
        self, connection: Connection, read: Collection[int], written: Collection[int]
    ) -> None:
        """Take an advisory lock for each object, in one order, shared for those only read."""
        modes = {_lock_key(acl): "_shared" for acl in read}
        modes |= {_lock_key(acl): "" for acl in written}
        for key, mode in sorted(modes.items()):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{mode}({LOCK_CLASS}, {key})")

    def set_words(self, connection: Connection, words: Mapping[int, Sequence[str]]) -> None:
        """Store the words of items, as lexemes that no parser touches, in place of theirs."""
        rows = [{"number": number, "found": list(found)} for number, found in words.items()]
        if rows:
            lexemes = func.array_to_tsvector(bindparam("found", type_=ARRAY(TEXT)))
            inserted = insert(word).values(id=bindparam("number"), words=lexemes)
            connection.execute(on_conflict(inserted, word), rows)

    def drop_words(self, connection: Connection, items: Iterable[int]) -> None:
        """Forget the words of *items*."""
        rows = [{"number": number} for number in items]
        if rows:
            connection.execute(delete(word).where(word.c.id == bindparam("number")), rows)

    def worded(self) -> Select[Any]:
        """Return the select of the ids of all items that have words."""
        return select(word.c.id)

    @property
    def word_key(self) -> Column[int]:
        """The id."""
        return word.c.id

    def expression(self, asked: Query, marks: Marks) -> str:
        """Return what the index is asked for *asked* and *marks*, each one quoted.

        The text is cast to a tsquery, which takes quoted lexemes as they are.
        """
        terms = [f"'{found}'" for found in asked.words]
        terms += ["('" + "' | '".join(either) + "')" for either in marks.required()]
        if asked.prefix is not None:
            terms.append(f"'{asked.prefix}':*")
        return " & ".join(terms)

    def matches(self, expression: BindParameter[str]) -> ColumnElement[bool]:
        """Return the condition under which a row has the words of the *expression*."""
        return word.c.words.op("@@", is_comparison=True)(cast(expression, TSQUERY))

    def clean(self, patience: float) -> None:
        """Free the dead rows of every table; what other open transactions still see stays."""
        deadline = time.monotonic() + patience
        with self.sql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"SET lock_timeout = '{max(1, int(patience))}s'")
            try:
                for table in (*metadata.tables.values(), word):
                    connection.exec_driver_sql(f"VACUUM {table.name}")
            except DBAPIError as error:
                if self.is_transient(error) or time.monotonic() > deadline:
                    raise TimeoutError(
                        f"the catalog was in use for {patience:g} s and could not be cleaned: "
                        "run the command again when the site is less busy"
                    ) from error
                raise
            finally:
                connection.exec_driver_sql("RESET lock_timeout")


def _lock_key(acl: int) -> int:
    """Return the key of the lock of *acl*; two may share one, which costs a wait at most."""
    return (acl ^ acl >> 31) & 0x7FFFFFFF


def _without_detail(context: ExceptionContext) -> None:
    """Leave out of an error's text what the server adds to it: "Failing row contains …"."""
    told = getattr(getattr(context.original_exception, "diag", None), "message_primary", None)
    if told:
        context.original_exception.args = (told,)
        if isinstance(context.sqlalchemy_exception, StatementError):
            context.sqlalchemy_exception.args = (told,)
