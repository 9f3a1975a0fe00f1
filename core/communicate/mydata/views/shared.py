"""The pages of what the member has shared, and of all that the member wrote."""

from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.accounts.subjects import page
from communicate.catalog.kinds import kinds_of as indexables
from communicate.content import Content, Folder
from communicate.ids import encode, time_of
from communicate.interfaces import IAuthored, ICatalog
from communicate.mydata import HOME, ONE, SHARED, WROTE, held
from communicate.mydata.views.home import said
from communicate.permissions import MEMBER, VIEW
from communicate.profile import indexing
from communicate.profile.content import profile_of
from communicate.profile.kinds import STANDING
from communicate.reports.kinds import kinds_of as moderables
from communicate.security import permits
from communicate.web.notices import give
from communicate.web.paging import cursor_in, cursor_name, id_in

_ = TranslationStringFactory("communicate")

PAGE = 30
LONGEST = 400  # characters of what was written, in a list


class Row(NamedTuple):
    """One thing in a list."""

    icon: str
    kind: Any
    title: str
    path: str | None
    time: Any
    badge: Any
    who: str | None = None
    text: str = ""


@view_config(
    route_name=SHARED,
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/mydata/shared.pt",
)
def shared(request: Any) -> dict[str, Any]:
    """Show what others than the member may see, the newest first, with what changes that."""
    before = cursor_in(request.GET.get("before"))
    catalog = request.find_service(ICatalog)
    hits = catalog.shared(request.member.uid, before=before, limit=PAGE + 1)
    more, hits = len(hits) > PAGE, hits[:PAGE]
    rows = [row_of(request, hit, thing) for hit, thing in catalog.load(hits)]
    older = f"{request.path}?before={cursor_name(hits[-1].cursor)}" if more else None
    return page(
        request,
        HOME,
        standing=[] if before else standing(request),
        rows=[row for row in rows if row is not None],
        older=older,
        newer=request.path if before else None,
    )


def row_of(request: Any, hit: Any, thing: Any) -> Row | None:
    """Return *thing* as the list shows it; None for what `standing` shows."""
    if hit.kind == indexing.MEMBER:
        return None
    kind = indexables(request.registry).get(hit.kind)
    found = None if kind is None or kind.show is None else kind.show(request, thing)
    if kind is None or found is None:
        return None
    return Row(
        kind.icon,
        kind.title,
        found.title,
        found.path,
        hit.time,
        request.page.audience_button(thing),
        who_of(request, thing),
        piece(found.text if isinstance(found.text, str) else found.text()),
    )


def who_of(request: Any, thing: Any) -> str | None:
    """Return the address that names who exactly may see *thing*, if its owner chooses."""
    audiences = request.page.audiences
    named = audiences.effective(thing).level in ("contacts", "chosen")
    return request.page.url(thing, "who") if named and audiences.offers(thing) else None


def standing(request: Any) -> list[Row]:
    """Return what the member's space lets be seen of what the site knows."""
    profile = profile_of(request.member)
    rows = []
    for kind in STANDING.values() if profile is not None else ():
        element = profile.standing_of(kind.name) if profile is not None else None
        if element is not None and request.page.audiences.effective(element).level != "private":
            button, who = request.page.audience_button(element), who_of(request, element)
            title = request.page.say(kind.title)
            rows.append(Row(kind.icon, None, title, None, None, button, who))
    return rows


@view_config(
    route_name=WROTE,
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/mydata/wrote.pt",
)
def wrote(request: Any) -> dict[str, Any]:
    """Show what the member wrote of one kind, the newest first, wherever it is."""
    service, uid = request.find_service(IAuthored), request.member.uid
    known, counts = moderables(request.registry), held.counted(request, request.member.uid)
    kinds = [(name, known[name].title, said(request, counts[name]))
             for name in sorted(counts) if name in known]  # fmt: skip
    chosen = request.GET.get("kind") or (kinds[0][0] if kinds else "")
    if chosen and chosen not in known:
        raise HTTPNotFound
    before = id_in(request.GET.get("before"))
    numbers = service.newest(uid, chosen, before=before, most=PAGE + 1) if chosen else []
    rows = [written(request, known[chosen], number) for number in numbers[:PAGE]]
    here = f"{request.path}?kind={chosen}"
    return page(
        request,
        HOME,
        kinds=kinds,
        chosen=chosen,
        rows=[row for row in rows if row is not None],
        older=f"{here}&before={encode(numbers[PAGE - 1])}" if len(numbers) > PAGE else None,
        newer=here if before else None,
    )


def written(request: Any, kind: Any, number: int) -> dict[str, Any] | None:
    """Return one thing that the member wrote, or None where it is gone, if only just now."""
    thing = kind.find(request, number)
    words = "" if thing is None or thing.deleted else kind.words(request, thing)
    if not words:
        return None
    return {
        "words": piece(words),
        "time": time_of(number),
        "path": request.page.url(thing) if is_open(request, thing) else None,
        "badge": request.page.badge(thing),
        "forget": f"/account/privacy/wrote/{kind.kind}/{encode(number)}" if kind.forget else None,
    }


def piece(words: str) -> str:
    """Return the beginning of *words*."""
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def is_open(request: Any, thing: Any) -> bool:
    """Tell whether the viewer may open *thing* where it stands: in a topic, in a forum."""
    while isinstance(thing, Content) and not isinstance(thing, Folder):
        if not permits(request, thing, VIEW):
            return False
        thing = thing.__parent__
    return True


@view_config(route_name=ONE, permission=MEMBER, renderer="communicate:templates/mydata/forget.pt")
def forget(request: Any) -> Any:
    """Ask once, then destroy for good what the member wrote; raise HTTPNotFound for others'."""
    kind = moderables(request.registry).get(request.matchdict["kind"])
    if kind is None or kind.forget is None:
        raise HTTPNotFound
    number, uid = id_in(request.matchdict["id"]), request.member.uid
    if number is None or not request.find_service(IAuthored).wrote(uid, kind.kind, number):
        raise HTTPNotFound
    thing = kind.find(request, number)
    if thing is None:
        raise HTTPNotFound
    back = f"/account/privacy/wrote?kind={kind.kind}"
    if request.method == "POST":
        count_act(request, "forgetting")
        kind.forget(request, thing, uid)
        give(request, _("Deleted for good."))
        return HTTPSeeOther(back)
    words = kind.words(request, thing)
    return page(request, HOME, words=words, kind=kind.title, back=back, time=time_of(number))
