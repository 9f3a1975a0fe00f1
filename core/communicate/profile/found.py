"""How elements and members look where they are found: as their viewer may see them now."""

from typing import Any

from communicate.declarations import Found
from communicate.profile import values
from communicate.profile.content import Element
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import KINDS


def element(request: Any, thing: Element) -> Found | None:
    """Return how an element looks: what it is called, and its words."""
    profiles, kind = request.find_service(IProfiles), KINDS[thing.kind]
    text = profiles.value(thing)
    title = profiles.label(thing) or request.page.say(kind.title)
    if thing.hidden or (text is None and thing.file is None):
        return None
    words = values.words(thing, kind, text) if text else ""
    login = thing.__parent__.__parent__.login
    return Found(title, f"/members/{login}#e-{thing.__name__}", words, by=thing.owner)


def member(request: Any, thing: Element) -> Found | None:
    """Return how the member looks whose place in the directory *thing* is."""
    profiles, found = request.find_service(IProfiles), thing.__parent__.__parent__
    texts = [(each, profiles.value(each)) for each in profiles.visible(found)]
    words = [values.words(each, KINDS[each.kind], text) for each, text in texts if text]
    title = profiles.name(found) or found.login
    return Found(title, f"/members/{found.login}", " · ".join(words), by=thing.owner)
