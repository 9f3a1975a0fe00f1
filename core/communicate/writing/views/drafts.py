"""Drafts: keeping one while it is typed, the list of one's own, throwing one away."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.forms import local_path
from communicate.accounts.limits import count_act
from communicate.accounts.subjects import page
from communicate.mydata import HOME
from communicate.permissions import MEMBER
from communicate.web import notices
from communicate.web.notices import Undo
from communicate.web.plain import on_one_line
from communicate.writing import DISCARD, DRAFTS, FILE, WORDS
from communicate.writing.drafting import clipped
from communicate.writing.interfaces import IAttachments, IDrafts

_ = TranslationStringFactory("communicate")

PREFIX = "words."
MOST = 50  # fields of one form
LONGEST = 2000  # characters of an address
PIECE = 200  # characters that the list shows
CODE = 5  # characters of a language, at most, as in pt-BR
LARGEST_KEY = 2**63


def place_in(request: Any) -> str:
    """Return the address that the form names, one of this site; raise HTTPBadRequest."""
    return local_place(request.POST.get("place"))


def local_place(place: Any) -> str:
    """Return *place* where it is an address of this site; raise HTTPBadRequest."""
    if not isinstance(place, str) or not 0 < len(place) <= LONGEST:
        raise HTTPBadRequest
    if local_path(place, "") != place:
        raise HTTPBadRequest
    return place


@view_config(route_name=DRAFTS, permission=MEMBER, request_method="POST", renderer="json")
def keep(request: Any) -> dict[str, Any]:
    """Keep what was typed so far; answer with the line that the form shows, empty for nothing."""
    uid = request.member.uid
    count_act(request, "drafts")
    sent = [(name, text) for name, text in request.POST.items() if name.startswith(PREFIX)]
    if len(sent) > MOST or not all(isinstance(text, str) for _name, text in sent):
        raise HTTPBadRequest
    words = {name.removeprefix(PREFIX)[:100]: text for name, text in sent}
    token = str(request.POST.get("once", ""))
    drafts = request.find_service(IDrafts)
    draft = drafts.keep(uid, place_in(request), clipped(words), token)
    request.response.cache_control = "private, no-store"
    if draft is None:
        return {"said": ""}
    shown = request.page.formats.clock(draft.saved)
    return {"said": request.page.say(_("Draft saved at ${time}"), time=shown)}


@view_config(route_name=DISCARD, permission=MEMBER, request_method="POST")
def discard(request: Any) -> HTTPSeeOther:
    """Throw a draft away, or take that back; lead to its form, or to the list."""
    uid, place = request.member.uid, place_in(request)
    drafts = request.find_service(IDrafts)
    listed = "listed" in request.POST
    if "undo" in request.POST:
        drafts.restore(uid, place)
    elif drafts.discard(uid, place):
        fields = {"place": place, "undo": "yes", **({"listed": "yes"} if listed else {})}
        undo = Undo(request.route_path(DISCARD), fields)
        notices.give(request, _("Draft discarded."), undo=undo)
    return HTTPSeeOther(request.route_path(DRAFTS) if listed else place)


@view_config(
    route_name=DRAFTS,
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/mydata/drafts.pt",
)
def listed(request: Any) -> dict[str, Any]:
    """List what the member has not sent, the latest first."""
    found = request.find_service(IDrafts).all(request.member.uid)
    days = request.registry.settings["communicate.draft_days"]
    attachments = request.find_service(IAttachments)
    rows = [
        (
            each,
            piece(each.words) or names(attachments, each),
            request.route_path(WORDS, key=each.key),
        )
        for each in found
    ]
    return page(request, HOME, rows=rows, days=days)


@view_config(
    route_name=WORDS,
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/mydata/draft.pt",
)
def words(request: Any) -> dict[str, Any]:
    """Show all that was typed, also where its form is gone, or not for the member any more."""
    key = request.matchdict["key"]
    number = int(key) if key.isascii() and key.isdecimal() and len(key) < 20 else LARGEST_KEY
    uid, drafts = request.member.uid, request.find_service(IDrafts)
    opened = drafts.at(uid, number) if number < LARGEST_KEY else None
    if opened is None:
        raise HTTPNotFound
    attachments = request.find_service(IAttachments)
    files = [
        (attachments.name(one), request.route_path(FILE, id=one.__name__))
        for one in opened.draft.attached()
    ]
    texts = texts_of(opened.words)
    return page(request, HOME, draft=opened, texts=texts, files=files)


def piece(words: Any) -> str:
    """Return the beginning of what was typed, the shortest text first: it is a title, mostly."""
    return clip(" – ".join(map(on_one_line, texts_of(words))))


def texts_of(words: Any) -> list[str]:
    """Return what was typed, the shortest first; without what was chosen, such as a language."""
    texts = sorted(words.values(), key=len)
    return [text for text in texts if len(text) > CODE] or texts


def names(attachments: Any, opened: Any) -> str:
    """Return the names of the files that lie with a draft in which nothing is written."""
    return clip(", ".join(map(attachments.name, opened.draft.attached())) or "…")


def clip(text: str) -> str:
    """Return as much of *text* as the list shows."""
    return text if len(text) <= PIECE else f"{text[:PIECE].rstrip()}…"
