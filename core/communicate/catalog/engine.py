"""What a database engine does for the catalog: open, write, index words, forget them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    URL,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Insert,
    Select,
    Table,
    delete,
    insert,
    select,
)
from sqlalchemy import Engine as SqlEngine
from sqlalchemy.exc import DBAPIError

from communicate.catalog.tables import SCHEMA, meta, metadata
from communicate.catalog.text import Marks, Query


class Engine(ABC):
    """One database, opened: `sqlite` and `postgresql` say how."""

    sql: SqlEngine
    # Seals words under the key of a uid (None: of the site); None where that key is gone.
    seal: Callable[[int | None, str], bytes | None] | None = None

    def prepare(self) -> bool:
        """Make the tables that are missing; return True where the catalog is new and empty.

        A catalog of another schema is dropped: a re-index brings everything back.
        """
        with self.begin() as connection:
            metadata.create_all(connection)
            found = connection.scalar(select(meta.c.value).where(meta.c.name == "schema"))
            if found not in (None, SCHEMA):
                self.drop_word_table(connection)
                metadata.drop_all(connection)
                metadata.create_all(connection)
            self.make_word_table(connection)
            if found != SCHEMA:
                connection.execute(delete(meta))
                connection.execute(insert(meta).values(name="schema", value=SCHEMA))
            connection.commit()
        return found != SCHEMA

    def close(self) -> None:
        """Close every pooled connection."""
        self.sql.dispose()

    @abstractmethod
    def begin(self) -> Connection:
        """Return a connection inside a transaction that may write."""

    @abstractmethod
    def is_transient(self, error: DBAPIError) -> bool:
        """Tell whether the same writes may succeed when they are tried again."""

    @abstractmethod
    def make_word_table(self, connection: Connection) -> None:
        """Make the table of words unless it is there."""

    @abstractmethod
    def drop_word_table(self, connection: Connection) -> None:
        """Drop the table of words if it is there."""

    @abstractmethod
    def upsert(self, table: Table) -> Insert:
        """Return the statement that writes rows of *table* over those with the same key."""

    @abstractmethod
    def lock_rights(
        self, connection: Connection, read: Collection[int], written: Collection[int]
    ) -> None:
        """Keep others from changing the rights of *read*, and from looking at those of *written*.

        Until the transaction ends; *read* may hold some of *written*.
        """

    @abstractmethod
    def set_words(self, connection: Connection, words: Mapping[int, Sequence[str]]) -> None:
        """Store the words of items in place of those they have."""

    @abstractmethod
    def drop_words(self, connection: Connection, items: Iterable[int]) -> None:
        """Forget the words of *items*."""

    @abstractmethod
    def worded(self) -> Select[Any]:
        """Return the select of the ids of all items that have words."""

    @property
    @abstractmethod
    def word_key(self) -> Column[int]:
        """The column of the table of words that holds the id of an item."""

    @abstractmethod
    def expression(self, asked: Query, marks: Marks) -> str:
        """Return what the index of words is asked for *asked* and *marks*."""

    @abstractmethod
    def matches(self, expression: BindParameter[str]) -> ColumnElement[bool]:
        """Return the condition under which a row of the table of words has the *expression*."""

    @abstractmethod
    def clean(self, patience: float) -> None:
        """Leave nothing of what was deleted in the files, as far as this engine can.

        Raises TimeoutError where other users of the file were in the way for *patience* seconds.
        """


def on_conflict(statement: Any, table: Table) -> Insert:
    """Return the engine's own *statement* of inserting into *table*, made to replace a row."""
    keys = [column.name for column in table.primary_key]
    rest = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    if not rest:
        return cast(Insert, statement.on_conflict_do_nothing(index_elements=keys))
    return cast(Insert, statement.on_conflict_do_update(index_elements=keys, set_=rest))


def open_engine(url: URL) -> Engine:
    """Open the database at *url*; raise ValueError for an engine that the catalog cannot use."""
    # Imported here so that a site on one engine does not need the other's driver.
    backend = url.get_backend_name()
    if backend == "sqlite":
        from communicate.catalog.sqlite import Sqlite

        return Sqlite(url)
    if backend in ("postgresql", "postgres"):
        from communicate.catalog.postgresql import Postgresql

        return Postgresql(url)
    raise ValueError(f"communicate.catalog: {backend} is neither sqlite nor postgresql")
