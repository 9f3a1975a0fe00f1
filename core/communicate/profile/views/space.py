"""A member's space: what its viewer may see of it; for its owner, all of it, to be changed."""

from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.view import view_config

from communicate.accounts.content import Member
from communicate.contacts.bar import contacts_bar
from communicate.interfaces import IContacts
from communicate.permissions import OPEN
from communicate.principals import blocked
from communicate.profile import blocks, seeing, showing
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import CONTACTS, COUNTS, KINDS
from communicate.security import decide
from communicate.web.i18n import PluralFactory

_ = TranslationStringFactory("communicate")
_n = PluralFactory("communicate")

TEMPLATES = "communicate:templates/profile"
KNOWN = _n("${n} contact", "${n} contacts")
ELEMENTS = _n("${n} element", "${n} elements")


@view_config(
    context=Member,
    permission=OPEN,
    request_method=("GET", "HEAD"),
    renderer=f"{TEMPLATES}/space.pt",
)
def space(context: Any, request: Any) -> dict[str, Any]:
    """Show the space of a member to whoever asks; to its owner also as another sees it."""
    if request.viewer.uid != context.uid:
        return visited(context, request)
    who = request.GET.get("as")
    if who is None:
        return own(context, request)
    viewer = seeing.viewer_named(request, context, who)
    other = seeing.seen_by(request, viewer)
    if not decide(other.viewer, context, OPEN):
        return {"title": context.login, "seen_as": who, "body": None}
    return {**visited(context, other, bar=False), "seen_as": who}


def visited(member: Any, request: Any, *, bar: bool = True) -> dict[str, Any]:
    """Return the page that somebody else is shown.

    The *bar*, what the viewer may do with the member, is the viewer's alone, as the menu is: it
    names the viewer's circles.
    """
    profiles = request.find_service(IProfiles)
    name = profiles.name(member)
    values = {
        "member": member,
        "name": name or member.login,
        "about": about(member, request, name),
        "picture": showing.picture(request, member),
        "lines": showing.lines(request, member, own=False),
        "blocks": [] if blocked(member.uid) in request.viewer else blocks.shown(member, request),
        "contacts": contacts_path(member) if profiles.sees(member, CONTACTS) else None,
        "bar": contacts_bar(request, member) if bar else Markup(""),
    }
    body = render(f"{TEMPLATES}/visit.pt", values, request)
    return {"title": values["name"], "seen_as": None, "body": Markup(body)}  # noqa: S704  # a template's


def about(member: Any, request: Any, name: str | None) -> list[str]:
    """Return the small facts under the name: the login, the last visit, how many contacts."""
    found = [member.login] if name else []
    last = showing.seen(request, member)
    if last:
        found.append(last)
    if request.find_service(IProfiles).sees(member, COUNTS):
        found.append(known(member, request))
    return found


def known(member: Any, request: Any) -> str:
    """Return how many contacts *member* has, in words."""
    return str(request.page.plural(KNOWN, request.find_service(IContacts).count(member.uid)))


def contacts_path(member: Any) -> str:
    """Return the address of the list of contacts of *member*."""
    return f"/members/{member.login}/contacts"


def own(member: Any, request: Any) -> dict[str, Any]:
    """Return the page that its owner is shown: everything, with what changes it."""
    profiles, found = request.find_service(IProfiles), showing.lines(request, member, own=True)
    name = profiles.name(member)
    values = {
        "member": member,
        "name": name or member.login,
        "about": [member.login] if name else [],
        "picture": showing.picture(request, member),
        "lines": found,
        "kinds": [kind for kind in KINDS.values() if profiles.room(member, kind.name)],
        "standing": showing.standing(member),
        "widths": showing.widths(found),
        "elements": ELEMENTS,
        "blocks": blocks.placed(member, request),
    }
    body = render(f"{TEMPLATES}/own.pt", values, request)
    return {"title": values["name"], "seen_as": None, "body": Markup(body)}  # noqa: S704  # a template's
