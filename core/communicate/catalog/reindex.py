"""Rebuild the catalog from the tree, beside a serving site; mend it after a crash."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from communicate.catalog.entries import Entry
from communicate.catalog.kinds import kinds_of
from communicate.catalog.loading import Missing, resolve
from communicate.catalog.service import Catalog
from communicate.catalog.writing import stamp
from communicate.declarations import Indexable
from communicate.interfaces import ICatalog, IOutbox
from communicate.storage.work import work

log = logging.getLogger(__name__)

BATCH = 200  # items written in one go
WINDOW = 60_000  # milliseconds before the last write in which a crash may have torn something
MOST = 5_000  # items checked after a crash

RELATIONS = "communicate.catalog.relations"
RELATIONS_JOB = "communicate.catalog.relations"

Report = Callable[[str, int], None]
Rebuild = Callable[[Any], int]  # of a registry: returns how many pairs were wrong


@dataclass
class Reindexed:
    """What a re-index did: items by kind, rows forgotten, and why which kinds failed.

    Who holds what and who blocked whom is counted like a kind: by what had to be set right.
    """

    items: dict[str, int] = field(default_factory=dict)
    swept: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def reindex(registry: Any, report: Report = lambda _kind, _done: None) -> Reindexed:
    """Write anew the entries of every enabled kind, and forget the rows of what is not there.

    *report* is called with a kind and the number of its items so far.  The site may go on
    serving: what somebody writes meanwhile is newer, and stays.  A kind that fails keeps its rows
    and hinders no other; rows of plugins that are not enabled are left alone.
    """
    catalog: Catalog = registry.getUtility(ICatalog)
    done = Reindexed()
    start = stamp() - catalog.settled
    for kind, indexable in kinds_of(registry).items():
        try:
            done.items[kind] = work(registry, partial(_walk, indexable, report))
            done.swept += catalog.sweep(kind, start)
        except Exception as error:
            log.exception("the kind %s could not be indexed", kind)
            done.failed[kind] = f"{type(error).__name__}: {error}"
    _relate(registry, report, done)
    return done


def add_relations(registry: Any, name: str, rebuild: Rebuild) -> None:
    """Have *rebuild* set right, at each re-index, what the catalog knows of who holds what."""
    registry.setdefault(RELATIONS, {})[name] = rebuild


def _relate(registry: Any, report: Report, done: Reindexed) -> None:
    for name, rebuild in registry.get(RELATIONS, {}).items():
        try:
            done.items[name] = rebuild(registry)
            report(name, done.items[name])
        except Exception as error:
            log.exception("%s could not be set right", name)
            done.failed[name] = f"{type(error).__name__}: {error}"


def check_recent(registry: Any, *, serving: bool = False) -> int:
    """Compare the latest rows with the tree and put them right; return how many were looked at.

    For the start after a crash, before anybody is served: the catalog commits an instant before
    the tree, so that what was being written then may be in the catalog only.  With *serving*,
    what others may be writing at this moment is left alone.  Who holds what has no dates: a job
    looks through all of it, while the site serves.
    """
    catalog: Catalog = registry.getUtility(ICatalog)
    as_of = stamp() - (catalog.settled if serving else 0)
    if not serving and registry.get(RELATIONS):
        work(registry, lambda request: request.find_service(IOutbox).add(RELATIONS_JOB, {}))
    return work(registry, partial(_check_recent, catalog, as_of))


def relate(request: Any, _payload: Mapping[str, Any]) -> None:
    """Set right who holds what, after a crash; the handler of a job."""
    for rebuild in request.registry.get(RELATIONS, {}).values():
        rebuild(request.registry)


def _walk(indexable: Indexable, report: Report, request: Any) -> int:
    """Write the entries of one kind, batch by batch; return how many."""
    catalog: Catalog = request.registry.getUtility(ICatalog)
    # The tree is seen as of this transaction; what was being committed then may not be in it.
    as_of = stamp() - catalog.settled
    connection = request.site._p_jar
    done = 0
    for batch in _batches(_entries(request, indexable)):
        catalog.refresh(batch, as_of)
        done += len(batch)
        report(indexable.kind, done)
        connection.cacheGC()
    return done


def _entries(request: Any, indexable: Indexable) -> Iterator[Entry]:
    """Yield the entry of each thing that has one: what is deleted or hidden has none."""
    for thing in indexable.walk(request):
        entry = indexable.entry(request, thing)
        if entry is not None:
            yield entry


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    remaining = iter(entries)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _check_recent(catalog: Catalog, as_of: int, request: Any) -> int:
    places = catalog.recent(as_of, WINDOW, MOST)
    entries: list[Entry] = []
    for place in places:
        thing = resolve(request.site, place)
        indexable = kinds_of(request.registry).get(place.kind)
        if thing is Missing.UNAVAILABLE or indexable is None:
            continue
        entry = None if thing is Missing.GONE else indexable.entry(request, thing)
        if entry is None:
            catalog.changes(request.tm).repair(place)
        else:
            entries.append(entry)
    for batch in _batches(entries):
        catalog.refresh(batch, as_of)
    return len(places)
