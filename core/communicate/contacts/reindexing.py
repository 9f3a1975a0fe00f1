"""Setting right what the catalog knows of contacts, circles and blocks.

Each batch is a transaction that writes into the records of whom it corrects: where somebody makes
or ends a contact meanwhile, one of the two is tried again and sees what the other did.
"""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from communicate.catalog.writing import stamp
from communicate.clock import milliseconds
from communicate.contacts.content import Person
from communicate.ids import time_of
from communicate.interfaces import ICatalog
from communicate.principals import circle, contacts
from communicate.storage.work import work

BATCH = 100  # members in one transaction


def rebuild(registry: Any) -> int:
    """Make the catalog hold what the tree says; return how many pairs were wrong."""
    wrong = 0
    after: int | None = -1
    while after is not None:
        found, after = work(registry, partial(correct, after))
        wrong += found
    return wrong + sweep_holders(registry) + sweep_blocks(registry)


def correct(after: int, request: Any) -> tuple[int, int | None]:
    """Correct the members from above *after* on; return how much was wrong, and where to go on."""
    batch = list(islice(people_of(request).items(after + 1), BATCH))
    catalog = request.registry.getUtility(ICatalog)
    expected = {uid: set(pairs(request, uid, person)) for uid, person in batch}
    principals = [name for uid, person in batch for name in names(uid, person)]
    held, blocks = catalog.held(principals), catalog.blocks([uid for uid, _person in batch])
    wrong = 0
    for uid, person in batch:
        own = set(names(uid, person))
        known = {pair for pair in held if pair[0] in own}
        wrong += set_right(request, person, expected[uid], known)
        known = {pair for pair in blocks if pair[0] == uid}
        wrong += set_blocks(request, person, {(uid, other) for other in person.blocked}, known)
    return wrong, batch[-1][0] if len(batch) == BATCH else None


def people_of(request: Any) -> Any:
    """Return the members' records by uid."""
    found = request.root_map.get("contacts")
    return {} if found is None else found.people


def names(uid: int, person: Person) -> Iterator[str]:
    """Yield the principals that others hold by *person*."""
    yield contacts(uid)
    yield from map(circle, person.circles)


def pairs(request: Any, uid: int, person: Person) -> Iterator[tuple[str, int]]:
    """Yield each principal of *person* with each member who holds it."""
    yield from ((contacts(uid), other) for other in person.contacts)
    for number in person.circles:
        held = request.site["members"].circles.get(number, ())
        yield from ((circle(number), other) for other in held)


def set_right(request: Any, person: Person, expected: set[Any], known: set[Any]) -> int:
    """Have *person*'s principals held as *expected* says; return how many pairs were wrong."""
    catalog = request.find_service(ICatalog)
    for principal, uid in expected - known:
        catalog.hold(principal, uid)
    for principal, uid in known - expected:
        catalog.unhold(principal, uid)
    return counted(person, expected ^ known)


def set_blocks(request: Any, person: Person, expected: set[Any], known: set[Any]) -> int:
    """Have *person*'s blocks known as *expected* says; return how many were wrong."""
    catalog = request.find_service(ICatalog)
    for uid, other in expected - known:
        catalog.block(uid, other)
    for uid, other in known - expected:
        catalog.unblock(uid, other)
    return counted(person, expected ^ known)


def counted(person: Person, wrong: set[Any]) -> int:
    """Return how many are *wrong*, and mark *person* as changed where any is."""
    if wrong:
        person.touch()
    return len(wrong)


def sweep_holders(registry: Any) -> int:
    """Forget who holds the principals of circles and members that are no more."""
    catalog, after, wrong = registry.getUtility(ICatalog), "", 0
    while some := catalog.principals(after, BATCH):
        after = some[-1]
        wrong += work(registry, partial(drop_holders, some))
    return wrong


def drop_holders(principals: list[str], request: Any) -> int:
    """Forget who holds those of *principals* that the tree does not know."""
    members = request.site["members"]
    gone = [name for name in principals if not is_known(request, members, name)]
    rows = request.registry.getUtility(ICatalog).held(gone)
    for principal, uid in rows:
        request.find_service(ICatalog).unhold(principal, uid)
    return len(rows)


def is_known(request: Any, members: Any, principal: str) -> bool:
    """Tell whether the tree knows what *principal* names, or may know it in a moment."""
    kind, _, rest = principal.partition(":")
    if kind == "contacts":
        return int(rest) in members.logins
    if kind != "circle" or int(rest) in members.circles:
        return True
    catalog = request.registry.getUtility(ICatalog)
    return bool(milliseconds(time_of(int(rest))) > stamp() - catalog.settled)


def sweep_blocks(registry: Any) -> int:
    """Forget the blocks of members that are no more."""
    catalog, after, wrong = registry.getUtility(ICatalog), -1, 0
    while some := catalog.blockers(after, BATCH):
        after = some[-1]
        wrong += work(registry, partial(drop_blocks, some))
    return wrong


def drop_blocks(uids: list[int], request: Any) -> int:
    """Forget the blocks of those of *uids* that are no members."""
    logins = request.site["members"].logins
    rows = request.registry.getUtility(ICatalog).blocks([uid for uid in uids if uid not in logins])
    for uid, other in rows:
        request.find_service(ICatalog).unblock(uid, other)
    return len(rows)
