"""Filters of a member: a list in order, each made by a form; and as a script."""

import hashlib
from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.permissions import EDIT
from communicate.web import notices
from communicate.web.notices import Undo
from communicate_email import filters
from communicate_email.content import Account
from communicate_email.errors import Refused
from communicate_email.filters import Rule
from communicate_email.store import trying
from communicate_email.views.desk import Desk
from communicate_email.views.lists import side
from communicate_email.views.rulewords import sentences

_ = TranslationStringFactory("communicate_email")

MOST = 100  # filters of one member
PAGE = "communicate_email:templates/filters.pt"
CHANGED = _("Your filters have changed meanwhile: look at them again.")


class Rules:
    """The filters of the member whose *desk* it is."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.filtering: Any = desk.store.filters(desk.account)
        self.script: str = self.filtering.script()
        self.path = f"{desk.base}/filters"

    @property
    def state(self) -> str:
        """What tells these filters from those of another moment."""
        return hashlib.sha256(self.script.encode("utf-8", "replace")).hexdigest()[:16]

    @property
    def rules(self) -> list[Rule] | None:
        """The rules; None where the script says more than forms do."""
        try:
            return filters.rules_in(self.script)
        except filters.BadScript:
            return None

    def need(self) -> list[Rule]:
        """Return the rules; 404 where there are none that forms show."""
        found = self.rules
        if found is None:
            raise HTTPNotFound
        return found

    def save(self, rules: list[Rule]) -> None:
        """Have *rules* decide from now on; raise Refused."""
        if len(rules) > MOST:
            raise Refused(_("You have as many filters as there may be. Remove one first."))
        self.filtering.change_script(filters.script_of(rules))

    def said(self, message: Any, kind: str = "good", *, undo: bool = False) -> HTTPSeeOther:
        """Lead to the list with *message*, and an offer to take the change back."""
        offer = Undo(f"{self.path}", {"act": "restore"}) if undo else None
        notices.give(self.desk.request, message, kind, undo=offer)
        return HTTPSeeOther(self.path)


@view_config(context=Account, name="filters", permission=EDIT, request_method="GET", renderer=PAGE)
def show(context: Account, request: Request) -> dict[str, Any]:
    """Show the filters in their order."""
    if request.subpath:
        raise HTTPNotFound
    desk = Desk(request, context)
    own = Rules(desk)
    rules = own.rules
    return {
        "title": _("Filters"),
        "side": side(desk),
        "desk": desk,
        "path": own.path,
        "state": own.state,
        "beyond": rules is None,
        "rows": [
            {"number": at, "rule": rule, "said": sentences(desk, rule)}
            for at, rule in enumerate(rules or [], 1)
        ],
    }


@view_config(context=Account, name="filters", permission=EDIT, request_method="POST")
def act(context: Account, request: Request) -> HTTPSeeOther:
    """Do what a button of the list says."""
    own = Rules(Desk(request, context))
    verb = request.POST.get("act")
    if verb == "restore":
        if own.filtering.restore_script():
            return own.said(_("Your filters are as they were."))
        return own.said(_("It was too late to take this back."), "warn")
    if request.POST.get("state") != own.state:
        return own.said(CHANGED, "warn")
    if verb == "clear":
        own.filtering.change_script("")
        return own.said(_("Your filters are removed."), undo=True)
    rules = own.need()
    at = _asked(request, len(rules))
    if verb == "apply":
        count_act(request, "email.searching")
        trying.begin(request, context, rules[at], context.box("inbox"))
        return own.said(_("This filter goes through your inbox. A notice tells you at the end."))
    changed, said = _changed(rules, at, verb)
    own.save(changed)
    return own.said(said, undo=verb == "remove")


def _asked(request: Any, count: int) -> int:
    """Return which rule the form names, from 0; 400 for one that is not there."""
    said = request.POST.get("number", "")
    if not (isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 5):
        raise HTTPBadRequest
    at = int(said) - 1
    if not 0 <= at < count:
        raise HTTPBadRequest
    return at


def _changed(rules: list[Rule], at: int, verb: Any) -> tuple[list[Rule], Any]:
    """Return *rules* after *verb* was done with the one at *at*, and what is said of it."""
    rules = list(rules)
    if verb in ("up", "down"):
        other = at + (1 if verb == "down" else -1)
        if 0 <= other < len(rules):
            rules[at], rules[other] = rules[other], rules[at]
        return rules, _("The order is changed.")
    if verb in ("on", "off"):
        rules[at] = replace(rules[at], enabled=verb == "on")
        return rules, _("The filter is on.") if verb == "on" else _("The filter is off.")
    if verb == "remove":
        del rules[at]
        return rules, _("The filter is removed.")
    raise HTTPBadRequest
