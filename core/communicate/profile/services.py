"""Profiles as other parts see and change them: ``request.find_service(IProfiles)``."""

from collections.abc import Iterable, Mapping
from typing import Any

from zope.interface import implementer

from communicate.audience import PRIVATE, Audience
from communicate.clock import milliseconds, now
from communicate.interfaces import IAudiences, IAuthored, ICatalog, ISeals
from communicate.permissions import VIEW
from communicate.pictures import Picture, seal
from communicate.profile import values
from communicate.profile.content import NAME, Element, Profile, profile_of
from communicate.profile.indexing import ELEMENT, settle, settle_place
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import AVATAR, KINDS, MOST, STANDING
from communicate.security import permits
from communicate.web.comments import forget_on

VALUE, LABEL, PICTURE = "profile.value", "profile.label", "profile.picture"


class Full(ValueError):
    """A space holds as many elements, or as many of a kind, as it can."""


@implementer(IProfiles)
class ProfileService:
    """Profiles, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals: Any = request.find_service(ISeals)

    # Reading

    def visible(self, member: Any) -> list[Element]:
        """Return the elements with a value that the viewer may read, in their owner's order."""
        profile = profile_of(member)
        if profile is None:
            return []
        return [each for each in profile.elements() if permits(self.request, each, VIEW)]

    def sees(self, member: Any, kind: str) -> bool:
        """Tell whether the viewer may see what the standing element *kind* is about."""
        profile = profile_of(member)
        element = None if profile is None else profile.standing_of(kind)
        return element is not None and bool(permits(self.request, element, VIEW))

    def name(self, member: Any) -> str | None:
        """Return the name of *member* if the viewer may read it."""
        profile = profile_of(member)
        for element in profile.of_kind("name") if profile is not None else ():
            if permits(self.request, element, VIEW):
                return self.value(element)
        return None

    def value(self, element: Element) -> str | None:
        """Return the text that *element* holds, or None where there is none, or it is gone."""
        return None if element.value is None else self.seals.text(element.value)

    def label(self, element: Element) -> str | None:
        """Return the owner's own label of *element*, or None."""
        return None if element.label is None else self.seals.text(element.label)

    # Changing

    def profile(self, member: Any) -> Profile:
        """Return the profile of *member*, made where there is none."""
        found = profile_of(member)
        if found is None:
            found = member[NAME] = Profile(member.uid)
        return found

    def room(self, member: Any, kind: str) -> bool:
        """Tell whether the space has room for one more element of *kind*."""
        profile = profile_of(member)
        if profile is None:
            return True
        return len(profile.order) < MOST and len(profile.of_kind(kind)) < KINDS[kind].most

    def add(self, member: Any, kind: str, given: Mapping[str, Any]) -> Element:
        """Add an element of *kind* with the values *given* by its form; raise Full."""
        if not self.room(member, kind):
            raise Full(kind)
        element = Element(member.uid, kind, now(self.request))
        self.profile(member).append(element)
        self.request.find_service(IAuthored).add(member.uid, ELEMENT, element.id)
        element.audience = given.get("audience", PRIVATE)
        self._write(element, given)
        settle(self.request, element)
        return element

    def change(self, element: Element, given: Mapping[str, Any]) -> None:
        """Give *element* what its form has *given*."""
        self._write(element, given)
        settle(self.request, element)

    def _write(self, element: Element, given: Mapping[str, Any]) -> None:
        uid, kind = element.owner, KINDS.get(element.kind)
        if kind is None or uid is None:
            return
        if "value" in given:
            text = values.clean(kind, given["value"])
            element.value = self.seals.seal(uid, VALUE, text)
        if "label" in given:
            label = given["label"]
            element.label = self.seals.seal(uid, LABEL, label) if label else None
        if "shows_year" in given:
            element.shows_year = bool(given["shows_year"])
        if given.get("picture") is not None:
            self._hang(element, given["picture"])
        element.changed = milliseconds(now(self.request))

    def _hang(self, element: Element, picture: Picture) -> None:
        """Keep *picture* in *element*, and the small one in the element that shows it."""
        profile: Any = element.__parent__
        small = profile.stand(AVATAR, now(self.request))
        for each, data in ((element, picture.whole), (small, picture.small)):
            each.file = seal(self.request, profile.owner, PICTURE, data)
            each.changed = milliseconds(now(self.request))
        small.hidden = element.hidden
        profile.__parent__.portrait = small

    def move(self, element: Element, steps: int) -> None:
        """Move *element* up (negative) or down."""
        element.__parent__.move(element, steps)

    def delete(self, element: Element) -> None:
        """Remove *element* with all that it holds, at once; a standing one becomes private."""
        profile: Any = element.__parent__
        if element.kind in STANDING:
            self.limit(element, PRIVATE)
            return
        if element.kind == "picture":
            self._take_down(profile)
        forget_on(self.request, element)
        profile.remove(element)
        self.request.find_service(IAuthored).remove(profile.owner, ELEMENT, element.id)
        self.request.find_service(ICatalog).remove(element.id)
        settle_place(self.request, profile)

    def _take_down(self, profile: Profile) -> None:
        profile.__parent__.portrait = None
        small = profile.standing_of(AVATAR)
        if small is not None:
            small.file = None

    def stand(self, member: Any, kind: str) -> Element:
        """Return the standing element of *kind*, made private where there is none."""
        return self.profile(member).stand(kind, now(self.request))

    def limit(self, element: Element, audience: Audience) -> None:
        """Let *audience* read *element* from now on."""
        self.request.find_service(IAudiences).choose(element, audience)

    def conceal(self, element: Element, hidden: bool) -> None:
        """Hide *element* from all but its owner and moderators, or show it again.

        A picture is hidden with the small one that is made of it.
        """
        element.hidden = hidden
        small = element.__parent__.standing_of(AVATAR) if element.kind == "picture" else None
        if small is not None:
            small.hidden = hidden
        settle(self.request, element)

    def arrange(self, member: Any, blocks: Iterable[tuple[str, bool]]) -> None:
        """Keep the order of the blocks of services, (name, shown) each."""
        self.profile(member).blocks = tuple(blocks)
