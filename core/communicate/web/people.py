"""The people on a page: names, links and pictures, as its viewer may see them."""

from functools import cached_property
from typing import Any, NamedTuple

from markupsafe import Markup

from communicate.interfaces import IMembers
from communicate.permissions import VIEW
from communicate.security import permits
from communicate.web import marks


class Person(NamedTuple):
    """What a page shows of an author: the login, where it leads, and the address of a picture.

    There is one only where this viewer may see it.
    """

    login: str
    url: str
    picture: str | None = None


class People:
    """The part of a page that knows people; each is looked up once."""

    request: Any
    bare: bool
    _people: dict[int, Person | None]
    _pictures: dict[str, str | None]  # by login

    @cached_property
    def members(self) -> Any:
        """The service that knows members."""
        return self.request.find_service(IMembers)

    def avatar(self, login: str | None, size: str = "") -> Markup:
        """Return the picture of *login* if the viewer may see one, else a mark with initials.

        *size* is ``s``, ``m``, ``l`` or empty for rows.
        """
        picture = self._picture_of(login) if login and not self.bare else None
        if picture is None:
            return marks.avatar(login or "", size)
        return marks.portrait(picture, size)

    def _picture_of(self, login: str) -> str | None:
        if login not in self._pictures:
            member = self.members.by_login(login)
            self._pictures[login] = None if member is None else picture_of(self.request, member)
        return self._pictures[login]

    def author(self, uid: int | None, css: str = "name") -> Markup:
        """Return a link to member *uid*, or a word where the account is gone."""
        person = self.person(uid)
        if person is None:
            return marks.nobody(css, self.request.localizer)
        return marks.author(css, person.url, person.login)

    def person(self, uid: int | None) -> Person | None:
        """Return login and address of member *uid*, or None where the account is gone."""
        if uid is None or self.bare:
            return None
        if uid not in self._people:
            member = self.members.by_uid(uid)
            self._people[uid] = None if member is None else self._know(member)
        return self._people[uid]

    def _know(self, member: Any) -> Person:
        login, picture = member.login, picture_of(self.request, member)
        self._pictures[login] = picture
        return Person(login, f"/members/{login}", picture)

    def login_of(self, uid: int | None) -> str | None:
        """Return the login of member *uid*, or None where the account is gone."""
        person = self.person(uid)
        return person.login if person else None


def picture_of(request: Any, member: Any) -> str | None:
    """Return the address of the small picture of *member* if the viewer may see it, or None."""
    shown = member.portrait
    if shown is None or shown.file is None or not permits(request, shown, VIEW):
        return None
    return f"/members/{member.login}/profile/{shown.__name__}/image"
