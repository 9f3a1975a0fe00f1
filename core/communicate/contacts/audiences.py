"""`IAudiences`: the owner's choice is stored, counts at once, and is explained by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zope.interface import implementer

from communicate.audience import MEMBERS, Audience, narrower
from communicate.catalog import set_audience
from communicate.interfaces import IAudiences, IContacts, IMembers

MOST_NAMED = 1000  # people whom "who exactly?" names


@dataclass(frozen=True)
class AudienceChanged:
    """Event: the owner chose another audience for *thing*, in the transaction of *request*."""

    request: Any
    thing: Any
    before: Audience
    after: Audience


@dataclass(frozen=True)
class Group:
    """Some of those who may read: by a circle's name, or without one; logins in order."""

    name: str
    logins: tuple[str, ...]


@dataclass(frozen=True)
class Readers:
    """Who exactly may read: an audience, and groups of people where it is not common to all."""

    audience: Audience
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        """How many people the groups name, each once."""
        return len({login for group in self.groups for login in group.logins})


@implementer(IAudiences)
class AudienceService:
    """Audiences, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request

    @property
    def widest(self) -> Audience | None:
        """The widest audience that the site lets count, or None."""
        name = self.request.registry.settings.get("communicate.widest_audience")
        return MEMBERS if name == "members" else None

    def effective(self, thing: Any) -> Audience:
        """Return the audience that counts for *thing*, a content object or an `Audience`."""
        shown: Audience = thing if isinstance(thing, Audience) else thing.effective_audience()
        return shown if self.widest is None else narrower(shown, self.widest)

    def offers(self, thing: Any) -> bool:
        """Tell whether the viewer is the owner of *thing*, and its class has the owner choose."""
        member = self.request.member
        own = member is not None and getattr(thing, "owner", None) == member.uid
        return own and bool(getattr(thing, "chooses_audience", False))

    def choose(self, thing: Any, audience: Audience) -> None:
        """Store *audience* as the choice for *thing*; what it inherits, unchanged, it inherits."""
        before = chosen(thing)
        if audience == before:
            return
        thing.audience = audience
        set_audience(self.request, thing)
        self.request.registry.notify(AudienceChanged(self.request, thing, before, audience))

    def readers(self, thing: Any) -> Readers:
        """Return who exactly may read *thing* besides its owner, as of now."""
        audience = self.effective(thing)
        if audience.level == "contacts" and thing.owner is not None:
            known = self.request.find_service(IContacts).contacts(thing.owner)
            return Readers(audience, (self._group("", thing.owner, known),))
        if audience.level == "chosen":
            return Readers(audience, tuple(self._chosen(thing.owner, audience)))
        return Readers(audience, ())

    def _chosen(self, owner: int | None, audience: Audience) -> Iterable[Group]:
        people = [number for kind, number in parts(audience) if kind == "member"]
        named = {number for kind, number in parts(audience) if kind == "circle"}
        if people:
            yield self._group("", owner, people)
        if owner is not None:
            for each in self.request.find_service(IContacts).circles(owner):
                if each.id in named:
                    yield self._group(each.name, owner, each.members)

    def _group(self, name: str, owner: int | None, uids: Iterable[int]) -> Group:
        """Return a group of those of *uids* who are there and whom *owner* has not blocked."""
        members = self.request.find_service(IMembers)
        service = self.request.find_service(IContacts)
        present = (
            members.login_of(uid)
            for uid in uids
            if owner is None or not service.has_blocked(owner, uid)
        )
        return Group(name, tuple(sorted(filter(None, present))[:MOST_NAMED]))


def chosen(thing: Any) -> Audience:
    """Return the stored choice for *thing*; where there is none, what it inherits."""
    found: Audience = thing.effective_audience() if thing.audience is None else thing.audience
    return found


def parts(audience: Audience) -> Iterable[tuple[str, int]]:
    """Yield kind and number of each person and circle that *audience* names."""
    for principal in audience.chosen:
        kind, _, number = principal.partition(":")
        if number.isdecimal():
            yield kind, int(number)
