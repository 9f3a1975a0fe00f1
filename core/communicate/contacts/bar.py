"""What a member can do with another one, shown on the other's space."""

from typing import Any, NamedTuple

from markupsafe import Markup
from pyramid.renderers import render

from communicate.contacts.forms import ask_form
from communicate.interfaces import IContacts


class Act(NamedTuple):
    """What a plugin offers to do with a member: a link with an icon and a word."""

    url: str
    icon: str
    title: Any


def contacts_bar(request: Any, member: Any) -> Markup:
    """Return buttons for the viewer of *member*'s space; nothing for strangers and oneself."""
    viewer = request.member
    if viewer is None or viewer.uid == member.uid:
        return Markup("")
    service = request.find_service(IContacts)
    state = service.state(viewer.uid, member.uid)
    here = f"/members/{member.login}"
    circles = service.circles(viewer.uid) if state == "contact" else []
    values = {
        "state": state,
        "login": member.login,
        "here": here,
        "circles": [(each, member.uid in each.members) for each in circles],
        "acts": acts_on(request, member),
        "form": note_form(request, member.login, here) if state == "none" else None,
    }
    return Markup(render("communicate:templates/contacts/bar.pt", values, request))  # noqa: S704  # ours


def acts_on(request: Any, member: Any) -> list[Act]:
    """Return what plugins offer the viewer to do with *member*."""
    offered = (act(request, member) for act in request.registry.communicate_member_acts.values())
    return [act for act in offered if act is not None]


def note_form(request: Any, login: str, here: str) -> Any:
    """Return the form with the note alone: to whom is known."""
    return ask_form(request, login, here, name="ask-bar", fixed=True)
