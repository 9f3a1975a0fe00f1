"""The tree in PostgreSQL: ``pg_dump`` and ``pg_restore``, encrypted on the way.

Dumped whole each time, from one snapshot; blobs are added to as with a tree in a file.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from secrets import token_hex
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import make_dsn, parse_dsn

from communicate.backup import age
from communicate.backup.age import Counted, Say
from communicate.backup.errors import BackupError
from communicate.backup.manifest import Piece, Tree
from communicate.backup.target import Target
from communicate.storage.sitedb import SiteDB

KIND = "postgresql"
#: Of the other two stores, where they share the tree's database: never in a backup of the tree.
OTHERS = ("catalog_*", "keyring_*")


def back_up(database: SiteDB, target: Target, keys: Sequence[Any], say: Say) -> Tree:
    """Encrypt a dump of the tree into a new file of *target*."""
    name = f"tree/{token_hex(8)}.age"
    with snapshot(database.dsn) as (number, tid):
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={number}"]
        options += [f"--exclude-table={pattern}" for pattern in OTHERS]
        with running("pg_dump", options, database.dsn, stdout=subprocess.PIPE) as process:
            source = Counted(source=process.stdout)
            written = age.write(target.path(name), source, keys)
    say(f"tree: {source.size} bytes, all of it")
    piece = Piece(name, 0, source.size, written.size, written.sha256)
    return Tree(KIND, f"{tid:016x}", (piece,))


@contextmanager
def snapshot(dsn: str) -> Iterator[tuple[str, int]]:
    """Yield the name of a snapshot for other sessions, and the last transaction seen in it."""
    with closing(psycopg2.connect(dsn)) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot(), (SELECT MAX(tid) FROM object_state)")
            number, tid = cursor.fetchone()
            yield number, tid or 0


@contextmanager
def running(name: str, options: Sequence[str], dsn: str, **pipes: Any) -> Iterator[Any]:
    """Run the program *name* of PostgreSQL beside the block; raise BackupError if it fails."""
    program = shutil.which(name)
    if program is None:
        raise BackupError(f"{name} is not installed: install PostgreSQL's client programs")
    environ, address = reached(dsn)
    command = [program, *options, f"--dbname={address}"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=environ, **pipes)  # noqa: S603
    try:
        yield process
        if process.stdin:
            process.stdin.close()
        said = process.stderr.read().decode(errors="replace") if process.stderr else ""
        if process.wait():
            raise BackupError(f"{name} failed: {said.strip()}")
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def reached(dsn: str) -> tuple[dict[str, str], str]:
    """Return the environment with the password of *dsn*, and *dsn* without: others see words."""
    parts = parse_dsn(dsn)
    password = parts.pop("password", None)
    environ = {**os.environ, "PGPASSWORD": password} if password else dict(os.environ)
    return environ, make_dsn(**parts)


def restore(tree: Tree, target: Target, dsn: str, identities: Sequence[Any], say: Say) -> None:
    """Restore *tree* into the database *dsn*, all of it or nothing."""
    (piece,) = tree.pieces
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    options += ["--clean", "--if-exists"]
    with running("pg_restore", options, dsn, stdin=subprocess.PIPE) as process:
        with suppress(BrokenPipeError):  # it ended before: `running` says why
            age.read(target.folder / piece.name, process.stdin, piece.written, identities)
        say(f"tree: {piece.stop} bytes")


def holds_tree(dsn: str) -> bool:
    """Tell whether there is anything in the tree of the database *dsn*."""
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('object_state') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT EXISTS (SELECT 1 FROM object_state)")
        return bool(cursor.fetchone()[0])


def empty(dsn: str) -> None:
    """Remove the tree that a restore has put into the database *dsn*."""
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            " AND NOT tablename ~ '^(catalog|keyring)_'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
