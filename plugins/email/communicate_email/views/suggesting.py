"""Names and addresses completed while they are typed: contacts, and whom one wrote to before.

Nothing is stored for it: the people are those of what lies in the folder of sent messages, so that
whoever destroys a message forgets them as well.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from communicate.catalog.text import words as words_of
from communicate.contacts.people import suggest
from communicate.interfaces import ILimits
from communicate.permissions import EDIT
from communicate_email.content import Account
from communicate_email.people import Person, named
from communicate_email.store.listed import Listed
from communicate_email.views.desk import Desk

MOST = 10  # suggestions
LOOKED = 500  # messages sent last
AT_ONCE = 50  # of them
LONGEST = 100  # characters of a question


@view_config(
    context=Account, name="people", permission=EDIT, request_method="GET", renderer="json"
)
def people(context: Account, request: Request) -> dict[str, Any]:
    """Return who answers to ``q``, each as a field of the form holds them."""
    request.find_service(ILimits).hit("people", str(request.member.uid))
    request.response.cache_control = "private, no-store"
    words = request.GET.get("q", "").strip()[:LONGEST]
    found = suggestions(Desk(request, context), words) if words else []
    return {"found": [{"kind": "person", "name": name} for name in found]}


def suggestions(desk: Desk, words: str) -> list[str]:
    """Return whom *words* may mean: members by their login, and people written to before."""
    members = [one["name"] for one in suggest(desk.request, words) if one["kind"] == "person"]
    domain = desk.request.registry.settings["email.domain"]
    known = {f"{login}@{domain}" for login in members}
    asked = list(words_of(words))
    others = (one for one in written_to(desk) if one.address.lower() not in known)
    fit = (str(one) for one in others if answers(one, asked))
    return [*islice(fit, MOST), *members][: 2 * MOST]


def written_to(desk: Desk) -> Iterator[Person]:
    """Yield whom the member wrote to, the latest first, each once."""
    seen = set()
    for one in sent(desk):
        for name, address in one.head.to:
            if "@" in address and address.lower() not in seen:
                seen.add(address.lower())
                yield Person(named(name), address)


def sent(desk: Desk) -> Iterator[Listed]:
    """Yield what the member sent last, opened some at a time: few are enough most of the time."""
    box, before = desk.account.box("sent"), None
    for _turn in range(LOOKED // AT_ONCE):
        found = desk.reading.page(box, before=before, most=AT_ONCE)
        yield from found
        if len(found) < AT_ONCE:
            return
        before = found[-1].row.place


def answers(person: Person, asked: list[str]) -> bool:
    """Tell whether each word that is *asked* for begins a word of the name or the address."""
    words = [*words_of(person.name), *words_of(person.address)]
    return bool(asked) and all(any(word.startswith(one) for word in words) for one in asked)
