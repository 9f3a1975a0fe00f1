"""First steps of a new member, until each is taken or the member wants to see them no more."""

from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.content import Site
from communicate.interfaces import IAuthored
from communicate.permissions import MEMBER

_ = TranslationStringFactory("communicate")


class Step(NamedTuple):
    """One thing that a new member could do first, and whether it is done."""

    url: str
    icon: str
    words: Any
    help: Any
    done: bool


def steps(request: Any) -> list[Step]:
    """Return the first steps of the signed-in member; none once all are taken, or put away."""
    member = request.member
    if member.settled:
        return []
    found = [_space(request), _contact(request), *_hello(request)]
    return [] if all(step.done for step in found) else found


def _space(request: Any) -> Step:
    return Step(
        f"/members/{request.page.login}",
        "person",
        _("Complete your space"),
        _("A name, a picture, a few words: each for whom you choose."),
        has_profile(request),
    )


def has_profile(request: Any) -> bool:
    """Tell whether the member has said anything in the space."""
    return bool(getattr(request.member.get("profile"), "order", ()))


def _contact(request: Any) -> Step:
    return Step(
        "/members",
        "people",
        _("Find a contact"),
        _("Somebody whom you know: you both agree to it."),
        bool(request.member.contacts),
    )


def _hello(request: Any) -> list[Step]:
    """Return the step into the first service of the menu."""
    wrote = bool(request.find_service(IAuthored).kinds(request.member.uid))
    words = _("Say hello: ${service}")
    return [
        Step(
            entry.url,
            entry.icon,
            request.localizer.translate(words, mapping={"service": entry.title}),
            _("A few words are enough."),
            wrote,
        )
        for entry in request.page.menu[:1]
    ]


@view_config(context=Site, name="first-steps", permission=MEMBER, request_method="POST")
def put_away(_context: Any, request: Any) -> HTTPSeeOther:
    """Show the first steps no more."""
    if not request.member.settled:
        request.member.settled = True
    return HTTPSeeOther("/")
