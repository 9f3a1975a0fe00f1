"""Which names each page looks for in its query: found out by watching it answer."""

from contextlib import contextmanager

from webob.multidict import GetDict, MultiDict

from communicate.testing.attack import encoded
from communicate.testing.crawl import shape

FRAME = 0.5  # what more than this part of the pages looks for, the frame around them does


@contextmanager
def watched():
    """Yield the set of names that are looked for in queries while the block runs."""
    names, patched = set(), ("__getitem__", "__contains__", "get", "getall", "getone")

    def watch(name):
        # MultiDict answers some of them by way of others: each is watched where it is called.
        method = getattr(MultiDict, name)

        def look(self, key, *more):
            names.add(key)
            return method(self, key, *more)

        return look

    for name in patched:
        setattr(GetDict, name, watch(name))
    try:
        yield names
    finally:
        for name in patched:
            delattr(GetDict, name)


def readers(wire, pages, known, first):
    """Return the pages, and the names of *known* that each looks for, one page of each kind.

    Each is asked without any, with all, and with all but the *first*, which are refused before
    others are looked at.  What the frame of every page looks for stands with a few of them.
    """
    found = {}
    for page in {shape(page): page for page in reversed(pages)}.values():
        with watched() as names:
            for given in ((), known, [name for name in known if name not in first]):
                wire.ask("GET", page.encode() + b"?" + encoded((name, b"1") for name in given))
        found[page] = names & set(known)
    counts = {name: sum(name in names for names in found.values()) for name in known}
    frame = {name for name, count in counts.items() if count > FRAME * len(found)}
    few = list(found)[:5]
    return {page: sorted(names if page in few else names - frame) for page, names in found.items()}
