"""The storage for several machines: RelStorage on PostgreSQL, without history, blobs shared."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg2
from psycopg2.extensions import make_dsn, parse_dsn
from relstorage.adapters.postgresql import PostgreSQLAdapter
from relstorage.options import Options
from relstorage.storage import RelStorage

from communicate.storage.errors import BadAddress, PackBusy
from communicate.storage.folders import make_private

LOCK = 0x2C0  # of PostgreSQL's advisory locks: held by whoever packs, and by a backup
FIXED = {"keep_history": False, "shared_blob_dir": True, "driver": "psycopg2"}


def open_postgresql(uri: str, blobs: Path) -> tuple[Any, str]:
    """Return the storage at *uri* and the connection string, its password included.

    Query parameters named as RelStorage's options are given to it, all others to libpq.
    """
    make_private(blobs)
    dsn, given = read_uri(uri)
    options = Options(**{**typed(given), **FIXED, "blob_dir": str(blobs)})
    try:
        return RelStorage(PostgreSQLAdapter(dsn=dsn, options=options), options=options), dsn
    except psycopg2.OperationalError as error:
        raise BadAddress(
            f"PostgreSQL does not answer as communicate.database says: {str(error).strip()}"
        ) from error


def read_uri(uri: str) -> tuple[str, dict[str, str]]:
    """Return libpq's connection string and RelStorage's options; raise BadAddress."""
    parts = urlsplit(uri)
    query = dict(parse_qsl(parts.query))
    names = set(query) & set(Options.valid_option_names())
    options = {name: query.pop(name) for name in names}
    try:
        # Not the URI itself: RelStorage logs a string, and hides "password=" in it only.
        dsn = make_dsn(**parse_dsn(urlunsplit(parts._replace(query=urlencode(query)))))
    except psycopg2.ProgrammingError as error:
        raise BadAddress(
            "communicate.database is not an address that PostgreSQL understands: "
            f"{str(error).strip()}; write postgresql://user@host/name"
        ) from error
    return dsn, options


def typed(given: dict[str, str]) -> dict[str, Any]:
    """Return RelStorage's options with the types of their defaults; raise BadAddress."""
    return {name: _typed(name, text) for name, text in given.items() if name not in FIXED}


def _typed(name: str, text: str) -> Any:
    default = getattr(Options, name)
    if isinstance(default, bool):
        return text.lower() in ("1", "true", "yes", "on")
    if not isinstance(default, int | float):
        return text
    try:
        return type(default)(text)
    except ValueError:
        raise BadAddress(f"communicate.database: {name} takes a number, not {text!r}") from None


def vacuum(dsn: str) -> None:
    """Have PostgreSQL reclaim the rows that no transaction sees any more."""
    connection = psycopg2.connect(dsn)
    try:
        connection.autocommit = True  # VACUUM refuses to run inside a transaction
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
    finally:
        connection.close()


@contextmanager
def locked(dsn: str) -> Iterator[None]:
    """Keep packs and backups by other processes out; raise PackBusy where one is under way."""
    with closing(psycopg2.connect(dsn)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,))
            if not cursor.fetchone()[0]:
                raise PackBusy(
                    "another process backs the tree up or packs it: try again once it has ended"
                )
            yield  # the lock ends with the connection
