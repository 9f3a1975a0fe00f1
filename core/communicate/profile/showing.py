"""What a space shows of its elements: opened, filtered for the viewer, ready for a template."""

from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory

from communicate.permissions import VIEW
from communicate.profile import values
from communicate.profile.content import Element, Profile, profile_of
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import KINDS, SEEN, STANDING
from communicate.security import permits
from communicate.web.comments import link_on

_ = TranslationStringFactory("communicate")


class Line(NamedTuple):
    """One element: its name in the tree, what it is called, its icon, its HTML."""

    number: str
    title: Any
    icon: str
    html: Any
    element: Any
    path: str
    hidden: bool = False
    comments: Any = ""  # a link to them


def lines(request: Any, member: Any, *, own: bool) -> list[Line]:
    """Return the elements of *member* with words that the viewer may read, in order."""
    found = request.find_service(IProfiles).visible(member)
    made = [line(request, member, element, own=own) for element in found]
    return [one for one in made if one is not None]


def line(request: Any, member: Any, element: Element, *, own: bool) -> Line | None:
    """Return *element* as a line; None where it has no words, or a page shows them elsewhere."""
    kind, profiles = KINDS[element.kind], request.find_service(IProfiles)
    if kind.name in ("name", "picture") and not own:
        return None
    path = f"/members/{member.login}/profile/{element.__name__}"
    title = profiles.label(element) or kind.title
    text = profiles.value(element)
    if kind.form == "picture":
        html = Markup('<img class="thumb" src="{}/image" alt="">').format(path)
    elif text is None:
        return None
    else:
        html = values.show(request, element, kind, text, own=own)
    comments = link_on(request, element)
    hidden = element.hidden
    return Line(str(element.__name__), title, kind.icon, html, element, path, hidden, comments)


class Picture(NamedTuple):
    """The picture of a member: its address, and a link to the comments on it."""

    path: str
    comments: Any


def picture(request: Any, member: Any) -> Picture | None:
    """Return the picture of *member* if the viewer may see it, or None."""
    profile = profile_of(member)
    for element in profile.of_kind("picture") if profile is not None else ():
        if element.file is not None and permits(request, element, VIEW):
            path = f"/members/{member.login}/profile/{element.__name__}/image"
            return Picture(path, link_on(request, element))
    return None


def seen(request: Any, member: Any) -> str | None:
    """Return on which day *member* was here last, if the viewer may know and it is known."""
    if not member.seen or not request.find_service(IProfiles).sees(member, SEEN):
        return None
    days = request.page.now.toordinal() - member.seen
    if days <= 0:
        return str(request.page.say(_("here today")))
    if days == 1:
        return str(request.page.say(_("here yesterday")))
    day = request.page.day(date.fromordinal(member.seen))
    return str(request.page.say(_("last here on ${day}"), day=day))


class Standing(NamedTuple):
    """What a member lets be seen of what the site knows: its kind, and who may see it."""

    kind: Any
    audience: Any
    path: str | None  # None: nobody has asked for it yet


def standing(member: Any) -> list[Standing]:
    """Return what *member* lets be seen, for the owner's eyes."""
    profile: Profile | None = profile_of(member)
    found = []
    for kind in STANDING.values():
        element = profile.standing_of(kind.name) if profile is not None else None
        path = f"/members/{member.login}/profile/{element.__name__}" if element else None
        found.append(Standing(kind, element, path))
    return found


def widths(found: list[Line]) -> dict[str, int]:
    """Return how many of the lines *found* their owner, contacts, members and all may read."""
    levels = [one.element.effective_audience().level for one in found]
    return {
        "private": len(levels),
        "contacts": sum(level in ("contacts", "members", "public") for level in levels),
        "members": sum(level in ("members", "public") for level in levels),
        "public": levels.count("public"),
    }
