"""People whom a member may name: contacts, own circles, and whose directory entry can be read."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from communicate.accounts.logins import normal
from communicate.catalog.text import sort_key
from communicate.contacts.circles import folded
from communicate.interfaces import ICatalog, IContacts, IMembers

DIRECTORY = "communicate.member"  # the kind of the catalog: one entry for who wants to be listed
MOST = 10  # suggestions
LONGEST = 60  # characters of a question
MOST_NAMED = 100  # logins in one field
BETWEEN = re.compile(r"[\s,;]+")


class Unknown(ValueError):
    """A login that nobody has; the text is the login."""


def suggest(request: Any, words: str, most: int = MOST) -> list[dict[str, Any]]:
    """Return circles and people whose name begins with *words*, at most *most* of each.

    Contacts come before people of the directory.
    """
    asked = words.strip().removeprefix("@")[:LONGEST]
    uid = request.member.uid
    service = request.find_service(IContacts)
    circles = [
        {"kind": "circle", "id": str(each.id), "name": each.name}
        for each in service.circles(uid)
        if folded(each.name).startswith(folded(asked))
    ]
    names = list(dict.fromkeys([*contacts_like(request, asked), *listed_like(request, asked)]))
    own = request.find_service(IMembers).login_of(uid)
    people = [{"kind": "person", "name": name} for name in names if name != own]
    return [*circles[:most], *people[:most]]


def contacts_like(request: Any, words: str, most: int = MOST) -> list[str]:
    """Return the first logins of the viewer's contacts that begin with *words*, in order."""
    start, members = normal(words), request.site["members"]
    near = (login for login in contact_logins(request) if login.startswith(start))
    return list(islice((login for login in near if login in members), most))


def contact_logins(request: Any, uids: Iterable[int] | None = None) -> list[str]:
    """Return the logins of the viewer's contacts, or of *uids* among them, in order.

    Accounts that are just being erased are among them: look before one is shown.  All are looked
    up for each page: numbers say nothing of the order of names.  One is a look-up in a tree,
    without loading a member.
    """
    logins = request.site["members"].logins
    if uids is None:
        uids = request.find_service(IContacts).contacts(request.member.uid)
    return sorted(filter(None, map(logins.get, uids)))


def listed_like(request: Any, words: str, most: int = MOST) -> list[str]:
    """Return the logins in the directory that begin with *words* and the viewer may see."""
    start = sort_key(words)
    catalog = request.find_service(ICatalog)
    hits = catalog.titles(request.viewer, kinds={DIRECTORY}, after=(start, 0), limit=most)
    near = [hit for hit in hits if hit.sort.startswith(start)]
    return list(logins_of(request, catalog.load(near)))


def logins_of(request: Any, found: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    """Yield the login of the owner of each of *found*, as `ICatalog.load` returns them."""
    members = request.find_service(IMembers)
    for _hit, thing in found:
        login = members.login_of(thing.owner)
        if login is not None:
            yield login


def named(request: Any, text: str) -> list[int]:
    """Return the members whose logins *text* lists, each once; raise Unknown for one of nobody.

    A login is public, so whoever knows one may name it.
    """
    members = request.find_service(IMembers)
    found: dict[int, None] = {}
    for word in islice(filter(None, BETWEEN.split(text)), MOST_NAMED + 1):
        member = members.by_login(word.removeprefix("@"))
        if member is None:
            raise Unknown(word)
        found[member.uid] = None
    return list(found)
