"""What a member shows in the space, as it lies in the tree: one object for each element.

Values, labels and pictures are sealed under the owner's key.  What stays plain is structure: the
kind of each element, their order, and which blocks of services the space shows.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from pyramid.authorization import Allow

from communicate.audience import PRIVATE, Audience
from communicate.content import Ace, Content, Folder
from communicate.ids import encode
from communicate.interfaces import ISeals
from communicate.permissions import EDIT, MODERATE, VIEW
from communicate.profile.kinds import kind_of
from communicate.sealing.content import Sealed, SealedBlob


class Element(Content):
    """One thing that a member says, or lets be seen: its audience is private until widened.

    A *standing* element holds no value of its own: it says who may see what the site knows.
    """

    default_audience: ClassVar[Audience] = PRIVATE
    closed_to_blocked: ClassVar[bool] = True
    veiled: ClassVar[bool] = True
    takes_comments: ClassVar[bool] = True
    changed = 0  # milliseconds since 1970, UTC
    value: Sealed | None = None
    label: Sealed | None = None
    file: SealedBlob | None = None  # of a picture: WebP
    shows_year = True  # of a birthday: whether others see the year too
    hidden = False  # by a moderator

    def __init__(self, owner: int, kind: str, moment: datetime) -> None:
        super().__init__(owner, PRIVATE)
        self.made_at(moment)
        self.kind = kind
        self.changed = self.created

    def subject(self, request: Any) -> str:
        """Return the owner's label, or what an element of this kind is called."""
        label = None if self.label is None else request.find_service(ISeals).text(self.label)
        return label or str(request.localizer.translate(kind_of(self).title))

    def allowances(self) -> list[Ace]:
        """Let the audience read; where a moderator hid it, its owner and moderators only."""
        allowed = super().allowances()
        if not self.hidden:
            return allowed
        kept = [ace for ace in allowed if EDIT in ace[2] or MODERATE in ace[2]]
        return [*kept, *((Allow, ace[1], (VIEW,)) for ace in kept)]


class Profile(Folder):
    """The elements of one member, at ``/members/<login>/profile``.

    It has no page of its own, so that nobody learns whether there is one.
    """

    default_audience: ClassVar[Audience] = PRIVATE
    closed_to_blocked: ClassVar[bool] = True
    veiled: ClassVar[bool] = True
    chooses_audience: ClassVar[bool] = False  # what lies here does
    order: tuple[str, ...] = ()  # names of the elements with a value, as the owner arranged them
    standing: Mapping[str, str] = {}  # kind of a standing element: its name
    blocks: tuple[tuple[str, bool], ...] = ()  # names of services' blocks, and whether they show

    def add(self, element: Element) -> None:
        """Hang *element* here, under its id."""
        self[encode(element.id)] = element

    def append(self, element: Element) -> None:
        """Hang *element* here, as the last of those with a value."""
        self.add(element)
        self.order = (*self.order, str(element.__name__))

    def remove(self, element: Element) -> None:
        """Take *element* out."""
        self.order = tuple(name for name in self.order if name != element.__name__)
        del self[str(element.__name__)]

    def stand(self, kind: str, moment: datetime) -> Element:
        """Return the standing element of *kind*, made at *moment* where there is none."""
        found = self.standing_of(kind)
        if found is None:
            assert self.owner is not None  # noqa: S101
            found = Element(self.owner, kind, moment)
            self.add(found)
            self.standing = {**self.standing, kind: str(found.__name__)}
        return found

    def standing_of(self, kind: str) -> Element | None:
        """Return the standing element of *kind*, or None while nobody has asked for one."""
        found: Element | None = self.get(self.standing.get(kind, ""))
        return found

    def elements(self) -> Iterator[Element]:
        """Yield the elements with a value, in their owner's order."""
        for name in self.order:
            yield self[name]

    def of_kind(self, kind: str) -> list[Element]:
        """Return the elements of *kind* that hold a value, in order."""
        return [element for element in self.elements() if element.kind == kind]

    def move(self, element: Element, steps: int) -> None:
        """Move *element* up (negative) or down among those with a value."""
        names = [name for name in self.order if name != element.__name__]
        place = self.order.index(str(element.__name__)) + steps
        names.insert(max(0, min(place, len(names))), str(element.__name__))
        self.order = tuple(names)


def profile_of(member: Any) -> Profile | None:
    """Return the profile of *member*, or None while it has none."""
    found: Profile | None = member.get(NAME)
    return found


NAME = "profile"
