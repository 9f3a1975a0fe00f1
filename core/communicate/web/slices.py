"""Pages of what lies in a tree by id: they cost what they show, and stay true as things arrive."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request

from communicate.ids import decode, encode


@dataclass(frozen=True, slots=True)
class Slice:
    """A page: ids and things in the order shown, and what leads to its neighbours."""

    items: list[tuple[int, Any]]
    back: int | None = None  # the page that ends before this id
    forth: int | None = None  # the page that begins after this id


def asked(request: Request, name: str) -> int | None:
    """Return the id that the query gives under *name*; None without one; 400 where it is none."""
    given = request.GET.getall(name)
    if not given:
        return None
    try:
        if len(given) > 1:
            raise ValueError("given twice")
        return decode(given[0])
    except ValueError:
        raise HTTPBadRequest from None


def keys_backwards(tree: Any, before: int | None = None) -> Iterator[int]:
    """Yield keys of the tree or set from its end, or from the key before *before*, downwards."""
    key = before
    while True:
        try:
            key = tree.maxKey() if key is None else tree.maxKey(key - 1)
        except ValueError:
            return
        yield key


def backwards(tree: Any, before: int | None = None) -> Iterator[tuple[int, Any]]:
    """Yield keys and values of *tree* from its end, or from the key before *before*, downwards."""
    for key in keys_backwards(tree, before):
        yield key, tree[key]


def oldest_first(
    tree: Any, size: int, after: int | None = None, before: int | None = None
) -> Slice:
    """Return the *size* things that follow id *after*, or precede id *before*, or come first."""
    if before is not None:
        found = list(islice(backwards(tree, before), size + 1))
        if len(found) > size:
            items = found[size - 1 :: -1]
            return Slice(items, items[0][0], items[-1][0])
        after = None
    found = list(islice(tree.items(after, excludemin=after is not None), size + 1))
    items = found[:size]
    back = items[0][0] if items and tree.minKey() < items[0][0] else None
    return Slice(items, back, items[-1][0] if len(found) > size else None)


def newest_first(
    tree: Any, size: int, after: int | None = None, before: int | None = None
) -> Slice:
    """Return the *size* things before id *before*, or just after id *after*, or the newest."""
    if after is not None:
        found = list(islice(tree.items(after, excludemin=True), size + 1))
        if len(found) > size:
            items = found[size - 1 :: -1]
            return Slice(items, items[-1][0], items[0][0])
        before = None
    found = list(islice(backwards(tree, before), size + 1))
    items = found[:size]
    forth = items[0][0] if items and tree.maxKey() > items[0][0] else None
    return Slice(items, items[-1][0] if len(found) > size else None, forth)


def start_for(tree: Any, number: int, lead: int) -> int | None:
    """Return the id after which a page begins that shows id *number* behind *lead* others at most.

    None stands for the first page.
    """
    before = list(islice(keys_backwards(tree, number), lead + 1))
    return before[lead] if len(before) > lead else None


def query(**ids: int | None) -> str:
    """Return the query of an address with these ids, empty without any."""
    parts = [f"{name}={encode(number)}" for name, number in ids.items() if number is not None]
    return "?" + "&".join(parts) if parts else ""
