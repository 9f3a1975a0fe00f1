"""Work that follows a change of audience: words leave the catalog, or enter it, in batches."""

from collections.abc import Mapping
from typing import Any

from communicate.catalog.kinds import kinds_of
from communicate.catalog.loading import Missing, resolve
from communicate.catalog.rights import WORDS_JOB
from communicate.interfaces import ICatalog, IOutbox
from communicate.storage.holding import hold

BATCH = 200  # items


def rewrite(request: Any, payload: Mapping[str, Any]) -> None:
    """Write anew the next items that the object ``payload["acl"]`` governs; queue the rest.

    Whether words are stored follows from the rights that hold by then.  Items that cannot be
    loaded lose their words.  Doing it again does no harm.
    """
    catalog = request.find_service(ICatalog)
    hits = catalog.catalog.governed(payload["acl"], payload.get("after", 0), BATCH)
    kinds = kinds_of(request.registry)
    for hit in hits:
        thing = resolve(request.site, hit)
        entry = None
        if not isinstance(thing, Missing) and hit.kind in kinds:
            entry = kinds[hit.kind].entry(request, thing)
        if entry is None:
            catalog.drop_words([hit.id])
        else:
            # Whoever changes the thing meanwhile makes this transaction fail and be tried again,
            # so that words that were edited away do not come back.
            hold(thing)
            catalog.put(entry)
    if len(hits) == BATCH:
        request.find_service(IOutbox).add(WORDS_JOB, {**payload, "after": hits[-1].id})
