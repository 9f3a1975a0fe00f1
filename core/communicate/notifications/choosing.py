"""What members choose: which kinds of notice come by mail, and when."""

from typing import Any

from pyramid.csrf import check_csrf_token
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.content import Site
from communicate.declarations import Notification
from communicate.notifications import doors, plans
from communicate.notifications.content import Inbox
from communicate.notifications.kinds import kinds_of
from communicate.notifications.services import inbox_of, make_inbox
from communicate.permissions import MEMBER, OPEN
from communicate.web import fields
from communicate.web.forms import Form, FormInvalid, Schema
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")

WORDS = (
    (plans.NOW, _("At once")),
    (plans.DAILY, _("Once a day")),
    (plans.WEEKLY, _("Once a week")),
    (plans.NEVER, _("Never")),
)
STOPPED = _("You get no more notices by mail.")


def name_of(kind: str) -> str:
    """Return the name of the field for *kind*."""
    return kind.replace(".", "-")


def kinds_for(request: Any) -> list[Notification]:
    """Return the kinds of notice that the signed-in member can have."""
    groups = request.member.groups
    return [kind for kind in kinds_of(request.registry).values() if kind.is_for(groups)]


def form_for(request: Any, inbox: Inbox) -> Form:
    """Return the form with a choice for each kind of notice that the member can have."""
    schema, values = Schema(), {}
    for kind in kinds_for(request):
        name = name_of(kind.kind)
        schema.add(fields.choice(kind.title, WORDS, folded=True, name=name))
        values[name] = plans.choice(inbox, kind)
    return Form(schema, request, values=values, name="mail")


def store(request: Any, inbox: Inbox, chosen: dict[str, Any]) -> None:
    """Keep what was chosen, and have what is unread mailed at the moments that fit it."""
    kinds = kinds_of(request.registry)
    choices = {kind.kind: chosen[name_of(kind.kind)] for kind in kinds_for(request)}
    if choices and set(choices.values()) == {plans.NEVER}:
        choices = {plans.ALL: plans.NEVER}
    if choices != inbox.choices:
        inbox.choices = choices
    waiting = map(inbox.get, list(inbox.open.values()))
    for kind in {one.kind for one in waiting if one is not None and not one.mailed}:
        if kind in kinds:
            plans.plan(request, inbox, request.member, plans.choice(inbox, kinds[kind]))


@view_config(
    route_name="account.notices",
    permission=MEMBER,
    renderer="communicate:templates/notices/settings.pt",
)
def settings(request: Any) -> Any:
    """Show what comes by mail, or store another choice, or make earlier addresses useless."""
    inbox = inbox_of(request, request.member.uid) or Inbox()
    form = form_for(request, inbox)
    if request.method == "POST":
        if "renew" in request.POST:
            doors.renew(request, make_inbox(request, request.member.uid))
            give(request, _("The address in earlier mails stops nothing any more."))
            return HTTPSeeOther("/account/notices")
        try:
            chosen = form.validate()
        except FormInvalid:
            request.response.status = 400
        else:
            store(request, make_inbox(request, request.member.uid), chosen)
            give(request, _("Saved."))
            return HTTPSeeOther("/account/notices")
    return page(request, "account.notices", form=form, hour=plans.HOUR, mailed=bool(inbox.door))


@view_config(
    context=Site,
    name="unsubscribe",
    permission=OPEN,
    request_method="GET",
    renderer="communicate:templates/notices/unsubscribe.pt",
)
def unsubscribe(_context: Any, request: Any) -> dict[str, Any]:
    """Show the button that stops all notices by mail."""
    secret = request.GET.get("token")
    if doors.inbox_behind(request, secret) is None:
        raise HTTPNotFound
    return {"title": _("No more notices by mail"), "token": secret, "done": False}


@view_config(
    context=Site,
    name="unsubscribe",
    permission=OPEN,
    request_method="POST",
    require_csrf=False,  # programs that read mail have no cookie of ours: RFC 8058
    renderer="communicate:templates/notices/unsubscribe.pt",
)
def stop(_context: Any, request: Any) -> dict[str, Any]:
    """Stop all notices by mail to the member whose secret the address holds."""
    if request.POST.get("List-Unsubscribe") != "One-Click":
        check_csrf_token(request)
    inbox = doors.inbox_behind(request, request.GET.get("token"))
    if inbox is None:
        raise HTTPNotFound
    doors.stop(inbox)
    return {"title": STOPPED, "token": "", "done": True}
