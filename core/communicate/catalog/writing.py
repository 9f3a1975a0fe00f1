"""Write gathered changes into the tables, inside a transaction that somebody else commits."""

import json
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    insert,
    literal,
    or_,
    select,
    update,
)

from communicate.catalog.changes import Changes
from communicate.catalog.engine import Engine
from communicate.catalog.entries import Entry
from communicate.catalog.tables import block, holder, item, label, removed, right, sealed
from communicate.catalog.text import Marks, sort_key, stored_words
from communicate.principals import MEMBERS, PUBLIC, contacts, member

Key = TypeVar("Key", int, str)
CHUNK = 500  # ids in one statement
WIDE = frozenset({MEMBERS, PUBLIC})
NOBODY = ""  # the principal of what nobody may read: nobody holds it


def stamp() -> int:
    """Return this machine's time in milliseconds: rows are compared by it, people never see it."""
    return time.time_ns() // 1_000_000


def chunks(numbers: Iterable[Key]) -> Iterator[list[Key]]:
    """Yield *numbers* (or names), sorted, in lists that one statement can take.

    Sorted, because two transactions that lock the same rows in one order never wait in a circle.
    """
    ordered = sorted(numbers)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def write(engine: Engine, connection: Connection, changes: Changes) -> None:
    """Write *changes*: rights first, since they decide which words may be stored."""
    now = stamp()
    gone = [number for number, entry in changes.items.items() if entry is None]
    entries = [entry for entry in changes.items.values() if entry]
    lock(engine, connection, entries, {*changes.rights, *gone})
    for uid in sorted(changes.forgotten):
        _forget_member(engine, connection, uid)
    _write_pairs(engine, connection, holder, changes.holders)
    _write_pairs(engine, connection, block, changes.blocks)
    _remove(engine, connection, gone, now)
    _repair(engine, connection, changes.stale)
    replace_rights(engine, connection, changes.rights, now)
    put(engine, connection, entries, now)
    drop_words(engine, connection, changes.wordless)


def lock(
    engine: Engine, connection: Connection, entries: Collection[Entry], written: Collection[int]
) -> None:
    """Hold the rights of *entries*, which decide about their words, and those to be *written*."""
    acls = {entry.acl for entry in entries}
    unknown = acls - _known_rights(connection, acls).keys()
    engine.lock_rights(connection, acls, unknown | set(written))


def put(engine: Engine, connection: Connection, entries: Collection[Entry], written: int) -> None:
    """Store *entries*; the words and sort keys of those that only some may read stay out."""
    known = _known_rights(connection, {entry.acl for entry in entries})
    unknown = {entry.acl: entry.principals for entry in entries if entry.acl not in known}
    replace_rights(engine, connection, unknown, written)
    known |= {acl: set(principals) for acl, principals in unknown.items()}
    wide = {entry.id for entry in entries if known[entry.acl] & WIDE}
    rows = [_row(entry, written, titled=entry.id in wide) for entry in entries]
    if rows:
        connection.execute(engine.upsert(item), sorted(rows, key=itemgetter("id")))
    engine.drop_words(connection, sorted({entry.id for entry in entries} - wide))
    engine.set_words(
        connection,
        {
            entry.id: stored_words(entry.words) + _marks(entry, PUBLIC in known[entry.acl])
            for entry in entries
            if entry.id in wide
        },
    )
    _label(engine, connection, entries, wide)
    _seal_words(engine, connection, entries, wide)


def replace_rights(
    engine: Engine, connection: Connection, rights: Mapping[int, Collection[str]], written: int
) -> None:
    """Write the principals of each key of *rights* in place of those it has."""
    for numbers in chunks(rights):
        connection.execute(delete(right).where(right.c.acl.in_(numbers)))
    rows = [
        {"acl": acl, "principal": principal, "written": written}
        for acl, principals in sorted(rights.items())
        for principal in sorted(set(principals) or {NOBODY})
    ]
    if rows:
        connection.execute(engine.upsert(right), rows)


def drop_words(engine: Engine, connection: Connection, items: Iterable[int]) -> None:
    """Forget the words, the labels and the sort keys of *items*."""
    for numbers in chunks(items):
        engine.drop_words(connection, numbers)
        connection.execute(delete(label).where(label.c.id.in_(numbers)))
        connection.execute(delete(sealed).where(sealed.c.id.in_(numbers)))
        connection.execute(update(item).where(item.c.id.in_(numbers)).values(sort=""))


def unless_newer(connection: Connection, entries: list[Entry], as_of: int) -> list[Entry]:
    """Return those of *entries* that nobody has written or removed since *as_of*."""
    newer: set[int] = set()
    for table in (item, removed):
        for numbers in chunks(entry.id for entry in entries):
            recent = table.c.id.in_(numbers), table.c.written > as_of
            newer.update(connection.scalars(select(table.c.id).where(*recent)))
    return [entry for entry in entries if entry.id not in newer]


def refresh_rights(
    engine: Engine, connection: Connection, entries: list[Entry], as_of: int
) -> None:
    """Rewrite the rights of what governs *entries*, unless stated anew since *as_of*."""
    rights = {entry.acl: entry.principals for entry in entries}
    newer: set[int] = set()
    for numbers in chunks(rights):
        recent = right.c.acl.in_(numbers), right.c.written > as_of
        newer.update(connection.scalars(select(right.c.acl).where(*recent)))
    current = {acl: names for acl, names in rights.items() if acl not in newer}
    replace_rights(engine, connection, current, as_of)


def remove_where(
    engine: Engine, connection: Connection, terms: Iterable[ColumnElement[bool]]
) -> int:
    """Forget every item that all *terms* hold of; return how many there were."""
    numbers = list(connection.scalars(select(item.c.id).where(*terms)))
    _forget(engine, connection, numbers)
    return len(numbers)


def remove_some(
    engine: Engine, connection: Connection, term: ColumnElement[bool], most: int
) -> int:
    """Forget up to *most* items that *term* holds of; return how many there were."""
    numbers = list(connection.scalars(select(item.c.id).where(term).limit(most)))
    _forget(engine, connection, numbers)
    return len(numbers)


def remove_plugin(engine: Engine, connection: Connection, name: str) -> int:
    """Forget the items of the plugin *name*, and rights that governed only them; count items."""
    own = item.c.kind.startswith(f"{name}.", autoescape=True)
    acls = list(connection.scalars(select(item.c.acl).where(own).distinct()))
    count = remove_where(engine, connection, (own,))
    for numbers in chunks(acls):
        idle = right.c.acl.in_(numbers), right.c.acl.not_in(select(item.c.acl))
        connection.execute(delete(right).where(*idle))
    return count


def _known_rights(connection: Connection, acls: Iterable[int]) -> dict[int, set[str]]:
    """Return the principals of those of *acls* whose rights have been stated."""
    known: dict[int, set[str]] = defaultdict(set)
    for numbers in chunks(acls):
        found = select(right.c.acl, right.c.principal).where(right.c.acl.in_(numbers))
        for acl, principal in connection.execute(found):
            known[acl].add(principal)
    return dict(known)


def _write_pairs(
    engine: Engine, connection: Connection, table: Table, pairs: Mapping[Any, bool]
) -> None:
    names = [column.name for column in table.columns]
    kept = [dict(zip(names, pair, strict=True)) for pair in sorted(pairs) if pairs[pair]]
    gone = [dict(zip(names, pair, strict=True)) for pair in sorted(pairs) if not pairs[pair]]
    if gone:
        matching = [column == bindparam(f"old_{column.name}") for column in table.columns]
        old = [{f"old_{name}": value for name, value in row.items()} for row in gone]
        connection.execute(delete(table).where(*matching), old)
    if kept:
        connection.execute(engine.upsert(table), kept)


def _forget_member(engine: Engine, connection: Connection, uid: int) -> None:
    remove_where(engine, connection, (item.c.author == uid,))
    names = (member(uid), contacts(uid))
    connection.execute(delete(right).where(right.c.principal.in_(names)))
    connection.execute(
        delete(holder).where(or_(holder.c.uid == uid, holder.c.principal.in_(names)))
    )
    connection.execute(delete(block).where(or_(block.c.uid == uid, block.c.blocked == uid)))


def _remove(engine: Engine, connection: Connection, gone: list[int], now: int) -> None:
    """Forget *gone*, and keep where they were until the next checkpoint: see `check_recent`."""
    for numbers in chunks(gone):
        connection.execute(delete(removed).where(removed.c.id.in_(numbers)))
        columns = select(item.c.id, item.c.kind, item.c.locator, literal(now))
        source = columns.where(item.c.id.in_(numbers))
        connection.execute(
            insert(removed).from_select(["id", "kind", "locator", "written"], source)
        )
        connection.execute(delete(right).where(right.c.acl.in_(numbers)))
    _forget(engine, connection, gone)


def _repair(engine: Engine, connection: Connection, stale: Mapping[int, int]) -> None:
    for number, written in sorted(stale.items()):
        remove_where(engine, connection, (item.c.id == number, item.c.written == written))


def _forget(engine: Engine, connection: Connection, items: list[int]) -> None:
    for numbers in chunks(items):
        connection.execute(delete(item).where(item.c.id.in_(numbers)))
        connection.execute(delete(sealed).where(sealed.c.id.in_(numbers)))
        connection.execute(delete(label).where(label.c.id.in_(numbers)))
        engine.drop_words(connection, numbers)


def _marks(entry: Entry, public: bool) -> list[str]:
    authors = () if entry.author is None else (entry.author,)
    return Marks((entry.kind,), authors, public).stored()


def _label(
    engine: Engine, connection: Connection, entries: Collection[Entry], wide: Collection[int]
) -> None:
    """Keep the labels of those of *entries* that are *wide*, and of no other."""
    for numbers in chunks(entry.id for entry in entries):
        connection.execute(delete(label).where(label.c.id.in_(numbers)))
    rows = [
        {"label": name, "time": entry.time, "id": entry.id}
        for entry in entries
        if entry.id in wide
        for name in sorted(set(entry.labels))
    ]
    if rows:
        connection.execute(engine.upsert(label), rows)


def _seal_words(
    engine: Engine, connection: Connection, entries: Collection[Entry], wide: Collection[int]
) -> None:
    """Keep the words of those of *entries* that are not *wide*, sealed, and of no other."""
    if engine.seal is None:
        return
    for numbers in chunks(entry.id for entry in entries):
        connection.execute(delete(sealed).where(sealed.c.id.in_(numbers)))
    rows = []
    for entry in entries:
        if (entry.words or entry.labels) and entry.id not in wide:
            # With spaces around: a word is found as it is, without taking the text apart.
            text = f" {' '.join((*stored_words(entry.words), *entry.labels))} "
            row = {"id": entry.id, "acl": entry.acl, "author": entry.author}
            rows.append({**row, "envelope": engine.seal(entry.author, text)})
    kept = [row for row in rows if row["envelope"] is not None]
    if kept:
        connection.execute(engine.upsert(sealed), sorted(kept, key=itemgetter("id")))


def _row(entry: Entry, written: int, *, titled: bool) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "acl": entry.acl,
        "author": entry.author,
        "container": entry.container,
        "locator": json.dumps(entry.locator),
        "time": entry.time,
        "sort": sort_key(entry.title) if titled else "",
        "written": written,
    }
