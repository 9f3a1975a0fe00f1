"""Where a notice leads, as it is kept: without a login, so that it outlives none.

``/members/ines/articles/x`` is kept as ``/members/~<uid>/articles/x``.
"""

from dataclasses import dataclass
from typing import Any

from communicate.catalog.loading import Missing, resolve
from communicate.catalog.rights import locator
from communicate.interfaces import IMembers
from communicate.notifications.content import Notice

MEMBERS = "members"
MARK = "~"


@dataclass(frozen=True)
class Spot:
    """The place of a thing: what `communicate.catalog.loading.resolve` wants to know."""

    id: int
    locator: tuple[str, ...]


def kept(request: Any, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return *names*, the elements of a path, with a number in place of a login."""
    if len(names) > 1 and names[0] == MEMBERS:
        member = request.find_service(IMembers).by_login(names[1])
        if member is not None:
            return (MEMBERS, f"{MARK}{member.uid}", *names[2:])
    return names


def shown(request: Any, names: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return *names* with the present login; None where the account is gone."""
    if len(names) > 1 and names[0] == MEMBERS and names[1].startswith(MARK):
        login = request.find_service(IMembers).login_of(int(names[1][len(MARK) :]))
        return None if login is None else (MEMBERS, login, *names[2:])
    return names


def split(address: str) -> tuple[str, ...]:
    """Return the elements of *address*, a path of this site."""
    return tuple(address[1:].split("/"))


def join(names: tuple[str, ...]) -> str:
    """Return the address with those elements."""
    return "/" + "/".join(names)


def target_of(request: Any, thing: Any) -> str:
    """Return the address of *thing* as it is kept."""
    return join(kept(request, locator(thing)))


def path_kept(request: Any, path: str) -> str:
    """Return *path* as it is kept; raise ValueError where it is no path of this site."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"{path!r} is no path of this site: it begins with one /")
    return join(kept(request, split(path)))


def thing_of(request: Any, notice: Notice) -> Any:
    """Return the thing that *notice* is about, or None where it cannot be had now."""
    names = shown(request, split(notice.target))
    if names is None:
        return None
    found = resolve(request.site, Spot(notice.thing, names))
    return None if isinstance(found, Missing) else found


def path_of(request: Any, notice: Notice) -> str | None:
    """Return the address that *notice* leads to; None where that is gone."""
    if notice.thing and not notice.path:
        thing = thing_of(request, notice)
        return None if thing is None else str(request.page.url(thing))
    names = shown(request, split(notice.path or notice.target))
    return None if names is None else join(names)
