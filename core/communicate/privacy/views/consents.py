"""``/account/consents``: what the member consents to, one button each to give and to withdraw."""

from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.permissions import MEMBER
from communicate.privacy.consents import Act, purposes
from communicate.privacy.interfaces import IConsents
from communicate.web import notices

_ = TranslationStringFactory("communicate")

SHOWN = 50  # acts in the history


class Row(NamedTuple):
    """One purpose, and the act that stands."""

    name: str
    title: Any
    text: Any
    act: Act | None

    @property
    def given(self) -> bool:
        """Whether the member consents now."""
        return self.act is not None and self.act.given


@view_config(
    route_name="account.consents",
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/privacy/consents.pt",
)
def consents(request: Any) -> dict[str, Any]:
    """Show each purpose with what the member said of it, and all that was said before."""
    declared = purposes(request.registry)
    acts = request.find_service(IConsents).history(request.member.uid)
    last = {act.purpose: act for act in acts}
    rows = [Row(one.name, one.title, one.text, last.get(one.name)) for one in declared.values()]
    history = [
        (declared[act.purpose].title if act.purpose in declared else act.purpose, act)
        for act in reversed(acts[-SHOWN:])
    ]
    return page(request, "account.consents", rows=rows, history=history)


@view_config(route_name="account.consents", permission=MEMBER, request_method="POST")
def choose(request: Any) -> HTTPSeeOther:
    """Give one consent, or withdraw it."""
    service, uid = request.find_service(IConsents), request.member.uid
    given, withdrawn = request.POST.get("give"), request.POST.get("withdraw")
    known = purposes(request.registry)
    if given in known:
        service.give(uid, given)
        notices.give(request, _("You consent from now on."))
    elif withdrawn in known:
        service.withdraw(uid, withdrawn)
        notices.give(request, _("You no longer consent."))
    else:
        raise HTTPBadRequest
    return HTTPSeeOther("/account/consents")
