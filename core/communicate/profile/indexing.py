"""What the catalog is told of elements: each by itself, and a member's place in the directory.

The words of a place in the directory are only those that all may read who see the place: a value
for members never helps a stranger to find anybody.
"""

from collections.abc import Iterator
from typing import Any

from communicate import clock
from communicate.audience import Audience
from communicate.catalog import Entry, entry_for
from communicate.contacts.audiences import AudienceChanged
from communicate.interfaces import ICatalog, IMembers, ISeals
from communicate.profile import values
from communicate.profile.content import Element, Profile, profile_of
from communicate.profile.kinds import DIRECTORY, KINDS, SEEN

ELEMENT = "communicate.element"
MEMBER = "communicate.member"


def entry_of_element(request: Any, element: Element) -> Entry | None:
    """Return the entry of an element with a value, without words while a moderator hides it."""
    if element.kind not in KINDS:
        return None
    words = "" if element.hidden else words_of(request, element)
    return entry_for(element, ELEMENT, words=words)


def entry_of_member(request: Any, element: Element) -> Entry | None:
    """Return the entry of a member's place in the directory; None while it is private."""
    if element.kind != DIRECTORY or element.effective_audience().level == "private":
        return None
    login = request.find_service(IMembers).login_of(element.owner)
    if login is None:
        return None
    words = [login, *public_words(request, element)]
    return entry_for(element, MEMBER, title=login, words="\n".join(words), time=element.created)


def public_words(request: Any, place: Element) -> Iterator[str]:
    """Yield the words that everybody may read who sees *place*."""
    audience = place.effective_audience()
    if not audience.is_common:
        return
    for element in place.__parent__.elements():
        if covers(element.effective_audience(), audience) and not element.hidden:
            yield words_of(request, element)


def covers(wide: Audience, narrow: Audience) -> bool:
    """Tell whether all who belong to the common audience *narrow* belong to *wide* as well."""
    return wide.is_common and wide.width >= narrow.width


def words_of(request: Any, element: Element) -> str:
    """Return label and value of *element* as its readers see them."""
    seals, kind = request.find_service(ISeals), KINDS[element.kind]
    label = seals.text(element.label) if element.label is not None else None
    value = seals.text(element.value) if element.value is not None else None
    shown = values.words(element, kind, value) if value else ""
    return f"{label}\n{shown}" if label else shown


def settle(request: Any, element: Element) -> None:
    """Bring the catalog, and what hangs on *element*, up to what it is now."""
    put(request, element.id, entry_of_element(request, element))
    settle_place(request, element.__parent__)


def settle_place(request: Any, profile: Profile) -> None:
    """Bring the place of a member in the directory up to what the *profile* says now."""
    place = profile.standing_of(DIRECTORY)
    if place is not None:
        put(request, place.id, entry_of_member(request, place))


def put(request: Any, number: int, entry: Entry | None) -> None:
    """Put *entry* into the catalog, or take out what it has under *number*."""
    catalog = request.find_service(ICatalog)
    if entry is None:
        catalog.remove(number)
    else:
        catalog.put(entry)


def audience_changed(event: AudienceChanged) -> None:
    """Follow a change of audience: the directory, and the day of the last visit."""
    element = event.thing
    if not isinstance(element, Element):
        return
    if element.kind in KINDS or element.kind == DIRECTORY:
        settle(event.request, element)
    elif element.kind == SEEN:
        member = element.__parent__.__parent__
        shown = element.effective_audience().level != "private"
        today = clock.now(event.request).toordinal()
        member.seen = (member.seen or today) if shown else None


def walk(request: Any) -> Iterator[Element]:
    """Yield every element of every member."""
    for member in request.site["members"].values():
        profile = profile_of(member)
        if profile is not None:
            yield from profile.values()
