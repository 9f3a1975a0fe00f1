"""``/privacy/changes``: what the site said before, what is different, and that one has read it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.permissions import MEMBER, OPEN
from communicate.privacy import snapshot, versions
from communicate.privacy.content import ROOT, Version
from communicate.privacy.differences import ADDED, CHANGED, Difference, differences
from communicate.web import marks, notices

_ = TranslationStringFactory("communicate")

MOST = 50  # versions on the page
SORTS = {
    snapshot.DATA: _("Data"),
    snapshot.RECIPIENT: _("Recipient"),
    snapshot.COOKIE: _("Cookie"),
    snapshot.PURPOSE: _("Consent"),
    snapshot.OPERATOR: _("From those who run the site"),
}
STATEMENTS = {
    "operator:identity": _("Who runs the site"),
    "operator:contact": _("Where to write to"),
    "operator:providers": _("Companies that work for those who run the site"),
    "operator:sites": _("Where the data and its backups lie"),
    "operator:measures": _("What is done to protect the data"),
    "operator:authority": _("The authority that hears complaints"),
    "operator:backup_days": _("How long the oldest backup is kept"),
    "operator:pack_days": _("How long what was deleted stays in the files"),
}
PARTS = {
    "what": _("What"),
    "why": _("Why"),
    "kept": _("Kept"),
    "fields": _("What leaves"),
    "service": _("Service"),
}


class Part(NamedTuple):
    """One thing that a piece says, as it is and as it was."""

    title: Any
    before: str
    after: str


class Line(NamedTuple):
    """One difference: what came, changed or went, and its parts."""

    sort: str
    subject: Any
    title: str
    parts: list[Part]


class Shown(NamedTuple):
    """One version: its number, since when, whether members were asked, what is different."""

    number: int
    since: int
    asks: bool
    lines: list[Line]


@view_config(
    route_name="privacy.changes",
    permission=OPEN,
    request_method="GET",
    renderer="communicate:templates/privacy/changes.pt",
)
def changes(request: Any) -> dict[str, Any]:
    """Show each version with what is different from the one before, the newest first."""
    member = request.member
    return {
        "title": _("What has changed on the page about privacy"),
        "versions": list(islice(shown(request), MOST)),
        "asked": member is not None and versions.is_asked(request.registry, member),
    }


@view_config(route_name="privacy.changes", permission=MEMBER, request_method="POST")
def read(request: Any) -> HTTPSeeOther:
    """Remember that the member has read what is different."""
    versions.acknowledge(request, request.member)
    notices.give(request, _("Thank you. Nothing else changes."))
    return HTTPSeeOther("/privacy/changes")


def shown(request: Any) -> Iterator[Shown]:
    """Yield the versions, the newest first."""
    privacy = request.root_map.get(ROOT)
    for number in () if privacy is None else reversed(privacy.versions.keys()):
        version: Version = privacy.versions[number]
        before = privacy.versions.get(number - 1)
        found = [] if before is None else differences(before.pieces, version.pieces)
        yield Shown(number, version.since, version.asks, [line(request, one) for one in found])


def line(request: Any, one: Difference) -> Line:
    """Return how *one* is shown."""
    subject = STATEMENTS.get(one.name) or SORTS[one.piece["sort"]]
    title = "" if one.name in STATEMENTS else words(request, one.piece)["what"]
    return Line(one.sort, subject, title, list(parts(request, one)))


def parts(request: Any, one: Difference) -> Iterator[Part]:
    """Yield what the piece of *one* says; of a changed piece only what is different."""
    before, after = (said(request, piece) for piece in (one.before, one.after))
    stated = one.name in STATEMENTS
    for name, title in (*PARTS.items(), ("audience", _("At first, visible to"))):
        old, new = before.get(name, ""), after.get(name, "")
        if (one.sort == CHANGED and old != new) or (stated and new and name == "what"):
            yield Part("" if stated else title, old, new)
        elif one.sort == ADDED and new and name not in ("what", "service"):
            yield Part(title, "", new)


def said(request: Any, piece: snapshot.Piece | None) -> dict[str, str]:
    """Return what *piece* says, part by part, as text in the language of *request*."""
    if piece is None:
        return {}
    level = piece.get("audience")
    found = {name: text(request, value) for name, value in words(request, piece).items()}
    if level is not None:
        found["audience"] = request.page.say(marks.AUDIENCES[level][1])
    return found


def words(request: Any, piece: snapshot.Piece) -> dict[str, Any]:
    """Return the words of *piece* in the language of *request*."""
    found: dict[str, Any] = piece["words"][request.locale_name]
    return found


def text(request: Any, value: Any) -> str:
    """Return *value*, a text or a list of them, as one text."""
    return str(request.page.list(value)) if isinstance(value, list) else str(value)
