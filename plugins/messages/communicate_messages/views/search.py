"""Searching in one's own conversations: sealed words, opened and matched for their reader."""

from typing import Any
from urllib.parse import urlencode

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.catalog.sealed import matching
from communicate.catalog.text import query as words_of
from communicate.interfaces import ICatalog, ISeals
from communicate.permissions import VIEW
from communicate.web.slices import asked, query
from communicate_messages.content import Message, Messages
from communicate_messages.indexing import KIND
from communicate_messages.reading import Reading

_ = TranslationStringFactory("communicate_messages")

TEMPLATE = "communicate_messages:templates/search.pt"
LOOKED_AT = 20_000  # of one's own and of others' messages each, the newest
PAGE = 20
LONGEST = 200


@view_config(
    context=Messages, name="search", permission=VIEW, request_method="GET", renderer=TEMPLATE
)
def search(_context: Messages, request: Request) -> dict[str, Any]:
    """Show the messages with all of the words, the newest first."""
    asked_for = request.GET.get("q", "")[:LONGEST]
    wanted, reading = words_of(asked_for), Reading(request)
    numbers: list[int] = []
    partly = False
    if wanted:
        count_act(request, "messages.searching")
        numbers, partly = found(request, wanted)
    before = asked(request, "before")
    left = [number for number in numbers if before is None or number < before]
    hits = request.find_service(ICatalog).named(request.viewer, left[:PAGE]) if left else []
    things = [thing for _hit, thing in request.find_service(ICatalog).load(hits)]
    rows = [row(reading, thing) for thing in things]
    older = left[PAGE - 1] if len(left) > PAGE else None
    return {
        "title": _("Search your messages"),
        "q": asked_for,
        "rows": [one for one in rows if one is not None],
        "looked": bool(wanted),
        "partly": partly,
        "most": request.page.number(LOOKED_AT),
        "older": older and f"{request.path}{query(before=older)}&{tail(asked_for)}",
        "newer": f"{request.path}?{tail(asked_for)}" if before is not None else None,
    }


def found(request: Request, wanted: Any) -> tuple[list[int], bool]:
    """Return the ids of the messages with the words *wanted*, the newest first; whether not all.

    The newest of one's own and of others' are looked through: older ones are not.
    """
    catalog, seals = request.find_service(ICatalog), request.find_service(ISeals)
    most = LOOKED_AT + 1
    both = catalog.narrow(request.viewer, own=most, others=most, kinds=(KIND,))
    numbers: set[int] = set()
    for rows in both:
        numbers.update(matching(seals, rows[:LOOKED_AT], wanted))
    return sorted(numbers, reverse=True), any(len(rows) > LOOKED_AT for rows in both)


def row(reading: Reading, message: Message) -> dict[str, Any] | None:
    """Return *message* as the list shows it; None where it is kept from the viewer."""
    conversation = message.__parent__
    words = None
    if conversation.part(reading.uid) is not None:
        words = reading.preview(conversation, message)
    if words is None:
        return None
    return {
        "path": f"/messages/{conversation.__name__}/{message.__name__}",
        "title": reading.title_of(conversation),
        "avatar": reading.avatar_of(conversation),
        "line": words,
        "time": reading.page.time(message.created),
    }


def tail(words: str) -> str:
    """Return the part of an address that asks for *words*."""
    return urlencode({"q": words})
