"""Audiences: who may read a thing, as its owner says.

Five levels, narrow to wide.  The stored choice is never rewritten by anything but its owner:
where a folder or the site is narrower, the *effective* audience is computed when it is asked for.
"""

from collections.abc import Iterable
from typing import Any

from communicate.principals import MEMBERS as MEMBERS_PRINCIPAL
from communicate.principals import PUBLIC as PUBLIC_PRINCIPAL
from communicate.principals import contacts, member

LEVELS = ("private", "contacts", "chosen", "members", "public")


class Audience:
    """One choice of "visible to"; immutable, equal by value, pickled as its level and names."""

    __slots__ = ("chosen", "level")
    level: str
    chosen: tuple[str, ...]

    def __init__(self, level: str, chosen: Iterable[str] = ()) -> None:
        if level not in LEVELS:
            raise ValueError(f"no audience {level!r}: one of {', '.join(LEVELS)} is expected")
        object.__setattr__(self, "level", level)
        object.__setattr__(self, "chosen", tuple(sorted(set(chosen))) if level == "chosen" else ())

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("an Audience does not change: make another")

    def __reduce__(self) -> tuple[Any, ...]:
        return (Audience, (self.level, self.chosen) if self.chosen else (self.level,))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Audience) and (self.level, self.chosen) == (
            other.level,
            other.chosen,
        )

    def __hash__(self) -> int:
        return hash((self.level, self.chosen))

    def __repr__(self) -> str:
        return f"Audience({self.level!r}{f', {len(self.chosen)} chosen' if self.chosen else ''})"

    @property
    def width(self) -> int:
        """The place in LEVELS, 0 for the narrowest."""
        return LEVELS.index(self.level)

    @property
    def is_common(self) -> bool:
        """Whether every member, or everyone, may read: what moderators may act on."""
        return self.level in ("members", "public")

    def principals(self, owner: int | None) -> tuple[str, ...]:
        """Return the principals that may read a thing of *owner* with this audience."""
        own = () if owner is None else (member(owner),)
        if self.level == "contacts" and owner is not None:
            return (*own, contacts(owner))
        if self.level == "chosen":
            return (*own, *self.chosen)
        if self.level == "members":
            return (*own, MEMBERS_PRINCIPAL)
        if self.level == "public":
            return (*own, PUBLIC_PRINCIPAL)
        return own


PRIVATE = Audience("private")
CONTACTS = Audience("contacts")
MEMBERS = Audience("members")
PUBLIC = Audience("public")


def narrower(one: Audience, other: Audience) -> Audience:
    """Return the narrower of two audiences; of two lists of chosen people, what both name."""
    if one.level == other.level == "chosen":
        return Audience("chosen", set(one.chosen) & set(other.chosen))
    return one if one.width <= other.width else other
