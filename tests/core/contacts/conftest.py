"""A site with some members, and short ways to what they do with each other."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from communicate.audience import Audience
from communicate.catalog import entry_for
from communicate.catalog.kinds import KEY
from communicate.content import Content
from communicate.declarations import Indexable
from communicate.interfaces import ICatalog, IContacts, IMembers
from communicate.permissions import VIEW
from communicate.principals import Viewer
from communicate.security import decide
from communicate.settings.limits import LIMITS
from communicate.testing.house import House

NUMBERS = itertools.count(1)


class People:
    """Members by login, and what they do."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.number = next(NUMBERS)
        self.uids: dict[str, int] = {}
        # A kind of its own, so that the catalog loads what these tests put into it.
        house.registry[KEY] = {"note": Indexable("note", lambda _request: (), lambda *_: None)}

    def __getitem__(self, login: str) -> int:
        if login not in self.uids:
            self.uids[login] = self.house.member(self.login(login))
        return self.uids[login]

    def login(self, name: str) -> str:
        """Return the login of *name*: each test has members of its own."""
        return f"{name}{self.number}"

    def browser(self, name: str) -> Any:
        """Return the browser of *name*, signed in."""
        assert self[name]
        return self.house.browser(self.login(name))

    def do(self, verb: str, *arguments: Any, **more: Any) -> Any:
        """Return what `IContacts` does; logins stand for members."""
        found = [self[each] if isinstance(each, str) else each for each in arguments]
        return self.house.work(
            lambda request: getattr(request.find_service(IContacts), verb)(*found, **more)
        )

    def meet(self, one: str, other: str) -> None:
        """Make the two contacts of each other."""
        self.do("request", one, other)
        self.do("accept", other, one)

    def circle(self, owner: str, name: str, *logins: str) -> int:
        """Make a circle with those members; return its id."""
        uid, others = self[owner], [self[login] for login in logins]

        def make(request: Any) -> int:
            service = request.find_service(IContacts)
            number: int = service.make_circle(uid, name)
            for other in others:
                service.put(uid, number, other)
            return number

        return self.house.work(make)

    def note(self, owner: str, audience: Audience, class_: type[Content] = Content) -> str:
        """Put a thing into the space of *owner*; return its name."""
        uid = self[owner]

        def put(request: Any) -> str:
            member = request.find_service(IMembers).by_uid(uid)
            thing = class_(uid, audience)
            member[f"note{len(member)}"] = thing
            request.find_service(ICatalog).put(entry_for(thing, "note", words="tilleul"))
            return str(thing.__name__)

        return self.house.work(put)

    def reads(self, login: str, owner: str, name: str) -> bool:
        """Tell whether *login* may read the thing *name* of *owner*."""
        uid, whose = self[login], self[owner]

        def ask(request: Any) -> bool:
            members = request.find_service(IMembers)
            viewer = Viewer(members.by_uid(uid), request.site["members"])
            return bool(decide(viewer, members.by_uid(whose)[name], VIEW))

        return self.house.work(ask)

    def finds(self, login: str) -> int:
        """Return how many notes *login* finds in the catalog, by its own knowledge alone."""
        uid = self[login]

        def ask(request: Any) -> int:
            viewer = Viewer(request.find_service(IMembers).by_uid(uid), request.site["members"])
            found = request.registry.getUtility(ICatalog).newest(viewer, kinds={"note"}, limit=500)
            own = {*self.uids.values()} - {uid}
            return sum(hit.author in own for hit in found)

        return self.house.work(ask)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a site that speaks English, for the tests of a module."""
    limits = {f"communicate.limits.{name}": "100000/minute" for name in LIMITS}
    house = House(tmp_path_factory.mktemp("contacts"), [], {"language": "en", **limits})
    yield house
    house.close()


@pytest.fixture
def house(shared: Any) -> Any:
    """Return the site of the module; override it where a test counts all that there is."""
    return shared


@pytest.fixture
def people(house: Any) -> People:
    return People(house)
