"""An audience in an archive: people by their logins, circles by the names their owner gave."""

from collections.abc import Mapping
from typing import Any

from communicate.audience import LEVELS, PRIVATE, Audience
from communicate.contacts.audiences import parts
from communicate.interfaces import IContacts, IMembers
from communicate.principals import circle, member

Row = dict[str, Any]
MOST = 1000  # people and circles of one audience


def told(request: Any, uid: int, audience: Audience) -> Row | str:
    """Return *audience*, chosen by member *uid*, as a record has it: a level, or who is chosen."""
    if audience.level != "chosen":
        return audience.level
    login_of = request.find_service(IMembers).login_of
    people = [login_of(number) for kind, number in parts(audience) if kind == "member"]
    held = {each.id: each.name for each in request.find_service(IContacts).circles(uid)}
    circles = [held.get(number) for kind, number in parts(audience) if kind == "circle"]
    return {"people": sorted(filter(None, people)), "circles": sorted(filter(None, circles))}


def known(request: Any, uid: int, row: Any, *, here: bool) -> Audience:
    """Return the audience that *row* of an archive means for member *uid*; raise ValueError.

    Who is not found is left out, and where nobody is left it is private.  People are found only
    where the archive is of this site (*here*): elsewhere a login is somebody else's.
    """
    if isinstance(row, str):
        if row not in LEVELS or row == "chosen":
            raise ValueError(f"{row!r} is no audience")
        return Audience(row)
    if not isinstance(row, Mapping):
        raise ValueError("an audience is a level, or who is chosen")
    people, circles = (_names(row.get(key, [])) for key in ("people", "circles"))
    held = {each.name: each.id for each in request.find_service(IContacts).circles(uid)}
    chosen = [circle(held[name]) for name in circles if name in held]
    for login in people if here else ():
        found = request.find_service(IMembers).by_login(login)
        if found is not None and found.uid != uid:
            chosen.append(member(found.uid))
    return Audience("chosen", chosen) if chosen else PRIVATE


def _names(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST:
        raise ValueError("who is chosen is a list of names")
    if not all(isinstance(each, str) for each in value):
        raise ValueError("who is chosen is a list of names")
    return value
