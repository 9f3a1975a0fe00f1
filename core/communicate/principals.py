"""Principals: the strings that ACLs name, and the viewer who may hold them.

A viewer's principals are never listed: ``principal in viewer`` asks whoever knows, so that a
member with thousands of contacts costs one look-up, and a removed contact is out at once.
"""

from typing import Any

from pyramid.authorization import Authenticated, Everyone

MEMBERS = "members"
PUBLIC = "public"  # everyone, as far as the site's policy lets them: see `Viewer`
MODERATORS = "group:moderators"
OPERATORS = "group:operators"


def member(uid: int) -> str:
    """Return the principal that only member *uid* holds."""
    return f"member:{uid}"


def contacts(uid: int) -> str:
    """Return the principal that the contacts of member *uid* hold."""
    return f"contacts:{uid}"


def circle(number: int) -> str:
    """Return the principal that the members of circle *number* hold."""
    return f"circle:{number}"


def blocked(uid: int) -> str:
    """Return the principal that those hold whom member *uid* has blocked."""
    return f"blocked:{uid}"


class Viewer:
    """The principals of one viewer, asked one at a time.

    *member* is the signed-in member or None; *members* the members' folder, which answers for
    other people's contacts, circles and blocks; *walled* keeps what is public from strangers.
    """

    def __init__(self, member: Any, members: Any, *, walled: bool = False) -> None:
        self.member = member
        self.uid: int | None = None if member is None else member.uid
        self.walled = walled
        self.glass: Any = None  # a `communicate.cases.glass.Glass`, on pages of a case only
        self._members = members
        self._known: dict[object, bool] = {Everyone: True}

    @classmethod
    def of(cls, request: Any) -> "Viewer":
        """Return the viewer who made *request*."""
        walled = request.registry.settings.get("communicate.widest_audience") == "members"
        return cls(request.member, request.site.get("members"), walled=walled)

    def __contains__(self, principal: object) -> bool:
        """Tell whether this viewer holds *principal*."""
        known = self._known.get(principal)
        if known is None:
            known = self._known[principal] = self._holds(str(principal))
        return known

    def _holds(self, name: str) -> bool:
        if name == PUBLIC:
            return self.uid is not None or not self.walled
        if self.member is None or self.uid is None:
            return False
        if name in (MEMBERS, Authenticated):
            return True
        kind, _, rest = name.partition(":")
        if kind == "member":
            return rest == str(self.uid)
        if kind == "group":
            return rest in self.member.groups
        return self._listed(kind, rest)

    def _listed(self, kind: str, rest: str) -> bool:
        if self._members is None or not rest.isdecimal():
            return False
        if kind == "contacts":
            return bool(self._members.is_contact(int(rest), self.uid))
        if kind == "circle":
            return bool(self._members.is_in_circle(int(rest), self.uid))
        if kind == "blocked":
            return bool(self._members.is_blocked(int(rest), self.uid))
        return False
