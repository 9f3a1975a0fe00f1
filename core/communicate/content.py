"""The persistent base classes of everything in the tree.

The path and the name of each class here are written into the database: they move only with an
evolve step.  State holds builtins, BTrees, core types and a package's own persistent classes.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from BTrees.Length import Length
from BTrees.OOBTree import OOBTree
from persistent import Persistent
from pyramid.authorization import DENY_ALL, Allow, Deny, Everyone
from ZODB.interfaces import IBroken

from communicate import audience as audiences
from communicate.audience import Audience
from communicate.clock import milliseconds
from communicate.ids import new_id, time_of
from communicate.permissions import DELETE, EDIT, MEMBER, MODERATE, OPEN, OPERATE, STAFF, VIEW
from communicate.principals import MEMBERS, MODERATORS, OPERATORS, blocked, member

Ace = tuple[str, str, tuple[str, ...]]


class Content(Persistent):
    """A thing with an id, perhaps an owner, and an audience.

    ``audience`` is the stored choice; None means "as the thing that holds me".  ``grants`` maps
    further permissions to the audience that holds them (a forum's "who may reply").  Rights are
    resolved here, inside ``__acl__``, which always ends by denying everyone: Pyramid's walk up
    the lineage never decides.

    The owner chooses the audience on the page ``audience`` of the thing, unless the class says
    otherwise (``chooses_audience``); ``closed_to_blocked`` keeps away whom the owner blocked.
    """

    __parent__: Any = None
    __name__: str | None = None
    id: int = 0
    created: int = 0  # milliseconds since 1970, UTC
    owner: int | None = None
    deleted: int = 0  # milliseconds since 1970 at which it was deleted, while that can be undone
    audience: Audience | None = None
    grants: Mapping[str, Audience] = {}
    default_audience: ClassVar[Audience] = audiences.PRIVATE
    inherited_grants: ClassVar[tuple[str, ...]] = ()  # permissions that the holder's grants give
    # Whether those whom the owner has blocked may neither read this nor use what is granted here.
    closed_to_blocked: ClassVar[bool] = False
    chooses_audience: ClassVar[bool] = True  # whether the owner is offered the audience picker
    veiled: ClassVar[bool] = False  # whether what is closed here answers as what is not there
    takes_comments: ClassVar[bool] = False  # whether its page shows those of `IComments`

    def __init__(self, owner: int | None = None, audience: Audience | None = None) -> None:
        self.id = new_id()
        self.created = milliseconds(time_of(self.id))
        self.owner = owner
        if audience is not None:
            self.audience = audience

    def made_at(self, moment: datetime) -> None:
        """Count as made at *moment*: said before anything refers to this by its id."""
        self.id = new_id(moment)
        self.created = milliseconds(moment)

    def effective_audience(self) -> Audience:
        """Return the audience that counts: one's own choice, or else that of what holds this."""
        if self.audience is not None:
            return self.audience
        if isinstance(self.__parent__, Content) and not isinstance(self.__parent__, Site):
            return self.__parent__.effective_audience()
        return self.default_audience

    def granted(self, permission: str) -> Audience | None:
        """Return the audience that holds *permission* here, or else above; None if none does."""
        found = self.grants.get(permission)
        if found is None and isinstance(self.__parent__, Content):
            found = self.__parent__.granted(permission)
        return found

    def allowances(self) -> list[Ace]:
        """Return what is allowed here: extend it, and never return a denial."""
        reading = self.effective_audience()
        allowed: list[Ace] = [(Allow, name, (VIEW,)) for name in reading.principals(self.owner)]
        if self.owner is not None:
            allowed.append((Allow, member(self.owner), (EDIT, DELETE)))
        if reading.is_common:
            allowed.append((Allow, MODERATORS, (MODERATE,)))
        for permission in (*self.grants, *self.inherited_grants):
            granted = self.granted(permission)
            if granted is not None:
                allowed.extend(
                    (Allow, name, (permission,)) for name in granted.principals(self.owner)
                )
        return allowed

    def subject(self, request: Any) -> str:
        """Return what the owner calls this, for the page of its audience; empty: nothing said."""
        return ""

    def denials(self) -> list[Ace]:
        """Return what is denied before anything is allowed: what blocked people may not do."""
        if not self.closed_to_blocked or self.owner is None:
            return []
        return [(Deny, blocked(self.owner), (VIEW, *self.grants, *self.inherited_grants))]

    @property
    def __acl__(self) -> list[Any]:
        return [*self.denials(), *self.allowances(), DENY_ALL]


class NameTaken(ValueError):
    """A container already holds, or may never hold, a thing of that name."""


class Folder(Content):
    """A container by name; what it holds grows in a BTree and is counted as it changes.

    A child whose class cannot be loaded, because its plugin is off or gone, reads as absent.
    """

    reserved_names: ClassVar[frozenset[str]] = (
        frozenset()
    )  # names of views: see `communicate.traversal`

    def __init__(self, owner: int | None = None, audience: Audience | None = None) -> None:
        super().__init__(owner, audience)
        self._children: OOBTree = OOBTree()
        self._count = Length()

    def __getitem__(self, name: str) -> Any:
        child = self._children[name]
        if IBroken.providedBy(child):
            raise KeyError(name)
        return child

    def __setitem__(self, name: str, child: Any) -> None:
        self.check_name(name)
        if name in self._children:
            raise NameTaken(f"{name!r} is taken here: choose another name")
        child.__name__ = name
        child.__parent__ = self
        self._children[name] = child
        self._count.change(1)

    def __delitem__(self, name: str) -> None:
        child = self._children.pop(name)
        self._count.change(-1)
        if not IBroken.providedBy(child):
            child.__parent__ = None

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._children.keys())

    def __len__(self) -> int:
        return int(self._count())

    def __bool__(self) -> bool:
        return True

    def check_name(self, name: str) -> None:
        """Raise NameTaken where *name* is empty, a path, or the name of a view."""
        if not name or "/" in name or name in (".", "..") or name in self.reserved_names:
            raise NameTaken(f"{name!r} cannot be a name here: choose another")

    def get(self, name: str, default: Any = None) -> Any:
        """Return the child *name*, or *default* where there is none that can be loaded."""
        try:
            return self[name]
        except KeyError:
            return default

    def raw(self, name: str) -> Any:
        """Return the child *name* even where its class cannot be loaded (a broken object)."""
        return self._children[name]

    def values(self, low: str | None = None, high: str | None = None) -> Iterator[Any]:
        """Yield the children that can be loaded, by name, from *low* to *high*."""
        for child in self._children.values(low, high):
            if not IBroken.providedBy(child):
                yield child


class Site(Folder):
    """The root of the tree; its own pages are open, what it holds decides for itself."""

    default_audience = audiences.PUBLIC

    def allowances(self) -> list[Ace]:
        """Open pages to everyone, the members' to members, the operators' to operators."""
        return [
            (Allow, Everyone, (OPEN,)),
            (Allow, MEMBERS, (MEMBER,)),
            (Allow, MODERATORS, (MODERATE, STAFF)),
            (Allow, OPERATORS, (OPERATE, STAFF)),
        ]
