"""An app password that was just made: shown in the session that made it, until it is kept.

A page that makes one for a service of its own asks for the member's password, as every page does::

    schema.add(fields.password(_("Present password"), name="present"))
    ...
    shown.make(form, request, title, [SCOPE])
    return form.done(address)

and shows ``shown.find(request, SCOPE)`` until the member sends *kept* to it.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate.factors.apps import TooManyApps
from communicate.factors.views.account import asked
from communicate.factors.waits import APP, Waits
from communicate.interfaces import IAppPasswords
from communicate.web.forms import Form

_ = TranslationStringFactory("communicate")

FULL = _("There are as many app passwords as can be kept. Revoke one first.")


class Shown(NamedTuple):
    """A new app password: what it is for, the password itself, and what it opens."""

    title: str
    secret: str
    scopes: tuple[str, ...]


def make(form: Form, request: Any, title: str, scopes: Iterable[str]) -> None:
    """Make an app password for who typed theirs into *form*; raise FormInvalid or TooMany."""
    names = tuple(scopes)
    asked(form, request)
    try:
        secret = request.find_service(IAppPasswords).make(request.member.uid, title, names)
    except TooManyApps:
        form.fail(None, FULL)
    Waits(request).set_up(APP, {"secret": secret, "title": title, "scopes": names})


def find(request: Any, scope: str = "") -> Shown | None:
    """Return what this session made and has not kept yet; only what opens *scope*, if given."""
    waits = Waits(request)
    waiting = waits.find(APP)
    if waiting is None:
        return None
    held = waits.payload(waiting)
    found = Shown(held.get("title", ""), held.get("secret", ""), tuple(held.get("scopes", ())))
    return found if found.secret and (not scope or scope in found.scopes) else None


def kept(request: Any) -> None:
    """Show it no more."""
    Waits(request).end(APP)
